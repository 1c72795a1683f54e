"""Give visitors a page as it was drawn before, for as long as nothing it shows has changed.

A view says by what its page can be known to have changed (`keep`); that is asked at every request, so a
change is seen by the very next one. Whoever is signed in, or has told something in a session, gets a page of
their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from core import alive
from core.shelf import Shelf

# With any other cookie a page may say something that is meant for one person.
HARMLESS = {settings.TEXT_SIZE_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
KEPT_SECONDS = 24 * 3600
_VALID_WITH = ("ETag", "Vary", "Cache-Control")
Mark = Callable[[], str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Drawn:
    """A finished answer, and the mark its contents had before it was drawn."""

    mark: str
    ask: Mark
    headers: dict[str, str]
    content: bytes


def keep(response: HttpResponse, mark: str, ask: Mark) -> None:
    """Let visitors have this page from memory while `ask` says `mark`, what its contents had when read.

    `ask` is a function of a module, and costs a query at most. With '' for a mark nothing is kept.
    """
    if mark:
        response.drawn_from = (mark, ask)  # type: ignore[attr-defined]  # read by the middleware


def remembered(name: str, make: Callable[[], _T], *, mark: str, store: str = "pages") -> _T:
    """Return what `make` gave under this name when the contents had the same mark; '' makes it anew.

    What is remembered is at most a day old; what `make` gives must not be None. `store` is the cache. For
    what has no mark and may be a little old there is `core.lately`.
    """
    if not (mark and settings.KEEP_DRAWN_PAGES):
        return make()
    key = hashlib.sha256(f"{mark}\n{name}".encode("utf-8", "replace")).hexdigest()
    found: _T | None = caches[store].get(key)
    if found is None:
        found = make()
        caches[store].set(key, found, KEPT_SECONDS)
    return found


# Whole pages for visitors: some 35 kB each, so at most some 10 MB a process.
shelf: Shelf[_Drawn] = Shelf(300)


class DrawnPages:
    """Stand before everything else: neither session nor address nor template is looked at for a kept page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_a_visitors(request):
            return self.get_response(request)
        name = _name(request)
        kept = shelf.get(name)
        try:
            if kept and alive.first(kept.ask) == kept.mark:
                return _answer(request, kept)
        except DatabaseError as error:
            request.asked_in_vain = error  # type: ignore[attr-defined]  # set here, like request.user
        response = self.get_response(request)
        if not _can_be_kept(request, response):
            return response
        mark, ask = response.drawn_from  # type: ignore[attr-defined]  # set by keep
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        patch_cache_control(response, no_cache=True)
        drawn = _Drawn(mark, ask, dict(response.items()), response.content)
        shelf.put(name, drawn)
        return _answer(request, drawn)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Fail at once when the database has not answered before: nobody waits for it twice."""
        if error := getattr(request, "asked_in_vain", None):
            raise error


def _is_a_visitors(request: HttpRequest) -> bool:
    return (
        settings.KEEP_DRAWN_PAGES
        and request.method in ("GET", "HEAD")
        and HARMLESS.issuperset(request.COOKIES)
    )


def _name(request: HttpRequest) -> tuple[object, ...]:
    """Name all that the page may differ by: the address with its language, and the size of the text."""
    said = request.META.get
    return (
        request.scheme,
        said("HTTP_HOST", ""),
        request.path,
        said("QUERY_STRING", ""),
        request.COOKIES.get(settings.TEXT_SIZE_COOKIE_NAME, ""),
    )


def _can_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Refuse what carries something of this visitor: a cookie to be set, a token of theirs, a message."""
    return (
        hasattr(response, "drawn_from")
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and settings.CSRF_COOKIE_NAME not in request.COOKIES
    )


def _answer(request: HttpRequest, drawn: _Drawn) -> HttpResponse:
    # Who packs an answer on its way marks the tag as weak.
    known = {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    if drawn.headers["ETag"] in known or "*" in known:
        still: HttpResponse = HttpResponseNotModified()
        for name in _VALID_WITH:
            if name in drawn.headers:
                still[name] = drawn.headers[name]
        return still
    return HttpResponse(drawn.content, headers=drawn.headers)
