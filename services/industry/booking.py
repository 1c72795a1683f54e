"""What the pages of events show, and the calendar file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Avg, Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from icalendar import Event

from core import ics
from core.facets import Facet
from core.text import printable
from services.industry.models import Booking, Occasion

ONLINE = "online"
# Fewer answers say more about the people than about the event.
FEWEST_ANSWERS = 5


def upcoming(at: datetime) -> list[Occasion]:
    """Return what is ahead, the next first; one query."""
    return list(Occasion.objects.upcoming(at).select_related("region"))


def facets_for(names: dict[str, str]) -> tuple[Facet, ...]:
    """Return the facets of the list; `names` are the cities."""
    where: dict[str, str | Promise] = {ONLINE: _("online"), **names}
    return (
        Facet("kind", _("What it is"), dict(Occasion.Kind.choices), lambda row: [row.kind]),
        Facet("city", pgettext_lazy("place", "Where"), where, lambda row: [city_of(row)]),
        Facet(
            "places",
            _("Places"),
            {"free": _("places free"), "waiting": _("waiting list only")},
            lambda row: [] if row.is_called_off else ["free" if row.left > 0 else "waiting"],
        ),
    )


def city_of(occasion: Occasion) -> str:
    return f"{occasion.region_id[:4]}00" if occasion.region_id else ONLINE


def place_in_line(booking: Booking) -> int:
    """Return how far up the waiting list a booking stands; 1 is next."""
    ahead = Booking.objects.filter(occasion=booking.occasion_id, pk__lt=booking.pk).in_line()
    return ahead.count() + 1


def satisfaction(occasion: Occasion) -> tuple[float, int] | None:
    """Return the mean rating and how many gave one; None while fewer than five did."""
    found = occasion.bookings.exclude(rating=None).aggregate(mean=Avg("rating"), count=Count("pk"))
    return (found["mean"], found["count"]) if found["count"] >= FEWEST_ANSWERS else None


def calendar_file(title: str, occasions: Iterable[Occasion]) -> bytes:
    """Write occasions as a calendar file; one that is called off says so to the program."""
    whole = ics.calendar(title, "industry")
    for occasion in occasions:
        whole.add_component(_event(occasion))
    return whole.to_ical()


def _event(occasion: Occasion) -> Event:
    url = f"{settings.PUBLIC_URL}{reverse('industry:occasion', args=[occasion.slug])}"
    event = Event()
    event.add("uid", f"industry/{occasion.slug}@{ics.host()}")
    event.add(
        "dtstamp",
        (occasion.called_off_at or occasion.published_at or occasion.starts_at).replace(microsecond=0),
    )
    event.add("sequence", int(occasion.is_called_off))
    event.add("dtstart", occasion.starts_at)
    event.add("dtend", occasion.ends_at)
    event.add("summary", printable(occasion.title))
    event.add("location", printable(occasion.venue))
    event.add("description", printable(f"{occasion.about}\n{url}"))
    event.add("url", url)
    event.add("status", "CANCELLED" if occasion.is_called_off else "CONFIRMED")
    return event
