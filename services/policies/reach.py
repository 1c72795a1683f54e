"""Whom an item would reach, counted before it is published; small numbers are not told by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from core.criteria import CriteriaError, Op
from enterprises import eligibility
from enterprises.criteria import gates, read_criteria
from enterprises.wording import region_name
from services.policies.models import PolicyItem, PolicyNotice

# Fewer enterprises in one place could be recognised.
SMALLEST = 5


@dataclass(frozen=True)
class Place:
    """A city and how many enterprises are reached there; None stands for fewer than five."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Reach:
    """How many enterprises meet every gate of an item, and where; None where that cannot be told."""

    item: PolicyItem
    total: int | None
    places: Sequence[Place] = ()


def of_notice(notice: PolicyNotice, on: date) -> list[Reach]:
    """Count for every item who would be told on the day `on`; one query for each."""
    return [of_item(item, on) for item in notice.items.all()]


def of_item(item: PolicyItem, on: date) -> Reach:
    """Count whom an item reaches by city; nobody is reached while a gate is not stated."""
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError:
        return Reach(item, None)
    if any(gate.op is Op.UNSTATED for gate in gates(criteria)):
        return Reach(item, None)
    rows = (
        eligibility.select(criteria, on).values(code=F("region_low")).annotate(n=Count("pk")).order_by("code")
    )
    cities: Counter[int] = Counter()
    for row in rows:
        cities[(row["code"] or 0) // 100 * 100] += row["n"]
    return Reach(item, sum(cities.values()), [_place(code, n) for code, n in cities.most_common()])


def _place(code: int, count: int) -> Place:
    return Place(region_name(f"{code:06d}"), count if count >= SMALLEST else None)
