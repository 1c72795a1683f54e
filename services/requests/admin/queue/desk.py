"""The queue: open work first, by due day; and the page of one request with its thread and its verbs."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, calendar, once
from core.admin import LifecycleAdmin
from services.requests import board, page, replies, routing, saved_views, sla, triage
from services.requests.admin.boards import Boards
from services.requests.admin.bulk import BulkVerbs
from services.requests.admin.filters import FACETS, Figures, ViewFilter
from services.requests.admin.queue.columns import Columns, QueueList, days_tag
from services.requests.admin.queue.verbs import EXTRA_VERBS, VERB_LABELS, VERBS, WITHOUT_BUTTON
from services.requests.admin.saving import SavedViews
from services.requests.facets import DESK_WORDS
from services.requests.lifecycle import ASSIGN, REQUEST
from services.requests.models import OPEN_STATES, ServiceRequest

HISTORY_LENGTH = 50
PANELS = ("reply", "note")


@admin.register(ServiceRequest)
class ServiceRequestAdmin(Columns, Boards, SavedViews, BulkVerbs, LifecycleAdmin):
    """What the enterprises asked for, within the scopes of the member of staff; written through verbs."""

    lifecycle = REQUEST
    verbs = VERBS
    without_button = WITHOUT_BUTTON
    extra_verbs = EXTRA_VERBS
    verb_labels = VERB_LABELS
    desk_words = DESK_WORDS

    list_display = (
        "number",
        "days_left",
        "holder_name",
        "enterprise_name",
        "kind",
        "status",
        "last_message",
        "received",
    )
    list_display_links = ("number",)
    list_filter = (ViewFilter, *FACETS)
    list_select_related = ("enterprise", "offering", "holder")
    sortable_by = ()
    list_max_show_all = 0
    search_fields = ("subject",)
    search_help_text = gettext_lazy(
        "A reference (found in every state), or words of the subject or the enterprise's name"
    )
    show_facets = admin.ShowFacets.NEVER
    change_form_template = "admin/service_requests/servicerequest/change_form.html"
    verb_template = "admin/service_requests/servicerequest/verb.html"
    change_list_template = "admin/service_requests/servicerequest/change_list.html"
    fields = ("subject",)
    readonly_fields = ("subject",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceRequest]:
        """Return what lies in this person's scopes; these are read once a page."""
        if not hasattr(request, "queue_rows"):
            prefetch_related_objects([request.user], "scopes")  # type: ignore[type-var]  # staff are signed in
            request.queue_rows = ServiceRequest.objects.on_desk_of(request.user)  # type: ignore[attr-defined]  # kept with the request
        rows: QuerySet[ServiceRequest] = request.queue_rows  # type: ignore[attr-defined]  # kept with the request
        return rows.all()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row with what its page says of it, read once for all who ask on the way to the page."""
        if not (object_id.isdecimal() and len(object_id) < 19):
            return None
        read: dict[str, ServiceRequest | None] = request.__dict__.setdefault("requests_read", {})
        if object_id not in read:
            read[object_id] = page.for_desk(self.get_queryset(request)).filter(pk=object_id).first()
        return read[object_id]

    # --- the list ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        figures = Figures(request, self.get_queryset(request).filter(state__in=OPEN_STATES))
        request.queue_figures = figures  # type: ignore[attr-defined]  # kept with the request
        return super().changelist_view(
            request,
            {
                "may_see_load": request.user.has_perm(ASSIGN),
                "tabs": self.tabs(request, figures),
                **self.saved_context(request, figures),
                "title": _("Requests"),
                **(extra_context or {}),
            },
        )

    def tabs(self, request: HttpRequest, figures: Figures) -> list[dict[str, Any]]:
        is_saved = self.is_saved(saved_views.tidy(request.GET.urlencode()), figures)
        return [
            {
                "label": label,
                "count": figures.of_view(code),
                "url": board.view_url(code),
                "is_current": code == figures.view and not is_saved,
            }
            for code, label in board.VIEW_LABELS.items()
        ]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        figures = getattr(request, "queue_figures", None)
        return ("-id",) if figures and figures.view == "all" else ("due_at", "id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole reference exactly, anything else in subject and enterprise name of the view."""
        term = search_term.strip()
        reference = triage.tidy_reference(term)
        if reference:
            return queryset.filter(reference=reference), False
        return (queryset.holding(term) if term else queryset), False  # type: ignore[attr-defined]  # a QuerySet of our own

    # --- the page of one request ---

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        now, working = timezone.now(), calendar.present()
        clock = sla.clock(row, now, working)
        events = list(audit.history(row)[:HISTORY_LENGTH])
        thread_read, tasks = page.desk_thread(row), page.tasks_of(row)
        people = audit.people(
            [*(event.actor_id for event in events), *(task.holder_id for task in tasks)],
            known=[request.user, row.holder, row.requester, *(message.author for message in thread_read)],
        )
        return {
            "row": row,
            "clock": clock,
            "days_tag": days_tag(clock),
            "state_tag": self.status(row),
            "history": self.history_entries(events, known=people.values()),
            "entries": page.desk_entries(row, thread_read),
            "parts": page.parts_of(row),
            "tasks": page.task_rows(tasks, people, working),
            "shows_contact": request.user.has_perm("enterprises.view_personal_data"),
            "spent": sla.spent([(event.at, event.verb) for event in reversed(events)], now, working),
            "looks": [routing.in_words(look) for look in row.looks or []],
            "panels": self.panels(request, row, seen=events[0].pk if events else 0),
        }

    def verb_context(self, request: HttpRequest, row: Any, verb: str) -> dict[str, Any]:
        """Offer the saved replies of this verb, each with its text in both languages."""
        if verb not in replies.FIELDS:
            return {}
        return {"saved": replies.fitting(row, verb, request.user), "reads": replies.language_of(row)}

    def verb_initial(self, request: HttpRequest, row: Any, verb: str) -> dict[str, Any]:
        """Put the saved reply that was chosen into the form, in the language chosen, to be edited there."""
        chosen, language = request.GET.get("saved", ""), request.GET.get("in", "")
        offered = replies.fitting(row, verb, request.user) if chosen and verb in replies.FIELDS else []
        found = next((reply for reply in offered if str(reply.number) == chosen), None)
        return {replies.FIELDS[verb]: found.text(language)} if found else {}

    def panels(self, request: HttpRequest, row: ServiceRequest, *, seen: int) -> list[dict[str, Any]]:
        """Return the two boxes under the thread: to the enterprise, and among staff; clearly different."""
        open_verbs = [verb for verb in PANELS if self.extra_verbs[verb].is_open_to(request.user, row)]
        return [
            {
                "verb": verb,
                "label": self.extra_verbs[verb].label,
                "url": self.verb_url(row, verb),
                "form": self.extra_verbs[verb].form(auto_id=f"id_{verb}_%s"),  # type: ignore[misc]  # every one of them has a form
                "form_token": once.new_token(),
                "seen": seen,
            }
            for verb in open_verbs
        ]
