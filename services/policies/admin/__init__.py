"""The desk of this room."""

from services.policies.admin.notices import PolicyNoticeAdmin
from services.policies.admin.synonyms import SynonymAdmin

__all__ = ["PolicyNoticeAdmin", "SynonymAdmin"]
