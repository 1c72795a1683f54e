"""What enterprises asked for and did not get: returned requests, and where they were sent instead.

Numbers only, no enterprise is named: it is read by those who make policy. Fewer than three are not told
apart by place, so that nobody is recognised.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import calendar, misses
from enterprises.models import Region
from services.catalogue.models import Group, Offering
from services.requests.models import ServiceRequest, State

LOOKED_BACK = 180
FEWEST = 3
# Where people look: the list of policies, and the search over everything.
SEARCHED = {"policies", "everything"}


@dataclass(frozen=True)
class Wish:
    """One service (or question by group): how often asked, returned, returned with another one named."""

    name: str | Promise
    group: str | Promise
    asked: int
    returned: int
    rerouted: int

    @property
    def percent(self) -> int:
        return round(100 * self.returned / self.asked) if self.asked else 0


@dataclass(frozen=True)
class Place:
    """One city and how many requests were returned there."""

    name: str
    returned: int


def since(at: datetime) -> datetime:
    return at - timedelta(days=LOOKED_BACK)


def wishes(at: datetime) -> list[Wish]:
    """Return what was asked for and returned in the last half year, most returned first; two queries."""
    rows = (
        ServiceRequest.objects.submitted()
        .filter(submitted_at__gte=since(at))
        .order_by()
        .values_list("offering", "group")
        .annotate(
            asked=Count("pk"),
            returned=Count("pk", filter=Q(state=State.REFUSED)),
            rerouted=Count("pk", filter=Q(state=State.REFUSED, next_offering__isnull=False)),
        )
        .filter(returned__gt=0)
    )
    found = list(rows)
    offerings = Offering.objects.in_bulk({row[0] for row in found if row[0]})
    groups = dict(Group.choices)
    made = [
        Wish(
            offerings[offering].name if offering else _("Question"),
            groups.get(group, ""),
            asked,
            returned,
            rerouted,
        )
        for offering, group, asked, returned, rerouted in found
    ]
    return sorted(made, key=lambda wish: (-wish.returned, str(wish.name)))


def places(at: datetime) -> list[Place]:
    """Return the cities where requests were returned, most first; those below three are one line."""
    rows = (
        ServiceRequest.objects.filter(state=State.REFUSED, submitted_at__gte=since(at))
        .order_by()
        .values_list("region")
        .annotate(number=Count("pk"))
    )
    cities: dict[str, int] = {}
    for region, number in rows:
        city = f"{region[:4]}00" if region else ""
        cities[city] = cities.get(city, 0) + number
    names = {region.code: region.name for region in Region.objects.filter(code__in=list(cities))}
    told = [
        Place(names[city], number) for city, number in cities.items() if city in names and number >= FEWEST
    ]
    rest = sum(cities.values()) - sum(place.returned for place in told)
    told.sort(key=lambda place: (-place.returned, place.name))
    return [*told, Place(_("elsewhere, or not known"), rest)] if rest else told


def returned(at: datetime) -> int:
    """Count what was returned in the last half year."""
    return ServiceRequest.objects.filter(state=State.REFUSED, submitted_at__gte=since(at)).count()


@dataclass(frozen=True)
class Search:
    """Words that were looked for and not found, and how often."""

    words: str
    times: int


def searches(at: datetime) -> list[Search]:
    """Return what was looked for and not found, among the policies or everywhere, most often first."""
    found: Counter[str] = Counter()
    for place, words, times in misses.most_missed(calendar.day_of(since(at))):
        if place in SEARCHED:
            found[words] += times
    return [Search(words, times) for words, times in found.most_common()]
