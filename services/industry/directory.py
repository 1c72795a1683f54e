"""What the directory shows: platforms and parks together, narrowed by kind, place and year of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.facets import Facet
from core.tiles import PLACES, short_name
from enterprises.models import Region
from services.industry.models import Park, Place, Platform

ELSEWHERE, PROVINCE = "elsewhere", "370000"
KINDS: dict[str, str | Promise] = {
    "platform": pgettext_lazy("directory", "double-cross platforms"),
    "park": pgettext_lazy("directory", "parks"),
    "zone": pgettext_lazy("directory", "zones"),
    "facility": pgettext_lazy("directory", "facilities"),
}


def places() -> list[Place]:
    """Return everything public, platforms first, each in directory order; two queries."""
    platforms = Platform.objects.public().select_related("region")
    parks = Park.objects.public().select_related("region")
    return [*platforms, *parks]


def kind_of(place: Place) -> str:
    return place.kind if isinstance(place, Park) else "platform"


def city_of(place: Place) -> str:
    """Return the code of the city a place lies in, the province when no city is known, else "elsewhere"."""
    region = place.region_id
    if region is None:
        return ELSEWHERE
    return region if region == PROVINCE else f"{region[:4]}00"


def city_names() -> dict[str, str]:
    """Return the names of the sixteen cities, in the order of their codes."""
    return {region.code: short_name(region.name) for region in Region.objects.filter(code__in=PLACES)}


def facets_for(names: dict[str, str]) -> tuple[Facet, ...]:
    """Return the facets of the directory; `names` are the cities."""
    where: dict[str, str | Promise] = {
        **names,
        PROVINCE: _("Shandong, city not known"),
        ELSEWHERE: _("outside Shandong"),
    }
    return (
        Facet("kind", _("What it is"), KINDS, lambda place: [kind_of(place)]),
        Facet("city", pgettext_lazy("place", "Where"), where, lambda place: [city_of(place)]),
    )


def count_by_city(rows: Iterable[Place]) -> Counter[str]:
    """Count the places of each city."""
    return Counter(city_of(place) for place in rows)
