"""The desk of this room."""

from services.policies.admin.links import LinkStateAdmin
from services.policies.admin.notices import PolicyNoticeAdmin
from services.policies.admin.synonyms import SynonymAdmin

__all__ = ["PolicyNoticeAdmin", "SynonymAdmin"]
from services.policies.admin.relations import ItemRelationAdmin, NoticeRelationAdmin

__all__ = ["ItemRelationAdmin", "NoticeRelationAdmin", "PolicyNoticeAdmin"]
from services.policies.admin.reports import ErrorReportAdmin

__all__ = ["ErrorReportAdmin", "LinkStateAdmin", "PolicyNoticeAdmin"]
from services.policies.admin.relations import ItemDocumentAdmin

__all__ = ["ItemDocumentAdmin", "ItemRelationAdmin", "NoticeRelationAdmin", "PolicyNoticeAdmin"]
