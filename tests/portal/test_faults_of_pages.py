"""C-27: a bug behind any page gives our own page; C-34 and C-38: hostile input gives no 5xx."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.portal.failing import PLANTED, FailAfterTheView
from tests.portal.walk import every_door
from tests.portal.world import World, build

pytestmark = pytest.mark.long

HOSTILE = (
    "%00",
    "%ED%A0%80",
    "9" * 5000,
    "-1",
    "1e9",
    "1_000",
    "%27%20OR%201%3D1%20--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%E2%80%AE%EF%BB%BF",
    "{{7*7}}",
    "%25%25%25s",
    "%F0%A0%AE%B7%E9%87%8E%E5%AE%B6",
    "x" * 20000,
)
NAMES = (
    "q", "page", "sort", "region", "kind", "level", "state", "group", "free", "mode", "audience", "from",
    "view", "source_url", "source_label", "reference", "next", "industry", "employees", "o", "p",
    "state__exact",
)  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_a_bug_behind_any_page_gives_our_own_page_without_a_trace(world: World, settings, caplog) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{FailAfterTheView.__module__}.{FailAfterTheView.__name__}"]
    client = world.client("superuser")

    for door in every_door():
        with transaction.atomic():
            response = client.get(world.path(door))
            transaction.set_rollback(True)
        if response.status_code not in {301, 302, 403}:
            assert response.status_code == 500, door.route
            text = response.content.decode()
            assert PLANTED not in text
            assert "Traceback" not in text
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:20])
def test_hostile_queries_of_the_public_lists_give_no_server_error(world: World, value: str) -> None:
    client = Client(raise_request_exception=False)
    query = "&".join(f"{name}={value}" for name in NAMES)
    pages = (
        "home",
        "policies:list",
        "policies:check",
        "catalogue:list",
        "requests:ask",
        "requests:track",
        "help",
    )

    statuses = {page: client.get(f"{reverse(page)}?{query}").status_code for page in pages}

    assert {page: status for page, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:20])
def test_hostile_queries_of_the_desk_give_no_server_error(world: World, value: str) -> None:
    client = world.client("superuser")
    lists = [door for door in every_door() if door.name.endswith("_changelist")]

    statuses = {
        door.route: client.get(f"{world.path(door)}?q={value}&p={value}&o={value}").status_code
        for door in lists
    }

    assert {route: status for route, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_unknown_methods_are_refused_everywhere(client: Client, method: str) -> None:
    assert client.generic(method, "/").status_code == 405
    assert client.generic(method, "/admin/").status_code == 405
