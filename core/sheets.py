"""Write and read tables as xlsx and CSV, the formats people open in a spreadsheet.

What is text stays text: a code keeps its leading zeros, and a cell that begins like a formula is never run.
What comes in is looked at before it is unpacked: kind of file, unpacked size, number of rows, no formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.text import printable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Cell = str | int | float | Decimal | bool | date | datetime | None

# What a spreadsheet takes at most in one cell, and as the name of a sheet.
_LONGEST_CELL = 32_767
_LONGEST_TITLE = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
# Spreadsheets also read the full-width signs, and skip blanks before the sign.
_LIKE_A_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]|[\t\r\n]")
_WIDEST, _NARROWEST = 60, 8


# --- writing -------------------------------------------------------------------------


class Sheet(NamedTuple):
    """One sheet of a workbook: its name, its headings, its rows."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give a workbook of one sheet: a bold first row that stays in sight, then the rows.

    Text is written as text, whatever it looks like; numbers and dates as such. Characters no spreadsheet
    takes are left out, an over-long text is cut.
    """
    return workbook([Sheet(title, columns, rows)])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Give a workbook of several sheets, each as `xlsx` writes its one; equal names get a number."""
    book = Workbook(write_only=True)
    for given in sheets:
        _write_sheet(book.create_sheet(_sheet_title(given.title)), given)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_title(title: str) -> str:
    return _NOT_IN_TITLE.sub(" ", printable(title))[:_LONGEST_TITLE].strip("' ") or "1"


def _write_sheet(sheet: Any, given: Sheet) -> None:
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(given.columns, 1):
        width = min(max(_width(heading) + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, words) for words in given.columns])
    for row in given.rows:
        sheet.append([_written(sheet, value) for value in row])


def csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give the table as CSV in UTF-8 with the mark spreadsheets want, lines ending in CRLF (RFC 4180).

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    stream = io.StringIO(newline="")
    out = writer(stream)
    out.writerow([_harmless(words) for words in columns])
    out.writerows([_harmless(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _heading(sheet: Any, words: str) -> Any:
    cell = _written(sheet, words)
    cell.font = Font(bold=True)
    return cell


def _written(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    text = printable(value)[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = "@"
    # The mark keeps the cell text when somebody edits it.
    cell.quotePrefix = bool(_LIKE_A_FORMULA.match(text))
    return cell


def _harmless(value: Cell) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else value
    text = printable(value)
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def _width(heading: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in heading)


# --- reading -------------------------------------------------------------------------


class SheetError(ValueError):
    """A file that is not taken.

    `code`: wrong_type, too_large, too_many_rows, too_many_columns, formula, error_value, empty or broken;
    `row` and `column` (the number and the letters a spreadsheet shows) where one cell is to blame, `most`
    where a limit is.
    """

    def __init__(self, code: str, *, row: int = 0, column: str = "", most: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.column = column
        self.most = most


class Row(NamedTuple):
    """One row that is not empty: its number as the spreadsheet shows it, and as many cells as the first."""

    number: int
    cells: tuple[Cell, ...]


def in_words(error: SheetError) -> str:
    """Say why a file is not taken, and what to do about it, in the reader's language."""
    told = {
        "wrong_type": _("This is not an xlsx file. Save the table as xlsx and choose it again."),
        "too_large": _("This file is too large once unpacked. Split it into smaller ones."),
        "too_many_rows": _("There are more than %(most)s rows. Split the table into several files."),
        "too_many_columns": _("There are more than %(most)s columns. Leave only the ones asked for."),
        "formula": _("Cell %(column)s%(row)s holds a formula. Paste its value in its place."),
        "error_value": _("Cell %(column)s%(row)s holds an error of the spreadsheet. Put it right first."),
        "empty": _("The first sheet of this file is empty."),
        "broken": _("This file cannot be read: it is damaged. Save it again and choose it once more."),
    }
    return told[error.code] % {"most": error.most, "row": error.row, "column": error.column}


def read_xlsx(
    file: IO[bytes], *, max_rows: int, max_bytes_unpacked: int = 20_000_000, max_columns: int = 100
) -> list[Row]:
    """Read the first sheet; the first row given is the one of headings. Raises SheetError.

    Empty rows are left out and do not count to `max_rows`, nor does the first; text keeps its blanks. Nothing
    is unpacked before the sizes the archive declares were added up, and no part yields more than it declares.
    """
    _look_at(file, max_bytes_unpacked)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            return list(_rows(book.worksheets[0], max_rows, max_columns))
        finally:
            book.close()
    except SheetError:
        raise
    except Exception as error:
        # What a hostile file makes a parser of other people's formats raise has no common name.
        raise SheetError("broken") from error


def _look_at(file: IO[bytes], max_bytes_unpacked: int) -> None:
    """Refuse what is no workbook, unpacks to too much, or defines entities, before anything parses it."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise SheetError("wrong_type")
            if sum(part.file_size for part in parts) > max_bytes_unpacked:
                raise SheetError("too_large", most=max_bytes_unpacked)
            if any(b"<!DOCTYPE" in archive.read(part) for part in parts if _is_xml(part.filename)):
                raise SheetError("broken")
    except SheetError:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise SheetError("wrong_type") from error
    except Exception as error:
        raise SheetError("broken") from error
    file.seek(0)


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _rows(sheet: Any, max_rows: int, max_columns: int) -> Iterator[Row]:
    # Many tools write a wrong size of the sheet; the cells themselves are asked.
    sheet.reset_dimensions()
    width = count = 0
    blank: Any = None
    for cells in sheet.iter_rows(max_col=max_columns + 1):
        # Rows between two far apart are one and the same tuple, a million times.
        if cells is blank:
            continue
        found = tuple(map(_value, cells))
        last = max((place for place, value in enumerate(found, 1) if value is not None), default=0)
        if not last:
            blank = cells
            continue
        number = next(cell.row for cell in cells if cell.value is not None)
        if last > max_columns:
            raise SheetError("too_many_columns", most=max_columns)
        if count > max_rows:
            raise SheetError("too_many_rows", most=max_rows)
        width = width or last
        count += 1
        yield Row(number, (found + (None,) * width)[: max(width, last)])
    if not count:
        raise SheetError("empty")


def _value(cell: Any) -> Cell:
    if cell.data_type in {"f", "e"} and cell.value is not None:
        code = "formula" if cell.data_type == "f" else "error_value"
        raise SheetError(code, row=cell.row, column=get_column_letter(cell.column))
    value = cell.value
    if isinstance(value, str):
        return printable(value) or None
    return value
