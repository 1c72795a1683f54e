"""The policy calendar: last days month by month, as a list that needs no script."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core import calendar
from services.policies import closings, listing, visitor
from services.policies.forms import filters
from services.policies.query import Query
from services.policies.search import Sort

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@login_not_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show the last days of one month, everybody's or only what fits the reader. Open to everybody.

    Two statements more than the reader costs, whatever the number of last days.
    """
    today = calendar.today()
    reader = visitor.of_request(request)
    query = filters.read(request.GET, sort=Sort.CLOSING)
    query = query if reader.is_known else query.for_nobody()
    found = closings.items(query, today, reader.facets(today), reader.hidden)
    counts = closings.by_month(found)
    first = _asked(request.GET.get("month", ""), counts, today)
    shown = closings.between(found, first, closings.month_after(first), today)
    context = {
        "query": query,
        "closings": shown,
        "month": _in_words(first),
        "month_value": f"{first:%Y-%m}",
        "months": [_link(other, counts[other], query, first) for other in sorted(counts)],
        **_neighbours(sorted(counts), first, query),
        "groups": listing.plain_groups(query, knows_reader=reader.is_known),
        "chips": listing.chips_of(query, lambda rest: _address(rest, first)),
        "clear_url": _address(Query(), first),
        "chosen_count": len(listing.carried(query)),
        "keep": [*listing.kept(query, ""), ("month", f"{first:%Y-%m}")],
        "ics_url": listing.beside("policies:calendar_ics", query.for_nobody()),
        "list_url": listing.address(query),
        "reader": reader,
        "nav": "policies",
    }
    return render(request, "policies/calendar.html", context)


def _asked(typed: str, counts: dict[date, int], today: date) -> date:
    """Read the month; without one, this month or the next that has something. Kept to a few years around."""
    asked = _MONTH.fullmatch(typed)
    year, number = (int(asked[1]), int(asked[2])) if asked else (0, 0)
    if abs(year - today.year) <= 2 * closings.YEARS_AHEAD and 1 <= number <= 12:
        return date(year, number, 1)
    this = today.replace(day=1)
    return min((first for first in counts if first >= this), default=this)


def _neighbours(months: list[date], first: date, query: Query) -> dict[str, Any]:
    """Link the nearest months before and after that have something; none where there is none."""
    before = max((other for other in months if other < first), default=None)
    after = min((other for other in months if other > first), default=None)
    return {
        "previous": before and {"label": _in_words(before), "url": _address(query, before)},
        "next": after and {"label": _in_words(after), "url": _address(query, after)},
    }


def _link(first: date, count: int, query: Query, shown: date) -> dict[str, Any]:
    return {
        "label": _in_words(first),
        "count": count,
        "url": _address(query, first),
        "is_shown": first == shown,
    }


def _address(query: Query, first: date) -> str:
    pairs = [*listing.kept(query, ""), *listing.carried(query), ("month", f"{first:%Y-%m}")]
    return f"{reverse('policies:calendar')}?{urlencode(pairs)}"


def _in_words(first: date) -> str:
    return date_format(first, "F Y") if get_language() == "en" else f"{first.year} 年 {first.month} 月"
