from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.workdays import Calendar
from services.requests import sla
from services.requests.models import ServiceRequest

# National Day 2026: 1–7 October off, 10 October (a Saturday) worked.
WORKING = Calendar(
    days_off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working_weekends=frozenset({date(2026, 10, 10)}),
    covered_until=date(2026, 12, 31),
)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: str, time: str = "09:12") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


def row(**fields: Any) -> ServiceRequest:
    return ServiceRequest(**fields)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 9, 22), 5, "2026-09-29"),
        (date(2026, 9, 22), 0, "2026-09-22"),
        (date(2026, 9, 27), 0, "2026-09-28"),  # a Sunday: the next working day
        (date(2026, 9, 30), 1, "2026-10-08"),
        (date(2026, 9, 30), 3, "2026-10-10"),  # the Saturday worked in exchange
        (date(2026, 9, 26), 1, "2026-09-28"),  # on a day off, day 1 is the next working day
    ],
)
def test_a_clock_runs_to_the_end_of_its_last_working_day(start: date, days: int, due: str) -> None:
    clock = sla.running(start, days, WORKING)

    assert clock["due_at"].astimezone(SHANGHAI).isoformat() == f"{due}T23:59:59.999999+08:00"


@pytest.mark.parametrize(("days", "provisional"), [(65, False), (66, True)])
def test_a_day_beyond_the_announced_calendar_is_provisional(days: int, provisional: bool) -> None:
    clock = sla.running(date(2026, 9, 25), days, WORKING)

    assert clock["due_is_provisional"] is provisional


def test_an_offering_is_done_in_its_turnaround_and_a_question_in_five_days() -> None:
    asked: Any = SimpleNamespace(offering=SimpleNamespace(turnaround_days=15))
    question: Any = SimpleNamespace(offering=None)

    assert (sla.turnaround(asked), sla.turnaround(question)) == (15, 5)


def test_the_first_reply_is_promised_within_two_working_days() -> None:
    assert sla.first_reply_due(date(2026, 9, 30), WORKING).date() == date(2026, 10, 9)


@pytest.mark.parametrize(
    ("paused_on", "left"),
    [("2026-09-22", 5), ("2026-09-25", 2), ("2026-09-29", 0), ("2026-09-30", None)],
)
def test_a_pause_keeps_the_days_that_are_left(paused_on: str, left: int | None) -> None:
    asked = row(**sla.running(date(2026, 9, 22), 5, WORKING))

    assert sla.paused(asked, at(paused_on), WORKING)["paused_days_left"] == left


def test_a_resumed_clock_goes_on_with_the_days_left() -> None:
    asked = row(**sla.running(date(2026, 9, 22), 5, WORKING), paused_at=at("2026-09-25"), paused_days_left=2)

    resumed = sla.resumed(asked, date(2026, 9, 30), WORKING)

    assert resumed["due_at"].date() == date(2026, 10, 9)
    assert (resumed["paused_at"], resumed["paused_days_left"]) == (None, None)


def test_a_pause_never_makes_a_late_request_punctual() -> None:
    asked = row(
        **sla.running(date(2026, 9, 22), 5, WORKING), paused_at=at("2026-10-08"), paused_days_left=None
    )

    assert sla.resumed(asked, date(2026, 10, 9), WORKING) == {"paused_at": None, "paused_days_left": None}


@pytest.mark.parametrize(
    ("now", "left", "overdue"),
    [("2026-09-22", 5, False), ("2026-09-29", 0, False), ("2026-09-30", -1, True), ("2026-10-08", -2, True)],
)
def test_the_clock_says_how_many_working_days_are_left(now: str, left: int, overdue: bool) -> None:
    asked = row(state="in_progress", **sla.running(date(2026, 9, 22), 5, WORKING))

    clock = sla.clock(asked, at(now), WORKING)

    assert (clock.days_left, clock.is_overdue) == (left, overdue)


def test_what_is_done_has_no_clock() -> None:
    clock = sla.clock(
        row(state="resolved", **sla.running(date(2026, 9, 22), 5, WORKING)), at("2026-11-01"), WORKING
    )

    assert (clock.due_on, clock.days_left, clock.is_overdue) == (None, None, False)


def test_a_changed_calendar_moves_an_open_deadline() -> None:
    plain = Calendar(frozenset(), frozenset(), date(2026, 12, 31))
    asked = row(
        submitted_at=at("2026-09-30"),
        first_reply_due_at=sla.first_reply_due(date(2026, 9, 30), plain),
        **sla.running(date(2026, 9, 30), 1, plain),
    )

    moved = sla.recounted(asked, WORKING)

    assert (moved["due_at"].date(), moved["first_reply_due_at"].date()) == (
        date(2026, 10, 8),
        date(2026, 10, 9),
    )
    assert sla.recounted(asked, plain) == {}
