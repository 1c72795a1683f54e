"""The frame of a calendar file (RFC 5545): whose it is, and how often a program should look again."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar

from core.text import printable

CONTENT_TYPE = "text/calendar; charset=utf-8"


def host() -> str:
    """Return the portal's own name, which makes identifiers unique in the world."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def calendar(title: str, room: str) -> Calendar:
    """Return an empty calendar named `title`; the room fills in its events."""
    whole = Calendar()
    whole.add("prodid", f"-//{host()}//{room}//")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", printable(title))
    whole.add("x-wr-timezone", settings.TIME_ZONE)
    whole.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    return whole
