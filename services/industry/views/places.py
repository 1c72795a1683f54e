"""The directory of platforms and parks: one list with its map, and a page for each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import calendar, facets
from core.facets import Choice
from core.tiles import TileMap, tile_map
from services.industry import directory, sharing
from services.industry.models import Occasion, Park, Place, Platform


@login_not_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """List platforms and parks with the map of the cities. Open to everybody."""
    everything, names = directory.places(), directory.city_names()
    choice = Choice.read(request.GET, directory.facets_for(names))
    found = choice.narrow(everything)
    return render(
        request,
        "industry/places.html",
        {
            "rows": [shown(place) for place in found],
            "count": len(found),
            "facets": facets.views(everything, choice),
            "chosen": facets.conditions(choice, request.path),
            "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
            "map": city_map(choice.narrow(everything, without="city"), names),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one platform with where we know it from. Open to everybody."""
    row = get_object_or_404(Platform.objects.public().select_related("region"), slug=slug)
    return render(request, "industry/platform.html", {"place": row, "nav": "industry"})


@login_not_required
@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one park with where we know it from. Open to everybody."""
    row = get_object_or_404(Park.objects.public().select_related("region"), slug=slug)
    context = {
        "place": row,
        "has_portal": sharing.partner_of(row) is not None,
        "occasions": list(Occasion.objects.upcoming(calendar.now()).filter(park=row.pk)),
        "nav": "industry",
    }
    return render(request, "industry/park.html", context)


def shown(place: Place) -> dict[str, Any]:
    """Return what the list shows of a place."""
    kind = directory.kind_of(place)
    page = "industry:platform" if kind == "platform" else "industry:park"
    word = place.get_kind_display() if isinstance(place, Park) else _("double-cross platform")
    return {"place": place, "kind": word, "url": reverse(page, args=[place.slug])}


def city_map(rows: list[Place], names: dict[str, str]) -> TileMap:
    """Draw how many of `rows` lie in each city; a city with some leads to its list."""
    counts = directory.count_by_city(rows)
    here = reverse("industry:places")
    return tile_map(
        counts,
        names,
        title=_("Platforms and parks in the sixteen cities"),
        unit=_("One square a city; west is left, north is up"),
        urls={code: f"{here}?city={code}" for code in names if counts[code]},
    )
