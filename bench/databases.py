"""The databases of a benchmark: copied from one migrated template, switched between rounds, dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, connections
from psycopg import Connection, connect, sql

# A connection of its own for each database stays open: a switch must not cost the next round anything.
_open = {}


def administrator() -> Connection:
    """Connect to the database that is always there."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    wanted = ("dbname", "user", "password", "host", "port")
    return connect(**{key: parameters[key] for key in wanted if key in parameters}, autocommit=True)


def run_sql(statement: str, *names: str) -> None:
    """Run one administrative statement; `names` are quoted into its {}."""
    with administrator() as administration:
        administration.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def exists(name: str) -> bool:
    with administrator() as administration:
        return administration.execute("select 1 from pg_database where datname = %s", [name]).rowcount == 1


def use(name: str) -> None:
    """Let the whole portal work on this database from here on."""
    if name not in _open:
        _open[name] = connections.create_connection("default")
        _open[name].settings_dict = {**_open[name].settings_dict, "NAME": name}
    connections["default"] = _open[name]
    _open[name].ensure_connection()


def environment(*, settings: str) -> dict[str, str]:
    """Return what a process of the portal runs with on the database in use, limit on statements included."""
    parameters = connection.get_connection_params()
    place = f"{parameters['host']}:{parameters['port']}"
    address = f"postgres://{parameters['user']}:{parameters['password']}@{place}/{parameters['dbname']}"
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_STATEMENT_TIMEOUT_MS"}
    return ours | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings}


def close_all() -> None:
    """Leave no connection behind; the next one goes to the database of the settings again."""
    for one in _open.values():
        one.close()
    _open.clear()
    connections["default"] = connections.create_connection("default")


def drop(name: str) -> None:
    if name in _open:
        _open.pop(name).close()
    run_sql("drop database if exists {} with (force)", name)


@contextmanager
def template(name: str) -> Iterator[str]:
    """Migrate a new database and fill in the reference data; it lives only as long as others copy it."""
    drop(name)
    run_sql("create database {}", name)
    use(name)
    call_command("migrate", verbosity=0)
    call_command("seed_reference", verbosity=0)
    close_all()
    try:
        yield name
    finally:
        drop(name)


def copy(original: str, name: str) -> None:
    drop(name)
    run_sql("create database {} template {}", name, original)
