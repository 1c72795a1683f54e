"""Hand something to a service over HTTP, and tell a refusal for now from one for good.

Redirects are not followed: these services have one address each, and a key would go along. A proxy is used
where the environment names one (`https_proxy`).
"""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from notifications.channels import NotNow

LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What a service answered: the HTTP status, and the object in its body ({} when there is none)."""

    status: int
    body: dict[str, Any]


class _Straight(HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        return None


def post(url: str, body: bytes = b"", *, headers: dict[str, str]) -> Answer:
    """Post to a service whose address the operator has set; raise NotNow when it cannot be reached."""
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - no address of a visitor's
    try:
        with build_opener(_Straight).open(request, timeout=settings.SERVICE_TIMEOUT) as answer:
            return Answer(answer.status, _object(answer.read(LONGEST_ANSWER)))
    except HTTPError as error:
        with error:
            return Answer(error.code, _object(error.read(LONGEST_ANSWER)))
    except (OSError, HTTPException) as error:
        raise NotNow(f"{type(error).__name__}: {error}") from error


def post_json(url: str, payload: dict[str, Any]) -> Answer:
    """Post an object as JSON; raise NotNow when the service cannot be reached."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    return post(url, body, headers={"Content-Type": "application/json; charset=utf-8"})


def is_for_now(status: int) -> bool:
    """Tell whether an HTTP status says that trying again may help."""
    return status in (408, 425, 429) or status >= 500


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
