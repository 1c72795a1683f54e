"""The open book as tables of words and numbers: the same for the page, CSV and xlsx."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import sheets
from portal.indicators.definitions import LEVEL, SMALLEST_CELL, UNKNOWN_LEVEL
from portal.indicators.open_book import Book, Figures
from services.catalogue.models import Group

Row = Sequence[sheets.Cell]


@dataclass(frozen=True)
class Table:
    """One table; `head` counts the columns that name a row."""

    title: str | Promise
    columns: list[str]
    rows: Sequence[Row]
    head: int = 1


def group_name(group: str) -> str:
    """Word a module; '' are questions without one."""
    return str(Group(group).label) if group in Group.values else _("Questions")


def level_name(level: str) -> str:
    """Word a digital level as the measurements name it."""
    if level == UNKNOWN_LEVEL:
        return _("not assessed")
    return _("level %(number)s") % {"number": level.removeprefix(LEVEL)}


def few() -> str:
    """Say that a number is too small to be shown."""
    return _("fewer than %(number)s") % {"number": SMALLEST_CELL}


def _heads() -> list[str]:
    return [
        _("Received"),
        _("First reply given"),
        _("Completed"),
        _("Free of charge, share of completed (%)"),
        _("On time, share of completed (%)"),
        _("Median first reply, working days"),
        _("Satisfaction, 1 to 5"),
        _("Ratings"),
    ]


def _cells(figures: Figures) -> list[sheets.Cell]:
    if figures.few:
        return [few(), *[None] * 7]
    return [
        figures.received,
        figures.replied,
        figures.resolved,
        figures.free_percent,
        figures.on_time_percent,
        figures.median_days,
        figures.stars,
        figures.rated,
    ]


def figures_table(title: str, name: str, rows: Sequence[tuple[str, Figures]]) -> Table:
    """Return one table of named figures, with the columns of the open book."""
    return Table(title, [name, *_heads()], [[label, *_cells(figures)] for label, figures in rows])


def months(book: Book) -> Table:
    rows = [[f"{month:%Y-%m}", *_cells(figures)] for month, figures in book.months]
    return Table(_("By month"), [_("Month"), *_heads()], rows)


def modules(book: Book) -> Table:
    rows = [[group_name(group), *_cells(figures)] for group, figures in book.groups]
    return Table(_("By service module"), [_("Module"), *_heads()], rows)


def cities(book: Book) -> Table:
    rows: list[Row] = [
        [
            row.region.code,
            row.region.name,
            few() if row.enterprises is None else row.enterprises,
            *_cells(row.figures),
        ]
        for row in book.cities
    ]
    columns = [_("Code"), _("City"), _("Registered enterprises"), *_heads()]
    return Table(_("By city"), columns, rows, head=2)


def levels(book: Book) -> Table:
    rows: list[Row] = [[level_name(level), number] for level, number in book.levels]
    return Table(_("Enterprises by digital level"), [_("Digital level"), _("Enterprises")], rows)


def plan(book: Book) -> Table:
    rows: list[Row] = []
    for line in book.plan:
        target = f"> {line.indicator.target}" if line.indicator.more_than else f"{line.indicator.target}"
        found: list[Row] = [
            [str(line.indicator.label), target, value.value, f"{value.as_of:%Y-%m-%d}", value.source]
            for value in line.values
        ]
        rows += found or [[str(line.indicator.label), target, None, None, None]]
    columns = [_("Indicator"), _("Target for 2026, %"), _("Value, %"), _("As at"), _("Source")]
    return Table(_("Targets of the Five-Year Plan"), columns, rows)


TABLES: Mapping[str, Callable[[Book], Table]] = {
    "months": months,
    "modules": modules,
    "cities": cities,
    "levels": levels,
    "plan": plan,
}
NOTES: Mapping[str, Any] = {
    "cities": gettext_lazy("A number below five is not shown, nor one it could be worked out from."),
}
