"""A fixed panel of made-up enterprises: whom a change of conditions silently loses or wins. Pure.

The panel never changes with the data, so two runs over the same conditions give the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from core.criteria import Criterion, FactValue, Verdict
from enterprises import eligibility, facts
from services.policies import examples

# Five places, four industries, three sizes, two ages, with and without recognitions.
_PLACES = ("370211", "370102", "370602", "371302", "371702")
_INDUSTRIES = ("3421", "1311", "6513", "5164")
_FIGURES = ((8, 200), (120, 3_000), (900, 60_000))
_FOUNDED = ("2012-03-01", "2025-03-01")
_HELD: tuple[dict[str, Any], ...] = (
    {},
    {f"{facts.QUALIFICATION}.high_tech": True, f"{facts.QUALIFICATION}.zjtx": True, facts.DIGITAL_LEVEL: 3},
)


@dataclass(frozen=True)
class Member:
    """One enterprise of the panel by the facts that name it."""

    region: str
    industry: str
    employees: int
    founded: str
    is_recognised: bool


@dataclass(frozen=True)
class Difference:
    """Who qualifies only before, and only now; `size` is how many the panel has."""

    lost: tuple[Member, ...]
    won: tuple[Member, ...]
    size: int


def difference(before: Iterable[Criterion], now: Iterable[Criterion], on: date) -> Difference:
    """Judge the whole panel under both lists of conditions."""
    old, new = tuple(before), tuple(now)
    lost: list[Member] = []
    won: list[Member] = []
    for member, known in _members():
        was, is_now = _qualifies(old, known, on), _qualifies(new, known, on)
        if was != is_now:
            (lost if was else won).append(member)
    return Difference(tuple(lost), tuple(won), len(_members()))


def _qualifies(criteria: tuple[Criterion, ...], known: dict[str, FactValue], on: date) -> bool:
    return eligibility.explain(criteria, known, on).verdict is Verdict.MET


@cache
def _members() -> tuple[tuple[Member, dict[str, FactValue]], ...]:
    return tuple(
        (
            Member(region, industry, employees, founded, bool(held)),
            examples.known_of(
                {
                    facts.REGION: region,
                    facts.INDUSTRY: industry,
                    facts.EMPLOYEES: employees,
                    facts.REVENUE: revenue,
                    facts.ASSETS: revenue,
                    facts.FOUNDED: founded,
                    facts.DIGITAL_LEVEL: 1,
                    facts.CLOUD_READINESS: 50,
                    **held,
                }
            ),
        )
        for region, industry, (employees, revenue), founded, held in product(
            _PLACES, _INDUSTRIES, _FIGURES, _FOUNDED, _HELD
        )
    )
