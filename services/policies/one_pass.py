"""The one statement of a search: page, exact count and all facets in one pass over the hits.

The hits are first gathered into cells (one `SearchCell`, standing and age), which are few; filters and facets
are then counted over cells. `search` decides when to ask, and what to remember.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from enterprises.models import EnterpriseFacet
from services.policies import matching, synonyms, terms
from services.policies.models import Kind, Level
from services.policies.query import DAYS_BACK, PAGE_SIZE, SOON_DAYS, Fit, Query, Sort, Status, days_back

# Up to so many hits of a long word, every text is looked at; beyond, those of the page are.
EXACT_UP_TO = 500
# So many rows are fetched for the first pages; every so many rows an anchor is dropped for those far down.
KEPT = 3 * PAGE_SIZE
ANCHOR_EVERY = 10 * PAGE_SIZE
# A page number beyond any real one still has to be a number the database takes.
_LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Count:
    """How many notices have a value; `label` is its name where the value alone does not tell."""

    value: str
    count: int
    label: str = ""


class Anchor(NamedTuple):
    """Where a page far down begins: a row of the list and how many to skip behind it."""

    listed_on: date
    notice: int
    skip: int


@dataclass(frozen=True)
class Found:
    """What was counted: all of it holds for every page of the query.

    `first` are the notices of the first pages; `anchors` every 200th row, where they were asked for.
    """

    total: int
    first: list[int]
    facets: dict[str, list[Count]]
    without: dict[str, int]
    anchors: list[tuple[date, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What the statement said; `is_new` tells that `found` is not what was known before.

    `page` is filled for pages beyond the first ones; `sets` when other synonyms are in use than were known.
    """

    found: Found
    is_new: bool
    page: list[int]
    is_exact: bool
    mark: UUID | None
    words_mark: UUID | None
    sets: list[list[str]] | None


@dataclass(frozen=True)
class Asked:
    """A query made ready: its terms, the day, and of whom it is known what fits."""

    query: Query
    terms: tuple[terms.Term, ...]
    on: date
    facets: Sequence[EnterpriseFacet] = ()
    # Items the reader has dismissed: they make no notice fit.
    hidden: frozenset[int] = frozenset()
    # How many from the top are wanted at once, where it is not a page.
    most: int = 0

    @property
    def is_deep(self) -> bool:
        return self.query.page > KEPT // PAGE_SIZE

    @property
    def has_anchors(self) -> bool:
        """Tell whether the order is that of the index, so that a row can say where a page begins."""
        return not self.terms and not self.facets and self.query.sort == Sort.NEWEST

    @property
    def skip(self) -> int:
        return (min(self.query.page, _LAST_PAGE) - 1) * PAGE_SIZE


class Remembered(NamedTuple):
    """What was counted, and the mark the contents had then."""

    mark: UUID
    found: Found


def ask(
    asked: Asked, *, exactly: bool = False, known: Remembered | None = None, anchor: Anchor | None = None
) -> Answer:
    """Run the statement; with something `known` it counts only when the contents have another mark."""
    sql, values = _statement(asked, exactly=exactly, known=known.mark if known else None, anchor=anchor)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return _read([dict(zip(names, row, strict=True)) for row in cursor.fetchall()], known)


# --- the statement -------------------------------------------------------------------

