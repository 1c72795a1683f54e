"""Industrial services: the directory, solutions and cases, and how these come before the public."""

from services.industry.models.places import Confidence, Park, Place, Platform, Unsure
from services.industry.models.publishing import PublicationState, Publishable
from services.industry.models.solutions import CaseFigure, CaseStudy, Effort, Solution

__all__ = [
    "CaseFigure",
    "CaseStudy",
    "Confidence",
    "Effort",
    "Park",
    "Place",
    "Platform",
    "PublicationState",
    "Publishable",
    "Solution",
    "Unsure",
]
