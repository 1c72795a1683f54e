"""Turn a filled sheet of enterprises into rows, each with its errors in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from django.utils.translation import gettext

from core import sheets
from core.intake import as_text, wrong_headings
from enterprises.actions import Registration
from enterprises.forms.fields import code_warnings
from enterprises.forms.intake.rows import COLUMNS, MOST_ROWS, NEEDED, RowForm

# Figures of more digits are rounded by spreadsheets.
_EXACT_DIGITS = 15


@dataclass(frozen=True)
class Entry:
    """One row of the file: its number, what it says (None with errors), errors and remarks as sentences."""

    number: int
    row: Registration | None
    errors: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    cells: tuple[str | int | float, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole file: its rows, the codes of its columns, and what is wrong with the file itself."""

    entries: list[Entry] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    error: str = ""

    @property
    def good(self) -> list[Registration]:
        return [entry.row for entry in self.entries if entry.row and not entry.errors]

    @property
    def bad(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.errors]

    @property
    def kept(self) -> list[dict[str, Any]]:
        """Give the rows as JSON values, for the second step of an import."""
        return [{"number": entry.number, "cells": list(entry.cells)} for entry in self.entries]


def read(file: IO[bytes]) -> Sheet:
    """Read a filled template; raises nothing, a file that cannot be taken says why in `error`."""
    try:
        rows = sheets.read_xlsx(file, max_rows=MOST_ROWS + 1)
    except sheets.SheetError as error:
        return Sheet(error=sheets.in_words(error))
    codes = tuple(as_text(cell).strip() for cell in rows[0].cells)
    wrong = wrong_headings(codes, needed=NEEDED, known=COLUMNS)
    if wrong:
        return Sheet(error=wrong)
    entries = [_entry(row.number, codes, row.cells) for row in rows[1:] if row.number > 2]
    if not entries:
        return Sheet(error=gettext("There is no enterprise in this file: fill in rows from the third on."))
    return Sheet(_without_repeats(entries), tuple(code for code in codes if code in COLUMNS))


def again(codes: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Read the rows kept from an earlier look (`Sheet.kept`) once more."""
    given = tuple(codes)
    entries = [_entry(row["number"], given, tuple(row["cells"])) for row in rows]
    return Sheet(_without_repeats(entries), given)


def with_errors(sheet: Sheet, told: Mapping[str, str]) -> Sheet:
    """Give the sheet with one more error on the rows whose credit code is named in `told`."""
    entries = [
        replace(entry, errors=(*entry.errors, told[entry.row.uscc]))
        if entry.row and entry.row.uscc in told
        else entry
        for entry in sheet.entries
    ]
    return replace(sheet, entries=entries)


def _entry(number: int, codes: tuple[str, ...], cells: tuple[Any, ...]) -> Entry:
    raw = dict(zip(codes, cells, strict=False))
    form = RowForm({code: as_text(raw.get(code)) for code in COLUMNS})
    errors = [f"{code}: {words}" for code, told in form.errors.items() for words in told]
    if isinstance(raw.get("uscc"), int | float) and len(as_text(raw["uscc"])) > _EXACT_DIGITS:
        errors = [one for one in errors if not one.startswith("uscc:")]
        errors.insert(0, gettext("uscc: is kept as a number, which loses its last digits. Type it as text."))
    kept = tuple(_kept(cell) for code, cell in raw.items() if code in COLUMNS)
    if errors:
        return Entry(number, None, tuple(errors), cells=kept)
    row = form.registration
    return Entry(number, row, remarks=tuple(code_warnings(row.uscc)), cells=kept)


def _kept(raw: Any) -> str | int | float:
    """A figure stays one, so that the second step finds the same errors as the first."""
    return raw if isinstance(raw, int | float) else as_text(raw)


def _without_repeats(entries: list[Entry]) -> list[Entry]:
    seen: dict[str, int] = {}
    found = []
    for entry in entries:
        first = seen.setdefault(entry.row.uscc, entry.number) if entry.row else entry.number
        told = gettext("uscc: the same credit code stands in row %(row)s already.") % {"row": first}
        is_first = first == entry.number
        found.append(entry if is_first else replace(entry, row=None, errors=(*entry.errors, told)))
    return found
