"""Errors of the API: application/problem+json (RFC 9457), never a page."""

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/v1/"

_DETAIL = {
    HTTPStatus.BAD_REQUEST: "The request could not be read.",
    HTTPStatus.NOT_FOUND: "Nothing is at this address; /api/v1/openapi.json lists those that exist.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This API is for reading: use GET or HEAD.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests from this address. Retry-After says when to go on.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The portal failed. Nothing you sent is to blame.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The portal is closed for the moment; Retry-After says until when.",
}


def is_asked_by_machine(request: HttpRequest) -> bool:
    """Tell whether the address belongs to the API, so that an error has to be readable by programs."""
    return request.path_info.startswith(PREFIX)


def problem(
    status: int,
    detail: str = "",
    *,
    invalid: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Answer with a problem; `invalid` names parts of the request as {"field": …, "reason": …}."""
    known = HTTPStatus(status)
    body = {
        "type": "about:blank",
        "title": known.phrase,
        "status": status,
        "detail": detail or _DETAIL.get(known, known.description),
        "invalid": invalid or [],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        status=status,
        content_type=CONTENT_TYPE,
        headers=headers or {},
    )
