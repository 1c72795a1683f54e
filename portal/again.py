"""What was being sent when the store did not answer: it stands on the error page, to be sent once more.

Asks no database. What may hold secrets (all of sign-in and of the account) is left out, and so are forms with
files, which a page cannot send a second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils import translation

OF_THE_ACCOUNT = "/accounts/"


@dataclass(frozen=True)
class Unsent:
    """A form that did not come through: where it was going, and its fields as they were typed."""

    action: str
    fields: tuple[tuple[str, str], ...]


def unsent(request: HttpRequest) -> Unsent | None:
    """Return the form this request was sending; None when there is none that may be shown and sent again."""
    if request.method != "POST" or _place(request).startswith(OF_THE_ACCOUNT):
        return None
    fields = tuple(_fields(request))
    return Unsent(request.get_full_path(), fields) if fields else None


def _place(request: HttpRequest) -> str:
    language = translation.get_language_from_path(request.path_info)
    prefix = f"/{language}" if language and language != settings.LANGUAGE_CODE else ""
    return request.path_info.removeprefix(prefix)


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    try:
        given, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return
    if not files:
        yield from ((name, value) for name, values in given.lists() for value in values)
