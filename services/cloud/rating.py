"""Who may rate a provider, and what its ratings say together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count

from services.cloud.models import Listing, Onboarding, Rating, UseCheck, Voucher


@dataclass(frozen=True)
class Summary:
    """The mean of the shown ratings, one decimal, and their number; None without any."""

    mean: Decimal | None
    count: int


def rated_provider(onboarding: Onboarding) -> Listing | None:
    """Return the provider a plan may rate: of its product, once the order is verified; None before.

    Verified is an order whose real use staff have accepted, or whose voucher claim the city has confirmed.
    """
    if onboarding.product is None or not _is_verified(onboarding):
        return None
    return Listing.objects.filter(provider=onboarding.product.provider_id).first()


def _is_verified(onboarding: Onboarding) -> bool:
    if onboarding.use_checks.filter(state=UseCheck.State.ACCEPTED).exists():
        return True
    claims = Voucher.objects.filter(enterprise=onboarding.enterprise_id, product=onboarding.product_id)
    return claims.filter(verified_at__isnull=False).exists()


def summary(listing: Listing) -> Summary:
    """Reckon the ratings of a provider; hidden ones do not count."""
    found = listing.ratings.filter(state=Rating.State.SHOWN).aggregate(mean=Avg("score"), count=Count("pk"))
    mean = found["mean"]
    exactly = Decimal(str(mean)).quantize(Decimal("0.1"), ROUND_HALF_UP) if mean is not None else None
    return Summary(exactly, found["count"])
