"""Find public notices: one pass over the slim search rows gives the page, the exact count and all facets.

Where a long Chinese word has few hits, every text is looked at in the same pass; where it has many, those of
the page are, and a row that only seemed to hold it makes the pass run again over all texts. So what is shown
always contains what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from services.policies import terms
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice

PAGE_SIZE = 20
SOON_DAYS = 30
# Up to so many hits of a long word, every text is looked at; beyond, those of the page are.
EXACT_UP_TO = 500
# A page number beyond any real one still has to be a number the database takes.
_LAST_PAGE = 1_000_000


class Sort(StrEnum):
    NEWEST = "newest"
    CLOSING = "closing"


class Status(StrEnum):
    """How a notice stands today; what closes within 30 days is open too."""

    OPEN = "open"
    CLOSING = "closing"
    ENDED = "ended"


@dataclass(frozen=True)
class Query:
    """What was asked: words, and for each filter the chosen values (any of them); empty means no filter.

    `areas` are region codes: 000000, the province, or a city that stands for its districts too.
    """

    text: str = ""
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sort: str = Sort.NEWEST
    page: int = 1

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        return {"area": self.areas, "kind": self.kinds, "level": self.levels, "state": self.states}

    @property
    def is_empty(self) -> bool:
        return not terms.read(self.text) and not any(self.filters.values())

    def without(self, name: str) -> Query:
        """Drop one condition: "text", or the filter of that name."""
        return replace(self, text="", page=1) if name == "text" else self.narrowed(name, ())

    def narrowed(self, name: str, values: tuple[str, ...]) -> Query:
        """Choose other values in one filter."""
        return replace(self, page=1, **{f"{name}s": values})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Count:
    value: str
    count: int


@dataclass(frozen=True)
class Page:
    """One page of what was found.

    `facets` counts, for every value of a filter, what choosing only it in that filter would give. `dropping`
    is filled when nothing was found: how many there would be without one of the conditions, most first.
    """

    query: Query
    total: int
    notices: list[PolicyNotice]
    facets: Mapping[str, list[Count]]
    terms: tuple[terms.Term, ...]
    dropping: list[Count] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def is_beyond_last(self) -> bool:
        return self.query.page > self.pages


def find(query: Query, on: date) -> Page:
    """Search on the day `on`; three statements, one more for what contains only pieces of a long word."""
    asked = terms.read(query.text)
    found = _pass(query, asked, on, exactly=False)
    if not found.is_exact:
        found = _pass(query, asked, on, exactly=True)
    return Page(
        query,
        found.total,
        _in_order(found.ids),
        found.facets,
        asked,
        [] if found.total else _what_to_drop(query, asked, found, on),
    )


def _in_order(ids: Sequence[int]) -> list[PolicyNotice]:
    if not ids:
        return []
    found = PolicyNotice.objects.defer("body_zh", "targets").prefetch_related("items").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


# --- the pass ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    total: int
    ids: list[int]
    is_exact: bool
    facets: dict[str, list[Count]]
    without: dict[str, int]


# `g` tells the grouping: 7 is the whole, 3 by area, 5 by kind, 6 by level.
_SEARCH = """
WITH {likely} judged AS MATERIALIZED (
  SELECT notice_id, area, kind, level, dated_on, next_close, is_over, is_closing, a, k, l, {state} AS s
  FROM (
    SELECT *, NOT is_over AND coalesce(next_close <= %(soon)s, false) AS is_closing,
      {area} AS a, {kind} AS k, {level} AS l
    FROM (
      SELECT notice_id, area, kind, level, dated_on,
        is_ended OR coalesce(ends_on < %(on)s, false) OR coalesce(closes_on < %(on)s, false) AS is_over,
        CASE WHEN first_closes_on >= %(on)s THEN first_closes_on
             WHEN closes_on >= %(on)s THEN closes_on END AS next_close
      FROM {hits}
    ) AS dated
  ) AS marked
), page AS MATERIALIZED (
  SELECT notice_id, row_number() OVER () AS place FROM (
    SELECT notice_id FROM judged WHERE a AND k AND l AND s ORDER BY {order} LIMIT {size} OFFSET %(skip)s
  ) AS ordered
)
SELECT grouping(area, kind, level) AS g, area, kind, level,
  count(*) FILTER (WHERE a AND k AND l AND s),
  count(*) FILTER (WHERE k AND l AND s), count(*) FILTER (WHERE a AND l AND s),
  count(*) FILTER (WHERE a AND k AND s), count(*) FILTER (WHERE a AND k AND l),
  count(*) FILTER (WHERE a AND k AND l AND NOT is_over),
  count(*) FILTER (WHERE a AND k AND l AND is_closing),
  count(*) FILTER (WHERE a AND k AND l AND is_over),
  CASE WHEN grouping(area, kind, level) = 7 THEN (SELECT array_agg(notice_id ORDER BY place) FROM page) END,
  CASE WHEN grouping(area, kind, level) = 7 THEN {check} END
