"""Write feeds: Atom (RFC 4287) for readers, iCalendar (RFC 5545) for calendars.

Identifiers stay the same for as long as the thing is the same, so a program never shows it twice; a changed
last day comes as a newer version of the same event. What was not changed is written to the same byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from icalendar import Event

from core import ics
from core.text import printable
from services.policies import rows
from services.policies.closings import Closing
from services.policies.models import PolicyItem, PolicyNotice

ATOM = "application/atom+xml; charset=utf-8"
ICS = ics.CONTENT_TYPE
# An address in a tag (RFC 4151) is meant as of a day when it was ours.
_SINCE = "2026"
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def tag(what: str) -> str:
    return f"tag:{ics.host()},{_SINCE}:{what}"


# --- Atom ----------------------------------------------------------------------------


def atom_of_notices(title: str, path: str, notices: Iterable[PolicyNotice]) -> bytes:
    """Give a feed of notices; `path` is the feed's own address with its filter."""
    feed = _feed(title, path)
    for notice in notices:
        changed = notice.published_at or _NEVER
        feed.add_item(
            title=printable(notice.title),
            link=f"{settings.PUBLIC_URL}{rows.page_url(notice)}",
            description=printable(notice.summary),
            unique_id=tag(f"policies/{notice.slug}"),
            author_name=printable(notice.issuer),
            updateddate=changed,
            pubdate=changed,
            categories=(notice.kind,),
        )
    return feed.writeString("utf-8").encode()


def atom_of_items(title: str, path: str, items: Iterable[PolicyItem], why: str) -> bytes:
    """Give a feed of items that fit; `why` says so in each."""
    feed = _feed(title, path)
    for item in items:
        changed = item.notice.published_at or _NEVER
        told = [why, item.notice.summary]
        if item.compiled.closes_on:
            told.insert(1, gettext("Last day: %(day)s") % {"day": item.compiled.closes_on.isoformat()})
        feed.add_item(
            title=printable(item.title),
            link=f"{settings.PUBLIC_URL}{rows.page_url(item.notice)}",
            description=printable(" · ".join(filter(None, told))),
            unique_id=tag(f"policies/{item.notice.slug}.{item.pk}.{item.version}"),
            author_name=printable(item.notice.issuer),
            updateddate=changed,
            pubdate=changed,
            categories=(item.kind,),
        )
    return feed.writeString("utf-8").encode()


class _Feed(Atom1Feed):
    """An Atom feed that was last updated when its newest entry was, not when it was read."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=_NEVER)


def _feed(title: str, path: str) -> Atom1Feed:
    address = f"{settings.PUBLIC_URL}{path}"
    return _Feed(
        title=printable(title),
        link=address,
        feed_url=address,
        feed_guid=tag(path),
        description="",
        language="en" if get_language() == "en" else "zh-Hans",
        author_name=gettext("SME Digital Transformation Service Platform"),
    )


# --- iCalendar -------------------------------------------------------------------------


def calendar(title: str, closings: Iterable[Closing]) -> bytes:
    """Give the last days as all-day events without alarm."""
    whole = ics.calendar(title, "policies")
    for closing in closings:
        whole.add_component(_event(closing))
    return whole.to_ical()


def _event(closing: Closing) -> Event:
    event = Event()
    told = [closing.of, closing.benefit, closing.issuer, f"{settings.PUBLIC_URL}{closing.url}"]
    event.add("uid", f"{closing.key}@{ics.host()}")
    event.add("dtstamp", closing.published_at.replace(microsecond=0))
    event.add("sequence", closing.version)
    event.add("dtstart", closing.day)
    event.add("dtend", _day_after(closing.day))
    event.add("summary", printable(gettext("Last day: %(title)s") % {"title": closing.title}))
    event.add("description", printable("\n".join(filter(None, told))))
    event.add("url", f"{settings.PUBLIC_URL}{closing.url}")
    event.add("categories", [capfirst(closing.kind)])
    event.add("transp", "TRANSPARENT")
    return event


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
