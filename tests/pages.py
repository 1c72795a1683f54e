"""A test client that looks at every page it gets: nothing unrendered, nothing the policy would block."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

UNRENDERED = re.compile(r"\{\{|\{%|%\}|\}\}|%\(\w+\)s|<[\w.]+ object at 0x")
# Not what a template says of its own "one.name".
HANDLER = re.compile(r"on[a-z]{3,}")
# A year, month or day, or an instant to the second with its distance from UTC.
MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
WHITE = re.compile(r"\s")
# A data block is never run, so the policy lets it stand.
DATA_BLOCKS = {"application/json", "application/ld+json"}


class PageFaults(HTMLParser):
    """Collect what must not stand in a page, or in the template of one, whose values are not there yet."""

    def __init__(self, html: str, *, is_template: bool = False) -> None:
        super().__init__()
        self.is_template = is_template
        self.found: list[str] = []
        self.in_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.in_code = tag in {"script", "style"}
        self.found += [f"<{tag} {name}>" for name in given if HANDLER.fullmatch(name) or name == "style"]
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") not in DATA_BLOCKS
        ):
            self.found.append(f"<{tag}> inline")
        if str(given.get("href") or given.get("src") or "").startswith("javascript:"):
            self.found.append(f"<{tag}> javascript: address")
        if not self.is_template:
            self._look_at_values(tag, given)

    def _look_at_values(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "time" and given.get("datetime") and not MOMENT.fullmatch(str(given["datetime"])):
            self.found.append(f"<time> of no valid form: {given['datetime']}")
        if WHITE.search(str(given.get("href") or given.get("action") or "")):
            self.found.append(f"<{tag}> address with white space")
        if given.get("type") == "hidden" and any(name.startswith("aria-") for name in given):
            self.found.append(f"<{tag}> hidden and described")

    def handle_endtag(self, tag: str) -> None:
        self.in_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_template and not self.in_code and UNRENDERED.search(data):
            self.found.append(f"unrendered: {data.strip()[:80]}")


def faults_of(html: str, *, is_template: bool = False) -> list[str]:
    """Return what is wrong with a page, in words; an empty list when nothing is."""
    return PageFaults(html, is_template=is_template).found


class PageClient(Client):
    """Django's client, failing the test when a page carries something it must not."""

    def request(self, **request: Any) -> HttpResponse:
        response = super().request(**request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            faults = faults_of(response.content.decode())
            assert faults == [], f"{request.get('PATH_INFO')}: {faults}"
        return response


@pytest.fixture
def client() -> PageClient:
    """Return a signed-out visitor."""
    return PageClient()
