"""Whom we serve: the enterprise, who acts for it, and what is known of it."""

from enterprises.models.enterprises import (
    Enterprise,
    EnterpriseMerge,
    EnterpriseQuerySet,
    NameKey,
    StaffScope,
    acting_now,
)
from enterprises.models.facts import EnterpriseFacet, Fact, FactQuerySet, Licence, LicenceQuerySet
from enterprises.models.members import (
    Claim,
    Invitation,
    InvitationQuerySet,
    JoinRequest,
    JoinRequestQuerySet,
    Membership,
    MembershipQuerySet,
)
from enterprises.models.places import Industry, Region, Zone, ZonePlace, region_prefix

__all__ = [
    "Claim",
    "Enterprise",
    "EnterpriseFacet",
    "EnterpriseMerge",
    "EnterpriseQuerySet",
    "Fact",
    "FactQuerySet",
    "Industry",
    "Invitation",
    "InvitationQuerySet",
    "JoinRequest",
    "JoinRequestQuerySet",
    "Licence",
    "LicenceQuerySet",
    "Membership",
    "MembershipQuerySet",
    "NameKey",
    "Region",
    "StaffScope",
    "Zone",
    "ZonePlace",
    "acting_now",
    "region_prefix",
]
