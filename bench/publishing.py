"""G13 and G15: publishing one notice, and cutting the texts of all of them anew.

The floor of publishing is a bare transaction that writes the same notice and its search row, the vector
known beforehand.
"""

import time
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from bench import databases
from bench.generator.items import gate
from bench.generator.rows import FIRST
from bench.rounds import Candidate, Result, alternate, compared
from services.policies import actions, indexing
from services.policies.models import ItemCriteria, NoticeSearch, PolicyItem, PolicyNotice, State

PUBLISH, SIZE_DOES_NOT_SHOW = 10.0, 1.2
# Processor time of the portal for a notice whose row is written anew, in milliseconds.
CUT = 0.4
# The middle of what was generated: few of these have items, as in a portal that is years old.
CUT_ROWS, LAST_CUT = 5_000, FIRST + 20_000
CRITERIA = [gate("region", "within", "370102"), gate("employees", "at_most", 300)]
_TABLES = ("policies_policynotice", "policies_noticesearch")


def results(rounds: int, *, large: str, small: str) -> list[Result]:
    """Measure publishing among many notices and among few, then a change of the rules of cutting."""
    many, few = Desk(large), Desk(small)
    floor = Bare(large)
    alternate(rounds, many.candidate, few.candidate, floor.candidate, warm=2)
    floor.connection.close()
    many.sweep()
    few.sweep()
    return [
        compared("G13", f"publish one notice among {many.rows:,}", many.candidate, floor.candidate, PUBLISH),
        compared("G13", f"… the same among {few.rows:,}", many.candidate, few.candidate, SIZE_DOES_NOT_SHOW),
        *_cut_anew(large),
    ]


class Desk:
    """Publishes a new notice in one database each time; only the last step of its way is timed."""

    def __init__(self, database: str) -> None:
        self.database = database
        databases.use(database)
        self.rows = NoticeSearch.objects.count()
        self.model = PolicyNotice.objects.filter(slug=f"bench-{FIRST + 500}").get()
        self.notice = self.model
        self.candidate = Candidate(
            f"publish among {self.rows:,}", lambda number: self.publish(), prepare=self.write
        )

    def write(self, number: int) -> None:
        """Write a notice with one item that was approved and waits to be published."""
        databases.use(self.database)
        self.notice = PolicyNotice.objects.get(pk=self.model.pk)
        self.notice.pk, self.notice.slug = None, f"publish-{time.time_ns()}"
        self.notice.state, self.notice.version, self.notice.published_at = State.APPROVED, 0, None
        self.notice.save(force_insert=True)
        PolicyItem.objects.create(
            notice=self.notice, kind="funding", title_zh="数控机床补贴", title_en="Lathe subsidy",
            criteria=CRITERIA, is_open_all_year=True,
        )  # fmt: skip

    def publish(self) -> None:
        actions.publish(self.notice, by=None)

    def sweep(self) -> None:
        """Take what was published out of sight, so that nothing of it waits to be announced."""
        databases.use(self.database)
        PolicyItem.objects.filter(notice__slug__startswith="publish-").update(
            announced_at="2026-01-01T00:00Z"
        )
        ItemCriteria.objects.filter(item__notice__slug__startswith="publish-").update(is_open=False)


class Bare:
    """Writes the rows of one notice with nothing around them."""

    def __init__(self, database: str) -> None:
        databases.use(database)
        parameters = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port")
        self.connection = psycopg.connect(**{name: parameters[name] for name in wanted if name in parameters})
        self.rows = [self._row(table) for table in _TABLES]
        self.candidate = Candidate("bare transaction: notice and search row", lambda number: self.write())

    def _row(self, table: str) -> dict[str, Any]:
        """Read the row of one notice, each value as its text."""
        columns = self.connection.execute(_COLUMNS, [table]).fetchall()
        texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for (name,) in columns)
        key = sql.Identifier("id" if table == _TABLES[0] else "notice_id")
        asked = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(texts, sql.Identifier(table), key)
        values = self.connection.execute(asked, [FIRST + 500]).fetchone() or ()
        self.connection.commit()
        return {name: value for (name,), value in zip(columns, values, strict=True)}

    def write(self) -> None:
        number = time.time_ns()
        new = {"id": str(number), "slug": f"bare-{number}", "notice_id": str(number)}
        for table, row in zip(_TABLES, self.rows, strict=True):
            values = [new.get(name, value) for name, value in row.items()]
            self.connection.execute(_insert(table, list(row)), values)
        self.connection.commit()


_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


def _insert(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )


def _cut_anew(database: str) -> list[Result]:
    """Let some thousand rows be cut by new rules, as the background does it, in turns of some hundred."""
    databases.use(database)
    NoticeSearch.objects.filter(pk__gte=LAST_CUT - CUT_ROWS, pk__lt=LAST_CUT).update(rules=0)
    began, used, done = time.perf_counter(), time.process_time(), 0
    while rewritten := indexing.recut():
        done += rewritten
    taken, used = time.perf_counter() - began, time.process_time() - used
    return [
        Result("G15", f"{done:,} rows cut anew: processor time a notice", used / done * 1000, CUT, "ms"),
        Result("G15", "… the whole, the database included, a notice", taken / done * 1000, None, "ms"),
    ]
