"""Tasks beside the holder of a request: each on its page, with its own state and its own verbs."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from core import calendar
from core.admin import LifecycleAdmin, Verb
from core.admin.lifecycle import Button
from core.verbs import ReasonForm
from services.requests import actions, board
from services.requests.admin.forms import AnswerForm
from services.requests.lifecycle import ASSIGNMENT
from services.requests.models import Assignment, ServiceRequest

OWN = ("answer", "decline")


class WhoseFilter(admin.SimpleListFilter):
    """Whose tasks are listed; without a choice, one's own that are still to do."""

    title = gettext_lazy("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("given", gettext_lazy("given by me")),
            ("open", gettext_lazy("all to do")),
            ("all", gettext_lazy("all, also ended")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext_lazy("mine to do")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        given = Assignment.State.GIVEN
        if self.value() == "given":
            return queryset.filter(assigned_by=request.user.pk)
        if self.value() == "open":
            return queryset.filter(state=given)
        return queryset if self.value() == "all" else queryset.filter(state=given, holder=request.user.pk)


@admin.register(Assignment)
class AssignmentAdmin(LifecycleAdmin):
    """What colleagues ask of each other; only its own person answers a task or declines it."""

    lifecycle = ASSIGNMENT
    verbs = {
        "answer": Verb(
            actions.answer,
            form=AnswerForm,
            explains=gettext_lazy("The task is done; the answer stands with the request."),
            tells=gettext_lazy("who gave you the task, and who has the request"),
        ),
        "decline": Verb(
            actions.decline,
            form=ReasonForm,
            explains=gettext_lazy("The task goes back with your reason."),
            tells=gettext_lazy("who gave you the task, and who has the request"),
        ),
        "call_back": Verb(
            actions.call_back,
            explains=gettext_lazy("The colleague need not work at it any more."),
            tells=gettext_lazy("the colleague"),
        ),
    }
    without_button = ("end",)
    list_display = ("number", "task_begins", "holder", "state_word", "due_on", "assigned_by", "rating")
    list_display_links = ("number",)
    list_filter = (WhoseFilter,)
    list_select_related = ("service_request", "holder", "assigned_by")
    sortable_by = ()
    ordering = ("due_at", "id")
    fields = readonly_fields = (
        "request_link",
        "task",
        "holder",
        "assigned_by",
        "assigned_at",
        "due_on",
        "state",
        "answer",
        "ended_at",
        "rating_in_words",
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = gettext("Tasks of colleagues")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        seen = ServiceRequest.objects.on_desk_of(request.user).filter(pk=OuterRef("service_request"))
        rows = Assignment.objects.on_desk_of(request.user).annotate(shows_request=Exists(seen))
        return rows.select_related(*self.list_select_related)

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        """Leave out what this person may not do with this task."""
        return [one for one in super().buttons(request, row) if _may(one.name, row, request.user)]

    def why_closed(self, request: HttpRequest, row: Any, verb: str) -> str:
        closed = super().why_closed(request, row, verb)
        if closed or _may(verb, row, request.user):
            return closed
        return str(gettext_lazy("This task is another person's."))

    @admin.display(description=gettext_lazy("reference"))
    def number(self, row: Assignment) -> str:
        return row.service_request.reference or ""

    @admin.display(description=gettext_lazy("request"))
    def request_link(self, row: Assignment) -> str:
        about = row.service_request
        if not row.shows_request:  # type: ignore[attr-defined]  # their own task there has ended
            return f"{about.reference} {about.subject}"
        return format_html('<a href="{}">{}</a> {}', board.desk_url(about), about.reference, about.subject)

    @admin.display(description=gettext_lazy("task"))
    def task_begins(self, row: Assignment) -> str:
        return row.task if len(row.task) <= 80 else f"{row.task[:79]}…"

    @admin.display(description=gettext_lazy("state"))
    def state_word(self, row: Assignment) -> str:
        late = row.is_given and row.due_at is not None and row.due_at < timezone.now()
        return format_html(
            '<span class="tag tag--{}">{}</span>',
            "hot" if late else "info" if row.is_given else "ok",
            row.get_state_display(),
        )

    @admin.display(description=gettext_lazy("rating"), empty_value="–")
    def rating(self, row: Assignment) -> str | None:
        about = row.service_request
        return f"{about.rating} / 5" if about.rating else None

    @admin.display(description=gettext_lazy("how the enterprise rated it"))
    def rating_in_words(self, row: Assignment) -> str:
        """Show whoever worked at a request what its owner said of it, also after their task has ended."""
        about = row.service_request
        if not about.rating:
            return gettext("Not rated yet.")
        return f"{about.rating} / 5 {about.rating_words}".rstrip()

    @admin.display(description=gettext_lazy("due"), empty_value="–")
    def due_on(self, row: Assignment) -> str | None:
        return f"{calendar.day_of(row.due_at)}" if row.due_at else None


def _may(verb: str, row: Assignment, user: Any) -> bool:
    if verb in OWN:
        return row.holder_id == user.pk
    return actions.may_call_back(row, user)