FROM judged GROUP BY GROUPING SETS ((), (area), (kind), (level))
"""
_CHECK = (
    "(SELECT bool_and({exactly}) FROM policies_noticesearch WHERE notice_id IN (SELECT notice_id FROM page))"
)
_HITS = "policies_noticesearch WHERE {found}"
_LIKELY = """likely AS MATERIALIZED (
  SELECT notice_id, area, kind, level, dated_on, is_ended, ends_on, first_closes_on, closes_on
  FROM policies_noticesearch WHERE {found}
),"""
_SURE = (
    "likely WHERE (SELECT count(*) FROM likely) > %(exact_up_to)s OR EXISTS ("
    "SELECT FROM policies_noticesearch AS whole WHERE whole.notice_id = likely.notice_id AND {exactly})"
)
_STATES = {Status.OPEN: "NOT is_over", Status.CLOSING: "is_closing", Status.ENDED: "is_over"}
_ORDERS = {
    Sort.NEWEST: "dated_on DESC NULLS LAST, notice_id DESC",
    Sort.CLOSING: "is_over, next_close NULLS LAST, dated_on DESC NULLS LAST, notice_id DESC",
}
_WHOLE, _BY_AREA, _BY_KIND, _BY_LEVEL = 7, 3, 5, 6


def _pass(query: Query, asked: tuple[terms.Term, ...], on: date, *, exactly: bool) -> _Found:
    found, found_values = terms.condition(asked, exactly=exactly)
    checked, checked_values = _check(asked, exactly=exactly)
    sql = _SEARCH.format(
        likely=_LIKELY.format(found=_named(found, "f")) if checked else "",
        hits=(_SURE if checked else _HITS).format(found=_named(found, "f"), exactly=_named(checked, "c")),
        check=_CHECK.format(exactly=_named(checked, "c")) if checked else "true",
        area="area = ANY(%(areas)s)" if query.areas else "true",
        kind="kind = ANY(%(kinds)s)" if query.kinds else "true",
        level="level = ANY(%(levels)s)" if query.levels else "true",
        state=" OR ".join(_STATES[Status(state)] for state in query.states) or "true",
        order=_ORDERS[Sort(query.sort)],
        size=PAGE_SIZE,
    )
    values: dict[str, Any] = {
        "on": on,
        "soon": on + timedelta(days=SOON_DAYS),
        "areas": [int(code) for code in query.areas],
        "kinds": list(query.kinds),
        "levels": list(query.levels),
        "exact_up_to": EXACT_UP_TO,
        "skip": (min(query.page, _LAST_PAGE) - 1) * PAGE_SIZE,
        **{f"f{n}": value for n, value in enumerate(found_values)},
        **{f"c{n}": value for n, value in enumerate(checked_values)},
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return _read(cursor.fetchall())


def _check(asked: tuple[terms.Term, ...], *, exactly: bool) -> tuple[str, list[str]]:
    patterns = [term.pattern for term in asked if term.pattern and not term.is_loose]
    if exactly or not patterns:
        return "", []
    return " AND ".join(["text ~ %s"] * len(patterns)), patterns


def _named(sql: str, prefix: str) -> str:
    """Number the placeholders of a fragment, so that it fits into a statement with named ones."""
    first, *rest = sql.split("%s")
    return first + "".join(f"%({prefix}{n})s{part}" for n, part in enumerate(rest))


def _read(rows: Iterable[tuple[Any, ...]]) -> _Found:
    by_grouping: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_grouping.setdefault(row[0], []).append(row)
    whole = by_grouping[_WHOLE][0]
    return _Found(
        total=whole[4],
        ids=whole[12] or [],
        is_exact=whole[13] is not False,
        facets={
            "area": [Count(f"{row[1]:06d}", row[5]) for row in by_grouping.get(_BY_AREA, [])],
            "kind": _all_of(Kind.values, {row[2]: row[6] for row in by_grouping.get(_BY_KIND, [])}),
            "level": _all_of(Level.values, {row[3]: row[7] for row in by_grouping.get(_BY_LEVEL, [])}),
            "state": _all_of(list(Status), dict(zip(Status, whole[9:12], strict=True))),
        },
        without=dict(zip(("area", "kind", "level", "state"), whole[5:9], strict=True)),
    )


def _all_of(values: Iterable[str], counts: Mapping[str, int]) -> list[Count]:
    return [Count(str(value), counts.get(value, 0)) for value in values]


def _what_to_drop(query: Query, asked: tuple[terms.Term, ...], found: _Found, on: date) -> list[Count]:
    counts = [Count(name, found.without[name]) for name, chosen in query.filters.items() if chosen]
    if asked:
        counts.append(Count("text", _pass(query.without("text"), (), on, exactly=False).total))
    return sorted((item for item in counts if item.count), key=lambda item: -item.count)


def next_closing(items: Iterable[PolicyItem], ends_on: date | None, on: date) -> date | None:
    """Give the next last day among items that can still be claimed on the day `on`; None without one."""
    last_days = [min(filter(None, (item.closes_on, ends_on)), default=None) for item in items]
    return min((day for day in last_days if day and day >= on), default=None)
