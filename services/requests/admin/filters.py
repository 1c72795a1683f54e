"""The saved views and the facets of the queue; their counts come from one pass over the open requests."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import calendar
from services.catalogue.models import Group
from services.requests import board, triage
from services.requests.models import Priority, ServiceRequest, State

DEFAULT = "open"
# A state in the words of the desk, where the owner's own would point the wrong way.
DESK_WORDS: dict[str, str | Promise] = {State.WAITING: _("Waiting for the enterprise")}


class Figures:
    """The counts of tabs and facets for one person and one view; `calendar` is read once for the page."""

    def __init__(self, request: HttpRequest, open_rows: QuerySet[ServiceRequest]) -> None:
        self.working = calendar.present()
        self.views = board.views_of(request.user, self.working)
        self.view = chosen_view(request)
        self._found = open_rows.aggregate(**dict(self._wanted()))

    def _wanted(self) -> Iterator[tuple[str, Count]]:
        for code, condition in self.views.items():
            if code != "all":
                yield f"view_{code}", Count("pk", filter=condition)
        if self.view == "all":  # counting everything ever received would cost more than the page
            return
        for facet in FACETS:
            for code, condition in facet.conditions.items():
                yield _name(facet.parameter_name, code), Count("pk", filter=self.views[self.view] & condition)

    def of_view(self, code: str) -> int | None:
        return self._found.get(f"view_{code}")

    def of_facet(self, facet: str, code: str) -> int | None:
        return self._found.get(_name(facet, code))


def chosen_view(request: HttpRequest) -> str:
    """Return the view asked for; open work is the default, a reference is looked for everywhere."""
    asked = request.GET.get("view", "")
    if asked in board.VIEW_LABELS:
        return asked
    return "all" if triage.tidy_reference(request.GET.get("q", "")) else DEFAULT


def figures_of(request: HttpRequest) -> Figures:
    figures: Figures = request.queue_figures  # type: ignore[attr-defined]
    return figures


class ViewFilter(admin.SimpleListFilter):
    """The saved view; its choices are drawn as tabs above the list."""

    title = _("view")
    parameter_name = "view"
    template = "admin/service_requests/servicerequest/nothing.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(board.VIEW_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        figures = figures_of(request)
        return queryset.filter(figures.views[figures.view])


class Facet(admin.SimpleListFilter):
    """A facet of which several values may be chosen; each choice is a link that adds or removes its value."""

    words: Mapping[str, str | Promise] = {}
    conditions: Mapping[str, Q] = {}

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.figures = figures_of(request)
        self.chosen = [code for code in str(self.value() or "").split(",") if code in self.words]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = Q()
        for code in self.chosen:
            wanted |= self.conditions[code]
        return queryset.filter(wanted)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {
            "selected": not self.chosen,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "display": _("All"),
        }
        yield from sorted((self._choice(changelist, code) for code in self.words), key=_zero_last)

    def _choice(self, changelist: ChangeList, code: str) -> dict[str, Any]:
        is_on = code in self.chosen
        others = [other for other in self.chosen if other != code]
        values = others if is_on else [*others, code]
        count = self.figures.of_facet(str(self.parameter_name), code)
        return {
            "selected": is_on,
            "count": count,
            "query_string": changelist.get_query_string({str(self.parameter_name): ",".join(values) or None}),
            "display": self.words[code] if count is None else f"{self.words[code]} ({count})",
        }


class StateFacet(Facet):
    title = _("state")
    parameter_name = "state"
    words = {code: DESK_WORDS.get(code, label) for code, label in State.choices if code != State.DRAFT}
    conditions = {code: Q(state=code) for code in words}


class GroupFacet(Facet):
    title = _("group")
    parameter_name = "group"
    words = {**dict(Group.choices), "none": _("no group")}
    conditions = {**{code: Q(group=code) for code in Group.values}, "none": Q(group="")}


class KindFacet(Facet):
    title = _("kind")
    parameter_name = "kind"
    words = {"request": _("request for a service"), "question": _("question")}
    conditions = {"request": Q(offering__isnull=False), "question": Q(offering=None)}


class HolderFacet(Facet):
    title = _("holder")
    parameter_name = "held"
    words = {"yes": _("somebody has it"), "no": _("nobody has it")}
    conditions = {"yes": Q(holder__isnull=False), "no": Q(holder=None)}


class PriorityFacet(Facet):
    title = _("priority")
    parameter_name = "priority"
    words = {str(code): label for code, label in Priority.choices}
    conditions = {code: Q(priority=int(code)) for code in words}


FACETS: tuple[type[Facet], ...] = (StateFacet, GroupFacet, KindFacet, HolderFacet, PriorityFacet)


def _name(facet: str | None, code: str) -> str:
    return f"facet_{facet}_{code}"


def _zero_last(choice: dict[str, Any]) -> bool:
    return choice["count"] == 0 and not choice["selected"]
