"""Tables of the cloud room."""

from services.cloud.models.listings import (
    Listing,
    ListingCheck,
    ListingState,
    Sanction,
    Tier,
    TierAward,
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
    "PriceVersion",
    "ProductState",
    "Sanction",
    "Tier",
    "TierAward",
]
