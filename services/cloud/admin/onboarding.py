"""Plans, proofs of real use and ratings at the desk, for the enterprises in one's regions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from services.cloud.actions import onboarding, ratings, use
from services.cloud.forms.onboarding import StaffStepForm, VisitForm
from services.cloud.lifecycle.onboarding import HELP, ONBOARDING, RATING, USE
from services.cloud.models import Onboarding, OnboardingState, OnboardingStep, Rating, UseCheck, WaitsOn


def _tick(row: Onboarding, *, step: OnboardingStep, note: str, by: Any) -> OnboardingStep:
    return onboarding.tick(step, note=note, by=by)


class StepInline(admin.TabularInline):
    model = OnboardingStep
    extra = 0
    can_delete = False
    fields = readonly_fields = ("position", "name", "waits_on", "owner", "due_on", "done_on", "note")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("step"))
    def name(self, step: OnboardingStep) -> str:
        return step.title


class TurnFilter(admin.SimpleListFilter):
    """Plans with an open step that waits for staff."""

    title = _("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("staff", _("a step waits for us"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.waiting_for_staff() if self.value() == "staff" else queryset


@admin.register(Onboarding)
class OnboardingAdmin(LifecycleAdmin):
    """Plans of enterprises; staff do the steps that wait for them."""

    lifecycle = ONBOARDING
    without_button = ("finish", "reopen", "stop")
    list_display = ("reference", "enterprise", "starting_words", "product", "turn", "state", "started_at")
    list_filter = (TurnFilter, "state")
    list_select_related = ("enterprise", "product")
    search_fields = ("=reference", "enterprise__name")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "reference", "enterprise", "starting_words", "product", "readiness", "state", "started_by",
        "started_at", "in_use_on", "ended_at",
    )  # fmt: skip
    inlines = (StepInline,)
    verb_labels = {"start": _("begun"), "choose": _("product chosen")}
    extra_verbs = {
        "tick": Verb(
            _tick,
            form=StaffStepForm,
            label=_("mark a step as done"),
            permission=HELP,
            offered=lambda row, user: row.state == OnboardingState.ACTIVE,
            explains=_("The enterprise sees on its plan that the step is done, with your note."),
            tells=_("the provider, when its turn has come"),
        )
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Onboarding]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Onboarding] = rows.in_scope_of(request.user).prefetch_related("steps")
        return scoped

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("starting point"))
    def starting_words(self, row: Onboarding) -> str:
        return row.starting_words

    @admin.display(description=_("waits for"))
    def turn(self, row: Onboarding) -> str:
        step = next((step for step in row.steps.all() if step.done_on is None), None)
        return str(WaitsOn(step.waits_on).label) if step and row.state == OnboardingState.ACTIVE else "–"


@admin.register(UseCheck)
class UseCheckAdmin(LifecycleAdmin):
    """Proofs of real use, handed in first; a spot check on site is recorded beside them."""

    lifecycle = USE
    without_button = ("hand_in",)
    list_display = ("onboarding", "enterprise", "day", "due_on", "state", "people", "visited_on")
    list_filter = ("state", "day")
    list_select_related = ("onboarding__enterprise",)
    search_fields = ("=onboarding__reference", "onboarding__enterprise__name")
    ordering = ("due_on", "pk")
    fields = readonly_fields = (
        "onboarding", "enterprise", "day", "due_on", "state", "people", "words", "files", "handed_in_at",
        "return_reason", "decided_by", "visited_on", "visit_note",
    )  # fmt: skip
    verb_labels = {"visit": _("visited on site")}
    verbs = {
        "accept": Verb(
            use.accept,
            explains=_("The product is really used; the enterprise may rate the provider."),
            tells=_("the owners and editors of the enterprise"),
        ),
        "give_back": Verb(
            use.give_back,
            explains=_("The enterprise reads what is missing and hands in again."),
            tells=_("the owners and editors of the enterprise"),
        ),
    }
    extra_verbs = {
        "visit": Verb(
            use.visit,
            form=VisitForm,
            label=_("record a spot check"),
            permission=HELP,
            explains=_("What was seen on site is kept beside the proof; it decides nothing by itself."),
        )
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[UseCheck]:
        mine = Onboarding.objects.in_scope_of(request.user)
        return super().get_queryset(request).filter(onboarding__in=mine)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("enterprise"))
    def enterprise(self, row: UseCheck) -> str:
        return row.onboarding.enterprise.name

    @admin.display(description=_("files"))
    def files(self, row: UseCheck) -> str:
        papers = [one.file for one in row.evidence.select_related("file")]
        links = [
            (reverse("cloud:desk_evidence", args=[paper.key]), paper.name)
            for paper in papers
            if paper.may_be_opened
        ]
        closed = [
            (f"{paper.name} ({paper.get_scan_display()})",) for paper in papers if not paper.may_be_opened
        ]
        return format_html(
            "{} {}",
            format_html_join(" ", '<a href="{}">{}</a>', links),
            format_html_join(" ", "{}", closed),
        )


@admin.register(Rating)
class RatingAdmin(LifecycleAdmin):
    """Ratings of providers; one with insults, names or advertising is hidden with a reason."""

    lifecycle = RATING
    list_display = ("listing", "score", "state", "given_at", "replied_at")
    list_filter = ("state", "score")
    list_select_related = ("listing__provider",)
    search_fields = ("listing__provider__name_zh", "words", "reply")
    ordering = ("-pk",)
    fields = readonly_fields = ("listing", "score", "words", "state", "given_at", "reply", "replied_at")
    verb_labels = {"rate": _("rating given"), "reply": _("replied")}
    verbs = {
        "hide": Verb(ratings.hide, explains=_("Nobody sees it any more, and its score no longer counts.")),
        "show": Verb(ratings.show, explains=_("Everybody sees it again.")),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
