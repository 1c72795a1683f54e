"""What was known of an enterprise at an earlier moment, told again from its kept facts and withdrawals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models.functions import TruncDate

from core import audit, calendar
from core.criteria import FactValue
from enterprises import facts
from enterprises.actions.fact import outweighs
from enterprises.models import Enterprise, Fact


def days_of_change(enterprise: Enterprise, most: int) -> list[date]:
    """Return the last days on which anything was recorded, the newest first; one query."""
    days = enterprise.facts.annotate(day=TruncDate("recorded_at")).values_list("day", flat=True)
    return list(days.distinct().order_by("-day")[:most])


def known_before(enterprise: Enterprise, moment: datetime) -> Mapping[str, FactValue]:
    """Return the facts that counted just before `moment`; two queries.

    Precedence is that of `record_facts`; a statement that had been withdrawn by then is not known.
    """
    held: dict[str, Fact] = {}
    for _at, step in sorted(_steps(enterprise, moment), key=lambda one: one[0]):
        if isinstance(step, Fact):
            if outweighs(step, held.get(step.code), on=calendar.day_of(step.recorded_at)):
                held[step.code] = step
            continue
        for code in step:
            if code in held and held[code].source == Fact.Source.SELF:
                del held[code]
    return facts.from_rows(held.values())


def _steps(enterprise: Enterprise, moment: datetime) -> Iterator[tuple[datetime, Any]]:
    for row in enterprise.facts.filter(recorded_at__lt=moment).order_by("recorded_at", "pk"):
        yield row.recorded_at, row
    withdrawn = audit.history(enterprise).filter(verb="facts_withdrawn", at__lt=moment)
    for event in withdrawn:
        yield event.at, event.data.get("codes", [])
