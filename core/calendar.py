"""Working days and days of Asia/Shanghai, over the calendar that staff keep at the desk."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import CharField, DateField, Func, Value
from django.utils import timezone

from core import workdays
from core.models import CalendarDay, CalendarYear
from core.workdays import Calendar, Due

__all__ = ["Due", "add_working_days", "day_of", "end_of", "now", "present", "start_of", "today"]

_A_DAY = timedelta(days=1)
_YEAR = "year"


def zone() -> ZoneInfo:
    """Return the zone all deadlines are counted in, whatever the machine's own."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """Return the database's clock: deadlines are decided by one clock, not by each machine's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def today() -> date:
    """Return the date in Asia/Shanghai by this machine's clock, for pages; deadlines ask `day_of(now())`."""
    return timezone.localdate(timezone=zone())


def day_of(moment: datetime) -> date:
    """Return the date in Asia/Shanghai of an aware time."""
    return moment.astimezone(zone()).date()


def start_of(day: date) -> datetime:
    """Return 00:00 Asia/Shanghai of a day."""
    return datetime.combine(day, time.min, tzinfo=zone())


def end_of(day: date) -> datetime:
    """Return the last instant of a day in Asia/Shanghai: what is due on a day may come until midnight."""
    return start_of(day + _A_DAY) - timedelta(microseconds=1)


def present() -> Calendar:
    """Return the working calendar as it stands in the database, in one query.

    It covers the announced years without a gap, counted from the first one; what lies beyond is provisional.
    """
    first_days = Func("year", Value(1), Value(1), function="make_date", output_field=DateField())
    years = CalendarYear.objects.order_by().values_list(first_days, Value(_YEAR, output_field=CharField()))
    found = sorted(CalendarDay.objects.order_by().values_list("day", "kind").union(years, all=True))
    return Calendar.from_rows(
        [(day, kind) for day, kind in found if kind != _YEAR],
        covered_until=_last_covered([day.year for day, kind in found if kind == _YEAR]),
    )


def add_working_days(day: date, days: int) -> Due:
    """Return the day that is `days` working days after `day`, which never counts itself."""
    return workdays.add(day, days, present())


def _last_covered(years: list[int]) -> date:
    if not years:
        return date.min
    last = years[0]
    while last + 1 in years:
        last += 1
    return date(last, 12, 31)
