"""The desk of this room."""

from services.policies.admin.benefits import BenefitAdmin, BenefitBatchAdmin
from services.policies.admin.ledgers import (
    AlertDueAdmin,
    ItemMarkAdmin,
    MatchAdmin,
    NoticeTellingAdmin,
    ReminderAdmin,
    SavedSearchAdmin,
    SearchFoundAdmin,
)
from services.policies.admin.links import LinkStateAdmin
from services.policies.admin.notices import PolicyNoticeAdmin
from services.policies.admin.opinions import OpinionAdmin
from services.policies.admin.proposals import FieldProposalAdmin
from services.policies.admin.relations import ItemDocumentAdmin, ItemRelationAdmin, NoticeRelationAdmin
from services.policies.admin.reports import ErrorReportAdmin
from services.policies.admin.synonyms import SynonymAdmin

__all__ = [
    "AlertDueAdmin",
    "BenefitAdmin",
    "BenefitBatchAdmin",
    "ErrorReportAdmin",
    "FieldProposalAdmin",
    "ItemDocumentAdmin",
    "ItemMarkAdmin",
    "ItemRelationAdmin",
    "LinkStateAdmin",
    "MatchAdmin",
    "NoticeRelationAdmin",
    "NoticeTellingAdmin",
    "OpinionAdmin",
    "PolicyNoticeAdmin",
    "ReminderAdmin",
    "SavedSearchAdmin",
    "SearchFoundAdmin",
    "SynonymAdmin",
]
