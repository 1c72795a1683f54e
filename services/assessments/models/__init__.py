"""The tables of the digital factory, one noun a file."""

from services.assessments.models.banks import BenchmarkCell, FrameworkVersion
from services.assessments.models.campaigns import (
    Campaign,
    CampaignInvitation,
    new_campaign_reference,
)
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
    "Campaign",
    "CampaignInvitation",
    "Evidence",
    "FrameworkVersion",
    "SectionOwner",
    "Share",
    "State",
    "Verification",
    "new_campaign_reference",
    "new_reference",
]
