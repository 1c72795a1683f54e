"""The products of the catalogue as pages show them: each with its price of the day, tier and lock-in.

Works on loaded rows (a catalogue has hundreds, not thousands): the same four queries for one product or all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from services.cloud import tiers
from services.cloud.lock_in import Reckoning
from services.cloud.models import CloudProduct, Listing, PriceVersion, TierAward

NO_TIER = "none"
_TIERS = ("first", "second", "third", NO_TIER)


@dataclass(frozen=True)
class Shown:
    """A product of the day. `price` is None only for a product that is no longer offered."""

    product: CloudProduct
    listing: Listing
    price: PriceVersion | None
    tier: TierAward | None
    lock_in: Reckoning

    @property
    def tier_code(self) -> str:
        return self.tier.tier if self.tier else NO_TIER

    @property
    def yearly_fen(self) -> int:
        """Return the first year of one unit, for ordering; a product without a price comes last."""
        return self.price.yearly_fen if self.price else 2**62


def on_sale(day: date) -> list[Shown]:
    """Return everything that can be chosen on `day`, in order of address."""
    rows = _loaded(CloudProduct.objects.listed().order_by("slug"))
    return [shown for row in rows if (shown := of(row, day)).price is not None]


def of(product: CloudProduct, day: date) -> Shown:
    """Put one loaded product beside its price, tier and lock-in of a day."""
    listing: Listing = product.provider.cloud_listing
    return Shown(product, listing, product.price_on(day), tiers.on(listing, day), product.lock_in)


def by_slugs(slugs: Iterable[str], day: date) -> list[Shown]:
    """Return the products on sale with these addresses, in the order given; others are left out."""
    wanted = list(dict.fromkeys(slugs))
    found = {row.slug: row for row in _loaded(CloudProduct.objects.listed().filter(slug__in=wanted))}
    return [of(found[slug], day) for slug in wanted if slug in found]


def one(slug: str, day: date) -> Shown | None:
    """Return a product that has a page, on sale or not; None for any other address."""
    row = next(iter(_loaded(CloudProduct.objects.public().filter(slug=slug))), None)
    return of(row, day) if row and hasattr(row.provider, "cloud_listing") else None


def of_provider(listing: Listing, day: date) -> list[Shown]:
    """Return what a provider has on sale."""
    rows = CloudProduct.objects.listed().filter(provider=listing.provider_id).order_by("slug")
    return [of(row, day) for row in _loaded(rows)]


def ordered(rows: list[Shown], sort: str) -> list[Shown]:
    """Order by the first year's cost, the ease of leaving, the newest first, or by tier (the default)."""
    keys: dict[str, Callable[[Shown], Any]] = {
        "": lambda row: (_TIERS.index(row.tier_code), row.yearly_fen, row.product.slug),
        "newest": lambda row: (-_moment(row.product), row.product.slug),
        "price": lambda row: (row.yearly_fen, row.product.slug),
        "exit": lambda row: (row.lock_in.score, row.yearly_fen, row.product.slug),
    }
    return sorted(rows, key=keys.get(sort, keys[""]))


def _moment(product: CloudProduct) -> float:
    return product.listed_at.timestamp() if product.listed_at else 0.0


def _loaded(rows: QuerySet[CloudProduct]) -> list[CloudProduct]:
    prices = PriceVersion.objects.filter(state=PriceVersion.State.APPROVED)
    return list(
        rows.select_related("provider__cloud_listing").prefetch_related(
            Prefetch("prices", queryset=prices), "provider__cloud_listing__tiers"
        )
    )
