"""What of an enterprise a page has shown to a body outside: said by its door, put on record by the roof."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Disclosed:
    """A row, the number of its enterprise, and the number of the provider on whose behalf it was read."""

    row: Any
    enterprise: int
    provider: int


def say(request: HttpRequest, row: Any, *, enterprise: int, provider: int) -> None:
    """Say that the page which is being answered shows `row` to somebody who speaks for a provider."""
    said = request.__dict__.setdefault("disclosed", [])
    said.append(Disclosed(row, enterprise, provider))


def said(request: HttpRequest) -> Sequence[Disclosed]:
    """Return what the doors said of this page."""
    found: list[Disclosed] = request.__dict__.get("disclosed", [])
    return found
