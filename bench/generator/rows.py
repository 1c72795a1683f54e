"""Write rows by COPY, as text and in chunks: a million of them pass through without lying in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection
from psycopg import sql

# Numbers that the reference data has given itself stay below the first, those given later above the last.
FIRST = 1_000_001
LAST = 9_000_000
CHUNK = 5_000
_NULL = r"\N"


def copy(table: str, columns: str, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows whose values follow `columns` (separated by blanks); None is NULL.

    Texts hold neither tabs nor backslashes.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    )
    lines = ("\t".join(map(_text, row)) + "\n" for row in rows)
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        while chunk := "".join(islice(lines, CHUNK)):
            copying.write(chunk)


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """Take an index away while rows flow in: to build it of all of them at the end is many times faster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
        definition = cursor.fetchone()[0]
        # A table whose foreign keys are still to be checked lets no index come or go.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(definition)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _text(value: Any) -> str:
    return _NULL if value is None else str(value)


def key(number: int) -> str:
    """Return a UUID that is the number itself."""
    return f"{number:032x}"


def finish(*tables: str) -> None:
    """Leave the database as one in use is found: counted and visible, new numbers beyond the given ones."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, LAST])
        cursor.execute("VACUUM (ANALYZE)")
