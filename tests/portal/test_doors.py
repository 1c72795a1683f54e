"""C-01: every address, for everybody, with the answer it must give; C-03, C-15, C-19 on the same walk.

The tables stand in `doors/`, one file a room, one line for each address and method, one column for each
person: a status, `in` for the way to sign-in, `2fa` for the way to the second factor. WRITE_DOORS=1 writes
them anew, to be read line by line before they are committed.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from core import rehearsal
from tests.portal.walk import Door, every_door
from tests.portal.world import ROLES, World, build

pytestmark = pytest.mark.long

TABLES = Path(__file__).parent / "doors"
METHODS = ("GET", "POST", "PUT", "DELETE")
# Nothing here answers PUT and DELETE in a way of its own, so three people show it.
UNUSUAL = {"PUT", "DELETE"}
TRY_UNUSUAL = {"anonymous", "owner", "superuser"}
# What reading may write: the session's own clock, and the counters of the limits.
WRITTEN_BY_READING = (
    "django_session", "portal_cache", "core_limit", "usersessions_usersession", "personal_data_look",
    "policies_noticereading", "SAVEPOINT",
)  # fmt: skip

COPIES = "/accounts/data/export/"


def room_of(door: Door) -> str:
    """Name the table a door stands in: the desk by room, the site by its first word."""
    parts = door.route.split("/")
    if parts[0] == "admin":
        return f"admin-{parts[1]}" if len(parts) > 2 and "<" not in parts[1] else "admin"
    return parts[0] if len(parts) > 2 and "<" not in parts[0] else "site"


ROOMS = sorted({room_of(door) for door in every_door()})


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_no_table_stands_for_a_room_that_is_gone() -> None:
    assert sorted(path.stem for path in TABLES.glob("*.txt")) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_every_door_answers_everybody_as_the_table_says(world: World, room: str) -> None:
    found = "\n".join(_lines(world, [door for door in every_door() if room_of(door) == room])) + "\n"
    path = TABLES / f"{room}.txt"
    if os.environ.get("WRITE_DOORS"):
        path.write_text(found)

    assert found == path.read_text()


def _lines(world: World, doors: list[Door]) -> list[str]:
    clients = {role: world.client(role) for role in ROLES}
    lines = [" ".join(f"{role:>11}" for role in ROLES) + "  door"]
    for door in doors:
        for method in METHODS:
            answers = [
                _answer(clients[role], method, world.path(door))
                if method not in UNUSUAL or role in TRY_UNUSUAL
                else "-"
                for role in ROLES
            ]
            lines.append(" ".join(f"{answer:>11}" for answer in answers) + f"  {method:<6} /{door.route}")
    return lines


def _answer(client: Any, method: str, path: str) -> str:
    """Knock, take everything back, and name the answer; a reading that writes is an error of its own."""
    cookies = client.cookies.output()
    with transaction.atomic():
        with no_writing_while_reading(method, path):
            response = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies.load(cookies)
    _check_headers(response, path)
    return _name(response)


def _name(response: HttpResponse) -> str:
    target = response.headers.get("Location", "")
    if reverse("account_login") in target:
        return "in"
    return "2fa" if "/2fa/" in target else str(response.status_code)


@contextmanager
def no_writing_while_reading(method: str, path: str) -> Iterator[None]:
    """C-15: a GET changes nothing; that a copy of somebody's data was taken away is put on record."""
    allowed = (*WRITTEN_BY_READING, *(["core_event"] if path.startswith(COPIES) else []))

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        writes = sql.lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}
        # What a verb would tell is shown by rehearsing it: all of that is taken back.
        is_kept = writes and not rehearsal.is_on()
        assert not is_kept or any(name in sql for name in allowed), f"a GET wrote: {sql}"
        return execute(sql, params, many, context)

    if method != "GET":
        yield
        return
    with connection.execute_wrapper(watch):
        yield


def _check_headers(response: HttpResponse, path: str) -> None:
    """C-19: the content policy and its companions stand on every answer."""
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, path
    assert "unsafe" not in policy, path
    assert "data:" not in policy, path
    assert response.headers.get("X-Content-Type-Options") == "nosniff", path
    assert response.headers.get("Referrer-Policy") == "same-origin", path
    # A partner's widget alone may stand in a frame, and only on the partner's own site.
    if path.startswith("/widget/") and response.status_code == HTTPStatus.OK:
        assert re.search(r"frame-ancestors https://[\w.-]+(;|$)", policy), path
    else:
        assert response.headers.get("X-Frame-Options") == "DENY", path


PUBLIC = """
api:openapi-json api:policies api:policy api:items api:offerings api:providers api:indicators
api:plan api:regions api:industries api:zones api:api-root livez readyz robots sitemap_xml security home
search help help_page open_data indicators:open indicators:csv indicators:xlsx api_docs about
accessibility privacy privacy_edition terms park_portal widget sitemap
account_reset_password_from_key account_login
account_inactive account_signup account_email_verification_sent account_reset_password
account_confirm_email account_reset_password_from_key_done account_reset_password_done
account_request_login_code
enterprises:register enterprises:size catalogue:list catalogue:detail requests:ask requests:track
requests:tracked requests:tracked_done policies:list policies:export_xlsx policies:export_csv
policies:export_json policies:feed policies:calendar policies:calendar_ics policies:check
policies:fitting policies:quiz policies:follow policies:follow_asked policies:detail
policies:attachment policies:version policies:report cloud:start cloud:products cloud:product
cloud:compare cloud:providers cloud:provider cloud:readiness cloud:fund cloud:vouchers cloud:conversions
industry:start industry:problem industry:places industry:platform industry:park industry:solutions
industry:solution industry:provider industry:case industry:occasions industry:occasions_ics
industry:occasion industry:occasion_ics industry:needs industry:need assessments:start
assessments:sample assessments:quick assessments:shared assessments:verify
"""


def test_the_pages_open_to_the_public_are_these(world: World) -> None:
    """C-03: login by default; what a visitor without an account can read is pinned here."""
    client = world.client("anonymous")
    opened = [
        door.name or door.route
        for door in every_door()
        if client.get(world.path(door)).status_code in {200, 429}
    ]

    assert opened == PUBLIC.split()
