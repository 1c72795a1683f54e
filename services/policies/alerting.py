"""When who hears of what: the mornings of letters, kept searches as columns, one pass for a new notice.

Saved searches and profile alerts share the mornings: what is not told at once goes with others at half past
eight, daily or on Monday. What closes within a week never waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from core import calendar
from services.policies import synonyms, terms
from services.policies.models import Frequency, PolicyItem
from services.policies.search import SOON_DAYS, Query

MORNING = time(8, 30)
# What closes within so many days is told at once, whatever was chosen.
URGENT_DAYS = 7
# So many days before a last day those who follow it are reminded.
REMIND_DAYS = (30, 14, 7, 2)


def letter_day(moment: datetime) -> date:
    """Return the day whose morning letters have gone or go now: yesterday before half past eight."""
    local = moment.astimezone(calendar.zone())
    return local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)


def due_on(frequency: str, moment: datetime) -> date:
    """Return the day of the letter for something found at `moment`; that of now for "at once"."""
    day = letter_day(moment)
    if frequency == Frequency.DAILY:
        return day + timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        return day + timedelta(days=7 - day.weekday())
    return day


def is_offered(item: PolicyItem) -> bool:
    """Tell whether enterprises are asked for consent instead: granted without application, with data to hand
    over."""
    return item.delivery == PolicyItem.Delivery.NO_APPLICATION and bool(item.handed)


def is_urgent(item: PolicyItem, on: date) -> bool:
    """Tell whether an item closes within a week of `on`."""
    last_days = (item.closes_on, item.notice.effective_to)
    last_day = min((day for day in last_days if day), default=None)
    return last_day is not None and last_day <= on + timedelta(days=URGENT_DAYS)


def sorted_by_choice(
    items: Iterable[PolicyItem], chosen: Mapping[tuple[int, str], str], reader: int, moment: datetime
) -> tuple[list[PolicyItem], list[tuple[PolicyItem, date]]]:
    """Part what one reader is told at once from what waits, with the day it waits for; the rest is unwanted.

    `chosen` gives the frequency by reader and topic where it is not "at once".
    """
    at_once: list[PolicyItem] = []
    later: list[tuple[PolicyItem, date]] = []
    for item in items:
        frequency = chosen.get((reader, item.kind), Frequency.INSTANT)
        if frequency not in Frequency.values:
            continue
        if frequency == Frequency.INSTANT or is_urgent(item, calendar.day_of(moment)):
            at_once.append(item)
        else:
            later.append((item, due_on(frequency, moment)))
    return at_once, later


# --- saved searches ------------------------------------------------------------------


def compile_query(query: Query) -> dict[str, Any]:
    """Give the columns of `SavedSearch` that say a query; None where there is no such condition.

    The order, the page and what is relative to a reader or to today say nothing of a notice yet to come.
    """
    chosen = query.filters
    return {
        "areas": [int(code) for code in chosen["area"]] or None,
        "kinds": list(chosen["kind"]) or None,
        "levels": list(chosen["level"]) or None,
        "states": list(chosen["state"]) or None,
        "issuers": list(chosen["issuer"]) or None,
        **compile_text(query.text),
    }


def compile_text(text: str) -> dict[str, Any]:
    """Give the columns that say the words of a search, with today's synonyms and the mark these have."""
    known = synonyms.fresh()
    sql, values, patterns = terms.compiled(terms.read(text, known.alike))
    return {
        "vector": _tsquery(sql, values) if sql else None,
        "patterns": patterns or None,
        "words_mark": known.mark,
    }


def _tsquery(sql: str, values: Sequence[str]) -> str:
    asking = f"SELECT ({sql})::text"
    with connection.cursor() as cursor:
        cursor.execute(asking, values)
        found: str = cursor.fetchone()[0]
    return found


