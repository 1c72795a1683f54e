"""The tables of the digital factory, one noun a file."""

from services.assessments.models.banks import BenchmarkCell, FrameworkVersion
from services.assessments.models.evidence import Evidence
from services.assessments.models.rounds import (
    Answer,
    Assessment,
    SectionOwner,
    Share,
    State,
    Verification,
    new_reference,
)

__all__ = [
    "Answer",
    "Assessment",
    "BenchmarkCell",
    "Evidence",
    "FrameworkVersion",
    "SectionOwner",
    "Share",
    "State",
    "Verification",
    "new_reference",
]
