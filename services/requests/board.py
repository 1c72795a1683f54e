"""What the desk's landing page shows of requests: counters, the most urgent ones, two weeks in figures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar, workdays
from core.board import Counter
from core.workdays import Calendar
from services.requests import sla
from services.requests.models import OPEN_STATES, RUNNING_STATES, Assignment, ServiceRequest, State
from services.requests.sla import Clock

SOON_DAYS = 2


@dataclass(frozen=True)
class Urgent:
    """One of the most urgent requests, with its clock and its page at the desk."""

    row: ServiceRequest
    clock: Clock
    url: str


@dataclass(frozen=True)
class Day:
    """What came in and what was done on one day."""

    day: date
    received: int
    resolved: int


def views_of(user: Any, working: Calendar) -> dict[str, Q]:
    """Return the saved views of the queue by code, in the order of their tabs."""
    now, is_open, running = timezone.now(), Q(state__in=OPEN_STATES), Q(state__in=RUNNING_STATES)
    return {
        "open": is_open,
        "new": Q(state=State.SUBMITTED),
        "mine": is_open & Q(holder=user.pk),
        "tasks": is_open
        & Q(pk__in=Assignment.objects.given().filter(holder=user.pk).values("service_request")),
        "overdue": running & Q(due_at__lt=now),
        "soon": running & Q(due_at__gte=now, due_at__lte=_soon(working)),
        "waiting": Q(state=State.WAITING),
        "suspect": is_open & Q(is_suspect=True),
        "all": Q(),
    }


VIEW_LABELS = {
    "open": pgettext_lazy("saved view", "Open"),
    "new": pgettext_lazy("saved view", "New"),
    "mine": pgettext_lazy("saved view", "Mine"),
    "tasks": pgettext_lazy("saved view", "With a task for me"),
    "overdue": pgettext_lazy("saved view", "Overdue"),
    "soon": _("Due within two days"),
    "waiting": _("Waiting for the enterprise"),
    "suspect": pgettext_lazy("saved view", "Perhaps spam"),
    "all": pgettext_lazy("saved view", "All"),
}
BOARD = ("overdue", "soon", "new", "waiting", "mine", "tasks", "suspect")
TONES = {"overdue": "hot", "soon": "soon", "suspect": "soon"}


def _soon(working: Calendar) -> datetime:
    """Return the end of the second working day from today."""
    return calendar.end_of(workdays.add(calendar.today(), SOON_DAYS, working).day)


def counters(user: Any) -> list[Counter]:
    """Return the counters of the landing page, in one pass over the open requests of this person's scope."""
    views = views_of(user, calendar.present())
    wanted = {code: Count("pk", filter=views[code]) for code in BOARD}
    found = ServiceRequest.objects.on_desk_of(user).open().aggregate(**wanted)
    return [
        Counter(code, VIEW_LABELS[code], found[code], view_url(code), TONES.get(code, "")) for code in BOARD
    ]


def view_url(code: str) -> str:
    """Return the address of the queue with one saved view."""
    return f"{reverse('admin:service_requests_servicerequest_changelist')}?{urlencode({'view': code})}"


def most_urgent(user: Any, count: int = 8) -> list[Urgent]:
    """Return the requests whose clock runs out first, in this person's scope."""
    running = ServiceRequest.objects.in_scope_of(user).filter(state__in=RUNNING_STATES)
    rows = list(running.select_related("enterprise", "offering", "holder").order_by("due_at", "pk")[:count])
    clocks = sla.clocks(rows, timezone.now())
    return [Urgent(row, clocks[row.pk], desk_url(row)) for row in rows]


def desk_url(row: ServiceRequest) -> str:
    return reverse("admin:service_requests_servicerequest_change", args=[row.pk])


def two_week_figures(user: Any = None) -> list[Day]:
    """Return received and resolved requests of the last fourteen days, today last, in `user`'s scope."""
    last = calendar.today()
    first = last - timedelta(days=13)
    rows = ServiceRequest.objects.in_scope_of(user) if user else ServiceRequest.objects.submitted()
    received, resolved = _by_day(rows, "submitted_at", first), _by_day(rows, "resolved_at", first)
    days = [first + timedelta(days=n) for n in range(14)]
    return [Day(day, received.get(day, 0), resolved.get(day, 0)) for day in days]


def _by_day(rows: QuerySet[ServiceRequest], field: str, first: date) -> dict[date, int]:
    since = rows.filter(**{f"{field}__gte": calendar.start_of(first)})
    days = since.annotate(day=TruncDate(field, tzinfo=calendar.zone())).values("day")
    return dict(days.annotate(number=Count("pk")).values_list("day", "number"))
