"""Saved searches: ten thousand held against one new notice, and as many readers told of it.

The floors are one plain pass over the searches, and COPY of exactly the rows that telling writes.
"""

from functools import partial

from django.db import connection, transaction

from bench import databases
from bench.announcing import ask, empty_tables
from bench.generator import searches
from bench.generator.rows import FIRST
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar
from services.policies import alerting
from services.policies.actions.searches import hold_searches
from services.policies.models import PolicyNotice, SavedSearch

SEARCHES = 10_000
_SCAN = "SELECT count(*) FROM policies_savedsearch WHERE stopped_at IS NULL AND confirmed_at IS NOT NULL"
_TABLES = {
    "policies_searchfound": "search_id, notice_id, notice_version, address, due_on, told_at",
    "notifications_notification": """id, kind, recipient_id, address, language, subject_code, enterprise_id,
        url, context, in_inbox, dedupe_key, created_at""",
    "notifications_delivery": """notification_id, channel, state, due_at, attempts, is_bulk, message_id,
        error""",
}


def results(rounds: int, *, large: str) -> list[Result]:
    """Measure the pass over all searches of which some meet the notice, then telling all their readers."""
    databases.use(large)
    SavedSearch.objects.all().delete()
    searches.fill(SEARCHES)
    notice = PolicyNotice.objects.get(slug=f"bench-{FIRST + 700}")
    return [*_held(notice, rounds), *_told(notice, rounds)]


def _held(notice: PolicyNotice, rounds: int) -> list[Result]:
    passing = Candidate("one pass over the searches", lambda number: ask(_SCAN))
    held = Candidate("all searches held against one notice", lambda number: _find(notice))
    alternate(rounds, passing, held, warm=2)
    what = f"{SEARCHES:,} saved searches held against a new notice, {_find(notice):,} meet it"
    return [compared("C7", f"{what}; against one pass", held, passing, None)]


def _find(notice: PolicyNotice) -> int:
    """Find them and take it back, so that the next round finds them again."""
    with transaction.atomic():
        found = alerting.find_searches(notice.pk, notice.version, calendar.now(), is_new=True)
        transaction.set_rollback(True)
    return found


def _told(notice: PolicyNotice, rounds: int) -> list[Result]:
    """Let every search meet the notice: its readers are told in one transaction."""
    SavedSearch.objects.update(
        areas=None, kinds=None, levels=None, states=None, issuers=None, vector=None, patterns=None
    )
    _empty()
    told = hold_searches(notice, at=calendar.now(), is_new=True)
    rows = {table: _read(table, columns) for table, columns in _TABLES.items()}
    tell = Candidate("find and tell", partial(_tell, notice, told), prepare=lambda number: _empty())
    floor = Candidate("COPY of the same rows", lambda number: _copy(rows), prepare=lambda number: _empty())
    alternate(rounds, tell, floor)
    _empty()
    SavedSearch.objects.all().delete()
    return [compared("C7", f"{told:,} readers told of one notice, against COPY", tell, floor, None)]


def _tell(notice: PolicyNotice, expected: int, number: int) -> None:
    with transaction.atomic():
        told = hold_searches(notice, at=calendar.now(), is_new=True)
    assert told == expected, f"{told} told instead of {expected}"


def _copy(rows: dict[str, bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in _TABLES.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
                copying.write(rows[table])


def _read(table: str, columns: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copying:
        return b"".join(bytes(part) for part in copying)


def _empty() -> None:
    empty_tables()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE policies_searchfound")
