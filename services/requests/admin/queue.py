"""The queue: open work first, by due day; and the page of one request with its thread and its verbs."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import audit, calendar, once
from core.admin import LifecycleAdmin, Verb
from services.requests import (
    actions,
    board,
    forms,
    page,
    replies,
    routing,
    saved_views,
    sharing,
    sla,
    thread,
    triage,
)
from services.requests.admin.boards import Boards
from services.requests.admin.bulk import BulkVerbs
from services.requests.admin.filters import FACETS, Figures, ViewFilter, figures_of
from services.requests.admin.forms import (
    AssignForm,
    InvolveForm,
    MergeForm,
    PassOnForm,
    PostponeForm,
    ReclassifyForm,
    SplitForm,
)
from services.requests.admin.saving import SavedViews
from services.requests.facets import DESK_WORDS
from services.requests.lifecycle import ASSIGN, REQUEST, TRIAGE
from services.requests.models import OPEN_STATES, RUNNING_STATES, ServiceRequest, State
from services.requests.sla import Clock

HISTORY_LENGTH = 50
PANELS = ("reply", "note")
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

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return super().get_queryset(request, exclude_parameters).defer(*LONG_TEXTS)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        now, working = timezone.now(), figures_of(request).working
        for row in self.result_list:
            row.clock = sla.clock(row, now, working)


def owner_side(row: ServiceRequest) -> str:
    """Say who gets a message about this request."""
    if row.enterprise:
        return str(row.enterprise.name)
    return row.contact_email or (str(row.requester) if row.requester else "")


@admin.register(ServiceRequest)
class ServiceRequestAdmin(Boards, SavedViews, BulkVerbs, LifecycleAdmin):
    """What the enterprises asked for, within the scopes of the member of staff; written through verbs."""

    lifecycle = REQUEST
    verbs = {
        "take": Verb(
            actions.take,
            explains=gettext_lazy("You take this up; the other side reads your name as the one who has it."),
            tells=owner_side,
        ),
        "assign": Verb(
            actions.assign,
            form=AssignForm,
            explains=gettext_lazy("Someone else takes this up, or takes it over."),
            tells=gettext_lazy("the person it is given to; the other side, when it is taken up with that"),
        ),
        "hand_over": Verb(
            actions.assign,
            form=AssignForm,
            explains=gettext_lazy("Someone else takes this over; the clock stays paused."),
            tells=gettext_lazy("the person it is given to"),
        ),
        "ask": Verb(
            actions.ask_for_papers,
            form=forms.AskForm,
            explains=gettext_lazy("The clock is paused until the other side has answered."),
            tells=owner_side,
        ),
        "resume": Verb(
            actions.resume,
            explains=gettext_lazy("The clock runs again with the days that were left."),
        ),
        "resolve": Verb(
            actions.resolve,
            form=forms.ResolveForm,
            explains=gettext_lazy(
                "The other side reads the outcome, may rate it, and may reopen it for 14 days."
            ),
            tells=owner_side,
        ),
        "refuse": Verb(
            actions.refuse,
            form=forms.RefuseForm,
            explains=gettext_lazy("The other side reads the reason and what to try instead. This is final."),
            tells=owner_side,
            danger=True,
        ),
    }
    without_button = ("submit", "supply", "reopen", "close", "withdraw", "join", "part")
    extra_verbs = {
        "reply": Verb(
            actions.reply,
            form=forms.ReplyForm,
            label=gettext_lazy("reply to the enterprise"),
            permission=TRIAGE,
            offered=lambda row, user: thread.can_be_written_to(row),
            explains=gettext_lazy("The enterprise will see this. Answering a new request takes it up."),
            tells=owner_side,
        ),
        "release": Verb(
            actions.release,
            label=gettext_lazy("let through: no spam"),
            permission=TRIAGE,
            offered=lambda row, user: row.is_suspect and row.is_open,
            explains=gettext_lazy(
                "It goes to the officers like every other one. Return real spam with a reason."
            ),
        ),
        "postpone": Verb(
            actions.postpone,
            form=PostponeForm,
            label=gettext_lazy("promise a later date"),
            permission=TRIAGE,
            offered=lambda row, user: row.state in RUNNING_STATES,
            explains=gettext_lazy("The enterprise reads the reason and the new date."),
            tells=owner_side,
        ),
        "ask_to_share": Verb(
            actions.ask_to_share,
            label=gettext_lazy("ask whether the provider may have it"),
            permission=TRIAGE,
            offered=lambda row, user: row.state in RUNNING_STATES and sharing.outside(row) is not None,
            explains=gettext_lazy("The enterprise chooses which parts may be handed over, or none."),
            tells=owner_side,
        ),
        "pass_on": Verb(
            actions.pass_on,
            form=PassOnForm,
            label=gettext_lazy("pass on to the provider"),
            permission=TRIAGE,
            offered=lambda row, user: row.state in RUNNING_STATES and not row.with_provider_at,
            explains=gettext_lazy("From now on the time counts as the provider's; the promised date stays."),
        ),
        "take_back": Verb(
            actions.take_back,
            form=forms.NoteForm,
            label=gettext_lazy("the provider has answered"),
            permission=TRIAGE,
            offered=lambda row, user: bool(row.with_provider_at),
            explains=gettext_lazy("From now on the time counts as ours again."),
        ),
        "merge": Verb(
            actions.merge,
            form=MergeForm,
            label=gettext_lazy("join another one to this"),
            permission=TRIAGE,
            offered=lambda row, user: row.is_open,
            explains=gettext_lazy(
                "Its thread comes over and its number leads here; can be undone for 7 days."
            ),
            tells=owner_side,
        ),
        "unmerge": Verb(
            actions.unmerge,
            label=gettext_lazy("undo the joining"),
            permission=TRIAGE,
            offered=lambda row, user: row.merged_into_id is not None and row.may_part,
            explains=gettext_lazy("It goes on by itself, with its own thread."),
            tells=owner_side,
        ),
        "split": Verb(
            actions.split,
            form=SplitForm,
            label=gettext_lazy("split off a part"),
            permission=TRIAGE,
            offered=lambda row, user: row.is_open,
            explains=gettext_lazy("The part gets a number of its own; can be undone for 7 days."),
            tells=owner_side,
        ),
        "unsplit": Verb(
            actions.unsplit,
            label=gettext_lazy("undo the splitting off"),
            permission=TRIAGE,
            offered=lambda row, user: actions.may_go_back(row, timezone.now()),
            explains=gettext_lazy("It goes back to the one it was split from, with what was written here."),
            tells=owner_side,
        ),
        "reclassify": Verb(
            actions.reclassify,
            form=ReclassifyForm,
            label=gettext_lazy("change the service"),
            permission=TRIAGE,
            offered=lambda row, user: row.is_open,
            explains=gettext_lazy("Queue and promised date follow the service."),
            tells=owner_side,
        ),
        "involve": Verb(
            actions.involve,
            form=InvolveForm,
            label=gettext_lazy("give a colleague a task"),
            permission=TRIAGE,
            offered=lambda row, user: row.is_open,
            explains=gettext_lazy(
                "They answer to you, beside whoever has the request. The enterprise reads nothing of it."
            ),
            tells=gettext_lazy("the colleague"),
        ),
        "note": Verb(
            actions.note,
            form=forms.NoteForm,
            label=gettext_lazy("write an internal note"),
            permission=TRIAGE,
            explains=gettext_lazy("Only staff see this."),
        ),
    }
    verb_labels = {
        "route": gettext_lazy("put into the queue"),
        "task_answered": gettext_lazy("a colleague has answered"),
        "task_declined": gettext_lazy("a colleague has declined"),
        "release": gettext_lazy("let through"),
        "escalate": gettext_lazy("late: a step of the ladder"),
        "let_go": gettext_lazy("taken from someone who has left"),
        "share": gettext_lazy("put on everybody's list"),
        "write": gettext_lazy("message of the other side"),
        "rate": gettext_lazy("rated"),
        "agree_to_share": gettext_lazy("agreed what the provider may be given"),
        "revoke_sharing": gettext_lazy("took the agreement back"),
        "answer_effect": gettext_lazy("said what came of it"),
        "follow": gettext_lazy("a colleague follows"),
        "unfollow": gettext_lazy("a colleague follows no longer"),
        "move_deadline": gettext_lazy("deadline moved with the working calendar"),
    }

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
            prefetch_related_objects([request.user], "scopes")
            request.queue_rows = ServiceRequest.objects.on_desk_of(request.user)  # type: ignore[attr-defined]
        rows: QuerySet[ServiceRequest] = request.queue_rows  # type: ignore[attr-defined]
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
        request.queue_figures = figures  # type: ignore[attr-defined]
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
        return (queryset.holding(term) if term else queryset), False  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("reference"))
    def number(self, row: ServiceRequest) -> str:
        return row.reference or ""

    @admin.display(description=gettext_lazy("days left"))
    def days_left(self, row: ServiceRequest) -> str:
        return days_tag(row.clock)  # type: ignore[attr-defined]

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
            DESK_WORDS.get(row.state, row.get_state_display()),
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

    def word_of(self, value: str) -> str:
        return str(DESK_WORDS.get(value) or super().word_of(value))

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
                "form": self.extra_verbs[verb].form(auto_id=f"id_{verb}_%s"),  # type: ignore[misc]
                "form_token": once.new_token(),
                "seen": seen,
            }
            for verb in open_verbs
        ]


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
