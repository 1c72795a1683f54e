"""The saved views and the facets of the queue; their counts come from one pass over the open requests."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import calendar
from services.requests import board, facets, saved_views, triage
from services.requests.models import SavedView, ServiceRequest

DEFAULT = "open"


class Figures:
    """The counts of tabs and facets for one person and one view; `calendar` is read once for the page."""

    def __init__(self, request: HttpRequest, open_rows: QuerySet[ServiceRequest]) -> None:
        self.working = calendar.present()
        self.views = board.views_of(request.user, self.working)
        self.view = chosen_view(request)
        self.saved = saved_views.of(request.user)
        self._found = open_rows.aggregate(**dict(self._wanted()))

    def _wanted(self) -> Iterator[tuple[str, Count]]:
        for code, condition in self.views.items():
            if code != "all":
                yield f"view_{code}", Count("pk", filter=condition)
        yield from saved_views.counts(self.saved, self.views)
        if self.view == "all":  # counting everything ever received would cost more than the page
            return
        for facet in facets.FACETS:
            for code, condition in facet.conditions.items():
                yield _name(facet.parameter, code), Count("pk", filter=self.views[self.view] & condition)

    def of_view(self, code: str) -> int | None:
        return self._found.get(f"view_{code}")

    def of_saved(self, view: SavedView) -> int | None:
        """Return the count of a saved view; None when it is not counted."""
        return self._found.get(saved_views.name_of_count(view))

    def of_facet(self, facet: str, code: str) -> int | None:
        return self._found.get(_name(facet, code))


def chosen_view(request: HttpRequest) -> str:
    """Return the view asked for; open work is the default, a reference is looked for everywhere."""
    asked = request.GET.get("view", "")
    if asked in board.VIEW_LABELS:
        return asked
    return "all" if triage.tidy_reference(request.GET.get("q", "")) else DEFAULT


def figures_of(request: HttpRequest) -> Figures:
    figures: Figures = request.queue_figures  # type: ignore[attr-defined]  # set by the list
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

    of: facets.Facet

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.title = self.of.title  # type: ignore[assignment]  # a lazy text
        self.parameter_name = self.of.parameter
        super().__init__(request, params, model, model_admin)
        self.figures = figures_of(request)
        self.chosen = self.of.chosen(str(self.value() or ""))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.of.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.of.condition(self.chosen))

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {
            "selected": not self.chosen,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "display": _("All"),
        }
        yield from sorted((self._choice(changelist, code) for code in self.of.words), key=_zero_last)

    def _choice(self, changelist: ChangeList, code: str) -> dict[str, Any]:
        is_on = code in self.chosen
        others = [other for other in self.chosen if other != code]
        values = others if is_on else [*others, code]
        count = self.figures.of_facet(str(self.parameter_name), code)
        return {
            "selected": is_on,
            "count": count,
            "query_string": changelist.get_query_string({str(self.parameter_name): ",".join(values) or None}),
            "display": self.of.words[code] if count is None else f"{self.of.words[code]} ({count})",
        }


class StateFacet(Facet):
    of = facets.STATE


class GroupFacet(Facet):
    of = facets.GROUP


class KindFacet(Facet):
    of = facets.KIND


class HolderFacet(Facet):
    of = facets.HELD


class PriorityFacet(Facet):
    of = facets.PRIORITY


FACETS: tuple[type[Facet], ...] = (StateFacet, GroupFacet, KindFacet, HolderFacet, PriorityFacet)


def _name(facet: str | None, code: str) -> str:
    return f"facet_{facet}_{code}"


def _zero_last(choice: dict[str, Any]) -> bool:
    return choice["count"] == 0 and not choice["selected"]