_DATED = """
  SELECT notice_id, cell_id, listed_on,
    (is_ended OR ends_on < %(on)s OR closes_on < %(on)s) IS TRUE AS is_over,
    CASE WHEN first_closes_on >= %(on)s THEN first_closes_on
         WHEN closes_on >= %(on)s THEN closes_on END AS next_close
  FROM {hits}
"""
# Every hit is laid down once and read three times, so each column that is not asked for is left out, and what
# hits are gathered by is one number.
_MARKED = """
  SELECT listed_on, dated.notice_id, {more} coalesce(cell_id, 0) * 16
    + CASE WHEN is_over THEN 0 WHEN next_close <= %(soon)s THEN 4 ELSE 8 END
    + CASE WHEN listed_on >= %(back0)s THEN 0 WHEN listed_on >= %(back1)s THEN 1
           WHEN listed_on >= %(back2)s THEN 2 ELSE 3 END AS packed
  FROM ({dated}) AS dated {fits}
"""
_READ = "*, packed / 16 AS cell_id, packed / 4 %% 4 AS standing, packed %% 4 AS age"
# What the rows of a cell have in common; rows are asked for it only where a filter is.
_ALIKE = "LEFT JOIN policies_searchcell AS alike ON alike.id = cell_id"
_BY_CELL = frozenset({"area", "kind", "level", "issuer"})
_STATEMENT = """
WITH {before} hits AS MATERIALIZED ({marked}), judged AS NOT MATERIALIZED (SELECT {read} FROM hits),
ordered AS (SELECT notice_id, listed_on FROM judged {alike} WHERE {chosen}),
first AS MATERIALIZED (
  SELECT notice_id, row_number() OVER () AS place FROM (
    SELECT notice_id FROM judged {alike} WHERE {chosen} ORDER BY {order} LIMIT {kept}
  ) AS best
), page AS MATERIALIZED ({page}),
cells AS (SELECT {read} FROM (SELECT {cell}, count(*) AS n FROM hits GROUP BY {cell}) AS gathered),
counted AS (SELECT cells.*, area, kind, level, issuer_id{by} FROM cells {each_alike}),
told AS (
  SELECT grouping(area, kind, level, issuer_id) AS g, area, kind, level, issuer_id, {counts}
  FROM counted GROUP BY GROUPING SETS ((), (area), (kind), (level), (issuer_id))
)
SELECT told.*, issuer.name_zh, issuer.name_en, whole.* FROM told
LEFT JOIN policies_issuer AS issuer ON g = {by_issuer} AND issuer.id = issuer_id
LEFT JOIN LATERAL (
  SELECT (SELECT array_agg(notice_id ORDER BY place) FROM first) AS first,
    (SELECT array_agg(notice_id ORDER BY place) FROM page) AS page,
    {check} AS is_exact, {anchors},
    (SELECT notices FROM policies_contentmark) AS mark,
    (SELECT words FROM policies_contentmark) AS words_mark,
    CASE WHEN (SELECT words FROM policies_contentmark) IS DISTINCT FROM %(words)s::uuid
         THEN ({sets}) END AS sets
) AS whole ON g = {whole}
"""
# With few hits every text is looked at, with many only those that are shown.
_CHECK = """
  (SELECT bool_and({exactly}) FROM policies_noticesearch WHERE notice_id IN (
    SELECT notice_id FROM {of} UNION ALL
    SELECT notice_id FROM hits WHERE NOT EXISTS (SELECT FROM hits OFFSET %(exact_up_to)s)))
"""
_CHANGED = "(SELECT notices FROM policies_contentmark) IS DISTINCT FROM %(known)s::uuid"
_FITS = """fits AS MATERIALIZED (
  SELECT item.notice_id, min(rank) AS fit FROM ({ranked}) AS judged_items
  JOIN policies_policyitem AS item ON item.id = item_id GROUP BY item.notice_id
),"""
_NO_PAGE = "SELECT NULL::bigint AS notice_id, NULL::bigint AS place WHERE false"
_SKIPPED_PAGE = """
  SELECT notice_id, row_number() OVER () AS place FROM (
    SELECT notice_id FROM judged {alike} WHERE {chosen} ORDER BY {order} LIMIT {size} OFFSET %(skip)s
  ) AS far
"""
_ANCHORED_PAGE = """
  SELECT notice_id, row_number() OVER () AS place FROM (
    SELECT notice_id FROM (SELECT {read} FROM ({marked}) AS all_hits) AS all_rows {alike}
    WHERE {chosen} AND (listed_on, notice_id) <= (%(anchor_day)s, %(anchor_notice)s)
    ORDER BY {order} LIMIT {size} OFFSET %(anchor_skip)s
  ) AS far
"""
_ANCHORS = """
    (SELECT json_agg(json_build_array(listed_on, notice_id) ORDER BY place) FROM (
      SELECT listed_on, notice_id, row_number() OVER (ORDER BY listed_on DESC, notice_id DESC) - 1 AS place
      FROM ordered
    ) AS numbered WHERE place %% {every} = 0) AS anchors
"""
_WHOLE, _BY_AREA, _BY_KIND, _BY_LEVEL, _BY_ISSUER = 15, 7, 11, 13, 14
_OVER = "standing = 0"
_STATES = {Status.OPEN: "standing > 0", Status.CLOSING: "standing = 1", Status.ENDED: _OVER}
FIT_RANKS = {Fit.MET: 0, Fit.MAY: 1}
_CONDITIONS = {
    "area": "area = ANY(%(areas)s)",
    "kind": "kind = ANY(%(kinds)s)",
    "level": "level = ANY(%(levels)s)",
    "issuer": "issuer_id = ANY(ARRAY(SELECT id FROM policies_issuer WHERE name_zh = ANY(%(issuers)s)))",
    "since": "is_since",
    "fit": "fit = ANY(%(fits)s)",
}
_NEWEST = "listed_on DESC, notice_id DESC"


