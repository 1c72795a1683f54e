"""Put together what an enterprise needs to claim an item: a checklist and a data sheet, in both languages,
the forms of the notice, and the files the enterprise has here already.

The zip holds what the portal knows and nothing it does not: further papers are gathered by the enterprise.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import date

from django.utils import translation
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from core import files
from core.models import StoredFile
from enterprises import facts
from enterprises import wording as fact_wording
from enterprises.models import Enterprise, Fact
from services.policies import claiming, on_file, sheet, wording
from services.policies.models import PolicyItem
from services.policies.on_file import OnFile
from services.policies.sheet import Claim
from services.policies.visitor import Visitor

logger = logging.getLogger(__name__)
_LANGUAGES = (("zh", "zh-hans"), ("en", "en"))
_WIDTHS = (34, 40, 18, 14, 14)


def build(item: PolicyItem, enterprise: Enterprise, on: date) -> bytes:
    """Give the zip for one item and one enterprise; who may have it is checked by the door."""
    known = list(enterprise.facts.current().order_by("code"))
    held = on_file.of(enterprise, item.notice)
    reader = Visitor((facts.from_rows(known),), is_guest=False)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, language in _LANGUAGES:
            with translation.override(language):
                pack.writestr(
                    f"checklist.{name}.txt", "\r\n".join(_checklist(item, enterprise, reader, held, on))
                )
                pack.writestr(f"enterprise.{name}.xlsx", _data_sheet(enterprise, known))
        for path, stored in on_file.named(held):
            _add(pack, path, stored)
    return packed.getvalue()


def _add(pack: zipfile.ZipFile, path: str, stored: StoredFile) -> None:
    """Copy a file as it is; one whose bytes are lost is left out, as its page is a 404."""
    try:
        with files.open_content(stored) as content:
            pack.writestr(path, content.read(), zipfile.ZIP_STORED)
    except FileNotFoundError:
        logger.error("stored file %s has lost its bytes", stored.pk)


def _checklist(
    item: PolicyItem, enterprise: Enterprise, reader: Visitor, held: list[OnFile], on: date
) -> Iterator[str]:
    claim = sheet.claim_of(item, item.notice, reader, on)
    yield item.title
    yield f"{item.notice.title} {item.notice.document_number}".strip()
    yield gettext("Prepared for %(name)s (%(code)s) on %(day)s") % {
        "name": enterprise.name, "code": enterprise.uscc, "day": on.isoformat(),
    }  # fmt: skip
    yield ""
    yield from (f"{term.label}{_colon()}{term.value}" for term in claim.terms)
    if item.apply_url:
        yield f"{gettext('Where to apply')}{_colon()}{item.apply_url}"
    yield from _papers(item, reader, on)
    yield from _files(held)
    yield from _conditions(claim)
    yield ""
    yield gettext("The table beside this list holds what the portal knows of your enterprise, to copy from.")
    yield gettext("Check everything with the issuer before you apply.")
    yield ""


def _papers(item: PolicyItem, reader: Visitor, on: date) -> Iterator[str]:
    yield ""
    yield gettext("What to hand in")
    found = claiming.papers(item, reader, on)
    if not found:
        yield gettext("The list of papers is not entered here: see the notice or ask the issuer.")
    for paper in found:
        issuer = f" ({paper.issuer})" if paper.issuer else ""
        mark = "x" if paper.is_held else " "
        yield f"[{mark}] {paper.name}{issuer}{_colon()}{paper.words}"


def _files(held: list[OnFile]) -> Iterator[str]:
    if not held:
        return
    yield ""
    yield gettext("Files in this pack")
    names = {
        on_file.FORMS: gettext("attachment of the notice"),
        on_file.LICENCE: gettext("your business licence"),
        on_file.PAPERS: gettext("sent by you with a request"),
    }
    for one in held:
        left_out = gettext("not checked for malware, so not packed")
        left_out = left_out if not one.is_checked else gettext("too large for the pack: fetch it on its page")
        mark, told = ("x", names[one.folder]) if one.is_packed else (" ", f"{names[one.folder]}, {left_out}")
        yield f"[{mark}] {one.file.name}{_colon()}{told}"


def _conditions(claim: Claim) -> Iterator[str]:
    yield ""
    yield gettext("Who qualifies, and how you stand")
    for line in claim.lines:
        parts = [line.verdict_label, line.fact, line.origin, line.why]
        told = " · ".join(part for part in parts if part)
        yield f"- {line.requirement}" + (f"{_colon()}{told}" if told else "")
    if not claim.lines:
        yield gettext("Open to every enterprise.")


def _colon() -> str:
    return gettext(": ")


def _data_sheet(enterprise: Enterprise, known: list[Fact]) -> bytes:
    """Write the facts as a table; every cell is text, so codes keep their digits and nothing is a formula."""
    book = Workbook()
    del book["Sheet"]
    table = book.create_sheet(gettext("Enterprise data")[:31])
    head = [gettext("What"), gettext("Value"), gettext("Source"), gettext("As of"), gettext("Valid until")]
    lines = [
        [gettext("Name of the enterprise"), enterprise.name, "", "", ""],
        [gettext("Unified social credit code"), enterprise.uscc, "", "", ""],
        *(_fact_line(row) for row in known),
    ]
    for number, line in enumerate([head, *lines], start=1):
        for column, text in enumerate(line, start=1):
            cell = table.cell(number, column)
            cell.value, cell.number_format = ILLEGAL_CHARACTERS_RE.sub("", text), "@"
            cell.data_type = "s"
            cell.font = Font(bold=number == 1)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        table.column_dimensions[letter].width = width
    table.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fact_line(row: Fact) -> list[str]:
    value = facts.from_rows([row])[row.code]
    return [
        wording.fact_label(row.code),
        fact_wording.fact_in_words(row.code, value),
        row.get_source_display(),
        row.on.isoformat(),
        row.expires_on.isoformat() if row.expires_on else "",
    ]
