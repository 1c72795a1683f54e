"""The desk of this room."""

from services.cloud.admin.checks import FlagAdmin, SpotDrawAdmin, SpotVisitAdmin
from services.cloud.admin.conversions import ConversionAdmin, ConversionSchemeAdmin
from services.cloud.admin.listings import ListingAdmin, SanctionAdmin
from services.cloud.admin.onboarding import OnboardingAdmin, RatingAdmin, UseCheckAdmin
from services.cloud.admin.products import CloudProductAdmin, PriceVersionAdmin
from services.cloud.admin.programmes import FundAdmin, LedgerEntryAdmin, ProgrammeAdmin, ReconciliationAdmin
from services.cloud.admin.vouchers import VoucherAdmin

__all__ = [
    "CloudProductAdmin",
    "ConversionAdmin",
    "ConversionSchemeAdmin",
    "FlagAdmin",
    "FundAdmin",
    "LedgerEntryAdmin",
    "ListingAdmin",
    "OnboardingAdmin",
    "PriceVersionAdmin",
    "ProgrammeAdmin",
    "RatingAdmin",
    "ReconciliationAdmin",
    "SanctionAdmin",
    "SpotDrawAdmin",
    "SpotVisitAdmin",
    "UseCheckAdmin",
    "VoucherAdmin",
]
