"""F-12: the tables of cloud and industry are made beside many rows and busy people, and can be made again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from portal.management.commands.migrate import _LOCK
from services.cloud.models import Programme
from tests.factories.catalogue import ProviderFactory
from tests.factories.enterprises import cast
from tests.factories.files import stored
from tests.source import PROJECT

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ROWS = 1_000_000 if os.environ.get("FAULTS") == "full" else 10_000
BLOCKED_MS = 500
PACE = 1 / 50
# What the new tables point at, with the columns in which a row must differ from its model.
POINTED_AT = {
    "accounts_user": {"email": "'reader' || n || '@works.example'"},
    "core_storedfile": {"key": "md5(n::text)"},
    "enterprises_enterprise": {"uscc": "lpad(n::text, 18, '0')"},
    "catalogue_provider": {"slug": "'one-of-many-' || n"},
}
ROOMS = ("cloud", "industry")


def multiply(table: str, differing: dict[str, str]) -> None:
    """Copy the first row of a table ROWS times."""
    changes = ", ".join(f"'{name}', {value}" for name, value in differing.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(null::{table}, to_jsonb(one) ||"
            f" jsonb_build_object('id', nextval(pg_get_serial_sequence('{table}', 'id')), {changes}))).*"
            f" FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) one, generate_series(1, %s) n",
            [ROWS],
        )


@pytest.fixture
def many_rows() -> None:
    """Take the tables of the rooms away and put many rows beside where they will be."""
    people = cast()
    stored(people.li)
    ProviderFactory()
    for room in ROOMS:
        call_command("migrate", room, "zero", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for table, differing in POINTED_AT.items():
        multiply(table, differing)


class Probe:
    """Reads and writes every table fifty times a second and notes whatever waited too long for a lock."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.done = 0
        self.blocked: list[str] = []

    def knock(self) -> None:
        with psycopg.connect(**_parameters(), autocommit=True) as own:
            own.execute(f"SET lock_timeout = {BLOCKED_MS}")
            while not self.ended.is_set():
                for table, differing in POINTED_AT.items():
                    column = next(iter(differing))
                    self.try_one(own, f"SELECT {column} FROM {table} ORDER BY id DESC LIMIT 20")
                    self.try_one(
                        own,
                        f"UPDATE {table} SET {column} = {column} WHERE id = (SELECT max(id) FROM {table})",
                    )
                    time.sleep(PACE)

    def try_one(self, own: psycopg.Connection, statement: str) -> None:
        try:
            own.execute(statement)
            self.done += 1
        except psycopg.errors.LockNotAvailable:
            self.blocked.append(statement)


def _parameters() -> dict[str, object]:
    known = connection.get_connection_params()
    return {key: known[key] for key in ("dbname", "user", "password", "host", "port") if key in known}


@contextmanager
def probed() -> Iterator[Probe]:
    probe = Probe()
    thread = threading.Thread(target=probe.knock)
    thread.start()
    try:
        yield probe
    finally:
        probe.ended.set()
        thread.join()


def begin_migrating(limit_ms: int = 400) -> "subprocess.Popen[bytes]":
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    return subprocess.Popen(
        [sys.executable, PROJECT / "manage.py", "migrate", "--noinput", "-v0"],
        env=os.environ
        | {
            "DATABASE_URL": f"{address}/{name}",
            "DATABASE_LOCK_TIMEOUT_MS": str(limit_ms),
            "DATABASE_STATEMENT_TIMEOUT_MS": "0",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        },
        stdout=subprocess.DEVNULL,
    )


def test_nobody_waits_half_a_second_while_the_tables_are_made(many_rows: None) -> None:
    with probed() as probe, psycopg.connect(**_parameters()) as slow:
        slow.execute("LOCK TABLE core_storedfile IN ACCESS EXCLUSIVE MODE")
        time.sleep(BLOCKED_MS / 1000 + 1)
        slow.rollback()
    assert probe.blocked, "the probe sees nothing"

    with probed() as probe:
        running = begin_migrating()
        assert running.wait() == 0
        time.sleep(5 * PACE)

    assert probe.blocked == []
    assert probe.done > 10
    assert Programme.objects.count() == 0


def test_a_migration_that_meets_a_long_transaction_gives_way_and_can_be_run_again(many_rows: None) -> None:
    with psycopg.connect(**_parameters()) as slow:
        slow.execute("UPDATE enterprises_enterprise SET name = name WHERE id = (SELECT min(id) FROM"
                     " enterprises_enterprise)")  # fmt: skip
        with probed() as probe:
            running = begin_migrating()
            assert running.wait() != 0
        slow.rollback()

    assert probe.blocked == []
    assert begin_migrating().wait() == 0
    assert Programme.objects.count() == 0


def test_a_killed_run_holds_nothing_and_a_second_run_waits_for_the_first(many_rows: None) -> None:
    with psycopg.connect(**_parameters()) as slow:
        slow.execute("LOCK TABLE accounts_user IN SHARE MODE")
        killed = begin_migrating(limit_ms=60_000)
        time.sleep(4)
        assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        first, second = begin_migrating(limit_ms=60_000), begin_migrating(limit_ms=60_000)
        time.sleep(4)
        assert (first.poll(), second.poll()) == (None, None)
        slow.rollback()

    assert (first.wait(), second.wait()) == (0, 0)
    assert Programme.objects.count() == 0
    with psycopg.connect(**_parameters(), autocommit=True) as other:
        assert other.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone() == (True,)
