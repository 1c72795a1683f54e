"""The promise that more than 90 % of the services are free of charge, measured live."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from services.catalogue.models import Offering

PROMISED_PERCENT = 90  # press release of 2022-11-11: more than 90 % free of charge


@dataclass(frozen=True)
class FreeShare:
    """How many live offerings there are, and how many of them are free of charge."""

    live: int
    free: int

    @property
    def percent(self) -> Decimal | None:
        """Return the share with one decimal, or None when nothing is offered."""
        return round(Decimal(self.free * 100) / self.live, 1) if self.live else None

    @property
    def is_alarming(self) -> bool:
        """Tell whether the promise of more than 90 % is broken; compared before rounding."""
        return self.live > 0 and self.free * 100 <= self.live * PROMISED_PERCENT


def free_share() -> FreeShare:
    """Count the live offerings, those without a page of their own included; one query."""
    return FreeShare(
        **Offering.objects.live().aggregate(live=Count("pk"), free=Count("pk", filter=Q(is_free=True)))
    )
