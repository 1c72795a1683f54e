"""Sort all open items for one reader in the database: fits, one step away, cannot tell.

One statement each, whatever the number of items; only what is shown comes to Python. Where a guest's band of
staff leaves two readings, an item counts as met or not met only if both agree (as `visitor` decides).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any

from django.db import connection

from enterprises import zones
from enterprises.models import EnterpriseFacet
from services.policies import matching
from services.policies.matching import Gate
from services.policies.visitor import Visitor

# Gates that a step can close; whether it is near is judged in Python (`near_miss`).
CLOSABLE = (
    Gate.EMPLOYEES | Gate.REVENUE | Gate.FOUNDED | Gate.DIGITAL_LEVEL | Gate.CLOUD_READINESS
    | Gate.QUALIFICATION_ANY | Gate.QUALIFICATION_ALL
)  # fmt: skip
# More different sets of open gates than this are not told apart when questions are ranked.
MOST_SETS = 2000


class Group(IntEnum):
    """Where an item stands; `NEAR` is a candidate, `MAY` waits only for what the source does not say."""

    NOT = 0
    MET = 1
    NEAR = 2
    OPEN = 3
    MAY = 4


@dataclass(frozen=True)
class Sorted:
    """The first items of each group, the nearest last day first, and the full counts."""

    items: Mapping[Group, list[int]] = field(default_factory=dict)
    counts: Mapping[Group, int] = field(default_factory=dict)

    def first(self, group: Group) -> list[int]:
        return self.items.get(group, [])

    def count(self, group: Group) -> int:
        return self.counts.get(group, 0)


@dataclass(frozen=True)
class OpenSet:
    """So many items wait for the same gates; `any_of`, `all_of` are the bits of certificates still open.

    `zones` are the codes of the zones of which it cannot be told whether the reader lies in them.
    """

    unknown: Gate
    any_of: int
    all_of: int
    zones: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Settled:
    """What an answer decided: how many open items now fit or do not, and the first of them."""

    met: list[int]
    not_met: list[int]
    met_count: int
    not_met_count: int

    @property
    def count(self) -> int:
        return self.met_count + self.not_met_count


def sort(reader: Visitor, on: date, *, limit: int) -> Sorted:
    """Return the first `limit` items of every group but NOT, with the counts of all groups."""
    judged, asked = _judged({"now": reader.facets(on)}, on, reader.hidden)
    rows = _rows(
        _SORT.replace("{judged}", judged).replace("{group}", _group("now")), asked | {"limit": limit}
    )
    items: dict[Group, list[int]] = {}
    for group, item_id, _count in rows:
        if group != Group.NOT:
            items.setdefault(Group(group), []).append(item_id)
    return Sorted(items, {Group(group): count for group, _item, count in rows})


_SORT = """
SELECT grp, item_id, total FROM (
  SELECT grp, item_id, closes_on, count(*) OVER (PARTITION BY grp) AS total,
    row_number() OVER (PARTITION BY grp ORDER BY closes_on NULLS LAST, item_id DESC) AS place
  FROM (SELECT item_id, closes_on, {group} AS grp FROM ({judged}) AS judged) AS grouped
) AS placed
WHERE place <= CASE grp WHEN 0 THEN 1 ELSE %(limit)s END
ORDER BY grp, place
"""


def open_sets(reader: Visitor, on: date) -> list[OpenSet]:
    """Count the open items by the gates that cannot be told, the most frequent set first."""
    facets = reader.facets(on)
    judged, asked = _judged({"now": facets}, on, reader.hidden)
    known = facets[0].quals_known
    rows = _rows(
        _OPEN_SETS.replace("{judged}", judged),
        asked | {"known": known, "unstated": int(Gate.UNSTATED), "most": MOST_SETS},
    )
    return [
        OpenSet(Gate(unknown), any_of, all_of, tuple(open_zones), count)
        for unknown, any_of, all_of, open_zones, count in rows
    ]


_OPEN_SETS = """
SELECT now_unknown, any_of, all_of, open_zones, count(*) FROM (
  SELECT now_unknown,
    CASE WHEN now_unknown & 8 = 0 THEN 0 ELSE coalesce(quals_any, 0) & ~%(known)s::bigint END AS any_of,
    CASE WHEN now_unknown & 16 = 0 THEN 0 ELSE coalesce(quals_all, 0) & ~%(known)s::bigint END AS all_of,
    CASE WHEN now_unknown & 2048 = 0 THEN '{}' ELSE
      ARRAY(SELECT unnest(zones::text[]) EXCEPT SELECT unnest({codes_out}) ORDER BY 1) END AS open_zones
  FROM ({judged}) AS judged
  WHERE now_failed = 0 AND now_unknown <> 0 AND now_unknown <> %(unstated)s
) AS waiting
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 LIMIT %(most)s
""".replace("{codes_out}", zones.CODES_OUT.replace("%(", "%(now0_"))


def settled(before: Visitor, after: Visitor, on: date, *, limit: int) -> Settled:
    """Compare a reader before and after an answer: which open items it decided."""
    judged, asked = _judged({"now": after.facets(on), "then": before.facets(on)}, on, after.hidden)
    rows = _rows(_SETTLED.replace("{judged}", judged), asked | {"limit": limit})
    found: dict[bool, list[int]] = {True: [], False: []}
    counts = {True: 0, False: 0}
    for is_met, item_id, count in rows:
        found[is_met].append(item_id)
        counts[is_met] = count
    return Settled(found[True], found[False], counts[True], counts[False])


_SETTLED = """
SELECT is_met, item_id, total FROM (
  SELECT item_id, now_failed = 0 AS is_met, count(*) OVER (PARTITION BY now_failed = 0) AS total,
    row_number() OVER (PARTITION BY now_failed = 0 ORDER BY closes_on NULLS LAST, item_id DESC) AS place
  FROM ({judged}) AS judged
  WHERE then_failed = 0 AND then_unknown <> 0 AND (now_failed <> 0 OR now_unknown = 0)
) AS placed
WHERE place <= %(limit)s ORDER BY is_met DESC, place
"""


@dataclass(frozen=True)
class Turned:
    """Which open items fit on one side only: won now, lost since then; the first of each and the counts."""

    won: list[int]
    lost: list[int]
    won_count: int
    lost_count: int


def turned(before: Visitor, after: Visitor, on: date, *, limit: int) -> Turned:
    """Compare two readings of the same items on one day: what fits now only, and what fitted then only."""
    judged, asked = _judged({"now": after.facets(on), "then": before.facets(on)}, on, after.hidden)
    rows = _rows(_TURNED.replace("{judged}", judged), asked | {"limit": limit})
    found: dict[bool, list[int]] = {True: [], False: []}
    counts = {True: 0, False: 0}
    for is_won, item_id, count in rows:
        found[is_won].append(item_id)
        counts[is_won] = count
    return Turned(found[True], found[False], counts[True], counts[False])


_TURNED = """
SELECT is_won, item_id, total FROM (
  SELECT item_id, now_met AS is_won, count(*) OVER (PARTITION BY now_met) AS total,
    row_number() OVER (PARTITION BY now_met ORDER BY closes_on NULLS LAST, item_id DESC) AS place
  FROM (
    SELECT item_id, closes_on, now_failed = 0 AND now_unknown = 0 AS now_met,
      then_failed = 0 AND then_unknown = 0 AS then_met
    FROM ({judged}) AS judged
  ) AS both_sides
  WHERE now_met <> then_met
) AS placed
WHERE place <= %(limit)s ORDER BY is_won DESC, place
"""


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _group(side: str) -> str:
    failed, unknown = f"{side}_failed", f"{side}_unknown"
    near = ", ".join(str(int(gate)) for gate in CLOSABLE)
    return (
        f"CASE WHEN {failed} = 0 AND {unknown} = 0 THEN {Group.MET:d}"
        f" WHEN {failed} = 0 AND {unknown} = {Gate.UNSTATED:d} THEN {Group.MAY:d}"
        f" WHEN {failed} = 0 THEN {Group.OPEN:d}"
        f" WHEN {unknown} = 0 AND {failed} IN ({near}) THEN {Group.NEAR:d} ELSE {Group.NOT:d} END"
    )


def _judged(
    sides: Mapping[str, list[EnterpriseFacet]], on: date, hidden: Collection[int]
) -> tuple[str, dict[str, Any]]:
    """Give a table of open items with the gates failed and unknown for each side, and its parameters."""
    marks: dict[str, str] = {}
    is_shown, dismissed = matching.shown(hidden)
    asked: dict[str, Any] = {"on": on, **dismissed}
    masks: list[str] = []
    for side, facets in sides.items():
        names = [f"{side}{n}" for n in range(len(facets))]
        for name, facet in zip(names, facets, strict=True):
            values = matching.parameters(facet, on)
            marks[name] = _marks(name)
            asked |= {f"{name}_{key}": value for key, value in values.items()}
        masks.extend(_masks(side, names))
    inner = ", ".join(f"{sql} AS {name}" for name, sql in marks.items())
    # OFFSET 0 keeps the marks from being reckoned again for each mask.
    return (
        f"SELECT item_id, closes_on, quals_any, quals_all, zones, {', '.join(masks)} FROM ("  # noqa: S608 - our own names
        f"SELECT item_id, closes_on, quals_any, quals_all, zones, {inner} FROM policies_itemcriteria"
        f" WHERE {matching.NOT_CLOSED}{is_shown} OFFSET 0) AS marked",
        asked,
    )


def _masks(side: str, names: Iterable[str]) -> Iterable[str]:
    """Name the gates failed in every reading, and those open or differing between the readings."""
    named = list(names)
    failed = " & ".join(f"({name} >> 16)" for name in named) + " & 65535"
    seen = " | ".join(f"({name} | ({name} >> 16))" for name in named)
    return (
        f"(({failed}))::int AS {side}_failed",
        f"((({seen}) & 65535) & ~(({failed})))::int AS {side}_unknown",
    )


@cache
def _marks(name: str) -> str:
    """Let the marks of `matching` ask for the parameters of one reading."""
    return re.sub(r"%\((\w+)\)s", rf"%({name}_\1)s", matching.MARKS)
