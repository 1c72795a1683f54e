"""Tables of the cloud room."""

from services.cloud.models.listings import (
    Listing,
    ListingCheck,
    ListingState,
    Sanction,
    Tier,
    TierAward,
)
from services.cloud.models.onboarding import (
    Onboarding,
    OnboardingState,
    OnboardingStep,
    Rating,
    UseCheck,
    UseEvidence,
    WaitsOn,
)
from services.cloud.models.products import (
    Category,
    CloudProduct,
    ExportFormat,
    Need,
    PriceVersion,
    ProductState,
)

__all__ = [
    "Category",
    "CloudProduct",
    "ExportFormat",
    "Listing",
    "ListingCheck",
    "ListingState",
    "Need",
    "Onboarding",
    "OnboardingState",
    "OnboardingStep",
    "PriceVersion",
    "ProductState",
    "Rating",
    "Sanction",
    "Tier",
    "TierAward",
    "UseCheck",
    "UseEvidence",
    "WaitsOn",
]
