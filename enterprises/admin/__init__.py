"""The desk of this room."""

from enterprises.admin import claims, divisions
from enterprises.admin.enterprises import EnterpriseAdmin
from enterprises.admin.joining import JoinRequestAdmin
from enterprises.admin.members import MembershipAdmin, may_act_as
from enterprises.admin.zones import ZoneAdmin

__all__ = [
    "EnterpriseAdmin",
    "JoinRequestAdmin",
    "MembershipAdmin",
    "ZoneAdmin",
    "claims",
    "divisions",
    "may_act_as",
]
