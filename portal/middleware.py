"""What is refused before any page sees it, and how answers leave."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from portal.errors import BODIES, with_body

GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


# What shrinks to a quarter; pictures, archives and PDF are packed already, and files are streamed.
TEXTS = ("text/", "application/json", "application/problem+json", "application/xml", "application/atom+xml")


class CompressTexts(GZipMiddleware):
    """Send pages and data compressed to whoever takes that, padded at random: the length tells nothing.

    Static files are compressed beforehand (whitenoise). A proxy that compresses finds nothing left to do.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)


class RefuseUnknownMethods:
    """Answer TRACE, CONNECT and invented verbs with 405."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class ErrorPages:
    """Give empty error answers (405, 410, 413, 429) the page of their status.

    A room says `HttpResponse(status=429, headers={"Retry-After": …})`; how it looks is the frame's concern.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in BODIES and not response.streaming and not response.content:
            return with_body(request, response)
        return response


class CleanInput:
    """Answer 400 when the address or a field holds NUL or half a character: no store takes those."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        values = [request.path, *request.GET, *(v for vs in request.GET.lists() for v in vs[1])]
        if request.method == "POST":
            values += [v for vs in request.POST.lists() for v in vs[1]]
        if any(_is_unusable(value) for value in values):
            raise BadRequest("unusable character")


def _is_unusable(value: str) -> bool:
    return "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)
