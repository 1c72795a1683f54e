from datetime import UTC, date, datetime

import pytest

from core import calendar
from core.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_years():
    """National Day of 2026 off, the Saturday after it worked; two announced years."""
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    CalendarYear.objects.bulk_create([CalendarYear(year=2025), CalendarYear(year=2026)])
    CalendarDay.objects.bulk_create([CalendarDay(day=date(2026, 10, day), kind="off") for day in range(1, 8)])
    CalendarDay.objects.create(day=date(2026, 10, 10), kind="work")


@pytest.mark.parametrize(
    ("day", "days", "due", "provisional"),
    [
        (date(2026, 9, 29), 1, date(2026, 9, 30), False),
        (date(2026, 9, 30), 1, date(2026, 10, 8), False),
        (date(2026, 10, 9), 1, date(2026, 10, 10), False),
        (date(2026, 10, 3), 0, date(2026, 10, 8), False),
        (date(2026, 12, 31), 1, date(2027, 1, 4), True),
    ],
)
def test_working_days_follow_the_table(day, days, due, provisional):
    found = calendar.add_working_days(day, days)

    assert (found.day, found.provisional) == (due, provisional)


def test_an_announced_year_without_the_one_before_covers_nothing_more():
    CalendarYear.objects.create(year=2028)

    assert calendar.present().covered_until == date(2026, 12, 31)


def test_without_announced_years_everything_is_provisional():
    CalendarYear.objects.all().delete()

    assert calendar.add_working_days(date(2026, 9, 29), 1).provisional is True


def test_the_calendar_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.add_working_days(date(2026, 9, 29), 20)


def test_a_day_ends_at_midnight_in_shanghai():
    assert calendar.end_of(date(2026, 9, 28)) == datetime(2026, 9, 28, 15, 59, 59, 999999, tzinfo=UTC)
    assert calendar.start_of(date(2026, 9, 28)) == datetime(2026, 9, 27, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 9, 28, 15, 59, 59, tzinfo=UTC), date(2026, 9, 28)),
        (datetime(2026, 9, 28, 16, tzinfo=UTC), date(2026, 9, 29)),
    ],
)
def test_a_time_belongs_to_a_day_of_shanghai(moment, day):
    assert calendar.day_of(moment) == day


def test_the_clock_is_the_databases():
    assert calendar.now() < calendar.now()
    assert calendar.now().tzinfo is not None
