"""Read the measurements as the tables of the open book: totals, months, modules, cities, levels, the plan.

Small cells are left out here, once, so that page, CSV and xlsx cannot disagree.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from core.models import Watermark
from core.money import as_percent
from enterprises.models import Region
from portal.indicators.definitions import (
    LEVEL,
    PLAN,
    REPLY,
    SMALLEST_CELL,
    UNKNOWN_LEVEL,
    Code,
    PlanIndicator,
)
from portal.indicators.models import Measurement, PlanValue

JOB = "indicators.take_measurements"
LEVELS = (*(f"{LEVEL}{number}" for number in range(5)), UNKNOWN_LEVEL)


@dataclass(frozen=True)
class Figures:
    """What was done in one slice. Percent have one decimal, stars are the mean of 1–5; None = no data.

    `few` says that the numbers are too small to be shown by city: then all of them are None.
    """

    received: int | None
    replied: int | None
    resolved: int | None
    free_percent: Decimal | None
    on_time_percent: Decimal | None
    median_days: int | None
    stars: Decimal | None
    rated: int | None
    few: bool = False


@dataclass(frozen=True)
class CityRow:
    region: Region
    figures: Figures
    enterprises: int | None


@dataclass(frozen=True)
class PlanRow:
    """One target of the plan beside the newest value somebody published, and those before."""

    indicator: PlanIndicator
    values: tuple[PlanValue, ...]


@dataclass(frozen=True)
class Cloud:
    """Enterprises on the cloud, and the share of their paid invoices that public money covered.

    Each is None where fewer than SMALLEST_CELL stand behind it. Money is in fen.
    """

    enterprises: int | None
    invoiced_fen: int | None
    covered_fen: int | None

    @property
    def covered_percent(self) -> Decimal | None:
        return as_percent(self.covered_fen or 0, self.invoiced_fen, 1) if self.invoiced_fen else None


@dataclass(frozen=True)
class Book:
    measured_at: datetime | None
    total: Figures
    months: list[tuple[date, Figures]]
    groups: list[tuple[str, Figures]]
    cities: list[CityRow]
    levels: list[tuple[str, int]]
    plan: list[PlanRow]
    cloud: Cloud


def read() -> Book:
    """Read the whole book; four queries, however many requests there are."""
    rows = list(Measurement.objects.values_list("month", "group", "city", "code", "number"))
    by_city = _sums(rows, lambda row: row[2])
    in_all = _sums(rows, lambda row: "")[""]
    return Book(
        measured_at=Watermark.objects.filter(job=JOB).values_list("ran_at", flat=True).first(),
        total=_figures(in_all),
        months=[(month, _figures(sums)) for month, sums in sorted(_sums(rows, lambda row: row[0]).items())],
        groups=[(group, _figures(sums)) for group, sums in _of_requests(_sums(rows, lambda row: row[1]))],
        cities=_cities(by_city),
        levels=[(level, sum(sums[level] for sums in by_city.values())) for level in LEVELS],
        plan=_plan(),
        cloud=_cloud(in_all),
    )


def _cloud(sums: Counter[str]) -> Cloud:
    are_many = sums[Code.PAID_VOUCHERS] >= SMALLEST_CELL
    on_cloud = sums[Code.ON_CLOUD]
    return Cloud(
        enterprises=None if 0 < on_cloud < SMALLEST_CELL else on_cloud,
        invoiced_fen=sums[Code.INVOICED_FEN] if are_many else None,
        covered_fen=sums[Code.COVERED_FEN] if are_many else None,
    )


def _sums(rows: Iterable[tuple], key: Callable[[tuple], object]) -> dict:
    sums: dict = defaultdict(Counter)
    for row in rows:
        sums[key(row)][row[3]] += row[4]
    return sums if sums else defaultdict(Counter)


def _of_requests(sums: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(
        (group, found) for group, found in sums.items() if found[Code.RECEIVED] or found[Code.RESOLVED]
    )


def _figures(sums: Counter[str]) -> Figures:
    return Figures(
        received=sums[Code.RECEIVED],
        replied=sums[Code.REPLIED],
        resolved=sums[Code.RESOLVED],
        free_percent=as_percent(sums[Code.FREE], sums[Code.RESOLVED], 1),
        on_time_percent=as_percent(sums[Code.ON_TIME], sums[Code.RESOLVED], 1),
        median_days=_median(sums),
        stars=_mean(sums[Code.STARS], sums[Code.RATED]),
        rated=sums[Code.RATED],
    )


def figures_of(rows: Iterable[tuple]) -> Figures:
    """Return the figures of rows of month, module, city, code and number, whatever they are cut by."""
    return _figures(_sums(rows, lambda row: "")[""])


def _mean(total: int, number: int) -> Decimal | None:
    return (Decimal(total) / number).quantize(Decimal("0.1"), ROUND_HALF_UP) if number else None


def _median(sums: Counter[str]) -> int | None:
    """Give the lower median of the working days until the first reply."""
    taken = sorted(
        (int(code.removeprefix(REPLY)), number) for code, number in sums.items() if code.startswith(REPLY)
    )
    middle, seen = (sum(number for _days, number in taken) + 1) // 2, 0
    for days, number in taken:
        seen += number
        if seen >= middle:
            return days
    return None


FEW = Figures(None, None, None, None, None, None, None, None, few=True)


def _cities(by_city: Mapping[str, Counter[str]]) -> list[CityRow]:
    regions = Region.objects.filter(level=Region.Level.PREFECTURE).order_by("code")
    hidden = _hidden({code: sums[Code.RECEIVED] for code, sums in by_city.items() if code})
    hidden_firms = _hidden({code: sums[Code.ENTERPRISES] for code, sums in by_city.items() if code})
    return [
        CityRow(
            region,
            FEW if region.code in hidden else _figures(by_city.get(region.code) or Counter()),
            None
            if region.code in hidden_firms
            else (by_city.get(region.code) or Counter())[Code.ENTERPRISES],
        )
        for region in regions
    ]


def _hidden(numbers: Mapping[str, int]) -> set[str]:
    """Name the cities whose number is too small, and one more where a single one could be worked out."""
    small = {code for code, number in numbers.items() if 0 < number < SMALLEST_CELL}
    if len(small) == 1:
        others = sorted((number, code) for code, number in numbers.items() if number >= SMALLEST_CELL)
        small |= {code for _number, code in others[:1]}
    return small


def _plan() -> list[PlanRow]:
    values = defaultdict(list)
    for value in PlanValue.objects.order_by("-as_of"):
        values[value.code].append(value)
    return [PlanRow(indicator, tuple(values[indicator.code])) for indicator in PLAN]
