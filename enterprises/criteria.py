"""Criteria over the facts of an enterprise: which conditions can be written down, and how they are stored.

A stored criterion holds public codes ("370200", "27", "small", "high_tech") and plain numbers. Reading it
checks it against the vocabulary of facts, so that whatever passes here can be asked in Python and in SQL
alike. Alternatives are several values of one criterion, or two items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from core import criteria
from core.criteria import CriteriaError, Criterion, Kind, Op, Span
from enterprises import facts
from enterprises.classification import regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.classification.sizes import SizeClass

_LIMITS = frozenset({Op.AT_LEAST, Op.AT_MOST})

# What can be asked of which fact. A gate may ask only what the facet of an enterprise has a column for.
OPS: Mapping[str, frozenset[Op]] = MappingProxyType(
    {
        facts.REGION: frozenset({Op.WITHIN}),
        facts.INDUSTRY: frozenset({Op.WITHIN}),
        facts.SIZE: frozenset({Op.ONE_OF}),
        facts.EMPLOYEES: _LIMITS,
        facts.REVENUE: _LIMITS,
        facts.ASSETS: _LIMITS,
        facts.FOUNDED: frozenset({Op.YEARS_AT_LEAST, Op.YEARS_AT_MOST}),
        facts.QUALIFICATION: frozenset({Op.HAS_ANY}),
        facts.ZONE: frozenset({Op.HAS_ANY}),
        facts.DIGITAL_LEVEL: frozenset({Op.AT_LEAST}),
        facts.CLOUD_READINESS: frozenset({Op.AT_LEAST}),
    }
)
NOT_FOR_GATES = frozenset({facts.ASSETS})
SIZES = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL, SizeClass.MICRO)
MAX_YEARS = 100


def read_criteria(raw: Any) -> tuple[Criterion, ...]:
    """Read the stored list of criteria; raises CriteriaError with the position, counted from 1.

    Beside the causes of `core.criteria`: unknown_fact, op_not_for_fact, not_for_gates, second_gate (two
    gates on region, on industry, on zones, or with several qualifications each: use values, or two items).
    """
    for position, criterion in enumerate(criteria.read_all(raw), start=1):
        _check_fits(criterion, position)
    found = criteria.read_all(raw, read=_read_value)
    _check_single(found)
    return found


def write_criteria(items: Iterable[Criterion]) -> list[dict[str, Any]]:
    """Give the stored form of criteria; `read_criteria` takes it back."""
    return [criterion.to_json() for criterion in items]


def gates(items: Iterable[Criterion]) -> list[Criterion]:
    """Keep the criteria that decide and that ask for something ("the whole country" does not)."""
    return [item for item in items if item.kind is Kind.GATE and not criteria.asks_for_nothing(item)]


def _read_value(fact: str, op: Op, raw: Any) -> Any:
    if fact == facts.REGION and (raw == regions.COUNTRY or raw in regions.FORMER):
        return _not_an_address(raw)
    if fact == facts.SIZE:
        return str(SIZES[SIZES.index(raw)])
    if fact == facts.QUALIFICATION:
        return _known_qualification(raw)
    if fact == facts.ZONE:
        return _zone(raw)
    if fact == facts.FOUNDED:
        return _read_years(raw)
    return facts.read(fact, raw).value


def _known_qualification(raw: Any) -> str:
    if not isinstance(raw, str) or raw not in QUALIFICATIONS:
        raise ValueError(f"unknown qualification {raw!r}")
    return raw


def _not_an_address(raw: str) -> Span:
    """Ask for the whole country, or for what came after a region, under the code the notice gave it."""
    span = regions.span(raw)
    if raw in regions.FORMER and span.high - span.low >= len(regions.FORMER[raw].successors):
        raise ValueError(f"scattered region {raw!r}")
    return Span(span.low, span.high, raw)


def _zone(raw: Any) -> str:
    # Which zones there are stands in the database; one that is not there is unknown to every rule.
    if not isinstance(raw, str) or not facts.is_zone(facts.zone_code(raw)):
        raise ValueError(f"no code of a zone {raw!r}")
    return raw


def _read_years(raw: Any) -> int:
    years = facts.read(facts.EMPLOYEES, raw).value
    if years > MAX_YEARS:
        raise ValueError(f"more than {MAX_YEARS} years")
    return int(years)


def _check_fits(criterion: Criterion, position: int) -> None:
    if criterion.op is Op.UNSTATED:
        return
    if criterion.fact not in OPS:
        raise CriteriaError(position, "unknown_fact", criterion.fact)
    if criterion.op not in OPS[criterion.fact]:
        raise CriteriaError(position, "op_not_for_fact", f"{criterion.fact} {criterion.op}")
    if criterion.kind is Kind.GATE and criterion.fact in NOT_FOR_GATES:
        raise CriteriaError(position, "not_for_gates", criterion.fact)


def _check_single(found: tuple[Criterion, ...]) -> None:
    """Refuse a second gate where one column must hold them all and joining them would lose an unknown."""
    seen: Counter[str] = Counter()
    deciding = gates(found)
    for position, criterion in enumerate(found, start=1):
        several = criterion.op is Op.HAS_ANY and (len(criterion.values) > 1 or criterion.fact == facts.ZONE)
        if criterion in deciding and (criterion.op is Op.WITHIN or several):
            seen[criterion.fact] += 1
            if seen[criterion.fact] > 1:
                raise CriteriaError(position, "second_gate", criterion.fact)
