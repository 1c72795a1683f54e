"""Which items fit an enterprise, and which enterprises an item reaches.

Keeps the match ledger: one row per enterprise, item and item version, written once. `items_for` is the third
evaluator beside `enterprises.eligibility.select` and `explain`: one pass over the compiled criteria of all
items that tells for each which gates fail and which stay open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import IntFlag
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.postgresql.psycopg_any import NumericRange

from core.criteria import Criterion, Op, Verdict, full_years, merged, years_begun
from enterprises import eligibility, facts, zones
from enterprises.classification import qualifications
from enterprises.criteria import gates
from enterprises.models import Enterprise, EnterpriseFacet
from services.policies import inheriting
from services.policies.models import Match, PolicyItem


class Gate(IntFlag):
    """The gates an item can have, one bit a column of `ItemCriteria`."""

    REGION = 1
    INDUSTRY = 2
    SIZE = 4
    QUALIFICATION_ANY = 8
    QUALIFICATION_ALL = 16
    REVENUE = 32
    EMPLOYEES = 64
    FOUNDED = 128
    DIGITAL_LEVEL = 256
    CLOUD_READINESS = 512
    UNSTATED = 1024
    ZONE = 2048


class ItemFit(NamedTuple):
    """How one item stands to an enterprise: the gates that fail, and those that cannot be told."""

    item_id: int
    failed: Gate
    unknown: Gate

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.NOT_MET
        return Verdict.UNKNOWN if self.unknown else Verdict.MET


# --- compiling ------------------------------------------------------------------


def compile_criteria(criteria: Iterable[Criterion]) -> dict[str, Any]:
    """Give the columns of `ItemCriteria` that say the gates; None where there is no such gate.

    Takes what `enterprises.criteria.read_criteria` let through.
    """
    deciding = gates(criteria)
    return {
        "regions": _spans(deciding, facts.REGION),
        "industries": _spans(deciding, facts.INDUSTRY),
        "sizes": _sizes(deciding),
        **_qualifications(deciding),
        "revenue_yuan": _range(deciding, facts.REVENUE, Op.AT_LEAST, Op.AT_MOST),
        "employees": _range(deciding, facts.EMPLOYEES, Op.AT_LEAST, Op.AT_MOST),
        "founded_years": _range(deciding, facts.FOUNDED, Op.YEARS_AT_LEAST, Op.YEARS_AT_MOST),
        "digital_level_min": _highest(deciding, facts.DIGITAL_LEVEL, Op.AT_LEAST),
        "cloud_readiness_min": _highest(deciding, facts.CLOUD_READINESS, Op.AT_LEAST),
        "unstated": any(gate.op is Op.UNSTATED for gate in deciding),
        "zones": next((list(gate.values) for gate in deciding if gate.fact == facts.ZONE), None),
    }


def _spans(deciding: list[Criterion], fact: str) -> list[tuple[int, int]] | None:
    for gate in deciding:
        if gate.fact == fact and gate.op is Op.WITHIN:
            return [(span.low, span.high) for span in merged(gate.values)]
    return None


def _sizes(deciding: list[Criterion]) -> int | None:
    masks = [
        sum({facts.SIZE_BITS[size] for size in gate.values}) for gate in deciding if gate.op is Op.ONE_OF
    ]
    if not masks:
        return None
    allowed = masks[0]
    for mask in masks[1:]:
        allowed &= mask
    return allowed


def _qualifications(deciding: list[Criterion]) -> dict[str, int | None]:
    asked = [gate.values for gate in deciding if gate.fact == facts.QUALIFICATION]
    single = [codes[0] for codes in asked if len(codes) == 1]
    several = [codes for codes in asked if len(codes) > 1]
    return {
        "quals_any": qualifications.mask(several[0]) if several else None,
        "quals_all": qualifications.mask(single) if single else None,
    }


def _thresholds(deciding: list[Criterion], fact: str, op: Op) -> list[int]:
    return [eligibility.threshold(gate) for gate in deciding if gate.fact == fact and gate.op is op]


def _highest(deciding: list[Criterion], fact: str, op: Op) -> int | None:
    return max(_thresholds(deciding, fact, op), default=None)


def _range(deciding: list[Criterion], fact: str, at_least: Op, at_most: Op) -> NumericRange | None:
    low = _highest(deciding, fact, at_least)
    high = min(_thresholds(deciding, fact, at_most), default=None)
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        return NumericRange(empty=True)
    return NumericRange(low, None if high is None else high + 1)


# --- one enterprise, all items -----------------------------------------------------

# For each gate: when it is met, and when it is unknown if not met; anything else is not met. A parameter is
# NULL when the fact is unknown, and a comparison with NULL is not true. A `coarse` one is NULL as well when
# the fact is exact: then it cannot overlap without being inside, and the planner drops the test.
_GATES: tuple[tuple[Gate, str, str], ...] = (
    (
        Gate.REGION,
        "regions IS NULL OR regions @> %(region)s::int4range",
        "%(region)s::int4range IS NULL OR regions && %(coarse_region)s::int4range",
    ),
    (
        Gate.INDUSTRY,
        "industries IS NULL OR industries @> %(industry)s::int4range",
        "%(industry)s::int4range IS NULL OR industries && %(coarse_industry)s::int4range",
    ),
    (
        Gate.SIZE,
        "sizes IS NULL OR sizes & %(size_bit)s::int <> 0",
        "%(size_bit)s::int IS NULL",
    ),
    (
        Gate.QUALIFICATION_ANY,
        "quals_any IS NULL OR quals_any & %(quals)s::bigint <> 0",
        "quals_any & ~%(quals_known)s::bigint <> 0",
    ),
    (
        Gate.QUALIFICATION_ALL,
        "quals_all IS NULL OR quals_all & %(quals)s::bigint = quals_all",
        "quals_all & %(quals_known)s::bigint & ~%(quals)s::bigint = 0",
    ),
    (
        Gate.REVENUE,
        "revenue_yuan IS NULL OR revenue_yuan @> %(revenue_yuan)s::bigint",
        "%(revenue_yuan)s::bigint IS NULL",
    ),
    (
        Gate.EMPLOYEES,
        "employees IS NULL OR employees @> %(employees)s::int",
        "%(employees)s::int IS NULL",
    ),
    (
        Gate.FOUNDED,
        "founded_years IS NULL OR NOT isempty(founded_years)"
        " AND (lower_inf(founded_years) OR lower(founded_years) <= %(full_youngest)s::int)"
        " AND (upper_inf(founded_years) OR upper(founded_years) > %(begun_oldest)s::int)",
        "%(full_oldest)s::int IS NULL OR NOT isempty(founded_years)"
        " AND (lower_inf(founded_years) OR lower(founded_years) <= %(full_oldest)s::int)"
        " AND (upper_inf(founded_years) OR upper(founded_years) > %(begun_youngest)s::int)",
    ),
    (
        Gate.DIGITAL_LEVEL,
        "digital_level_min IS NULL OR digital_level_min <= %(digital_level)s::int",
        "%(digital_level)s::int IS NULL",
    ),
    (
        Gate.CLOUD_READINESS,
        "cloud_readiness_min IS NULL OR cloud_readiness_min <= %(cloud_readiness)s::int",
        "%(cloud_readiness)s::int IS NULL",
    ),
    (Gate.UNSTATED, "NOT unstated", "true"),
    (
        Gate.ZONE,
        f"zones IS NULL OR zones::text[] && {zones.CODES_IN}",
        f"NOT zones::text[] <@ {zones.CODES_OUT}",
    ),
)
_ALL_MET = " AND ".join(f"({met})" for _, met, _ in _GATES)
# One number an item, read from below: the bits of the unknown gates, 16 places higher those of the gates not
# met, from bit 32 the count of the unknown, from bit 40 the count of those not met (which it sorts by).
MARKS = " + ".join(
    f"CASE WHEN {met} THEN 0 WHEN {unknown} THEN {gate + (1 << 32):d} ELSE {(gate << 16) + (1 << 40):d} END"
    for gate, met, unknown in _GATES
)
NOT_CLOSED = "is_open AND (closes_on IS NULL OR closes_on >= %(on)s)"

# The tests are made in this order: the place leaves few items to the others.
_ITEMS_MET = f"""
SELECT item_id, 0 FROM policies_itemcriteria WHERE {_ALL_MET} AND {NOT_CLOSED}
ORDER BY closes_on NULLS LAST, item_id DESC LIMIT %(limit)s
"""  # noqa: S608 - only constants of this module
# OFFSET 0 keeps the marks from being reckoned again for the order, and is cheaper than WITH … MATERIALIZED.
_ITEMS_JUDGED = f"""
SELECT item_id, marks FROM (
  SELECT item_id, closes_on, {MARKS} AS marks FROM policies_itemcriteria WHERE {NOT_CLOSED} OFFSET 0
) AS judged
WHERE %(with_failed)s OR marks < 1::bigint << 40
ORDER BY marks >> 32, closes_on NULLS LAST, item_id DESC
LIMIT %(limit)s
"""  # noqa: S608 - only constants of this module


def items_for(
    facet: EnterpriseFacet, on: date, *, worst: Verdict = Verdict.NOT_MET, limit: int | None = None
) -> list[ItemFit]:
    """Judge all items that have not closed by `on` in one query, the best fit and nearest closing first.

    The facet may be unsaved: `EnterpriseFacet(**facts.to_facet(known, on))` serves anonymous answers. Items
    that open later are included; those worse than `worst` are left out.
    """
    asked = parameters(facet, on) | {"with_failed": worst is Verdict.NOT_MET, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS_MET if worst is Verdict.MET else _ITEMS_JUDGED, asked)
        return [ItemFit(item_id, *_failed_and_unknown(marks)) for item_id, marks in cursor.fetchall()]


def shown(hidden: Collection[int]) -> tuple[str, dict[str, Any]]:
    """Give the condition that leaves out what a reader has dismissed, and its parameter; empty for none."""
    return (" AND item_id <> ALL(%(hidden)s)", {"hidden": sorted(hidden)}) if hidden else ("", {})


def ranked(
    facets: Sequence[EnterpriseFacet], on: date, hidden: Collection[int] = ()
) -> tuple[str, dict[str, Any]]:
    """Give a SELECT of `item_id` and `rank` over all items that have not closed, to be part of a larger one.

    The rank is 0 for met, 1 for cannot tell, 2 for not met. Several facets are the ends of a band: met is
    what all meet, not met is what fails by the same gate for all. Items in `hidden` are left out. Parameters
    are named, `on` among them.
    """
    is_shown, dismissed = shown(hidden)
    marks = [MARKS.replace("%(", f"%(r{number}_") for number in range(len(facets))]
    columns = ", ".join(f"{marked} AS m{number}" for number, marked in enumerate(marks))
    failed = " & ".join(f"(m{number} >> 16)" for number in range(len(facets)))
    any_open = " | ".join(f"m{number}" for number in range(len(facets)))
    values = {
        f"r{number}_{name}": value
        for number, facet in enumerate(facets)
        for name, value in parameters(facet, on).items()
    }
    sql = f"""
      SELECT item_id, CASE WHEN {failed} & 65535 <> 0 THEN 2 WHEN ({any_open}) = 0 THEN 0 ELSE 1 END AS rank
      FROM (
        SELECT item_id, {columns} FROM policies_itemcriteria WHERE {NOT_CLOSED}{is_shown} OFFSET 0
      ) AS marked
    """  # noqa: S608 - only constants of this module
    return sql, values | dismissed | {"on": on}


def fitting(
    facets: Sequence[EnterpriseFacet],
    on: date,
    ranks: Iterable[int],
    *,
    closing_before: date,
    hidden: Collection[int] = (),
) -> list[int]:
    """Return the items of these ranks (see `ranked`) whose last day lies from `on` to before that day."""
    sql, values = ranked(facets, on, hidden)
    with connection.cursor() as cursor:
        cursor.execute(
            _FITTING.replace("{ranked}", sql), values | {"ranks": list(ranks), "end": closing_before}
        )
        return [item_id for (item_id,) in cursor.fetchall()]


_FITTING = """
SELECT item_id FROM ({ranked}) AS judged JOIN policies_itemcriteria USING (item_id)
WHERE rank = ANY(%(ranks)s) AND closes_on < %(end)s
"""


@cache
def _failed_and_unknown(marks: int) -> tuple[Gate, Gate]:
    """Take the marks apart; few combinations occur, and making flags is slow for 10,000 items."""
    return Gate(marks >> 16 & 0xFFFF), Gate(marks & 0xFFFF)


def parameters(facet: EnterpriseFacet, on: date) -> dict[str, Any]:
    """Give the values that `MARKS` and `NOT_CLOSED` ask for."""
    columns = (
        "size_bit",
        "quals",
        "quals_known",
        "revenue_yuan",
        "employees",
        "digital_level",
        "cloud_readiness",
    )
    return {
        "on": on,
        **_literals("region", facet.region_low, facet.region_high),
        **_literals("industry", facet.industry_low, facet.industry_high),
        **{column: getattr(facet, column) for column in columns},
        "zones": facet.zones or [],
        "zones_out": facet.zones_out or [],
        **_ages(facet, on),
    }


def _literals(name: str, low: int | None, high: int | None) -> dict[str, str | None]:
    literal = None if low is None else f"[{low},{high}]"
    return {name: literal, f"coarse_{name}": None if low == high else literal}


def _ages(facet: EnterpriseFacet, on: date) -> dict[str, int | None]:
    oldest, youngest = facet.founded_low, facet.founded_high
    if oldest is None or youngest is None:
        return dict.fromkeys(("full_oldest", "full_youngest", "begun_oldest", "begun_youngest"))
    return {
        "full_oldest": full_years(oldest, on),
        "full_youngest": full_years(youngest, on),
        "begun_oldest": years_begun(oldest, on),
        "begun_youngest": years_begun(youngest, on),
    }


# --- the match ledger ----------------------------------------------------------------


def match_all(item: PolicyItem, on: date) -> int:
    """Record every enterprise that meets the item on the day `on`; return how many rows are new.

    One INSERT ... SELECT in the database. A repeat for the same item version writes nothing. Raises
    CriteriaError when the stored criteria cannot be read.
    """
    reached = eligibility.select(inheriting.criteria_of(item), on).values_list("pk")
    try:
        sql, values = reached.query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MATCH_ALL.replace("{reached}", sql), [item.pk, item.version, *values])
        return cursor.rowcount


# In the order in which enterprises, memberships and people lie on the disk: what is told of the rows then
# reads each page once, and indexes and foreign keys are served from memory.
_MATCH_ALL = """
INSERT INTO policies_match (item_id, item_version, enterprise_id, matched_at)
SELECT %s, %s, reached.enterprise_id, now() FROM ({reached}) AS reached (enterprise_id)
ORDER BY reached.enterprise_id
ON CONFLICT (enterprise_id, item_id, item_version) DO NOTHING
"""


def match_enterprise(enterprise: Enterprise, on: date) -> list[Match]:
    """Record the announced items the enterprise meets on the day `on`; return the rows that are new.

    Items not yet announced are left to `match_all`, which comes before their announcement.
    """
    facet = EnterpriseFacet.objects.filter(pk=enterprise.pk).first()
    if facet is None:
        return []
    met = [fit.item_id for fit in items_for(facet, on, worst=Verdict.MET)]
    return list(Match.objects.raw(_MATCH_ENTERPRISE, [enterprise.pk, met]))


_MATCH_ENTERPRISE = """
INSERT INTO policies_match (item_id, item_version, enterprise_id, matched_at)
SELECT id, version, %s, now() FROM policies_policyitem WHERE id = ANY(%s) AND announced_at IS NOT NULL
ON CONFLICT (enterprise_id, item_id, item_version) DO NOTHING
RETURNING id, item_id, item_version, enterprise_id, matched_at
"""
