"""What was typed into a form whose session had ended is parked and shown again after sign-in.

A page takes part by `@keeps_typed`; its view asks `typed(request, action)` for what was sent to that address
and shows it as the form's beginning, unsent. Files are not parked. The text is found by a random key in a
signed cookie of the same browser, so nobody else's form is ever filled with it; it goes after a day, or once
the form is sent.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from core import calendar, limits
from core.models import ParkedForm

KEPT = timedelta(days=1)
PARKINGS = {"times": 30, "seconds": 3600}
MOST_CHARACTERS = 60_000
NOT_TEXT = {"csrfmiddlewaretoken", "form_token", "add", "remove", "later"}
GetResponse = Callable[[HttpRequest], HttpResponse]


def keeps_typed(view: Any) -> Any:
    """Let a page keep what is sent to it after its session has ended; for pages without secrets."""
    view.keeps_typed = True
    return view


def typed(request: HttpRequest, action: str) -> dict[str, str]:
    """Return what this browser was sending to `action` when its session had ended; empty when nothing."""
    key = _key_of(request)
    if not key:
        return {}
    row = ParkedForm.objects.filter(
        key=key, action=_place(action), parked_at__gte=calendar.now() - KEPT
    ).first()
    return dict(row.data) if row else {}


def sweep() -> int:
    """Delete what was parked more than a day ago; return how much."""
    return ParkedForm.objects.filter(parked_at__lt=calendar.now() - KEPT).delete()[0]


class ParkForms:
    """Park the form of someone who is signed out by now, send them to sign-in, and back to its page.

    Stands before the middlewares that turn visitors away. What was parked goes once the form is sent.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = _key_of(request)
        if key and _was_sent(request, response):
            gone, _by_model = ParkedForm.objects.filter(key=key, action=_place(request.path)).delete()
            if gone:
                response.delete_cookie(settings.PARKED_COOKIE_NAME)
        return response

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated:
            return None
        if not getattr(view, "keeps_typed", False):
            return None
        query = {
            "ended": request.META.get("portal.session_ended") or "idle",
            REDIRECT_FIELD_NAME: _page(request),
        }
        response = HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}")
        key = _park(request)
        if key:
            response.set_signed_cookie(
                settings.PARKED_COOKIE_NAME,
                key,
                max_age=int(KEPT.total_seconds()),
                httponly=True,
                secure=settings.HTTPS,
                samesite="Lax",
            )
        return response


def _park(request: HttpRequest) -> str:
    """Keep the words of a form and return their key; '' when there are none, far too many, or too often."""
    words = {name: value for name, value in request.POST.items() if name not in NOT_TEXT and value}
    if not words or sum(map(len, words.values())) > MOST_CHARACTERS:
        return ""
    if not limits.allow(f"parking:{limits.client_address(request)}", **PARKINGS):
        return ""
    key = secrets.token_hex(16)
    ParkedForm.objects.create(key=key, action=_place(request.path), data=words)
    return key


def _place(path: str) -> str:
    """Return an address without its language, which may have changed with signing in."""
    language = translation.get_language_from_path(path)
    return (path.removeprefix(f"/{language}") if language else path)[:500]


def _key_of(request: HttpRequest) -> str:
    if settings.PARKED_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        return str(request.get_signed_cookie(settings.PARKED_COOKIE_NAME, max_age=int(KEPT.total_seconds())))
    except BadSignature:
        return ""


def _was_sent(request: HttpRequest, response: HttpResponse) -> bool:
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return request.method == "POST" and signed_in and 300 <= response.status_code < 400


def _page(request: HttpRequest) -> str:
    """Return the page the form stood on, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
