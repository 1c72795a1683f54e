"""The two clocks of a request: first reply, and completion; both in working days.

The clock of completion stands while the enterprise must answer, and goes on with the days that were
left. What is late already stays late: a pause never makes it punctual.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings

from core import calendar, workdays
from core.workdays import Calendar
from services.requests.models import RUNNING_STATES, ServiceRequest, State

# The fields of a completion clock that is over.
STOPPED: dict[str, Any] = {"paused_at": None, "paused_days_left": None}


class Party(StrEnum):
    """Whose turn it is."""

    OURS = "ours"
    PROVIDER = "provider"
    ENTERPRISE = "enterprise"


# After this verb it is this party's turn; None: nobody's, the request is settled.
TURNS: dict[str, Party | None] = {
    "submit": Party.OURS,
    "ask": Party.ENTERPRISE,
    "supply": Party.OURS,
    "resume": Party.OURS,
    "reopen": Party.OURS,
    "pass_on": Party.PROVIDER,
    "take_back": Party.OURS,
    "resolve": None,
    "refuse": None,
    "withdraw": None,
    "close": None,
}


def spent(events: Iterable[tuple[datetime, str]], until: datetime, working: Calendar) -> dict[Party, int]:
    """Return the working days each party has had the request, from its (time, verb) events in order.

    A day counts for whoever had it when the day began; the day of submission never counts.
    """
    days = dict.fromkeys(Party, 0)
    turn: Party | None = None
    since = until
    for moment, verb in [*events, (until, "")]:
        if turn is not None:
            days[turn] += workdays.between(calendar.day_of(since), calendar.day_of(moment), working)
        turn, since = TURNS.get(verb, turn), moment
    return days


def turnaround(service_request: ServiceRequest) -> int:
    """Return the promised working days: the offering's own, or those of a question; 0 is the same day."""
    if service_request.offering is None:
        return settings.QUESTION_WORKING_DAYS
    return service_request.offering.turnaround_days


def started(service_request: ServiceRequest, day: date, working: Calendar) -> dict[str, Any]:
    """Return the fields of a completion clock that begins on `day`."""
    return running(day, turnaround(service_request), working)


def running(day: date, days: int, working: Calendar) -> dict[str, Any]:
    """Return the fields of a clock of `days` working days after `day`; staff are warned at four fifths."""
    due = workdays.add(day, days, working)
    return {
        "clock_from": day,
        "clock_days": days,
        "due_at": calendar.end_of(due.day),
        "due_is_provisional": due.provisional,
        "warn_at": calendar.end_of(workdays.add(day, days * 4 // 5, working).day),
    }


def first_reply_due(day: date, working: Calendar) -> datetime:
    """Return the end of the day by which the first reply is promised."""
    return calendar.end_of(workdays.add(day, settings.FIRST_REPLY_WORKING_DAYS, working).day)


def paused(service_request: ServiceRequest, at: datetime, working: Calendar) -> dict[str, Any]:
    """Return the fields of a clock stopped at `at`."""
    return {"paused_at": at, "paused_days_left": _left_when_paused(service_request, at, working)}


def resumed(service_request: ServiceRequest, day: date, working: Calendar) -> dict[str, Any]:
    """Return the fields of a clock that goes on from `day` with the days that were left."""
    left = service_request.paused_days_left
    return STOPPED if left is None else {**STOPPED, **running(day, left, working)}


def reopen_limit(at: datetime) -> datetime:
    """Return the time before which a request must have been done for the chance to reopen it to be over."""
    return at - timedelta(days=settings.REOPEN_DAYS)


def recounted(service_request: ServiceRequest, working: Calendar) -> dict[str, Any]:
    """Return the fields of an open request that a changed calendar changes."""
    if service_request.clock_from is None or service_request.submitted_at is None:
        return {}
    fresh = running(service_request.clock_from, service_request.clock_days or 0, working)
    fresh["first_reply_due_at"] = first_reply_due(calendar.day_of(service_request.submitted_at), working)
    if service_request.paused_at and service_request.paused_days_left is not None:
        left = _days_until(service_request.paused_at, fresh["due_at"], working)
        fresh["paused_days_left"] = max(left, 0)
    return {name: value for name, value in fresh.items() if value != getattr(service_request, name)}


def _left_when_paused(service_request: ServiceRequest, at: datetime, working: Calendar) -> int | None:
    if service_request.due_at is None or service_request.due_at < at:
        return None
    return _days_until(at, service_request.due_at, working)


def _days_until(at: datetime, due: datetime, working: Calendar) -> int:
    return workdays.between(calendar.day_of(at), calendar.day_of(due), working)


@dataclass(frozen=True)
class Clock:
    """What a page says about the time of one request; `days_left` are working days, negative when late."""

    due_on: date | None
    days_left: int | None
    is_provisional: bool
    is_paused: bool
    is_overdue: bool
    reply_due_on: date | None

    @property
    def days_late(self) -> int:
        """Count the working days past the due day; 0 while there is time."""
        return max(-(self.days_left or 0), 0)


def clock(service_request: ServiceRequest, at: datetime, working: Calendar | None = None) -> Clock:
    """Read the clock of a request at a time; the days left are counted when a calendar is given."""
    due = service_request.due_at if service_request.state in (*RUNNING_STATES, State.WAITING) else None
    waits = service_request.state == State.WAITING
    waits_for_reply = service_request.is_open and service_request.first_replied_at is None
    reply_due = service_request.first_reply_due_at if waits_for_reply else None
    return Clock(
        due_on=calendar.day_of(due) if due else None,
        days_left=_days_left(service_request, at, working) if due else None,
        is_provisional=service_request.due_is_provisional,
        is_paused=waits,
        is_overdue=service_request.is_overdue(at),
        reply_due_on=calendar.day_of(reply_due) if reply_due else None,
    )


def _days_left(service_request: ServiceRequest, at: datetime, working: Calendar | None) -> int | None:
    if service_request.paused_at or service_request.due_at is None or working is None:
        return service_request.paused_days_left
    return _days_until(at, service_request.due_at, working)


def clocks(rows: Iterable[ServiceRequest], at: datetime) -> dict[int, Clock]:
    """Read the clocks of many requests with one look at the calendar."""
    working = calendar.present()
    return {row.pk: clock(row, at, working) for row in rows}
