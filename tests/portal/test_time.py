"""C-39: times are stored as instants and shown in Asia/Shanghai; the database's clock decides deadlines."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from core import calendar
from core.models import Event
from services.policies import tasks
from services.policies.models import PolicyItem
from services.requests import actions
from services.requests.models import ServiceRequest, State
from tests import source
from tests.factories.accounts import sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import published
from tests.factories.requests import draft, in_state, officer, submitted

pytestmark = pytest.mark.django_db
SPRING_FORWARD = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)  # a minute before New York skips an hour
SHOW = """
import django
django.setup()
from datetime import UTC, date, datetime
from django.template import Context, Template
from core import calendar
moment = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
print(Template("{{ moment|date:'Y-m-d H:i' }}").render(Context({"moment": moment})))
print(calendar.day_of(moment), calendar.end_of(date(2026, 3, 8)).astimezone(UTC))
print(datetime.now().astimezone().utcoffset())
"""


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "UTC", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_changes_nothing(zone: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=os.environ | {"TZ": zone, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        cwd=source.PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert shown == ["2026-03-09 00:00", "2026-03-09 2026-03-08 15:59:59.999999+00:00", "8:00:00"]


def test_every_time_in_the_database_is_an_instant() -> None:
    with connection.cursor() as cursor:
        cursor.execute("show timezone")
        assert cursor.fetchone() == ("UTC",)
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type = 'timestamp without time zone'"
        )
        assert cursor.fetchall() == []


def test_a_time_is_shown_as_in_shanghai() -> None:
    shown = Template("{{ at|date:'Y-m-d H:i' }}").render(Context({"at": SPRING_FORWARD}))

    assert shown == "2026-03-08 14:59"


def test_the_page_of_a_request_shows_the_day_of_shanghai(client: Client) -> None:
    people = cast()
    row = submitted(people.li, people.enterprise)
    ServiceRequest.objects.filter(pk=row.pk).update(due_at=datetime(2026, 3, 8, 16, 30, tzinfo=UTC))

    page = sign_in(client, people.li).get(f"/requests/{row.reference}/").content.decode()

    assert "2026-03-09" in page
    assert "2026-03-08" not in page


@pytest.mark.parametrize("days", [-3, 3])
@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.DRAFT, lambda row, li, chen: actions.submit(row, by=li)),
        (State.WAITING, lambda row, li, chen: actions.supply(row, "已寄出", by=li)),
        (State.WAITING, lambda row, li, chen: actions.resume(row, by=chen)),
        (State.RESOLVED, lambda row, li, chen: actions.reopen(row, "还有问题", by=li)),
    ],
    ids=["submit", "supply", "resume", "reopen"],
)
def test_a_machine_whose_clock_is_wrong_sets_the_same_deadline(
    state: str, act: Callable[..., Any], days: int
) -> None:
    people, chen = cast(), officer()
    row = in_state(state, people.li, people.enterprise, chen)
    right = calendar.day_of(calendar.now())

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        act(row, people.li, chen)

    row.refresh_from_db()
    assert row.clock_from == right
    assert row.due_at == calendar.end_of(calendar.add_working_days(right, row.clock_days or 0).day)


def test_a_machine_whose_clock_is_wrong_records_the_right_time() -> None:
    people = cast()
    row = draft(people.li, people.enterprise)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        actions.submit(row, by=people.li)

    now = calendar.now()
    row.refresh_from_db()
    assert row.submitted_at is not None
    assert abs(now - row.submitted_at) < timedelta(minutes=5)
    assert abs(now - Event.objects.filter(verb="submit").get().at) < timedelta(minutes=5)


@pytest.mark.parametrize(("closes", "announced"), [(0, True), (-1, False)])
@pytest.mark.parametrize("days", [-3, 3])
def test_a_worker_whose_clock_is_wrong_announces_what_is_open_today(
    closes: int, announced: bool, days: int
) -> None:
    today = calendar.day_of(calendar.now())
    published(items=[{"criteria": [], "closes_on": today + timedelta(days=closes)}])

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        tasks.announce_published()

    assert (PolicyItem.objects.latest("pk").announced_at is not None) is announced


def test_the_last_day_lasts_until_midnight_in_shanghai() -> None:
    people = cast()
    row = submitted(people.li, people.enterprise)
    row.due_at = calendar.end_of(date(2026, 11, 25))

    midnight = datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert [row.is_overdue(midnight + timedelta(seconds=one)) for one in (-1, 0)] == [False, True]
