"""One migrated template database for a run, cloned for every worker and after every transactional test.

Cloning takes a fraction of a second, keeps triggers, grants and reference rows exactly as migrations and
`seed_reference` made them, and needs no TRUNCATE, which the audit trail refuses.
"""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command, get_commands
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import Connection, connect, sql

from portal.servers import postgres


def run_sql(statement: str, *names: str) -> None:
    """Run one administrative statement beside the database under test; `names` are quoted into its {}."""
    with administrator() as administration:
        administration.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def administrator() -> Connection:
    """Connect to the database that is always there."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    wanted = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters
    }
    return connect(**wanted, autocommit=True)


def template_name() -> str:
    return f"template_{os.environ['TEST_RUN']}"


def use(name: str) -> None:
    """Point Django's connection at another database."""
    for one in connections.all():
        one.close()
        one.settings_dict["NAME"] = name


def make_template() -> None:
    """Migrate and seed the template, in whichever worker comes first; the others wait for it."""
    with Path(os.environ["STATE_DIR"], "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = Path(os.environ["STATE_DIR"], "template.ready")
        if ready.exists():
            return
        run_sql("drop database if exists {} with (force)", template_name())
        run_sql("create database {}", template_name())
        use(template_name())
        call_command("migrate", verbosity=0)
        if "seed_reference" in get_commands():
            call_command("seed_reference", verbosity=0)
        connection.close()
        ready.touch()


def clone(name: str) -> None:
    """Put a fresh copy of the template in the place of database `name` and use it."""
    use(name)
    run_sql("drop database if exists {} with (force)", name)
    run_sql("create database {} template {}", name, template_name())


def copy_template(address: str) -> None:
    """Write the content of the template into an empty database on another server."""
    template = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{template_name()}").geturl()
    tools = postgres.binaries()
    dump = subprocess.run(
        [tools / "pg_dump", "--no-owner", "--no-privileges", "--dbname", template],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [tools / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", address],
        check=True,
        input=dump.stdout,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Give this worker its own database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.environ['TEST_RUN']}_{worker}"
    with django_db_blocker.unblock():
        make_template()
        clone(name)
    yield
    with django_db_blocker.unblock():
        use("postgres")
        run_sql("drop database if exists {} with (force)", name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the template where the run began; its workers are done by now."""
    if (
        not hasattr(session.config, "workerinput")
        and Path(os.environ["STATE_DIR"], "template.ready").exists()
    ):
        run_sql("drop database if exists {} with (force)", template_name())


def fresh_copy_instead_of_flush(self: TransactionTestCase) -> None:
    """Replace Django's flush, which would take the reference rows along."""
    clone(str(connection.settings_dict["NAME"]))


TransactionTestCase._fixture_teardown = fresh_copy_instead_of_flush
