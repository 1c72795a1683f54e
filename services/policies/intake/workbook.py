"""Write the publishers' workbook: empty as a template, or with the rows to put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from core import intake
from services.policies.intake.columns import BY_CODE, MOST_ROWS
from services.policies.intake.reading import Entry


def template() -> bytes:
    """Give the empty workbook: codes in the first row, words in the second, drop-downs, explanations."""
    return _book(_columns(BY_CODE), [])


def returned(codes: Iterable[str], bad: Iterable[Entry]) -> bytes:
    """Give a workbook of the rows with errors and what is wrong with each, to be put right and sent again."""
    kept = [code for code in codes if code != intake.ERRORS]
    rows = [(*entry.cells[: len(kept)], " ".join(entry.errors)) for entry in bad]
    return _book([*_columns(kept), intake.column_of_errors()], rows)


def _columns(codes: Iterable[str]) -> list[intake.Column]:
    return [_column(code) for code in codes]


def _column(code: str) -> intake.Column:
    if code not in BY_CODE:
        return intake.Column(code, "")  # a column without a heading stays where it was
    column = BY_CODE[code]
    return intake.Column(code, column.words(), column.choices, column.is_needed)


def _book(columns: list[intake.Column], rows: list[tuple[Any, ...]]) -> bytes:
    return intake.workbook("notices", columns, rows, notes=_notes(), most_rows=MOST_ROWS)


def _notes() -> tuple[str, ...]:
    return (
        gettext("One row is one notice with at most one item. Leave the first row as it is."),
        gettext("A notice with several items takes a row for each: repeat what is said of the notice."),
        gettext("Columns that begin with “item:” may stay empty: then the notice has no item."),
        gettext("Several codes stand in one cell, separated by commas: 370200, 370600."),
        gettext("Dates are written 2026-12-31, amounts in 10,000 yuan as 50 or 12.5."),
        gettext("No formulas: paste their values. At most %(most)s rows.") % {"most": MOST_ROWS},
        gettext(
            "The same file may be sent again: what differs from a notice that is there waits to be looked at."
        ),
    )
