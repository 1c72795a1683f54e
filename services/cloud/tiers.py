"""Which tier a provider holds on a day: a tier ends by itself and does not count while suspended."""

from datetime import date

from services.cloud.models import Listing, TierAward


def on(listing: Listing, day: date) -> TierAward | None:
    """Return the tier in force on `day`; None without one. Reads `tiers` from memory when prefetched."""
    if not listing.is_listed:
        return None
    return next((award for award in listing.tiers.all() if award.holds_on(day)), None)
