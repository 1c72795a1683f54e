"""Turn a filled sheet into rows, each with its errors, and find the notices that are there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from django.utils.translation import gettext

from core import sheets, text
from core.intake import ERRORS, as_text, wrong_headings
from services.policies.intake.columns import BY_CODE, COLUMNS, ITEM_CODES, MOST_ROWS
from services.policies.models import CLAIMABLE_KINDS, Kind, PolicyNotice


@dataclass(frozen=True)
class Entry:
    """One row of the file: its number, the values by column, and the errors as sentences."""

    number: int
    values: Mapping[str, Any]
    errors: tuple[str, ...] = ()
    cells: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole file: its rows, the codes of its columns, and what is wrong with the file itself."""

    entries: list[Entry] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    error: str = ""

    @property
    def good(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.errors]

    @property
    def kept(self) -> list[dict[str, Any]]:
        """Give the rows as JSON values, for the second step of an import."""
        return [{"number": entry.number, "cells": list(entry.cells)} for entry in self.entries]

    @property
    def bad(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.errors]


def read(file: IO[bytes]) -> Sheet:
    """Read a filled template; raises nothing, a file that cannot be taken says why in `error`."""
    try:
        rows = sheets.read_xlsx(file, max_rows=MOST_ROWS + 1)
    except sheets.SheetError as error:
        return Sheet(error=sheets.in_words(error))
    codes = tuple(as_text(cell).strip() for cell in rows[0].cells)
    needed = [column.code for column in COLUMNS if column.is_needed]
    wrong = wrong_headings(codes, needed=needed, known=BY_CODE)
    if wrong:
        return Sheet(error=wrong)
    entries = [_entry(row.number, codes, row.cells) for row in rows[1:] if row.number > 2]
    if not entries:
        return Sheet(error=gettext("There is no notice in this file: fill in rows from the third on."))
    return Sheet(_by_notice(entries), codes)


def again(codes: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Read the rows kept from an earlier look (`Sheet.kept`) once more."""
    given = tuple(codes)
    entries = [_entry(row["number"], given, tuple(row["cells"])) for row in rows]
    return Sheet(_by_notice(entries), given)


def _entry(number: int, codes: tuple[str, ...], cells: tuple[Any, ...]) -> Entry:
    values: dict[str, Any] = {}
    errors = []
    for code, raw in zip(codes, cells, strict=False):
        if code not in BY_CODE:
            continue
        try:
            values[code] = BY_CODE[code].read(raw)
        except ValueError as error:
            errors.append(f"{code}: {error}.")
    missing = [one.code for one in COLUMNS if one.is_needed and one.code in values and not values[one.code]]
    errors += [gettext("%(code)s: is needed.") % {"code": code} for code in missing]
    errors += _across(values)
    kept = tuple(as_text(cell) or None for code, cell in zip(codes, cells, strict=False) if code != ERRORS)
    return Entry(number, values, tuple(errors), kept)


def _across(values: Mapping[str, Any]) -> list[str]:
    found = []
    for early, late in (("effective_from", "effective_to"), ("opens_on", "closes_on")):
        first, last = values.get(early), values.get(late)
        if first and last and last < first:
            found.append(gettext("%(late)s: lies before %(early)s.") % {"late": late, "early": early})
    least, most = values.get("employees_min"), values.get("employees_max")
    if least is not None and most is not None and most < least:
        found.append(gettext("employees_max: is less than employees_min."))
    if not values.get("item_title_zh") and any(values.get(code) for code in ITEM_CODES):
        found.append(gettext("item_title_zh: is needed when the item is filled in."))
    without_items = {kind.value for kind in Kind} - {kind.value for kind in CLAIMABLE_KINDS}
    if values.get("item_title_zh") and values.get("kind") in without_items:
        found.append(gettext("kind: a plan or guideline has no item."))
    return found


def key_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Give what a notice is known again by: its address, else its document number, else title and issuer."""
    if values.get("slug"):
        return "slug", values["slug"]
    number = text.document_number(values.get("document_number") or "")
    return ("number", number) if number else ("title", f"{values.get('title_zh')} {values.get('issuer_zh')}")


def item_key(values: Mapping[str, Any]) -> str:
    """Give what an item is known again by within its notice: its title, however it is spaced."""
    return text.normal("".join((values.get("item_title_zh") or "").split()))


def grouped(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Put the rows of one notice together, in the order of the file."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault(key_of(entry.values), []).append(entry)
    return list(found.values())


def _by_notice(entries: list[Entry]) -> list[Entry]:
    """Check the rows of each notice against each other; a notice is taken whole or not at all."""
    found: list[Entry] = []
    for rows in grouped(entries):
        checked = [_with(row, _against(row, rows[:place])) for place, row in enumerate(rows)]
        bad = next((row for row in checked if row.errors), None)
        held_back = gettext("Row %(row)s of the same notice is wrong.") % {"row": bad.number if bad else 0}
        found += [row if row.errors or bad is None else _with(row, [held_back]) for row in checked]
    return sorted(found, key=lambda entry: entry.number)


def _with(entry: Entry, errors: list[str]) -> Entry:
    return replace(entry, errors=(*entry.errors, *errors))


def _against(entry: Entry, earlier: list[Entry]) -> list[str]:
    """Say where a row repeats an earlier one of its notice, or says something else of the notice."""
    if not earlier:
        return []
    first, own = earlier[0], item_key(entry.values)
    if not own or not item_key(first.values):
        return [gettext("The same notice stands in row %(row)s already.") % {"row": first.number}]
    same = next((row for row in earlier if item_key(row.values) == own), None)
    if same:
        return [gettext("The same item stands in row %(row)s already.") % {"row": same.number}]
    place = entry.values.get("item_position")
    same = next((row for row in earlier if place and row.values.get("item_position") == place), None)
    if same:
        return [gettext("item_position: row %(row)s has the same place.") % {"row": same.number}]
    return [
        gettext("%(code)s: row %(row)s says something else of the notice.")
        % {"code": code, "row": first.number}
        for code, value in entry.values.items()
        if code not in ITEM_CODES and value and value != first.values.get(code)
    ]


def present(entries: Iterable[Entry]) -> dict[int, PolicyNotice]:
    """Find the notices that are there already, by the row that names them, in one query."""
    rows = list(entries)
    keys = {entry.number: key_of(entry.values) for entry in rows}
    notices = PolicyNotice.objects.filter(corrects=None).defer("body_zh", "targets")
    slugs = [value for kind, value in keys.values() if kind == "slug"]
    numbers = [text.document_number(entry.values.get("document_number") or "") for entry in rows]
    titles = [entry.values.get("title_zh") for entry in rows]
    near = notices.filter(slug__in=slugs) | notices.filter(
        document_number_key__in=list(filter(None, numbers))
    )
    near = near | notices.filter(title_zh__in=list(filter(None, titles)))
    by_key: dict[tuple[str, str], PolicyNotice] = {}
    for notice in near:
        by_key[("slug", notice.slug)] = notice
        by_key.setdefault(("title", f"{notice.title_zh} {notice.issuer_zh}"), notice)
        if notice.document_number_key:
            by_key.setdefault(("number", notice.document_number_key), notice)
    return {number: by_key[key] for number, key in keys.items() if key in by_key}
