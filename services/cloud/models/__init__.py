"""Tables of the cloud room."""

from services.cloud.models.checks import Flag, SpotDraw, SpotVisit
from services.cloud.models.conversions import (
    Conversion,
    ConversionScheme,
    ConversionState,
    SchemeState,
    Spending,
)
from services.cloud.models.lateness import Escalation
from services.cloud.models.ledger import Account, Fund, LedgerEntry, Move, Reconciliation
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
from services.cloud.models.programmes import Programme, ProgrammeState
from services.cloud.models.vouchers import Voucher, VoucherClaim, VoucherState

__all__ = [
    "Account",
    "Category",
    "CloudProduct",
    "Conversion",
    "ConversionScheme",
    "ConversionState",
    "Escalation",
    "ExportFormat",
    "Flag",
    "Fund",
    "LedgerEntry",
    "Listing",
    "ListingCheck",
    "ListingState",
    "Move",
    "Need",
    "Onboarding",
    "OnboardingState",
    "OnboardingStep",
    "PriceVersion",
    "ProductState",
    "Programme",
    "ProgrammeState",
    "Rating",
    "Reconciliation",
    "Sanction",
    "SchemeState",
    "Spending",
    "SpotDraw",
    "SpotVisit",
    "Tier",
    "TierAward",
    "UseCheck",
    "UseEvidence",
    "Voucher",
    "VoucherClaim",
    "VoucherState",
    "WaitsOn",
]