def _statement(
    asked: Asked, *, exactly: bool, known: UUID | None, anchor: Anchor | None
) -> tuple[str, dict[str, Any]]:
    ranked, ranked_values = (
        matching.ranked(asked.facets, asked.on, asked.hidden) if asked.facets else ("", {})
    )
    found, found_values = terms.condition(asked.terms, exactly=exactly)
    checked, checked_values = ("", []) if exactly else terms.check(asked.terms)
    order, order_values = _order(asked)
    conditions = _conditions(asked)
    chosen = " AND ".join(f"({sql})" for sql in conditions.values()) or "true"
    more = {
        "next_close": asked.query.sort == Sort.CLOSING,
        "listed_on >= %(since)s AS is_since": "since" in conditions,
        "coalesce(fit, 3) AS fit": bool(ranked),
    }
    told = {
        "alike": _ALIKE * bool(_BY_CELL & conditions.keys()),
        "more": "".join(f"{column}, " for column, is_asked in more.items() if is_asked),
        "fits": "LEFT JOIN fits USING (notice_id)" * bool(ranked),
    }
    before = _FITS.format(ranked=ranked) * bool(ranked)
    hits = f"policies_noticesearch WHERE {_named(found, 'f')}" + (f" AND {_CHANGED}" if known else "")
    told_counts = _counts(list(conditions), is_known_reader=bool(ranked))
    sql = _STATEMENT.format(
        before=before,
        marked=_MARKED.format(dated=_DATED.format(hits=hits), **told),
        chosen=chosen,
        alike=told["alike"],
        each_alike=_ALIKE,
        order=order,
        kept=asked.most or KEPT,
        page=_page(asked, chosen, order, told, anchor),
        read=_READ,
        cell="packed" + ", is_since" * ("since" in conditions) + ", fit" * bool(ranked),
        by="".join(f", ({sql}) AS by_{name}" for name, sql in conditions.items()),
        counts=", ".join(f"{sql} AS {name}" for name, sql in told_counts.items()),
        check=_CHECK.format(exactly=_named(checked, "c"), of="page" if asked.is_deep else "first")
        if checked
        else "true",
        anchors=_ANCHORS.format(every=ANCHOR_EVERY)
        if asked.is_deep and asked.has_anchors and not anchor
        else "NULL AS anchors",
        sets=synonyms.SETS_SQL,
        whole=_WHOLE,
        by_issuer=_BY_ISSUER,
    )
    values = {
        **_plain_values(asked),
        **ranked_values,
        **{f"f{n}": value for n, value in enumerate(found_values)},
        **{f"c{n}": value for n, value in enumerate(checked_values)},
        **order_values,
        **_anchor_values(anchor),
        "known": known,
    }
    return sql, values


def _plain_values(asked: Asked) -> dict[str, Any]:
    query, on = asked.query, asked.on
    return {
        "on": on,
        "soon": on + timedelta(days=SOON_DAYS),
        **{f"back{n}": days_back(days, on) for n, days in enumerate(DAYS_BACK)},
        "since": query.since_day(on),
        "areas": [int(code) for code in query.areas],
        "kinds": list(query.kinds),
        "levels": list(query.levels),
        "issuers": list(query.issuers),
        "fits": [FIT_RANKS[Fit(fit)] for fit in query.fits],
        "exact_up_to": EXACT_UP_TO,
        "skip": asked.skip,
        "words": synonyms.known().mark,
    }


def _anchor_values(anchor: Anchor | None) -> dict[str, Any]:
    if anchor is None:
        return {}
    return {"anchor_day": anchor.listed_on, "anchor_notice": anchor.notice, "anchor_skip": anchor.skip}


def _conditions(asked: Asked) -> dict[str, str]:
    """Give the condition of each filter that is in use; what fits is asked only for a known reader."""
    used = {name: chosen for name, chosen in asked.query.filters.items() if chosen}
    if not asked.facets:
        used.pop("fit", None)
    states = " OR ".join(_STATES[Status(state)] for state in used.get("state", ()))
    return {name: states if name == "state" else _CONDITIONS[name] for name in used}


def _counts(filtered: list[str], *, is_known_reader: bool) -> dict[str, str]:
    """Give the counts to be told: the whole, without each filter, and for each facet with the others only."""

    def over(name: str, *more: str) -> str:
        wanted = [*(f"by_{other}" for other in filtered if other != name), *more]
        return f"sum(n) FILTER (WHERE {' AND '.join(wanted)})" if wanted else "sum(n)"

    return {
        "total": over(""),
        **{f"without_{name}": over(name) for name in filtered},
        **{f"n_{name}": over(name) for name in sorted(_BY_CELL)},
        **{f"state_{state}": over("state", sql) for state, sql in _STATES.items()},
        **{f"since_{days}": over("since", f"age <= {n}") for n, days in enumerate(DAYS_BACK)},
        **{f"fit_{fit}": over("fit", f"fit = {rank}") for fit, rank in FIT_RANKS.items() if is_known_reader},
    }


