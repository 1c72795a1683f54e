"""How others stand: exact averages over a maintained aggregate, and nothing where others could be recognised.

The newest result of an enterprise counts, once. Asked for sector, size and city, a cohort that is too small
is widened by a stated rule: first the place is dropped, then the size, then the sector; what is still too
small is not shown at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import calendar
from enterprises import facts
from enterprises.models import Enterprise, region_prefix
from services.assessments.models import Assessment, BenchmarkCell, FrameworkVersion

# Fewer enterprises could be recognised.
SMALLEST = 10


@dataclass(frozen=True)
class Step:
    """One width of the cohort: what it takes into account."""

    name: str
    label: str | Promise
    keeps: tuple[str, ...]


STEPS = (
    Step("city", _("same sector, size and city"), ("sector", "size", "city")),
    Step("size", _("same sector and size, whole province"), ("sector", "size")),
    Step("sector", _("same sector, all sizes, whole province"), ("sector",)),
    Step("all", _("all enterprises of the province"), ()),
)


@dataclass(frozen=True)
class Average:
    """The averages of a cohort: how many enterprises, which step of the widening, and points by part."""

    enterprises: int
    step: Step
    points: Mapping[str, Decimal]

    @property
    def score(self) -> Decimal:
        return self.points[""]


def place_of(enterprise: Enterprise) -> dict[str, str]:
    """Give the facets a result is counted under: division of industry, size class, region; '' if unknown."""
    known = facts.with_size(enterprise.facts.known(), calendar.today())
    industry = known[facts.INDUSTRY].value.code if facts.INDUSTRY in known else ""
    size = str(known[facts.SIZE].value) if facts.SIZE in known else ""
    region = known[facts.REGION].value.code if facts.REGION in known else ""
    # A section (one letter) is wider than a division and would mix sectors.
    return {"sector": industry[:2] if industry[:1].isdigit() else "", "size": size, "region": region}


def count(assessment: Assessment) -> None:
    """Add a newly finished round to its cell; call in the transaction that finishes it."""
    _add(assessment, 1)


def forget(assessment: Assessment | None) -> None:
    """Take a round that is the newest no more out of its cell; None is fine."""
    if assessment is not None:
        _add(assessment, -1)


def _add(assessment: Assessment, sign: int) -> None:
    # In the order of the parts, so that two enterprises in one cell cannot block each other.
    for part, points in sorted(_parts(assessment).items()):
        with connection.cursor() as cursor:
            cursor.execute(
                _COUNT,
                [
                    assessment.version_id,
                    assessment.sector,
                    assessment.size,
                    assessment.region,
                    part,
                    sign,
                    sign * points,
                ],
            )


_COUNT = """
INSERT INTO assessments_benchmarkcell AS cell (version_id, sector, size, region, part, enterprises, points)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (version_id, sector, size, region, part) DO UPDATE
SET enterprises = cell.enterprises + EXCLUDED.enterprises, points = cell.points + EXCLUDED.points
"""


def _parts(assessment: Assessment) -> dict[str, Decimal]:
    result: Any = assessment.result
    return {"": Decimal(result["score"])} | {
        part: Decimal(points) for part, points in result["dimensions"].items()
    }


def rebuild(version: FrameworkVersion) -> int:
    """Count all cells of an edition anew from the results; return how many cells stand."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE assessments_benchmarkcell IN EXCLUSIVE MODE")
        BenchmarkCell.objects.filter(version=version).delete()
        cursor.execute(_REBUILD, [version.pk, version.pk])
    return BenchmarkCell.objects.filter(version=version).count()


_REBUILD = """
INSERT INTO assessments_benchmarkcell (version_id, sector, size, region, part, enterprises, points)
SELECT version_id, sector, size, region, part, count(*), sum(points)
FROM (
    SELECT version_id, sector, size, region, '' AS part, (result ->> 'score')::numeric AS points
    FROM assessments_assessment WHERE is_latest AND version_id = %s
    UNION ALL
    SELECT version_id, sector, size, region, one.key, one.value::numeric
    FROM assessments_assessment, jsonb_each_text(result -> 'dimensions') AS one
    WHERE is_latest AND version_id = %s
) AS parts
GROUP BY version_id, sector, size, region, part
"""


def average(version: FrameworkVersion, place: Mapping[str, str]) -> Average | None:
    """Average the newest results of the narrowest cohort with at least ten enterprises; None without one.

    `place` is what `place_of` gives; a facet that is not known skips the steps that need it. One query each.
    """
    for step in STEPS:
        conditions = _conditions(step, place)
        if conditions is None:
            continue
        found = _sums(version, conditions)
        if found and found[""][0] >= SMALLEST:
            return Average(
                found[""][0],
                step,
                {part: points / many for part, (many, points) in found.items() if many},
            )
    return None


def percent_below(version: FrameworkVersion, found: Average, place: Mapping[str, str], score: Decimal) -> int:
    """Return the share of an average's cohort with a lower score, in percent rounded down. One query."""
    conditions = _conditions(found.step, place) or {}
    lower = Assessment.objects.newest().filter(version=version, score__lt=score, **conditions)
    return lower.count() * 100 // found.enterprises


def _conditions(step: Step, place: Mapping[str, str]) -> dict[str, str] | None:
    conditions = {name: place[name] for name in step.keeps if name != "city"}
    if "city" in step.keeps:
        city = region_prefix(place["region"])[:4] if place["region"] else ""
        if len(city) < 4:
            return None
        conditions["region__startswith"] = city
    return None if "" in conditions.values() else conditions


def _sums(version: FrameworkVersion, conditions: Mapping[str, str]) -> dict[str, tuple[int, Decimal]]:
    rows = (
        BenchmarkCell.objects.filter(version=version, **conditions)
        .values_list("part")
        .annotate(many=Sum("enterprises"), total=Sum("points"))
    )
    found = {part: (many, total) for part, many, total in rows}
    return found if found.get("", (0,))[0] else {}
