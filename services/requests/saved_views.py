"""What a saved view of the queue shows: its address is the view, which everybody sees in their own scope.

Views over open requests are counted, in the one pass the tabs take; those over everything ever received,
or with words searched for, are not: counting them would cost more than the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse

from core import calendar
from core.board import Counter
from services.requests import board
from services.requests.facets import FACETS
from services.requests.models import SavedView, ServiceRequest

DEFAULT = "open"
LONGEST_SEARCH = 60
AT_MOST = 20  # of one person, and of all shared ones


def tidy(typed: str) -> str:
    """Keep of a query string what the queue understands, in one order: equal views are equal texts."""
    given, kept = QueryDict(typed), QueryDict(mutable=True)
    view = given.get("view", "")
    kept["view"] = view if view in board.VIEW_LABELS else DEFAULT
    for facet in FACETS:
        if chosen := facet.chosen(given.get(facet.parameter, "")):
            kept[facet.parameter] = ",".join(code for code in facet.words if code in chosen)
    if words := given.get("q", "").strip()[:LONGEST_SEARCH]:
        kept["q"] = words
    return kept.urlencode(safe=",")


def url(view: SavedView) -> str:
    return f"{reverse('admin:service_requests_servicerequest_changelist')}?{view.query}"


def of(user: Any) -> list[SavedView]:
    """Return the views at this person's desk, shared ones first; one query."""
    return list(SavedView.objects.for_desk_of(user).select_related("owner")[: 2 * AT_MOST])


def condition(view: SavedView, views: Mapping[str, Q]) -> Q | None:
    """Return what a view asks of an open request, given `board.views_of`; None when it is not counted."""
    given = QueryDict(view.query)
    base = given.get("view", DEFAULT)
    if base == "all" or base not in views or "q" in given:
        return None
    wanted = views[base]
    for facet in FACETS:
        wanted &= facet.condition(facet.chosen(given.get(facet.parameter, "")))
    return wanted


def counts(saved: Iterable[SavedView], views: Mapping[str, Q]) -> Iterator[tuple[str, Count]]:
    """Yield what one pass over the open requests has to count, by `name_of_count`."""
    for view in saved:
        wanted = condition(view, views)
        if wanted is not None:
            yield name_of_count(view), Count("pk", filter=wanted)


def name_of_count(view: SavedView) -> str:
    return f"saved_{view.pk}"


def counters(user: Any) -> list[Counter]:
    """Return the counted views for the landing page; one query where nothing is saved."""
    saved = of(user)
    wanted = dict(counts(saved, board.views_of(user, calendar.present()))) if saved else {}
    if not wanted:
        return []
    found = ServiceRequest.objects.on_desk_of(user).open().aggregate(**wanted)
    return [
        Counter(f"saved-{view.pk}", view.name, found[name_of_count(view)], url(view))
        for view in saved
        if name_of_count(view) in wanted
    ]
