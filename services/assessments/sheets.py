"""The tables of this room as they go into a spreadsheet: headings and rows, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, pgettext

from core.sheets import Cell
from services.assessments import distribution
from services.assessments.campaigns import Coverage, Reached
from services.assessments.models import FrameworkVersion

Sheet = tuple[list[str], list[list[Cell]]]


def coverage_table(coverage: Coverage) -> Sheet:
    """Give how far a campaign is, by district, the sum last; a number that is not told is “–”."""
    heads = [gettext("District"), gettext("Invited"), gettext("Begun"), pgettext("enterprises", "Finished")]
    return heads, [_reached(row) for row in (*coverage.rows, coverage.total)]


def _reached(row: Reached) -> list[Cell]:
    return [row.name, *(told(number) for number in (row.invited, row.begun, row.finished))]


def told(number: int | None) -> Cell:
    """Give a count as a cell; what is not told is a dash, not a zero."""
    return "–" if number is None else number


def distribution_table(version: FrameworkVersion) -> Sheet:
    """Give how the levels are spread and have changed, one number a row, ready for a pivot table."""
    heads = [gettext("Table"), gettext("Group"), gettext("What is counted"), gettext("Number")]
    return heads, [*_levels(version), *_weak(version), *_changes(version)]


def _levels(version: FrameworkVersion) -> Iterator[list[Cell]]:
    names = [*distribution.levels(version), gettext("together")]
    for table in distribution.tables(version):
        for row in table.rows:
            for name, count in zip(names, (*row.counts, row.total), strict=True):
                yield [str(table.title), row.name, name, told(count)]


def _weak(version: FrameworkVersion) -> Iterator[list[Cell]]:
    title = gettext("Scenes most enterprises are weak in")
    for scene in distribution.weakest_scenes(version, many=len(version.framework.scenes)):
        yield [title, scene.title, gettext("below level 2, %"), scene.percent]


def _changes(version: FrameworkVersion) -> Iterator[list[Cell]]:
    title = gettext("Change between the last two rounds")
    for row in distribution.changes(version):
        yield [title, row.name, gettext("level has risen"), told(row.risen)]
        yield [title, row.name, gettext("level is the same"), told(row.same)]
        yield [title, row.name, gettext("level has fallen"), told(row.fallen)]
        yield [title, row.name, gettext("points, average"), "–" if row.points is None else row.points]
