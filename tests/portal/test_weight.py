"""What a first visit weighs, compressed: at most 75 KB in all, 20 KB of page, 10 KB of style."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db
KILOBYTE = 1024
PAGES = ("/", "/policies/", "/services/", "/open/", "/help/")
# Styles, scripts and pictures; the picture for sharing is fetched by messengers alone.
FETCHED = re.compile(r'(?:src|href)="/static/([^"#]+)')


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("path", [f"{prefix}{path}" for path in PAGES for prefix in ("", "/en")])
def test_a_first_visit_is_light(client: Client, path: str) -> None:
    html = client.get(path).content
    files = {name: weight(_read(name)) for name in set(FETCHED.findall(html.decode()))}

    assert "portal.css" in files
    assert weight(html) <= 20 * KILOBYTE
    assert files["portal.css"] <= 10 * KILOBYTE
    assert sum(files.values()) + weight(html) <= 75 * KILOBYTE


def _read(name: str) -> bytes:
    path = finders.find(name)
    assert isinstance(path, str), name
    return Path(path).read_bytes()


def test_texts_leave_compressed_for_those_who_take_it() -> None:
    plain = Client().get("/help/")
    packed = Client().get("/help/", headers={"accept-encoding": "gzip"})

    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed["Vary"]


def test_what_is_packed_already_leaves_as_it_is() -> None:
    table = Client().get("/open/data/plan.xlsx", headers={"accept-encoding": "gzip"})

    assert table.get("Content-Encoding") is None
