"""G4, G5: publish, that is match every enterprise and write match, notification and delivery rows, committed.

The floor is COPY of exactly these rows, known beforehand, into the same tables with the same indexes and
constraints; where few match, one pass over all facets. Every round announces a new item with the same
criteria, and the floor writes the rows of another such item.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from bench.generator.items import gate
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar, wake
from enterprises.criteria import read_criteria
from notifications import outbox
from services.policies import actions, matching
from services.policies.models import ItemCriteria, PolicyItem, PolicyNotice

FEW = [
    gate("region", "within", "370102"),
    gate("industry", "within", "139"),
    gate("employees", "at_least", 20),
]
MANY = [
    gate("region", "within", "370100"),
    gate("size", "one_of", "medium"),
    gate("founded_on", "years_at_least", 2),
]
# At least 80 % of the speed of COPY; at most one and a half passes over the facets.
AGAINST_COPY, AGAINST_SCAN = 1 / 0.8, 1.5
# To queue the letters takes at most a quarter of the time of COPY.
QUEUEING = 0.25

_KNOWN_ROWS = (
    """COPY (SELECT %(twin)s, item_version, enterprise_id, matched_at
             FROM policies_match WHERE item_id = %(item)s ORDER BY id) TO STDOUT""",
    """COPY (SELECT %(first)s + row_number() OVER (ORDER BY id), kind, recipient_id, address, language,
                    subject_code, enterprise_id, url, context, in_inbox,
                    replace(dedupe_key, %(key)s, %(twin_key)s), created_at
             FROM notifications_notification WHERE id > %(since)s AND id <= %(until)s
             ORDER BY id) TO STDOUT""",
    """COPY (SELECT %(first)s + row_number() OVER (ORDER BY notification_id), channel, state, due_at,
                    attempts, is_bulk, message_id, error
             FROM notifications_delivery WHERE notification_id > %(since)s AND notification_id <= %(until)s
             ORDER BY notification_id) TO STDOUT""",
)
_FLOOR = (
    """COPY policies_match (item_id, item_version, enterprise_id, matched_at) FROM STDIN""",
    """COPY notifications_notification (id, kind, recipient_id, address, language, subject_code,
            enterprise_id, url, context, in_inbox, dedupe_key, created_at) FROM STDIN""",
    """COPY notifications_delivery (notification_id, channel, state, due_at, attempts, is_bulk, message_id,
            error) FROM STDIN""",
)
_RESERVE = """
SELECT setval(numbers, nextval(numbers) + %s) - %s
FROM (SELECT pg_get_serial_sequence('notifications_notification', 'id')::regclass AS numbers) AS sequence
"""
_LAST = "SELECT coalesce(max(id), 0) FROM notifications_notification"
# An index knows no ctid, so this can only be the pass over the table.
_SCAN = "SELECT count(ctid) FROM enterprises_enterprisefacet WHERE industry_high < 0"


def results(rounds: int) -> list[Result]:
    """Measure many matches and few."""
    return [*_against_copy(MANY, rounds), _against_scan(FEW, rounds)]


def _against_copy(criteria: list[dict[str, Any]], rounds: int) -> list[Result]:
    twins = Twins(criteria)
    publish = Candidate("publish: match and tell", twins.announce, prepare=twins.make_item)
    floor = Candidate("COPY of the same rows", twins.copy, prepare=twins.make_rows)
    # The letters wait in rows that publishing has written: all that is queued is one call for the worker.
    call = Candidate("call the worker to the letters", lambda number: _call())
    alternate(rounds, publish, floor, call)
    what = f"publish to {twins.reached:,} of {_enterprises():,} against COPY of the rows"
    # Below some thousand rows it is the pass over the facets that counts, not the writing.
    goals = (AGAINST_COPY, QUEUEING) if twins.reached >= 10_000 else (None, None)
    called = f"{twins.reached:,} letters queued against COPY of the rows"
    return [
        compared("G4", what, publish, floor, goals[0]),
        compared("G5", called, call, floor, goals[1]),
    ]


def _call() -> None:
    with transaction.atomic():
        wake.knock(outbox.DELIVER)


def _against_scan(criteria: list[dict[str, Any]], rounds: int) -> Result:
    twins = Twins(criteria)
    publish = Candidate("publish: match and tell", twins.announce, prepare=twins.make_item)
    floor = Candidate("one pass over the facets", lambda number: one_pass())
    alternate(rounds, publish, floor)
    what = f"publish to {twins.reached:,} of {_enterprises():,} against one pass over the facets"
    return compared("G4", what, publish, floor, AGAINST_SCAN)


# --- items with the same criteria ------------------------------------------------------


def new_item(criteria: list[dict[str, Any]]) -> PolicyItem:
    """Publish an item that waits to be announced."""
    notice = PolicyNotice.objects.filter(slug__startswith="bench-").earliest("pk")
    item = PolicyItem.objects.create(
        notice=notice, kind="funding", title_zh="数控机床补贴", title_en="Lathe subsidy", criteria=criteria
    )
    ItemCriteria.objects.create(item=item, is_open=True, **matching.compile_criteria(read_criteria(criteria)))
    return item


class Twins:
    """Items with the same criteria: one is announced to know the rows; then each round takes two new ones."""

    def __init__(self, criteria: list[dict[str, Any]]) -> None:
        empty_tables()
        self.criteria = criteria
        self.known = self.item = new_item(criteria)
        self.since = ask(_LAST)
        self.reached = actions.announce(self.known, on=calendar.today())
        self.until = ask(_LAST)
        self.rows: list[bytes] = []

    def make_item(self, number: int) -> None:
        self.item = new_item(self.criteria)

    def announce(self, number: int) -> None:
        """Publish to everybody; raise AssertionError when other rows come out than the floor writes."""
        told = actions.announce(self.item, on=calendar.today())
        assert told == self.reached, f"{told} told instead of {self.reached}"

    def make_rows(self, number: int) -> None:
        """Read the known rows under the name of a new item that will never be announced."""
        twin = new_item(self.criteria)
        PolicyItem.objects.filter(pk=twin.pk).update(announced_at=timezone.now())
        names = {
            "item": self.known.pk,
            "twin": twin.pk,
            "key": f":i{self.known.pk}v",
            "twin_key": f":i{twin.pk}v",
            "since": self.since,
            "until": self.until,
            "first": ask(_RESERVE, self.reached, self.reached + 1),
        }
        self.rows = [_read(statement, names) for statement in _KNOWN_ROWS]

    def copy(self, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in zip(_FLOOR, self.rows, strict=True):
                with cursor.copy(statement) as copying:
                    copying.write(rows)


def empty_tables() -> None:
    """Let every measurement begin with the same empty tables, and nobody clean up in the middle of it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE policies_match, notifications_notification, notifications_delivery")
        for table in ("policies_match", "notifications_notification", "notifications_delivery"):
            cursor.execute(
                sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(table))
            )


def ask(question: str, *values: Any) -> int:
    """Return the one number that answers."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        answer: int = cursor.fetchone()[0]
    return answer


def _read(statement: str, names: dict[str, Any]) -> bytes:
    with connection.cursor() as cursor, cursor.copy(statement, names) as copying:
        return b"".join(bytes(part) for part in copying)


def _enterprises() -> int:
    return ask("SELECT count(*) FROM enterprises_enterprisefacet")


def one_pass() -> int:
    """Read the whole table of facets once, with the plainest condition, in one process as INSERT does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        return ask(_SCAN)
