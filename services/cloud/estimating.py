"""What products cost over several years, by the list price of the day: a sum for the page, no quotation.

Every year is reckoned at the price of today, since nobody knows a later one. A set-up fee counts for each
unit, as it does in the list price a voucher is reckoned from.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.cloud.models import PriceVersion

LONGEST_YEARS, MOST_UNITS = 5, 100_000


@dataclass(frozen=True)
class Wanted:
    """How many units, for how many years."""

    count: int = 1
    years: int = 3


@dataclass(frozen=True)
class Estimate:
    """The sums in fen. `exit_fen` is None where the provider has not said what leaving costs."""

    wanted: Wanted
    setup_fen: int
    first_fen: int
    later_fen: int
    voucher_fen: int
    exit_fen: int | None

    @property
    def total_fen(self) -> int:
        """Return what is paid over all years, set-up included and the voucher taken off; without leaving."""
        return self.first_fen + self.later_fen * (self.wanted.years - 1) - self.voucher_fen


def of(price: PriceVersion, wanted: Wanted, *, voucher_fen: int = 0, exit_fen: int | None) -> Estimate:
    """Reckon a price for what is wanted; `voucher_fen` is the voucher for that many units."""
    setup = price.setup_fen * wanted.count
    first = price.yearly_fen * wanted.count
    later = 0 if price.period == PriceVersion.Period.ONCE else first - setup
    return Estimate(wanted, setup, first, later, voucher_fen, exit_fen)
