"""How the levels are spread over cities, sectors and sizes, for those who make policy.

The newest round of each enterprise counts; for the change, those enterprises that finished two rounds by the
same edition, the last against the one before. A number from one to four is not told, nor the sum of its row,
so that it cannot be worked out; there are no sums of columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Industry, Region
from enterprises.wording import size_name
from services.assessments import results, wording
from services.assessments.benchmark import SMALLEST
from services.assessments.models import Assessment, FrameworkVersion

# Fewer enterprises in one cell could be recognised.
FEWEST = 5
WEAK_BELOW = 2


@dataclass(frozen=True)
class Row:
    """One city, sector or size: how many enterprises stand at each level; None is one to four."""

    name: str
    counts: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True)
class Table:
    title: str | Promise
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Change:
    """One city: enterprises whose level rose, stayed or fell; None is one to four.

    `points` is the average difference of their scores, None with fewer than ten enterprises.
    """

    name: str
    risen: int | None
    same: int | None
    fallen: int | None
    points: Decimal | None


@dataclass(frozen=True)
class WeakScene:
    """A scene and the share of enterprises that have not reached level 2 in it."""

    title: str
    percent: int


def tables(version: FrameworkVersion) -> list[Table]:
    """Return the three tables of an edition; two queries for each."""
    return [
        Table(_("By city"), _spread(version, "region", _cities)),
        Table(_("By sector"), _spread(version, "sector", _sectors)),
        Table(_("By size"), _spread(version, "size", _sizes)),
    ]


def levels(version: FrameworkVersion) -> list[str]:
    """Name the columns, from none to the highest level."""
    return [wording.level(version.framework, number) for number in _numbers(version)]


def _numbers(version: FrameworkVersion) -> list[int]:
    return sorted({0, *(level.level for level in version.framework.levels)})


def _spread(
    version: FrameworkVersion, facet: str, named: Callable[[list[str]], dict[str, str]]
) -> tuple[Row, ...]:
    found: dict[str, Counter[int]] = {}
    newest = Assessment.objects.newest().filter(version=version)
    for code, level, many in newest.values_list(facet, "level").annotate(many=Count("pk")).order_by():
        key = f"{code[:4]}00" if facet == "region" and code else code
        found.setdefault(key, Counter())[level or 0] += many
    names = named(list(found))
    ordered = sorted(found.items(), key=lambda one: (-one[1].total(), one[0]))
    return tuple(_row(names.get(code) or gettext("not known"), counts, version) for code, counts in ordered)


def _row(name: str, counts: Counter[int], version: FrameworkVersion) -> Row:
    told = tuple(_told(counts[number]) for number in _numbers(version))
    return Row(name, told, None if None in told else counts.total())


def _told(number: int) -> int | None:
    return None if 0 < number < FEWEST else number


def hide_small(counts: Sequence[int]) -> list[int | None]:
    """Replace numbers from one to four by None, and one more where a single one could be worked out."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEWEST}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= {min(others, key=lambda place: counts[place])} if others else set()
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _cities(codes: list[str]) -> dict[str, str]:
    return {row.code: row.name for row in Region.objects.filter(code__in=codes)}


def _sectors(codes: list[str]) -> dict[str, str]:
    return {row.code: row.name for row in Industry.objects.filter(code__in=codes)}


def _sizes(codes: list[str]) -> dict[str, str]:
    return {code: size_name(code) for code in codes if code}


def changes(version: FrameworkVersion) -> list[Change]:
    """Return the change between the last two rounds by city, and of all together first; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [version.pk])
        found = cursor.fetchall()
    whole, cities = found[:1], found[1:]
    names = _cities([city for city, *_figures in cities])
    risen, same, fallen = (hide_small([row[place] for row in cities]) for place in (1, 2, 3))
    rows = [
        Change(
            names.get(row[0]) or gettext("not known"),
            risen[place],
            same[place],
            fallen[place],
            _average(row[4], row[5]),
        )
        for place, row in enumerate(cities)
    ]
    return [*(_together(row) for row in whole if row[5]), *rows]


def _together(row: tuple[Any, ...]) -> Change:
    _city, risen, same, fallen, points, many = row
    return Change(gettext("All together"), _told(risen), _told(same), _told(fallen), _average(points, many))


def _average(points: Decimal, many: int) -> Decimal | None:
    return results.one_place(points / many) if many >= SMALLEST else None


# GROUPING SETS: one pass for the cities and for all of them; the city of the sum is NULL.
_CHANGES = """
SELECT CASE WHEN grouping(pair.city) = 1 THEN NULL ELSE pair.city END AS place,
  count(*) FILTER (WHERE pair.after > pair.before), count(*) FILTER (WHERE pair.after = pair.before),
  count(*) FILTER (WHERE pair.after < pair.before), coalesce(sum(pair.points), 0), count(*) AS many
FROM (
  SELECT CASE WHEN last.region = '' THEN '' ELSE left(last.region, 4) || '00' END AS city,
    last.level AS after, earlier.level AS before, last.score - earlier.score AS points
  FROM assessments_assessment AS last
  JOIN assessments_assessment AS earlier ON earlier.enterprise_id = last.enterprise_id
    AND earlier.code = last.code AND earlier.round = last.round - 1 AND earlier.state = 'finished'
    AND earlier.version_id = last.version_id
  WHERE last.is_latest AND last.version_id = %s
) AS pair
GROUP BY GROUPING SETS ((), (pair.city))
ORDER BY grouping(pair.city) DESC, many DESC, place
"""


def weakest_scenes(version: FrameworkVersion, many: int = 5) -> list[WeakScene]:
    """Return the scenes most enterprises are weak in; nothing with fewer than ten enterprises. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WEAK, [WEAK_BELOW, version.pk, SMALLEST, many])
        found = cursor.fetchall()
    items = version.framework.items
    return [WeakScene(wording.say(items[scene].title), round(percent)) for scene, percent in found]


_WEAK = """
SELECT one.key, 100.0 * count(*) FILTER (WHERE one.value::int < %s) / count(*) AS percent
FROM assessments_assessment, jsonb_each_text(result -> 'scenes') AS one
WHERE is_latest AND version_id = %s
GROUP BY one.key HAVING count(*) >= %s
ORDER BY percent DESC, one.key LIMIT %s
"""
