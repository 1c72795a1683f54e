"""What each member of staff carries and how late they are, for whoever leads them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from core import calendar, workdays
from services.requests import parties, staffing
from services.requests.figures import day_of, weighted_median
from services.requests.models import RUNNING_STATES, ServiceRequest, State
from services.requests.staffing import Load

LOOKED_BACK = 90


@dataclass(frozen=True)
class Row:
    """One member of staff: `overdue` and `waiting` are among the open; the median is in working days."""

    load: Load
    overdue: int
    waiting: int
    settled: int
    median_first_reply: int | None


@dataclass(frozen=True)
class Overview:
    """Everybody in charge, and what nobody has."""

    rows: list[Row]
    unheld: int
    unheld_overdue: int


def overview(user: Any, at: datetime) -> Overview:
    """Return the load of all triage officers, over the requests in `user`'s scope; ten queries in all."""
    today = calendar.day_of(at)
    people = list(parties.staff_with("triage"))
    seen = ServiceRequest.objects.in_scope_of(user)
    late = Q(state__in=RUNNING_STATES, due_at__lt=at)
    held = seen.open().filter(holder__in=people).order_by().values("holder")
    counts: dict[int, Any] = {
        row["holder"]: row
        for row in held.annotate(
            overdue=Count("pk", filter=late), waiting=Count("pk", filter=Q(state=State.WAITING))
        )
    }
    settled = _settled(seen, people, today)
    medians = _medians(seen, people, today)
    nobody = seen.unheld().aggregate(all=Count("pk"), late=Count("pk", filter=late))
    rows = [
        Row(
            load,
            counts.get(load.person.pk, {}).get("overdue", 0),
            counts.get(load.person.pk, {}).get("waiting", 0),
            settled.get(load.person.pk, 0),
            medians.get(load.person.pk),
        )
        for load in staffing.loads(people, today)
    ]
    return Overview(sorted(rows, key=_latest_first), nobody["all"], nobody["late"])


def _latest_first(row: Row) -> tuple[int, int, int]:
    return -row.overdue, -row.load.open, row.load.person.pk


def _since(today: date) -> datetime:
    return calendar.start_of(today - timedelta(days=LOOKED_BACK))


def _settled(seen: Any, people: list[Any], today: date) -> dict[int, int]:
    done = seen.filter(holder__in=people, resolved_at__gte=_since(today)).order_by()
    return dict(done.values_list("holder").annotate(number=Count("pk")))


def _medians(seen: Any, people: list[Any], today: date) -> dict[int, int | None]:
    """Return the median of the working days until the first reply, by who has the request."""
    replied = seen.filter(
        holder__in=people, submitted_at__gte=_since(today), first_replied_at__isnull=False
    ).order_by()
    grouped = (
        replied.annotate(asked=day_of("submitted_at"), answered=day_of("first_replied_at"))
        .values_list("holder", "asked", "answered")
        .annotate(number=Count("pk"))
    )
    working, found = calendar.present(), dict[int, list[tuple[int, int]]]()
    for holder, asked, answered, number in grouped:
        found.setdefault(holder, []).append((workdays.between(asked, answered, working), number))
    return {holder: weighted_median(days) for holder, days in found.items()}
