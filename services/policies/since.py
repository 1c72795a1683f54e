"""What a change of facts altered: items that fit since, and those that no longer do, both judged today.

Only the facts differ between the two sides, so a notice published meanwhile counts on neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from core.criteria import FactValue
from enterprises import facts, past
from enterprises import wording as fact_wording
from enterprises.models import Enterprise
from services.policies import fitting, sorting, wording
from services.policies.fitting import Found
from services.policies.visitor import Visitor

# So many days of change can be chosen, and so many items are shown of each kind.
DAYS = 6
SHOWN = 20


@dataclass(frozen=True)
class Changed:
    """One fact as it was and as it is; '' where it was or is not known."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Since:
    """What is different from before a day; the counts tell of all, the lists show those that close first."""

    day: date
    facts: list[Changed]
    won: list[Found]
    lost: list[Found]
    won_count: int
    lost_count: int


def compare(reader: Visitor, enterprise: Enterprise, day: date, on: date) -> Since:
    """Compare what is known now with what was known before `day`; five queries."""
    known = past.known_before(enterprise, start_of(day))
    before = Visitor((known,), is_guest=False, hidden=reader.hidden)
    turned = sorting.turned(before, reader, on, limit=SHOWN)
    items = fitting.load([*turned.won, *turned.lost])
    return Since(
        day,
        _changed(known, reader),
        [fitting.found(items[pk], reader, on) for pk in turned.won if pk in items],
        [fitting.found(items[pk], reader, on) for pk in turned.lost if pk in items],
        turned.won_count,
        turned.lost_count,
    )


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _changed(was: Mapping[str, FactValue], reader: Visitor) -> list[Changed]:
    found = []
    zones = sorted(code for code in {*was, *reader.known} if facts.is_zone(code))
    for code in (*facts.VOCABULARY, *zones):
        old, new = _words(code, was.get(code)), _words(code, reader.known.get(code))
        if old != new:
            found.append(Changed(wording.fact_label(code), old, new))
    return found


def _words(code: str, fact: FactValue | None) -> str:
    return fact_wording.fact_in_words(code, fact) if fact else ""
