"""The desk of this room."""

from services.policies.admin.notices import PolicyNoticeAdmin

__all__ = ["PolicyNoticeAdmin"]
