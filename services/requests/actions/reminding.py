"""Remind the side that asked of what it still has to hand in; how often is decided here."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from core import calendar, workdays
from core.workdays import Calendar
from services.requests import notifications, thread
from services.requests.models import ServiceRequest, State

# Working days between two reminders, and after which nobody is reminded any more: twice for one pause.
EVERY, UNTIL = 5, 14
# No five working days are shorter, and no fourteen longer, than so many days of the calendar.
_SHORTEST, _LONGEST = timedelta(days=EVERY), timedelta(days=40)
_AT_ONCE = 2000


def remind_of_papers() -> int:
    """Remind of papers asked for five and ten working days ago; return how many. Safe late or twice."""
    now, working = calendar.now(), calendar.present()
    rows = _candidates(now).only("paused_at", "nudged_at").order_by("paused_at").iterator()
    # The bound is on what is due: those that are past being reminded stand first and must not fill it.
    due = list(islice((row.pk for row in rows if _is_due(row, now, working)), _AT_ONCE))
    return sum(_remind(number, now, working) for number in due)


def _candidates(now: datetime) -> Any:
    waiting = ServiceRequest.objects.filter(
        state=State.WAITING, paused_at__lte=now - _SHORTEST, paused_at__gte=now - _LONGEST
    )
    return waiting.exclude(nudged_at__gt=now - _SHORTEST)


def _is_due(row: ServiceRequest, now: datetime, working: Calendar) -> bool:
    if row.paused_at is None:
        return False
    today, asked_on = calendar.day_of(now), calendar.day_of(row.paused_at)
    told_on = max(asked_on, calendar.day_of(row.nudged_at)) if row.nudged_at else asked_on
    return (
        workdays.between(told_on, today, working) >= EVERY
        and workdays.between(asked_on, today, working) <= UNTIL
    )


@transaction.atomic
def _remind(number: int, now: datetime, working: Calendar) -> bool:
    rows = _candidates(now).filter(pk=number).select_for_update(of=("self",), skip_locked=True)
    row = rows.first()
    if row is None or not _is_due(row, now, working):
        return False
    # Not save(): `saved_at` goes on saying when its owner last worked on it.
    ServiceRequest.objects.filter(pk=number).update(nudged_at=now)
    notifications.tell_owner(
        notifications.STILL_WAITING,
        row,
        f"still waiting {calendar.day_of(now)}",
        asks=thread.papers_asked_for(row),
    )
    return True
