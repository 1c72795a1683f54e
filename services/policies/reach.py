"""Whom an item reaches now, before anybody is told: a dry run over all enterprises in one pass.

Counts who meets every gate by city, industry and size, and who fails by exactly which condition. Numbers
below five could name somebody, so they are never told alone.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, SmallIntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from core.criteria import CriteriaError, Criterion, Op
from enterprises import eligibility, facts, zones
from enterprises.classification import industries, qualifications
from enterprises.criteria import gates, read_criteria
from enterprises.models import EnterpriseFacet
from services.policies import inheriting
from services.policies.linting import Finding
from services.policies.models import PolicyItem, PolicyNotice

# Fewer enterprises in one cell could be recognised.
SMALLEST = 5
# Bits of the conditions not met, and as many places higher those that cannot be told.
_MOST_GATES = 28


@dataclass(frozen=True)
class Cell:
    """One value (a city, a section, a size; '' unknown) and its count.

    The last cell of a table may gather `gathered` small ones; their count is then that of all together, or
    None when even together they are too few.
    """

    code: str
    count: int | None
    gathered: int = 0


@dataclass(frozen=True)
class Barrier:
    """A condition and whom it leaves out: by itself alone, at all, and those of whom it cannot be told."""

    gate: Criterion
    alone: int
    at_all: int
    unknown: int


@dataclass(frozen=True)
class Reach:
    """The dry run of one item; `total` is None where a condition is not stated or cannot be read."""

    item: PolicyItem
    total: int | None
    considered: int = 0
    places: Sequence[Cell] = ()
    industries: Sequence[Cell] = ()
    sizes: Sequence[Cell] = ()
    barriers: Sequence[Barrier] = ()
    lost: int | None = None
    won: int | None = None

    @property
    def highest(self) -> Barrier | None:
        """Give the condition that alone leaves most enterprises out; None when none does."""
        worst = max(self.barriers, key=lambda barrier: barrier.alone, default=None)
        return worst if worst and worst.alone else None


def of_notice(notice: PolicyNotice, on: date) -> list[Reach]:
    """Run every item dry on the day `on`; one query for each."""
    return [of_item(item, on) for item in notice.items.all()]


def of_item(item: PolicyItem, on: date, *, before: Any = None) -> Reach:
    """Run one item dry; `before` are stored criteria to compare with, for example the published ones."""
    deciding = _readable_gates(lambda: inheriting.criteria_of(item))
    if deciding is None:
        return Reach(item, None)
    previous = None if before is None else _readable_gates(lambda: read_criteria(before))
    groups = _groups(deciding, previous, on)
    met = Counter({key: n for (key, _), n in groups.items() if key >= 0})
    failed: Counter[int] = Counter()
    for (key, _), n in groups.items():
        if key < 0:
            failed[-key] += n
    return Reach(
        item,
        met.total(),
        met.total() + failed.total(),
        gathered(_by(met, lambda key: _city(key // 3200))),
        gathered(_by(met, lambda key: _section(key // 32 % 100))),
        gathered(_by(met, lambda key: _size(key % 32))),
        [_barrier(gate, n, failed) for n, gate in enumerate(deciding)],
        None if previous is None else sum(n for (key, was), n in groups.items() if was and key < 0),
        None if previous is None else sum(n for (key, was), n in groups.items() if not was and key >= 0),
    )


def findings(notice: PolicyNotice, on: date) -> list[Finding]:
    """Name the items that no enterprise meets today; a query each, and nothing while none is known."""
    found = []
    for item in notice.items.all():
        deciding = _readable_gates(partial(inheriting.criteria_of, item))
        if deciding and not eligibility.select(deciding, on).exists() and EnterpriseFacet.objects.exists():
            found.append(Finding("reaches_nobody", item))
    return found


def shown(count: int) -> int | None:
    """Give a count as it may be told: None for one to four."""
    return None if 0 < count < SMALLEST else count


def gathered(counts: Mapping[str, int]) -> list[Cell]:
    """Make the cells of a table; small ones are put together, with the next larger if only one is small.

    Otherwise the total would tell the one that is left out.
    """
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    small = [pair for pair in ordered if pair[1] < SMALLEST]
    large = [pair for pair in ordered if pair[1] >= SMALLEST]
    while small and large and (len(small) < 2 or sum(n for _, n in small) < SMALLEST):
        small.append(large.pop())
    cells = [Cell(code, n) for code, n in large]
    if small:
        cells.append(Cell("", shown(sum(n for _, n in small)), len(small)))
    return cells


# --- the pass ---------------------------------------------------------------------------


def _readable_gates(read: Callable[[], Iterable[Criterion]]) -> list[Criterion] | None:
    """Give the gates of criteria; None when one is not stated or nothing can be read."""
    try:
        deciding = gates(read())
    except CriteriaError:
        return None
    if len(deciding) > _MOST_GATES or any(gate.op is Op.UNSTATED for gate in deciding):
        return None
    return deciding


def _groups(
    deciding: list[Criterion], previous: list[Criterion] | None, on: date
) -> Counter[tuple[int, bool]]:
    """Count all enterprises by what they are (when they meet every gate) or by the gates they fail.

    The key of those who meet is city, division and size in one number; of the others, the bits below zero.
    """
    rows = EnterpriseFacet.objects.annotate(key=_key(deciding, on))
    if previous is None:
        counted = rows.values_list("key").annotate(n=Count("*")).order_by()
        return Counter({(key, False): n for key, n in counted})
    beside = rows.annotate(was=_meets(previous, on)).values_list("key", "was").annotate(n=Count("*"))
    return Counter({(key, bool(was)): n for key, was, n in beside.order_by()})


def _key(deciding: list[Criterion], on: date) -> Any:
    # Division of integers: the city and the division of an industry are what stands before two digits.
    city, division = (Coalesce(F(name) / 100, 0) for name in ("region_low", "industry_low"))
    what = (city * 100 + division) * 32 + Coalesce("size_bit", 0)
    # NULLIF and COALESCE look at each condition once; a CASE would, for the test and for the value, twice.
    return (
        Coalesce(NullIf(_failed(deciding, on), 0), what, output_field=BigIntegerField()) if deciding else what
    )


def _failed(deciding: list[Criterion], on: date) -> Any:
    """Give the bits below zero of the conditions not met."""
    conditions = eligibility.conditions(deciding, on)
    bits = [
        Case(
            When(condition, then=Value(0)),
            When(_cannot_be_told(gate, on), then=Value(-1 << (n + _MOST_GATES))),
            default=Value(-1 << n),
            output_field=BigIntegerField(),
        )
        for n, (gate, condition) in enumerate(zip(deciding, conditions, strict=True))
    ]
    return reduce(operator.add, bits, Cast(Value(0), BigIntegerField()))


def _meets(previous: list[Criterion], on: date) -> Any:
    if not previous:
        return Value(1, output_field=SmallIntegerField())
    met = [Q(condition) for condition in eligibility.conditions(previous, on)]
    return Case(When(Q(*met), then=Value(1)), default=Value(0), output_field=SmallIntegerField())


def _cannot_be_told(gate: Criterion, on: date) -> Q:
    """Tell apart what is not known, or not exactly enough, from what is known and does not fit."""
    if gate.op is Op.WITHIN:
        touching = Q((f"{gate.fact}_low__isnull", True))
        for span in gate.values:
            touching |= Q((f"{gate.fact}_low__lte", span.high), (f"{gate.fact}_high__gte", span.low))
        return touching
    if gate.op is Op.ONE_OF:
        return Q(size_bit__isnull=True)
    if gate.fact == facts.ZONE:
        return zones.cannot_be_told(gate, on)
    if gate.op is Op.HAS_ANY:
        mask = qualifications.mask(gate.values)
        known = F("quals_known").bitand(mask)
        return ~Q(eligibility.equals(known, mask))
    if gate.op in {Op.YEARS_AT_LEAST, Op.YEARS_AT_MOST}:
        return Q(founded_low__isnull=True)
    return Q((f"{eligibility.column(gate)}__isnull", True))


# --- reading the keys -------------------------------------------------------------------


def _by(met: Mapping[int, int], part: Callable[[int], str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for key, n in met.items():
        counts[part(key)] += n
    return counts


def _city(number: int) -> str:
    return f"{number:04d}00" if number else ""


def _section(number: int) -> str:
    code = f"{number:02d}"
    return industries.line(code)[0].code if industries.is_known(code) else ""


def _size(bit: int) -> str:
    return next((size for size, own in facts.SIZE_BITS.items() if own == bit), "")


def _barrier(gate: Criterion, number: int, failed: Mapping[int, int]) -> Barrier:
    own, open_ = 1 << number, 1 << (number + _MOST_GATES)
    return Barrier(
        gate,
        failed.get(own, 0),
        sum(n for bits, n in failed.items() if bits & own),
        sum(n for bits, n in failed.items() if bits & open_),
    )
