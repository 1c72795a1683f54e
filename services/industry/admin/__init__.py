"""The desk of this room."""

from services.industry.admin.places import ParkAdmin, PlatformAdmin
from services.industry.admin.solutions import CaseStudyAdmin, SolutionAdmin

__all__ = ["CaseStudyAdmin", "ParkAdmin", "PlatformAdmin", "SolutionAdmin"]
