"""The list of the queue: its columns, and the clocks of the rows read with one look at the calendar."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from services.requests import board, sla
from services.requests.admin.filters import figures_of
from services.requests.facets import desk_word
from services.requests.models import ServiceRequest, State
from services.requests.sla import Clock

LONG_TEXTS = ("body", "outcome", "refusal_reason", "rating_words")
TONES = {
    State.SUBMITTED: "info",
    State.IN_PROGRESS: "info",
    State.WAITING: "soon",
    State.RESOLVED: "ok",
    State.CLOSED: "ok",
}


class QueueList(ChangeList):
    """Read the clocks of the rows shown with one look at the calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The stock list resolves the address of each row again to hang the filters on it, half a page's work.
        self.filters_kept, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Any) -> str:
        url = super().url_for_result(result)
        return f"{url}?{self.filters_kept}" if self.filters_kept else url

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return super().get_queryset(request, exclude_parameters).defer(*LONG_TEXTS)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        now, working = timezone.now(), figures_of(request).working
        for row in self.result_list:
            row.clock = sla.clock(row, now, working)


class Columns:
    """The columns of the queue, each from what the row holds already."""

    @admin.display(description=gettext_lazy("reference"))
    def number(self, row: ServiceRequest) -> str:
        return row.reference or ""

    @admin.display(description=gettext_lazy("days left"))
    def days_left(self, row: ServiceRequest) -> str:
        return days_tag(row.clock)  # type: ignore[attr-defined]  # set by the list

    @admin.display(description=gettext_lazy("held by"), empty_value="–")
    def holder_name(self, row: ServiceRequest) -> str | None:
        return str(row.holder) if row.holder else None

    @admin.display(description=gettext_lazy("enterprise"), empty_value="–")
    def enterprise_name(self, row: ServiceRequest) -> str | None:
        return row.enterprise.name if row.enterprise else (row.contact_name or None)

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, row: ServiceRequest) -> str:
        return row.offering.name if row.offering else _("Question: %s") % row.subject

    @admin.display(description=gettext_lazy("state"))
    def status(self, row: ServiceRequest) -> str:
        return format_html(
            '<span class="tag tag--{}">{}</span>',
            TONES.get(State(row.state), ""),
            desk_word(row.state),
        )

    @admin.display(description=gettext_lazy("last message"))
    def last_message(self, row: ServiceRequest) -> str:
        if row.last_message_at is None:
            return "–"
        who = _("staff") if row.last_message_by_staff else _("the other side")
        return format_html("{} {}", who, _moment(row.last_message_at, "%m-%d %H:%M"))

    @admin.display(description=gettext_lazy("received"))
    def received(self, row: ServiceRequest) -> str:
        return _moment(row.submitted_at, "%Y-%m-%d")


def days_tag(clock: Clock) -> str:
    """Return the working days left as a tag: overdue, today, left, or paused; always with the date."""
    if clock.is_paused:
        return format_html('<span class="tag tag--soon">{}</span>', _("paused"))
    if clock.due_on is None or clock.days_left is None:
        return "–"
    return format_html(
        '<span class="tag tag--{}">{}</span> <time datetime="{}" class="vh">{}</time>',
        "hot" if clock.is_overdue else "soon" if clock.days_left <= board.SOON_DAYS else "",
        _days_words(clock),
        clock.due_on.isoformat(),
        clock.due_on.isoformat(),
    )


def _days_words(clock: Clock) -> str:
    days = clock.days_left or 0
    if clock.is_overdue:
        return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def _moment(at: Any, shape: str) -> str:
    local = timezone.localtime(at)
    exact = local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', exact, local.strftime(shape))