def find_searches(notice_id: int, version: int, moment: datetime, *, is_new: bool) -> int:
    """Hold every active search against one public notice, in one statement; return how many rows are new.

    An address that several searches serve is entered once, by the one that tells soonest. Without `is_new`
    (a correction that changes nothing material) those stay out who heard of the notice before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "notice": notice_id,
                "version": version,
                "on": calendar.day_of(moment),
                "soon": SOON_DAYS,
                "urgent": URGENT_DAYS,
                "is_new": is_new,
                "instant": due_on(Frequency.INSTANT, moment),
                "daily": due_on(Frequency.DAILY, moment),
                "weekly": due_on(Frequency.WEEKLY, moment),
            },
        )
        return cursor.rowcount


# The row of the notice is read once; its text is looked at only for searches whose vector it meets. What lies
# out of line is unpacked here, and not again for each search: hence `strip` and the empty string.
_FIND = """
WITH found AS MATERIALIZED (
  SELECT area, kind, level, strip(tsv) AS tsv, text || '' AS text, issuer.name_zh AS issuer_zh, CASE
      WHEN row.first_closes_on >= %(on)s THEN row.first_closes_on
      WHEN row.closes_on >= %(on)s THEN row.closes_on END - %(on)s::date AS days_left,
    row.is_ended OR coalesce(row.ends_on < %(on)s, false) OR coalesce(row.closes_on < %(on)s, false)
      AS is_over
  FROM policies_noticesearch AS row LEFT JOIN policies_issuer AS issuer ON issuer.id = row.issuer_id
  WHERE row.notice_id = %(notice)s
), met AS (
  SELECT search.id, coalesce(lower(reader.email), search.address) AS address,
    CASE WHEN search.frequency = 'instant' OR NOT found.is_over AND found.days_left <= %(urgent)s
           THEN %(instant)s::date
         WHEN search.frequency = 'daily' THEN %(daily)s::date ELSE %(weekly)s::date END AS due_on
  FROM found CROSS JOIN policies_savedsearch AS search
  LEFT JOIN accounts_user AS reader ON reader.id = search.user_id
  WHERE search.stopped_at IS NULL AND search.confirmed_at IS NOT NULL AND reader.is_active IS NOT FALSE
    AND (search.areas IS NULL OR found.area = ANY(search.areas))
    AND (search.kinds IS NULL OR found.kind = ANY(search.kinds))
    AND (search.levels IS NULL OR found.level = ANY(search.levels))
    AND (search.issuers IS NULL OR found.issuer_zh = ANY(search.issuers))
    AND (search.states IS NULL
      OR 'ended' = ANY(search.states) AND found.is_over
      OR 'open' = ANY(search.states) AND NOT found.is_over
      OR 'closing' = ANY(search.states) AND NOT found.is_over AND found.days_left <= %(soon)s)
    AND (search.vector IS NULL OR found.tsv @@ search.vector)
    AND (search.patterns IS NULL OR found.text ~ ALL (search.patterns))
)
INSERT INTO policies_searchfound (search_id, notice_id, notice_version, address, due_on)
SELECT DISTINCT ON (address) id, %(notice)s, %(version)s, address, due_on FROM met
WHERE %(is_new)s OR NOT EXISTS (
  SELECT FROM policies_searchfound AS heard
  WHERE heard.address = met.address AND heard.notice_id = %(notice)s)
ORDER BY address, due_on, id
ON CONFLICT DO NOTHING
"""


# --- reminders ---------------------------------------------------------------------


def due_reminders(on: date) -> list[int]:
    """Enter the reminders due on the day `on` into their ledger; return the numbers of the new rows.

    Reminded are the owners and editors of an enterprise that saved an item, and of one that fits where they
    want to hear of the topic only before the last day. Of REMIND_DAYS the nearest that has come counts: a
    day that was missed is made up for by one reminder, not by all of them. What was saved after such a day
    waits for the next.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REMIND, {"on": on, "steps": list(REMIND_DAYS), "first": max(REMIND_DAYS)})
        return [number for (number,) in cursor.fetchall()]


# Last days come from the compiled criteria: they know when the notice ends before the item does.
_REMIND = """
WITH closing AS MATERIALIZED (
  SELECT item.id AS item_id, item.version, item.kind, criteria.closes_on,
    (SELECT min(days) FROM unnest(%(steps)s::int[]) AS step (days)
     WHERE days >= criteria.closes_on - %(on)s::date) AS days
  FROM policies_itemcriteria AS criteria JOIN policies_policyitem AS item ON item.id = criteria.item_id
  WHERE criteria.is_open AND criteria.closes_on BETWEEN %(on)s AND %(on)s::date + %(first)s
), wanted AS (
  SELECT NULL::bigint AS user_id, mark.enterprise_id, closing.* FROM closing
  JOIN policies_itemmark AS mark ON mark.item_id = closing.item_id AND mark.standing = 'saved'
  WHERE (mark.marked_at AT TIME ZONE 'Asia/Shanghai')::date < closing.closes_on - closing.days
  UNION ALL
  SELECT choice.user_id, found.enterprise_id, closing.* FROM closing
  JOIN policies_alertchoice AS choice ON choice.topic = closing.kind AND choice.frequency = 'deadlines'
  JOIN enterprises_membership AS membership ON membership.user_id = choice.user_id
  JOIN policies_match AS found ON found.enterprise_id = membership.enterprise_id
    AND found.item_id = closing.item_id AND found.item_version = closing.version
  WHERE NOT EXISTS (
    SELECT FROM policies_itemmark AS mark
    WHERE mark.item_id = closing.item_id AND mark.enterprise_id = found.enterprise_id)
)
INSERT INTO policies_reminder (user_id, enterprise_id, item_id, closes_on, days)
SELECT DISTINCT reader.id, wanted.enterprise_id, wanted.item_id, wanted.closes_on, wanted.days
FROM wanted
JOIN enterprises_membership AS membership ON membership.enterprise_id = wanted.enterprise_id
  AND membership.ended_at IS NULL AND membership.role IN ('owner', 'editor')
  AND (wanted.user_id IS NULL OR wanted.user_id = membership.user_id)
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
RETURNING id
"""
