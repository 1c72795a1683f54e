"""Industrial services: directory, solutions, cases, events, the board of needs, partners."""

from services.industry.models.needs import Answer, AnswerState, Need, NeedState
from services.industry.models.occasions import Booking, BookingState, Occasion
from services.industry.models.partners import Partner
from services.industry.models.places import Confidence, Park, Place, Platform, Unsure
from services.industry.models.publishing import PublicationState, Publishable
from services.industry.models.solutions import CaseFigure, CaseStudy, Effort, Solution

__all__ = [
    "Answer",
    "AnswerState",
    "Booking",
    "BookingState",
    "CaseFigure",
    "CaseStudy",
    "Confidence",
    "Effort",
    "Need",
    "NeedState",
    "Occasion",
    "Park",
    "Partner",
    "Place",
    "Platform",
    "PublicationState",
    "Publishable",
    "Solution",
    "Unsure",
]
