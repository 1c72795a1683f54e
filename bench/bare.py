"""The least a transaction can be: rows known beforehand are inserted by psycopg and committed."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from bench import databases
from bench.rounds import Candidate

_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


class Bare:
    """Writes one row of each table again and again; `fresh` gives the values that must not come twice.

    `rows` names for each table the column and the value by which the model row is found.
    """

    def __init__(
        self,
        name: str,
        database: str,
        rows: dict[str, tuple[str, Any]],
        fresh: Callable[[int], dict[str, str]],
    ) -> None:
        databases.use(database)
        parameters = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port")
        self.connection = psycopg.connect(**{name: parameters[name] for name in wanted if name in parameters})
        self.rows = {table: self._row(table, *place) for table, place in rows.items()}
        self.fresh = fresh
        self.candidate = Candidate(name, lambda number: self.write())

    def _row(self, table: str, key: str, value: Any) -> dict[str, Any]:
        """Read the row, each value as its text."""
        columns = self.connection.execute(_COLUMNS, [table]).fetchall()
        texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for (name,) in columns)
        asked = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
            texts, sql.Identifier(table), sql.Identifier(key)
        )
        values = self.connection.execute(asked, [value]).fetchone() or ()
        self.connection.commit()
        return {name: value for (name,), value in zip(columns, values, strict=True)}

    def write(self) -> None:
        new = self.fresh(time.time_ns())
        for table, row in self.rows.items():
            self.connection.execute(_insert(table, list(row)), [new.get(name, row[name]) for name in row])
        self.connection.commit()

    def close(self) -> None:
        self.connection.close()


def _insert(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
