"""Draw items with criteria as real ones have them, compiled as publishing does it."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.generator.enterprises import SEED, districts
from bench.generator.rows import FIRST, copy
from core import calendar
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import read_criteria
from enterprises.models import Industry
from services.policies import indexing, matching
from services.policies.models import NoticeSearch

A_NOTICE = 5
_ITEM = """id notice_id position kind title_zh title_en amount_note_zh amount_note_en delivery
    is_open_all_year closes_on window_note_zh window_note_en apply_url criteria version announced_at
    steps_zh steps_en replaced_in handed"""
_COMPILED = """item_id is_open closes_on regions industries sizes quals_any quals_all revenue_yuan employees
    founded_years digital_level_min cloud_readiness_min unstated"""
SMALL, NOT_LARGE = ["small", "micro"], ["medium", "small", "micro"]

Drawn = tuple[int, date | None, list[dict[str, Any]]]


def gate(fact: str, op: str, *values: Any) -> dict[str, Any]:
    """Write one gate as an item stores it."""
    return {"fact": fact, "op": op, "values": list(values)}


@transaction.atomic
def fill(count: int) -> None:
    """Write `count` items announced long ago, five a notice from the first, with their compiled criteria.

    The notices are there already and stay in force (`notices.fill`).
    """
    drawn = list(_draw(count))
    copy("policies_policyitem", _ITEM, (_item(*one) for one in drawn))
    copy("policies_itemcriteria", _COMPILED, (_compiled(*one) for one in drawn))
    NoticeSearch.objects.filter(pk__gte=FIRST, pk__lt=FIRST + notices_of(count)).update(rules=0)
    while indexing.recut():
        """The rows of the notices learn titles and last days of their items."""


def notices_of(count: int) -> int:
    """Return how many notices that many items hang on."""
    return -(-count // A_NOTICE)


def _draw(count: int) -> Iterator[Drawn]:
    draw = Random(SEED + 1)
    counties = [str(code) for code in districts()]
    cities = sorted({f"{code[:4]}00" for code in counties})
    industries = sorted(Industry.objects.exclude(level="section").values_list("code", flat=True))
    possible = _possible_gates(draw, counties + cities * 4, industries)
    for number in range(FIRST, FIRST + count):
        closes_on = calendar.today() + timedelta(days=draw.randrange(400)) if draw.randrange(3) else None
        yield number, closes_on, [make() for share, make in possible if draw.random() < share]


def _possible_gates(
    draw: Random, places: list[str], industries: list[str]
) -> list[tuple[float, Callable[[], dict[str, Any]]]]:
    """Return how often each gate occurs and how to draw it; nearly every item asks for a place."""
    one_of, some, certificates = draw.choice, draw.sample, list(QUALIFICATIONS)
    return [
        (0.9, lambda: gate("region", "within", *some(places, one_of((1, 1, 1, 2, 3))))),
        (0.5, lambda: gate("industry", "within", *some(industries, one_of((1, 2, 4))))),
        (0.5, lambda: gate("size", "one_of", *one_of((NOT_LARGE, SMALL)))),
        (0.3, lambda: gate("qualification", "has_any", *some(certificates, one_of((1, 2, 3))))),
        (0.3, lambda: gate("employees", "at_most", one_of((100, 300, 1000)))),
        (0.2, lambda: gate("employees", "at_least", one_of((5, 10, 20)))),
        (0.3, lambda: gate("revenue_wan", "at_least", one_of(("100", "300", "2000")))),
        (0.3, lambda: gate("founded_on", "years_at_least", one_of((1, 2, 3)))),
        (0.1, lambda: gate("digital_level", "at_least", one_of((1, 2)))),
        (0.03, lambda: {"op": "unstated"}),
    ]


def _item(number: int, closes_on: date | None, raw: list[dict[str, Any]]) -> tuple[Any, ...]:
    notice = FIRST + (number - FIRST) // A_NOTICE
    return (
        *(number, notice, 1, "funding", f"数控机床补贴{number}", f"Lathe subsidy {number}", "", ""),
        *("application", "f", closes_on, "", "", "", json.dumps(raw), 1, timezone.now().isoformat()),
        *("", "", "{}", "{}"),
    )


def _compiled(number: int, closes_on: date | None, raw: list[dict[str, Any]]) -> tuple[Any, ...]:
    gates = matching.compile_criteria(read_criteria(raw))
    numbers = (_range(gates[column]) for column in ("revenue_yuan", "employees", "founded_years"))
    return (
        *(number, "t", closes_on, _spans(gates["regions"]), _spans(gates["industries"]), gates["sizes"]),
        *(gates["quals_any"], gates["quals_all"], *numbers),
        *(gates["digital_level_min"], gates["cloud_readiness_min"], gates["unstated"]),
    )


def _spans(spans: list[tuple[int, int]] | None) -> str | None:
    return None if spans is None else "{" + ",".join(f"[{low},{high}]" for low, high in spans) + "}"


def _range(value: Any) -> str | None:
    if value is None:
        return None
    if value.isempty:
        return "empty"
    return f"[{'' if value.lower is None else value.lower},{'' if value.upper is None else value.upper})"
