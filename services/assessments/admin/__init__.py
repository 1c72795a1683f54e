"""The digital factory at the desk: rounds, question banks, campaigns."""

from services.assessments.admin.banks import FrameworkVersionAdmin
from services.assessments.admin.campaigns import CampaignAdmin
from services.assessments.admin.rounds import AssessmentAdmin

__all__ = ["AssessmentAdmin", "CampaignAdmin", "FrameworkVersionAdmin"]