def _page(asked: Asked, chosen: str, order: str, told: Mapping[str, str], anchor: Anchor | None) -> str:
    if not asked.is_deep:
        return _NO_PAGE
    if anchor is None:
        return _SKIPPED_PAGE.format(alike=told["alike"], chosen=chosen, order=order, size=PAGE_SIZE)
    every = _MARKED.format(dated=_DATED.format(hits="policies_noticesearch"), **told)
    return _ANCHORED_PAGE.format(
        marked=every, read=_READ, alike=told["alike"], chosen=chosen, order=order, size=PAGE_SIZE
    )


def _order(asked: Asked) -> tuple[str, dict[str, str]]:
    """Order by the sort; the best match is its own number, then what fits, then what the title says."""
    if asked.query.sort == Sort.CLOSING:
        return f"{_OVER}, next_close NULLS LAST, {_NEWEST}", {}
    if asked.query.sort != Sort.BEST:
        return _NEWEST, {}
    fit = "fit, " * bool(asked.facets)
    if not asked.terms:
        return f"{_OVER}, {fit}{_NEWEST}", {}
    title, values = terms.in_title(asked.terms)
    among = "notice_id IN (SELECT notice_id FROM policies_noticesearch WHERE tsv @@ ({query}))"
    number = among.format(query="%(number)s::tsquery")
    order = f"{number} DESC, {_OVER}, {fit}{among.format(query=_named(title, 't'))} DESC, {_NEWEST}"
    named = {f"t{n}": value for n, value in enumerate(values)}
    return order, {"number": terms.numbered(asked.query.text), **named}


def _named(sql: str, prefix: str) -> str:
    """Number the placeholders of a fragment, so that it fits into a statement with named ones."""
    first, *rest = sql.split("%s")
    return first + "".join(f"%({prefix}{n})s{part}" for n, part in enumerate(rest))


# --- reading it ----------------------------------------------------------------------


def _read(rows: list[dict[str, Any]], known: Remembered | None) -> Answer:
    by_grouping: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_grouping.setdefault(row["g"], []).append(row)
    whole = by_grouping[_WHOLE][0]
    is_new = known is None or whole["mark"] != known.mark
    return Answer(
        found=_found(whole, by_grouping) if known is None or is_new else known.found,
        is_new=is_new,
        page=whole["page"] or [],
        is_exact=whole["is_exact"] is not False,
        mark=whole["mark"],
        words_mark=whole["words_mark"],
        sets=whole["sets"],
    )


def _found(whole: dict[str, Any], by_grouping: dict[int, list[dict[str, Any]]]) -> Found:
    prefix = "without_"
    anchors = [(date.fromisoformat(day), notice) for day, notice in whole["anchors"] or []]
    return Found(
        total=int(whole["total"] or 0),
        first=whole["first"] or [],
        facets=_facets(whole, by_grouping),
        without={
            name.removeprefix(prefix): int(count or 0)
            for name, count in whole.items()
            if name.startswith(prefix)
        },
        anchors=anchors,
    )


def _facets(whole: dict[str, Any], by_grouping: dict[int, list[dict[str, Any]]]) -> dict[str, list[Count]]:
    by_kind = {row["kind"]: row["n_kind"] for row in by_grouping.get(_BY_KIND, [])}
    by_level = {row["level"]: row["n_level"] for row in by_grouping.get(_BY_LEVEL, [])}
    # The statement gives its groups in any order; places are read from the country down.
    known = [row for row in by_grouping.get(_BY_AREA, []) if row["area"] is not None]
    areas = sorted(known, key=lambda row: row["area"])
    issuers = [row for row in by_grouping.get(_BY_ISSUER, []) if row["name_zh"]]
    return {
        "fit": [Count(fit.value, int(whole[f"fit_{fit}"] or 0)) for fit in Fit if f"fit_{fit}" in whole],
        "area": [Count(f"{row['area']:06d}", int(row["n_area"] or 0)) for row in areas],
        "kind": [Count(str(kind), int(by_kind.get(kind) or 0)) for kind in Kind.values],
        "level": [Count(str(level), int(by_level.get(level) or 0)) for level in Level.values],
        "state": [Count(state.value, int(whole[f"state_{state}"] or 0)) for state in Status],
        "since": [Count(days, int(whole[f"since_{days}"] or 0)) for days in DAYS_BACK],
        "issuer": [Count(row["name_zh"], int(row["n_issuer"] or 0), row["name_en"]) for row in issuers],
    }
