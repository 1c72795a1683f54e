"""Sheets that people fill in and send back: the workbook they get, and what its first row must hold.

Codes stand in the first row and what they mean in the second; what is filled in begins in the third. A sheet
that comes back with faults has one column more, for what is wrong with a row.
"""

import io
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

ERRORS = "errors"
_FIRST = 3


@dataclass(frozen=True)
class Column:
    """One column of the workbook: its code, what it means, what can be chosen (nothing: typed freely)."""

    code: str
    words: str
    choices: Sequence[str] = ()
    is_needed: bool = False

    @property
    def heading(self) -> str:
        return f"{self.words}{gettext(' (needed)') if self.is_needed else ''}"


def column_of_errors() -> Column:
    return Column(ERRORS, gettext("what is wrong"))


def as_text(raw: Any) -> str:
    """Give a cell as somebody would type it; a figure as the spreadsheet shows it."""
    if raw is None:
        return ""
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else f"{raw:.15g}"
    return str(raw)


def wrong_headings(codes: Sequence[str], *, needed: Iterable[str], known: Container[str]) -> str:
    """Say what is wrong with the codes of a first row; '' when nothing is."""
    missing = [code for code in needed if code not in codes]
    unknown = [code[:40] for code in codes if code and code not in known and code != ERRORS]
    twice = [code for code in dict.fromkeys(codes) if code and codes.count(code) > 1]
    if missing:
        return gettext("The first row lacks these columns: %(codes)s. Use the template.") % {
            "codes": ", ".join(missing)
        }
    if unknown or twice:
        return gettext(
            "The first row holds columns that are not known, or twice: %(codes)s. Use the template."
        ) % {"codes": ", ".join([*unknown, *twice])}
    return ""


def workbook(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | None]],
    *,
    notes: Iterable[str],
    most_rows: int,
    only_text: bool = False,
) -> bytes:
    """Give a workbook of three sheets: what is filled in, the lists to choose from, and notes.

    With `only_text` what people type stays as typed too: codes keep their zeros and all their digits.
    """
    book = Workbook()
    page: Any = book.active
    page.title = title
    page.freeze_panes = f"A{_FIRST}"
    lists = book.create_sheet("lists")
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 24
        if only_text:
            page.column_dimensions[letter].number_format = "@"
        _write(page.cell(1, number), column.code)
        _write(page.cell(2, number), column.heading)
        page.cell(1, number).font = Font(bold=True)
        page.cell(2, number).alignment = Alignment(wrap_text=True, vertical="top")
        _add_list(page, lists, letter, column.choices, most_rows)
    for row_number, row in enumerate(rows, _FIRST):
        for number, value in enumerate(row, 1):
            _write(page.cell(row_number, number), value)
    explained = book.create_sheet("notes")
    explained.column_dimensions["A"].width = 100
    for line in notes:
        explained.append([line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(cell: Any, value: str | None) -> None:
    """Text stays text, whatever it looks like."""
    cell.value = value
    if value is not None:
        cell.data_type = "s"
    cell.number_format = "@"


def _add_list(page: Any, lists: Any, letter: str, choices: Sequence[str], most_rows: int) -> None:
    if not choices:
        return
    for row, choice in enumerate(choices, 1):
        _write(lists[f"{letter}{row}"], choice)
    source = f"lists!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True)
    page.add_data_validation(rule)
    rule.add(f"{letter}{_FIRST}:{letter}{_FIRST + most_rows - 1}")
