"""The desk of this room."""

from services.cloud.admin.listings import ListingAdmin, SanctionAdmin
from services.cloud.admin.onboarding import OnboardingAdmin, RatingAdmin, UseCheckAdmin
from services.cloud.admin.products import CloudProductAdmin, PriceVersionAdmin

__all__ = [
    "CloudProductAdmin",
    "ListingAdmin",
    "OnboardingAdmin",
    "PriceVersionAdmin",
    "RatingAdmin",
    "SanctionAdmin",
    "UseCheckAdmin",
]
