"""C-19 beside the walk over all doors: answers that no view gives carry the policy and its companions too."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

# Spelled out: a change of the policy is a decision, not a slip.
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def stylesheet() -> str:
    place = Path(settings.STATIC_ROOT, "of-a-test.css")
    place.write_text("a { color: red }")
    return f"{settings.STATIC_URL}{place.name}"


def check(response: Any, status: int) -> None:
    assert response.status_code == status
    assert {part.strip() for part in response.headers["Content-Security-Policy"].split(";")} == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_static_file(client: Client, stylesheet: str) -> None:
    response = client.get(stylesheet)

    assert response.getvalue() == b"a { color: red }"
    check(response, 200)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/", "/en/", "/admin/", "/livez", "/static/portal.css"])
def test_an_unknown_method(client: Client, method: str, path: str) -> None:
    response = client.generic(method, path)

    check(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


@pytest.mark.parametrize("path", ["/nothing/", "/en/nothing/", "/static/nothing.css", "/admin/nothing/"])
@pytest.mark.django_db
def test_a_missing_page(client: Client, path: str) -> None:
    response = client.get(path, follow=path.startswith("/admin"))

    check(response, 200 if path.startswith("/admin") else 404)


def test_what_cannot_be_read(client: Client) -> None:
    check(client.get("/policies/?q=%00"), 400)
    check(client.get("/", headers={"host": "evil.example"}), 400)


@pytest.mark.django_db
def test_a_form_without_its_token_or_too_large(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)

    check(strict.post("/requests/track/", {"reference": "x"}), 403)
    check(client.post("/requests/track/", {"reference": "x" * 3_000_000}), 413)


@pytest.mark.django_db
def test_a_way_on(client: Client) -> None:
    check(client.get("/enterprise/"), 302)


@override_settings(ROOT_URLCONF="tests.portal.breaking_urls")
def test_a_bug_and_a_database_that_is_away(client: Client) -> None:
    check(client.get("/en/fall/"), 500)
