"""What programs subscribe to: Atom and iCalendar for every filter, and for a person by a secret address."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from core import calendar, limits
from enterprises.models import EnterpriseFacet
from services.policies import closings, listing, search, syndication
from services.policies.actions import feed_tokens
from services.policies.forms import filters
from services.policies.models import FeedToken, PolicyItem
from services.policies.search import Query, Sort

logger = logging.getLogger(__name__)

# So many entries a feed has; a program that asks daily misses none.
ENTRIES = 50
# Last days that have just passed stay in a calendar for so long.
DAYS_KEPT = 31
# A program asks a few times an hour.
PER_HOUR = 240


class _TooOften(Exception):
    """This address was read all the times of its hour."""


Door = Callable[[HttpRequest, str], HttpResponse]


def _not_too_often(door: Door) -> Door:
    """Answer 429 when an address is read too often."""

    @wraps(door)
    def limited(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            return door(request, secret)
        except _TooOften:
            return HttpResponse(status=429, headers={"Retry-After": "3600"})

    return limited


@login_not_required
@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """Give the newest notices of a filter. Open to everybody; who asks makes no difference."""
    query = _of_everybody(request)
    _count, notices = search.top(query, calendar.today(), ENTRIES)
    path = _path(request, query)
    content = syndication.atom_of_notices(_title(query), path, notices)
    latest = max((notice.published_at for notice in notices if notice.published_at), default=None)
    return _answer(content, syndication.ATOM, latest)


@login_not_required
@require_safe
@conditional_page
def ics(request: HttpRequest) -> HttpResponse:
    """Give the last days of a filter as a calendar. Open to everybody; who asks makes no difference."""
    query, today = _of_everybody(request), calendar.today()
    found = closings.from_day(closings.items(query, today), _first(today), today)
    content = syndication.calendar(_title(query), found)
    return _answer(content, syndication.ICS, max((one.published_at for one in found), default=None))


@login_not_required
@require_safe
@conditional_page
@_not_too_often
def my_atom(request: HttpRequest, secret: str) -> HttpResponse:
    """Give what fits the enterprise of a secret address, to whoever has it."""
    token, today = _token(secret), calendar.today()
    items = _fitting(token, today)[:ENTRIES]
    title = _("Policies that fit %(enterprise)s") % {"enterprise": token.enterprise.name}
    path = request.path.replace(secret, str(token.key))
    content = syndication.atom_of_items(title, path, items, _("It fits your enterprise."))
    return _private(_answer(content, syndication.ATOM, None))


@login_not_required
@require_safe
@conditional_page
@_not_too_often
def my_ics(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the last days of what fits the enterprise of a secret address, to whoever has it."""
    token, today = _token(secret), calendar.today()
    title = _("Last days for %(enterprise)s") % {"enterprise": token.enterprise.name}
    found = closings.of_items(_fitting(token, today), today)
    return _private(_answer(syndication.calendar(title, found), syndication.ICS, None))


def _of_everybody(request: HttpRequest) -> Query:
    return filters.read(request.GET, sort=Sort.NEWEST).for_nobody()


def _path(request: HttpRequest, query: Query) -> str:
    """Give the feed's own address: the same filter is the same feed, however it was typed."""
    asked = filters.write(query, given_sort=query.sort if query.sort != Sort.NEWEST else "")
    return f"{request.path}?{asked}" if asked else request.path


def _title(query: Query) -> str:
    told = " · ".join(listing.conditions(query))
    return f"{_('Policy services')} · {told}" if told else _("Policy services")


def _first(today: date) -> date:
    return today - timedelta(days=DAYS_KEPT)


def _fitting(token: FeedToken, today: date) -> list[PolicyItem]:
    facet = EnterpriseFacet.objects.filter(pk=token.enterprise_id).first()
    return closings.fitting_items(facet, today) if facet else []


def _token(secret: str) -> FeedToken:
    """Find the address; a wrong one, a revoked one and one of a former member are the same 404.

    Nobody guesses 128 bits, so wrong ones are not counted. Raises _TooOften beyond PER_HOUR readings.
    """
    token = FeedToken.objects.of_secret(secret).select_related("enterprise").first()
    if token is None:
        raise Http404
    if not limits.allow(f"policy feeds:{token.pk}", times=PER_HOUR, seconds=3600):
        logger.warning("Refused a personal feed: read too often")
        raise _TooOften
    feed_tokens.note_use(token, on=calendar.today())
    return token


def _answer(content: bytes, content_type: str, latest: datetime | None) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    if latest:
        response["Last-Modified"] = http_date(latest.timestamp())
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
