"""The open book of the voucher money: balances, how many, how long a step takes; small numbers left out."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import lately
from services.cloud.models import Fund, Programme, Voucher, VoucherState
from services.cloud.models.ledger import ACCOUNTS

# Fewer than so many are not told: with a region they could point at one enterprise.
FEWEST = 5
# A step's median is taken over the newest so many vouchers that went through it.
NEWEST = 500
# With a quarter of a million vouchers the figures take half a second: too long to count them for each reader.
FIGURES_SECONDS = 60

_COUNTED: tuple[tuple[str, str | Promise, Q], ...] = (
    ("applied", _("applications"), ~Q(state=VoucherState.DRAFT) & Q(submitted_at__isnull=False)),
    ("waiting", _("waiting for budget"), Q(state=VoucherState.WAITING)),
    ("issued", _("issued in all"), Q(issued_at__isnull=False)),
    ("used", _("used for a contract"), Q(used_at__isnull=False)),
    ("paid", _("paid in all"), Q(settled_at__isnull=False)),
    ("lapsed", _("ended unused"), Q(state=VoucherState.VOID)),
    ("rejected", _("rejected"), Q(state=VoucherState.REJECTED)),
)
_STEPS: tuple[tuple[str | Promise, str, str], ...] = (
    (_("from application to the county's answer"), "submitted_at", "county_at"),
    (_("from the county's answer to issue"), "county_at", "issued_at"),
    (_("from issue to contract"), "issued_at", "used_at"),
    (_("from claim to confirmation"), "claimed_at", "verified_at"),
    (_("from confirmation to payment"), "verified_at", "settled_at"),
)


@dataclass(frozen=True)
class Line:
    """One region of a programme, or all of them: fen by account."""

    region: str
    budget_fen: int
    by_account: dict[str, int]


@dataclass(frozen=True)
class Figure:
    """A number of vouchers; None when it is too small to be told (but not zero)."""

    code: str
    label: str | Promise
    number: int | None


@dataclass(frozen=True)
class Pace:
    """The median of a step in calendar days, rounded up; None when too few went through it."""

    label: str | Promise
    days: int | None


def lines(programme: Programme) -> list[Line]:
    """Return the balances region by region and their total last; reads the prefetched funds."""
    funds = list(programme.funds.all())
    found = [_line(fund.region.name, [fund]) for fund in funds]
    return found + ([_line("", funds)] if len(funds) > 1 else [])


def _line(region: str, funds: list[Fund]) -> Line:
    by_account = {str(account): sum(fund.balance(account) for fund in funds) for account in ACCOUNTS}
    return Line(region, sum(fund.budget_fen for fund in funds), by_account)


def counts(programmes: list[Programme]) -> dict[int, list[Figure]]:
    """Count the vouchers of each programme, for all of them in one query; at most a minute old."""
    by_programme = lately.read("cloud.counts", _counted, seconds=FIGURES_SECONDS)
    return {
        programme.pk: [
            Figure(code, label, told(by_programme.get(programme.pk, {}).get(code, 0)))
            for code, label, _condition in _COUNTED
        ]
        for programme in programmes
    }


def _counted() -> dict[int, Any]:
    rows = (
        Voucher.objects.order_by()
        .values("programme")
        .annotate(**{code: Count("pk", filter=condition) for code, _label, condition in _COUNTED})
    )
    return {row["programme"]: row for row in rows}


def told(number: int) -> int | None:
    """Return a number that may be told: zero, or FEWEST and more."""
    return None if 0 < number < FEWEST else number


def paces() -> list[Pace]:
    """Return the median days of every step over the newest vouchers, at most a minute old; a query a step."""
    days = lately.read("cloud.paces", _medians, seconds=FIGURES_SECONDS)
    return [Pace(label, taken) for (label, _begin, _end), taken in zip(_STEPS, days, strict=True)]


def _medians() -> list[int | None]:
    return [_median(begin, end) for _label, begin, end in _STEPS]


def _median(begin: str, end: str) -> int | None:
    rows = (
        Voucher.objects.filter(**{f"{begin}__isnull": False, f"{end}__isnull": False})
        .annotate(took=F(end) - F(begin))
        .order_by(f"-{end}")
        .values_list("took", flat=True)[:NEWEST]
    )
    taken: list[timedelta] = list(rows)
    if len(taken) < FEWEST:
        return None
    seconds = statistics.median(took.total_seconds() for took in taken)
    return max(0, -(-int(seconds) // 86_400))
