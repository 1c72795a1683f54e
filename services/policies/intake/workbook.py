"""Write the publishers' workbook: empty as a template, or with the rows to put right."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from services.policies.intake.columns import BY_CODE, ERRORS, MOST_ROWS
from services.policies.intake.reading import Entry

_LISTED_BELOW = 1000


def template() -> bytes:
    """Give the empty workbook: codes in the first row, words in the second, drop-downs, explanations."""
    return _book(tuple(BY_CODE), [])


def returned(codes: Iterable[str], bad: Iterable[Entry]) -> bytes:
    """Give a workbook of the rows with errors and what is wrong with each, to be put right and sent again."""
    kept = [code for code in codes if code != ERRORS]
    return _book((*kept, ERRORS), [(*entry.cells[: len(kept)], " ".join(entry.errors)) for entry in bad])


def _book(codes: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.title = "notices"
    page.append(list(codes))
    page.append([_words_of(code) for code in codes])
    page.freeze_panes = "A3"
    for number in range(1, len(codes) + 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 24
        page[f"{letter}1"].font = Font(bold=True)
        page[f"{letter}2"].alignment = Alignment(wrap_text=True, vertical="top")
    lists = book.create_sheet("lists")
    _add_lists(page, lists, codes)
    for row_number, row in enumerate(rows, 3):
        for number, value in enumerate(row, 1):
            _write(page.cell(row_number, number), value)
    _explain(book.create_sheet("notes"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _words_of(code: str) -> str:
    if code not in BY_CODE:
        return gettext("what is wrong")
    column = BY_CODE[code]
    return f"{column.words()}{gettext(' (needed)') if column.is_needed else ''}"


def _write(cell: Any, value: Any) -> None:
    """Text stays text, whatever it looks like."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"


def _add_lists(page: Any, lists: Any, codes: tuple[str, ...]) -> None:
    place = 0
    for number, code in enumerate(codes, 1):
        choices = BY_CODE[code].choices if code in BY_CODE else ()
        if not choices:
            continue
        place += 1
        letter = get_column_letter(place)
        for row, choice in enumerate(choices, 1):
            _write(lists[f"{letter}{row}"], choice)
        rule = DataValidation(
            type="list", formula1=f"lists!${letter}$1:${letter}${len(choices)}", allow_blank=True
        )
        page.add_data_validation(rule)
        own = get_column_letter(number)
        rule.add(f"{own}3:{own}{_LISTED_BELOW}")


def _explain(notes: Any) -> None:
    notes.column_dimensions["A"].width = 100
    for line in (
        gettext("One row is one notice with at most one item. Leave the first row as it is."),
        gettext("A notice with several items takes a row for each: repeat what is said of the notice."),
        gettext("Columns that begin with “item:” may stay empty: then the notice has no item."),
        gettext("Several codes stand in one cell, separated by commas: 370200, 370600."),
        gettext("Dates are written 2026-12-31, amounts in 10,000 yuan as 50 or 12.5."),
        gettext("No formulas: paste their values. At most %(most)s rows.") % {"most": MOST_ROWS},
        gettext(
            "The same file may be sent again: what differs from a notice that is there waits to be looked at."
        ),
    ):
        notes.append([line])
