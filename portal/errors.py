"""Error pages: helpful, in the visitor's language, with the right status.

Ordinary ones stand in the frame. 500 and 503 ask nobody: no database, no context processors, no list of
static files, for any of these may be what is broken.
"""

import logging
import secrets
import sys
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from psycopg_pool import PoolTimeout

from portal import again, menu
from portal.api.problems import is_asked_by_machine, problem

logger = logging.getLogger(__name__)
RETRY_SECONDS = 30
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def language_of(request: HttpRequest) -> str:
    """Return the language of an address: /en/… is English, the desk keeps its own, all else is Chinese.

    An error may come before the language was chosen, so the address decides.
    """
    if request.path_info.startswith("/admin/"):
        return translation.get_language() or settings.LANGUAGE_CODE
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


def page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Render the page of one status in the language of its address; the API gets a problem instead."""
    if is_asked_by_machine(request):
        return problem(status)
    with translation.override(language_of(request)):
        return render(
            request, f"errors/{status}.html", {"journey": True, "status": status, **context}, status=status
        )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Tell that the request could not be read, or was larger than is taken.

    Django also comes here when a session cannot be stored; where the store itself was away, that is a 503.
    """
    if is_database_away(exception):
        return unavailable(request)
    if isinstance(exception, RequestDataTooBig):
        return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Tell who may, and whom to ask; a message given to PermissionDenied is shown as the reason."""
    return page(request, HTTPStatus.FORBIDDEN, reason=str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell that the form was too old; what was typed is kept by the browser's back button."""
    with translation.override(language_of(request)):
        return render(request, "errors/csrf.html", {"journey": True}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Tell that there is no such page, and offer search, home and a person."""
    return page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Tell that the portal failed, with a number the log knows; say 503 when the database is away."""
    if is_database_away(sys.exc_info()[1]):
        return unavailable(request)
    reference = secrets.token_hex(4)
    logger.error("error page %s shown for %s %s", reference, request.method, request.path)
    return _alone(request, HTTPStatus.INTERNAL_SERVER_ERROR, reference=reference)


def is_database_away(error: BaseException | None) -> bool:
    """Tell whether an error is the store's silence, or was raised over it (a session that was not stored)."""
    while error is not None:
        if isinstance(error, DATABASE_AWAY):
            return True
        error = error.__cause__ or error.__context__
    return False


def unavailable(request: HttpRequest) -> HttpResponse:
    """Tell that the portal is closed for the moment and when to come back, and offer to send a form again."""
    unsent = again.unsent(request)
    response = _alone(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        seconds=RETRY_SECONDS,
        unsent=unsent,
        was_sent=request.method == "POST",
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _alone(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    if is_asked_by_machine(request):
        return problem(status)
    language = language_of(request)
    with translation.override(language):
        html = render_to_string(
            f"errors/{status}.html",
            {
                "site": settings.SITE,
                "lang": menu.LANGUAGE_TAGS.get(language, "en"),
                "home": _home(language),
                **context,
            },
        )
    return HttpResponse(html, status=status)


def _home(language: str) -> str:
    return menu.path_in(language, "/")


# Statuses that rooms answer with an empty body, and the page each gets.
BODIES: dict[int, Callable[[HttpRequest, HttpResponse], dict[str, object]]] = {
    HTTPStatus.METHOD_NOT_ALLOWED: lambda request, response: {},
    HTTPStatus.GONE: lambda request, response: {},
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lambda request, response: {},
    HTTPStatus.TOO_MANY_REQUESTS: lambda request, response: {"retry_at": _retry_at(response)},
}


def with_body(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an empty error answer its page; headers such as Allow and Retry-After stay."""
    full = page(request, response.status_code, **BODIES[response.status_code](request, response))
    for name, value in response.items():
        if name not in {"Content-Type", "Content-Length"}:
            full[name] = value
    full.cookies = response.cookies
    return full


def _retry_at(response: HttpResponse) -> object:
    seconds = response.get("Retry-After", "")
    return timezone.localtime() + timedelta(seconds=int(seconds)) if seconds.isdigit() else None
