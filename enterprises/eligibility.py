"""Who meets a list of criteria: one SQL pass over all enterprises, or one enterprise with its reasons.

Both evaluate the same definition (`core.criteria`), as does `services.policies.matching.items_for`; a
property test holds the three together. Only "met" is ever recorded and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.db.models.lookups import Exact, GreaterThan

from core.criteria import (
    Criterion,
    Decision,
    FactValue,
    Op,
    Reason,
    decide,
    earliest_start,
    latest_start,
    merged,
)
from enterprises import facts, zones
from enterprises.classification import qualifications
from enterprises.criteria import gates
from enterprises.models import EnterpriseFacet


def explain(criteria: Iterable[Criterion], known: Mapping[str, FactValue], on: date) -> Decision:
    """Judge one enterprise, or an anonymous visitor's answers, with a reason for every criterion.

    `known` is what `enterprises.facts.from_rows` or `read` gives; the size class is derived here. Where the
    size is open, the reason asks for the figures that are missing, not for the size.
    """
    asked = tuple(criteria)
    sized = facts.with_size(known, on)
    decision = decide(asked, zones.with_zones(sized, on) if zones.are_asked(asked) else sized, on)
    needs = facts.size_needs(known, on)
    return replace(decision, reasons=tuple(_asking_for(reason, needs) for reason in decision.reasons))


def select(criteria: Iterable[Criterion], on: date) -> QuerySet[EnterpriseFacet]:
    """Return the facets of all enterprises that meet every gate on the day `on`.

    An unknown or coarse fact never meets a gate, and an item with a gate that is not stated meets nobody.
    """
    deciding = gates(criteria)
    if any(gate.op is Op.UNSTATED for gate in deciding):
        return EnterpriseFacet.objects.none()
    return EnterpriseFacet.objects.filter(*conditions(deciding, on))


def conditions(deciding: Iterable[Criterion], on: date) -> list[Q | GreaterThan | Exact]:
    """Give what SQL asks for each gate, in their order; true exactly where the gate is met."""
    return [_CONDITIONS[gate.op](gate, on) for gate in deciding]


def equals(held: Any, mask: int) -> Exact:
    """Give the condition that bits taken from a column are exactly those of `mask`."""
    return Exact(held, Value(mask, BigIntegerField()))


def _asking_for(reason: Reason, needs: tuple[str, ...]) -> Reason:
    return replace(reason, asks=needs) if reason.asks == (facts.SIZE,) else reason


def _within(gate: Criterion, on: date) -> Q:
    condition = Q()
    for span in merged(gate.values):
        condition |= Q(
            (f"{gate.fact}_low__range", (span.low, span.high)), (f"{gate.fact}_high__lte", span.high)
        )
    return condition


def _one_of(gate: Criterion, on: date) -> Q:
    return Q(size_bit__in=sorted(facts.SIZE_BITS[size] for size in gate.values))


def _has_any(gate: Criterion, on: date) -> Q | GreaterThan | Exact:
    if gate.fact == facts.ZONE:
        return zones.met(gate, on)
    mask = qualifications.mask(gate.values)
    held = F("quals").bitand(mask)
    if len(gate.values) == 1:
        return equals(held, mask)
    return GreaterThan(held, Value(0, BigIntegerField()))


def _at_least(gate: Criterion, on: date) -> Q:
    return Q((f"{column(gate)}__gte", threshold(gate)))


def _at_most(gate: Criterion, on: date) -> Q:
    return Q((f"{column(gate)}__lte", threshold(gate)))


def _years_at_least(gate: Criterion, on: date) -> Q:
    return Q(founded_high__lte=latest_start(on, gate.values[0]))


def _years_at_most(gate: Criterion, on: date) -> Q:
    return Q(founded_low__gte=earliest_start(on, gate.values[0]))


_CONDITIONS: Mapping[Op, Callable[[Criterion, date], Q | GreaterThan | Exact]] = {
    Op.WITHIN: _within,
    Op.ONE_OF: _one_of,
    Op.HAS_ANY: _has_any,
    Op.AT_LEAST: _at_least,
    Op.AT_MOST: _at_most,
    Op.YEARS_AT_LEAST: _years_at_least,
    Op.YEARS_AT_MOST: _years_at_most,
}


def column(gate: Criterion) -> str:
    """Name the facet column a threshold is compared with."""
    return "revenue_yuan" if gate.fact == facts.REVENUE else gate.fact


def threshold(gate: Criterion) -> int:
    """Give the threshold in the unit of that column."""
    value = gate.values[0]
    return int(value * facts.YUAN_PER_WAN) if gate.fact == facts.REVENUE else int(value)
