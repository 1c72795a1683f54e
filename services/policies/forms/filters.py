"""Read the address of the public list into a query, and write it back."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils.http import urlencode

from core.text import printable
from enterprises.classification import regions
from services.policies import listing
from services.policies.models import Kind, Level
from services.policies.query import DAYS_BACK, Fit, Query, Sort, Status

LONGEST_WORDS = 100
_MOST_PAGES = 100_000
_MOST_ISSUERS = 20
_LONGEST_ISSUER = 200
# Before the oldest document that can still matter nothing is asked for.
_OLDEST = date(1949, 10, 1)
_KNOWN = {
    "kind": set(Kind.values),
    "level": set(Level.values),
    "state": {status.value for status in Status},
    "fit": {fit.value for fit in Fit},
}


def read(given: QueryDict, *, sort: str) -> Query:
    """Take what is understood and drop the rest; `sort` holds where the address names none."""
    asked_sort = given.get("sort", "")
    return Query(
        text=_line(given.get("q", ""))[:LONGEST_WORDS],
        areas=_known("area", given),
        kinds=_known("kind", given),
        levels=_known("level", given),
        states=_known("state", given),
        issuers=_issuers(given),
        since=_since(given.get(listing.NAMES["since"], "")),
        fits=_known("fit", given),
        sort=asked_sort if asked_sort in {one.value for one in Sort} else sort,
        page=_page(given.get("page", "")),
    )


def _line(typed: str) -> str:
    return " ".join(printable(typed).split())


def _known(name: str, given: QueryDict) -> tuple[str, ...]:
    values = dict.fromkeys(given.getlist(listing.NAMES[name]))
    return tuple(value for value in values if _is_known(name, value))


def _is_known(name: str, value: str) -> bool:
    if name == "area":
        return value == regions.COUNTRY or (value.endswith("00") and value in regions.REGIONS)
    return value in _KNOWN[name]


def _issuers(given: QueryDict) -> tuple[str, ...]:
    names = (_line(name)[:_LONGEST_ISSUER] for name in given.getlist(listing.NAMES["issuer"]))
    return tuple(dict.fromkeys(filter(None, names)))[:_MOST_ISSUERS]


def _since(typed: str) -> str:
    if typed in DAYS_BACK:
        return typed
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return ""
    return day.isoformat() if day >= _OLDEST else ""


def _page(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        return 1
    return min(max(int(typed), 1), _MOST_PAGES)


def write(query: Query, *, given_sort: str = "", page: int = 1) -> str:
    """Give the query string of a page of the list, without what is the default; empty for the plain list."""
    pairs = [*listing.kept(query, given_sort), *listing.carried(query)]
    return urlencode([*pairs, ("page", str(page))] if page > 1 else pairs)
