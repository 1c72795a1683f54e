"""Write the workbook of enterprises: empty as a template, or with the rows to put right."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from enterprises.forms.intake.reading import Entry
from enterprises.forms.intake.rows import COLUMNS, ERRORS, MOST_ROWS, NEEDED, as_text, choices, words_of

_FIRST = 3


def template() -> bytes:
    """Give the empty workbook: codes in the first row, words in the second, drop-downs, explanations."""
    return _book(COLUMNS, [])


def returned(codes: Iterable[str], bad: Iterable[Entry]) -> bytes:
    """Give a workbook of the rows with errors and what is wrong with each, to be put right and sent again."""
    rows = [(*map(as_text, entry.cells), " ".join(entry.errors)) for entry in bad]
    return _book((*codes, ERRORS), rows)


def _book(codes: Iterable[str], rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.title = "enterprises"
    lists = book.create_sheet("lists")
    for number, code in enumerate(codes, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 24
        # Codes keep their zeros and all their digits only as text.
        page.column_dimensions[letter].number_format = "@"
        _write(page.cell(1, number), code)
        _write(page.cell(2, number), _words(code))
        page.cell(1, number).font = Font(bold=True)
        page.cell(2, number).alignment = Alignment(wrap_text=True, vertical="top")
        _add_list(page, lists, number, choices().get(code, []))
    page.freeze_panes = "A3"
    for row_number, row in enumerate(rows, _FIRST):
        for number, value in enumerate(row, 1):
            _write(page.cell(row_number, number), value or None)
    _explain(book.create_sheet("notes"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _words(code: str) -> str:
    if code not in COLUMNS:
        return gettext("what is wrong")
    return f"{words_of(code)}{gettext(' (needed)') if code in NEEDED else ''}"


def _write(cell: Any, value: str | None) -> None:
    """Text stays text, whatever it looks like."""
    cell.value = value
    if value is not None:
        cell.data_type = "s"
    cell.number_format = "@"


def _add_list(page: Any, lists: Any, number: int, given: list[str]) -> None:
    if not given:
        return
    letter = get_column_letter(number)
    for row, choice in enumerate(given, 1):
        _write(lists[f"{letter}{row}"], choice)
    rule = DataValidation(type="list", formula1=f"lists!${letter}$1:${letter}${len(given)}", allow_blank=True)
    page.add_data_validation(rule)
    rule.add(f"{letter}{_FIRST}:{letter}{_FIRST + MOST_ROWS - 1}")


def _explain(notes: Any) -> None:
    notes.column_dimensions["A"].width = 100
    for line in (
        gettext("One row is one enterprise. Leave the first row as it is."),
        gettext("An empty cell says nothing: what is known already stays."),
        gettext("Region and industry: choose from the list, or type the code alone, such as 370211 or 3421."),
        gettext("Revenue and assets are figures in 10,000 yuan, without unit, such as 1200 or 12.5."),
        gettext("The founding date is written 2019-03-14; the month (2019-03) or the year (2019) will do."),
        gettext("No formulas: paste their values. At most %(most)s rows.") % {"most": MOST_ROWS},
        gettext("The same file may be sent again: an enterprise is known again by its credit code."),
        gettext("Nobody is written to, and nobody can act for an enterprise because it stands here."),
    ):
        notes.append([line])
