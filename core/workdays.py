"""Count working days on the Chinese adjusted calendar (国务院办公厅 holiday notices).

The day of submission never counts. Beyond the last day the table covers, weekends and the statutory days
with a fixed date are taken as days off, and the result is marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

_DAY = timedelta(days=1)
_SATURDAY = 5
# Statutory holidays with a date known in advance; lunar ones come with the yearly notice.
_FIXED_DAYS_OFF = frozenset({(1, 1), (5, 1), (5, 2), (5, 3), (5, 4), (5, 5), (10, 1), (10, 2), (10, 3)})


class DayKind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class Calendar:
    """Days off, weekend days worked in exchange, and the last day for which both are announced."""

    days_off: frozenset[date]
    working_weekends: frozenset[date]
    covered_until: date

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, str]], *, covered_until: date | None = None) -> Self:
        """Build a calendar from (day, off|work) rows; it covers the whole of the latest year in them.

        Raises ValueError without rows and without `covered_until`, and for another kind of day.
        """
        kinds = {day: DayKind(kind) for day, kind in rows}
        if covered_until is None and not kinds:
            raise ValueError("a calendar without rows needs covered_until")
        return cls(
            frozenset(day for day, kind in kinds.items() if kind is DayKind.OFF),
            frozenset(day for day, kind in kinds.items() if kind is DayKind.WORK),
            covered_until or date(max(kinds).year, 12, 31),
        )


@dataclass(frozen=True)
class Due:
    """The day something is due, and whether the calendar of that day is still to be announced."""

    day: date
    provisional: bool


def is_working_day(day: date, calendar: Calendar) -> bool:
    if day in calendar.working_weekends:
        return True
    if day in calendar.days_off or day.weekday() >= _SATURDAY:
        return False
    return day <= calendar.covered_until or (day.month, day.day) not in _FIXED_DAYS_OFF


def add(start: date, days: int, calendar: Calendar) -> Due:
    """Give the day that is `days` working days after `start`, which itself never counts.

    Zero days mean the same day when it is a working day, else the next one. Raises ValueError below zero.
    """
    if days < 0:
        raise ValueError("working days are counted forward")
    day = start
    if days == 0:
        while not is_working_day(day, calendar):
            day += _DAY
    for _ in range(days):
        day = next_working_day(day, calendar)
    return Due(day, day > calendar.covered_until)


def next_working_day(day: date, calendar: Calendar) -> date:
    """Give the first working day after `day`."""
    day += _DAY
    while not is_working_day(day, calendar):
        day += _DAY
    return day


def between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -between(end, start, calendar)
    days = (start + _DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in days)
