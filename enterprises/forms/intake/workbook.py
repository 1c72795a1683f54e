"""Write the workbook of enterprises: empty as a template, or with the rows to put right."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from core import intake
from enterprises.forms.intake.reading import Entry
from enterprises.forms.intake.rows import COLUMNS, MOST_ROWS, NEEDED, choices, words_of


def template() -> bytes:
    """Give the empty workbook: codes in the first row, words in the second, drop-downs, explanations."""
    return _book(_columns(COLUMNS), [])


def returned(codes: Iterable[str], bad: Iterable[Entry]) -> bytes:
    """Give a workbook of the rows with errors and what is wrong with each, to be put right and sent again."""
    rows = [
        (*(intake.as_text(cell) or None for cell in entry.cells), " ".join(entry.errors)) for entry in bad
    ]
    return _book([*_columns(codes), intake.column_of_errors()], rows)


def _columns(codes: Iterable[str]) -> list[intake.Column]:
    lists = choices()
    return [intake.Column(code, words_of(code), lists.get(code, ()), code in NEEDED) for code in codes]


def _book(columns: list[intake.Column], rows: list[tuple[str | None, ...]]) -> bytes:
    return intake.workbook("enterprises", columns, rows, notes=_notes(), most_rows=MOST_ROWS, only_text=True)


def _notes() -> tuple[str, ...]:
    return (
        gettext("One row is one enterprise. Leave the first row as it is."),
        gettext("An empty cell says nothing: what is known already stays."),
        gettext("Region and industry: choose from the list, or type the code alone, such as 370211 or 3421."),
        gettext("Revenue and assets are figures in 10,000 yuan, without unit, such as 1200 or 12.5."),
        gettext("The founding date is written 2019-03-14; the month (2019-03) or the year (2019) will do."),
        gettext("No formulas: paste their values. At most %(most)s rows.") % {"most": MOST_ROWS},
        gettext("The same file may be sent again: an enterprise is known again by its credit code."),
        gettext("Nobody is written to, and nobody can act for an enterprise because it stands here."),
    )
