"""Public figures of the service, from the database: nothing is shown that was not measured."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth

from core import calendar, workdays
from services.requests.models import ServiceRequest

MONTHS = 6


@dataclass(frozen=True)
class Month:
    """One calendar month, named by its first day."""

    first_day: date
    received: int
    resolved: int


def by_month(today: date | None = None) -> list[Month]:
    """Return received and resolved requests of the last six months, the present one last; two queries."""
    months = _last_months(today or calendar.today())
    received, resolved = _counted("submitted_at", months[0]), _counted("resolved_at", months[0])
    return [Month(month, received.get(month, 0), resolved.get(month, 0)) for month in months]


def median_first_reply(today: date | None = None) -> int | None:
    """Return the median of the working days until the first reply in the last six months; None without data.

    Grouped by day in the database, so that the number of requests does not matter. The lower middle counts
    for an even number; a reply on the day of submission took 0 days.
    """
    first = _last_months(today or calendar.today())[0]
    rows = ServiceRequest.objects.submitted().filter(
        submitted_at__gte=calendar.start_of(first), first_replied_at__isnull=False
    )
    pairs = (
        rows.annotate(asked=day_of("submitted_at"), replied=day_of("first_replied_at"))
        .values_list("asked", "replied")
        .annotate(number=Count("pk"))
    )
    working = calendar.present()
    return weighted_median([(workdays.between(asked, replied, working), n) for asked, replied, n in pairs])


def weighted_median(counted: list[tuple[int, int]]) -> int | None:
    """Return the median of (value, how often) pairs, the lower middle of an even number; None without any."""
    middle, seen = (sum(number for _days, number in counted) + 1) // 2, 0
    for days, number in sorted(counted):
        seen += number
        if seen >= middle:
            return days
    return None


def _last_months(today: date) -> list[date]:
    index = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(index - MONTHS + 1, index + 1)]


def _counted(field: str, first: date) -> dict[date, int]:
    rows = ServiceRequest.objects.submitted().filter(**{f"{field}__gte": calendar.start_of(first)})
    months = rows.annotate(month=TruncMonth(field, tzinfo=calendar.zone())).values("month")
    found = months.annotate(number=Count("pk")).values_list("month", "number")
    return {month.date(): number for month, number in found}


def day_of(field: str) -> Any:
    """Return the day in Asia/Shanghai of a column of times, for grouping in the database."""
    return TruncDate(field, tzinfo=calendar.zone())
