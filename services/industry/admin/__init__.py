"""The desk of this room."""

from services.industry.admin.needs import NeedAdmin
from services.industry.admin.occasions import OccasionAdmin
from services.industry.admin.partners import PartnerAdmin
from services.industry.admin.places import ParkAdmin, PlatformAdmin
from services.industry.admin.solutions import CaseStudyAdmin, SolutionAdmin

__all__ = [
    "CaseStudyAdmin",
    "NeedAdmin",
    "OccasionAdmin",
    "ParkAdmin",
    "PartnerAdmin",
    "PlatformAdmin",
    "SolutionAdmin",
]
