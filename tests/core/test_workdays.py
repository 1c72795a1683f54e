"""Working days on the adjusted calendar of 2025 and 2026, and beyond what is announced."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import workdays
from core.workdays import Calendar, Due

TABLE = Path(workdays.__file__).parent / "data" / "calendar_cn.csv"


def rows() -> list[tuple[date, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(file)]


CALENDAR = Calendar.from_rows(rows())


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days(year: int) -> None:
    last_of_the_year_before = date(year - 1, 12, 31)

    days = workdays.between(last_of_the_year_before, date(year, 12, 31), CALENDAR)

    assert days == 248


def test_weekend_days_worked_in_2026_are_those_announced() -> None:
    worked = sorted(day for day in CALENDAR.working_weekends if day.year == 2026)

    announced = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
    assert worked == [date(2026, month, day) for month, day in announced]


def test_days_off_in_2026_are_those_announced() -> None:
    stretches = [
        ((1, 1), 3),
        ((2, 15), 9),
        ((4, 4), 3),
        ((5, 1), 5),
        ((6, 19), 3),
        ((9, 25), 3),
        ((10, 1), 7),
    ]

    announced = [date(2026, *start) + timedelta(n) for start, length in stretches for n in range(length)]
    assert sorted(day for day in CALENDAR.days_off if day.year == 2026) == announced


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-02-11", 5, "2026-02-25"),  # over the Spring Festival, 14 February is worked
        ("2026-09-18", 5, "2026-09-24"),  # Sunday 20 September is worked
        ("2026-09-29", 3, "2026-10-09"),  # over the National Day week
        ("2026-11-25", 1, "2026-11-26"),  # the day of submission does not count
        ("2026-11-27", 1, "2026-11-30"),  # Friday to Monday
        ("2026-10-03", 1, "2026-10-08"),  # submitted on a day off: day 1 is the next working day
        ("2026-11-25", 0, "2026-11-25"),  # zero days on a working day
        ("2026-11-28", 0, "2026-11-30"),  # zero days on a Saturday
        ("2026-02-14", 0, "2026-02-14"),  # zero days on a Saturday that is worked
        ("2026-12-30", 1, "2026-12-31"),  # the last day covered
    ],
)
def test_add_counts_only_working_days(start: str, days: int, due: str) -> None:
    found = workdays.add(date.fromisoformat(start), days, CALENDAR)

    assert found == Due(date.fromisoformat(due), provisional=False)


def test_29_february_is_a_day_like_any_other() -> None:
    monday = date(2028, 2, 28)

    found = [workdays.add(monday, days, CALENDAR) for days in (1, 2)]

    assert found == [Due(date(2028, 2, 29), provisional=True), Due(date(2028, 3, 1), provisional=True)]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-12-31", 1, "2027-01-04"),  # 1 January is off without being announced
        ("2026-12-25", 10, "2027-01-11"),
        ("2027-04-30", 1, "2027-05-06"),  # 1 to 5 May
        ("2027-09-30", 1, "2027-10-04"),  # 1 to 3 October
        ("2027-01-01", 0, "2027-01-04"),
    ],
)
def test_a_day_beyond_the_table_is_provisional(start: str, days: int, due: str) -> None:
    found = workdays.add(date.fromisoformat(start), days, CALENDAR)

    assert found == Due(date.fromisoformat(due), provisional=True)


def test_a_year_entered_later_settles_the_due_day() -> None:
    entered = [*rows(), (date(2027, 1, 1), "off"), (date(2027, 1, 2), "work")]

    found = workdays.add(date(2026, 12, 31), 1, Calendar.from_rows(entered))

    assert found == Due(date(2027, 1, 2), provisional=False)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-25", "2026-11-25", 0),
        ("2026-11-25", "2026-11-26", 1),
        ("2026-11-26", "2026-11-25", -1),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-11-27", "2026-11-29", 0),
    ],
)
def test_between_leaves_out_the_first_day_and_takes_the_last(start: str, end: str, days: int) -> None:
    assert workdays.between(date.fromisoformat(start), date.fromisoformat(end), CALENDAR) == days


def test_days_are_counted_forward_only() -> None:
    with pytest.raises(ValueError, match="counted forward"):
        workdays.add(date(2026, 1, 5), -1, CALENDAR)


@given(
    st.dates(date(2026, 1, 1), date(2026, 10, 31)),
    st.integers(0, 40),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12),
)
def test_a_holiday_lengthens_a_deadline_and_never_shortens_it(
    start: date, days: int, more: frozenset[date]
) -> None:
    longer = replace(
        CALENDAR,
        days_off=CALENDAR.days_off | more,
        working_weekends=CALENDAR.working_weekends - more,
    )

    assert workdays.add(start, days, longer).day >= workdays.add(start, days, CALENDAR).day


def test_a_calendar_without_rows_must_say_what_it_covers() -> None:
    with pytest.raises(ValueError, match="covered_until"):
        Calendar.from_rows([])

    assert Calendar.from_rows([], covered_until=date(2026, 12, 31)).days_off == frozenset()
