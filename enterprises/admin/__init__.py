"""The desk of this room."""

from enterprises.admin.enterprises import EnterpriseAdmin, MembershipAdmin, may_act_as

__all__ = ["EnterpriseAdmin", "MembershipAdmin", "may_act_as"]
