"""Tables out and in: text stays text, and no file is trusted."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from core import sheets
from core.sheets import Row, SheetError

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1", " =1+1", "＝1+1", "|x", "%x",
]  # fmt: skip


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def written(rows: list[list[Any]]) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def changed(file: io.BytesIO, part: str, content: bytes) -> io.BytesIO:
    """Give the same archive with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            new.writestr(name, content if name == part else old.read(name))
    stream.seek(0)
    return stream


def refused(file: Any, **limits: Any) -> SheetError:
    with pytest.raises(SheetError) as caught:
        sheets.read_xlsx(file, **{"max_rows": 10, **limits})
    return caught.value


# --- writing ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_is_written_as_text(text: str) -> None:
    cell = opened(sheets.xlsx("t", ["a"], [[text]]))["A2"]

    assert (cell.data_type, cell.value.strip(), bool(cell.quotePrefix)) == ("s", text.strip(), True)


@pytest.mark.parametrize("text", HOSTILE)
def test_in_csv_it_gets_an_apostrophe(text: str) -> None:
    assert sheets.csv(["a"], [[text]]).decode("utf-8-sig").strip().split("a\r\n")[1].strip('"')[0] == "'"


def test_a_code_keeps_its_zeros_and_a_number_stays_a_number() -> None:
    sheet = opened(sheets.xlsx("t", ["code", "n", "sum", "day", "none"],
                               [["003701", 12, Decimal("1.50"), date(2026, 11, 25), None]]))  # fmt: skip

    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "n"]
    assert [cell.value for cell in sheet[2]][:3] == ["003701", 12, 1.5]
    assert sheet["A2"].number_format == "@"


def test_csv_carries_the_mark_the_dates_and_the_numbers() -> None:
    content = sheets.csv(["编号", "n"], [["00,1", -5], [date(2026, 11, 25), True], [None, Decimal("1.5")]])

    assert content == '\ufeff编号,n\r\n"00,1",-5\r\n2026-11-25,TRUE\r\n,1.5\r\n'.encode()


def test_what_no_spreadsheet_takes_is_left_out_or_cut() -> None:
    sheet = opened(sheets.xlsx("a[b]:c*?/\\" + "长" * 40, ["h\x00"], [["a\x00b\ud800c\x0b"], ["x" * 40_000]]))

    assert [sheet["A1"].value, sheet["A2"].value, len(sheet["A3"].value)] == ["h", "abc", 32_767]
    assert sheets.csv(["a"], [["\ud800\x00b"]]).endswith(b"b\r\n")


def test_no_rows_still_make_a_table() -> None:
    assert [cell.value for cell in opened(sheets.xlsx("", ["甲", "乙"], []))[1]] == ["甲", "乙"]


# --- reading ---------------------------------------------------------------------------


def test_rows_come_with_their_numbers_and_as_wide_as_the_first() -> None:
    file = written([["code", "n"], ["007", 3], [None, None], ["a"]])

    assert sheets.read_xlsx(file, max_rows=2) == [
        Row(1, ("code", "n")),
        Row(2, ("007", 3)),
        Row(4, ("a", None)),
    ]


def test_what_was_written_can_be_read() -> None:
    content = sheets.xlsx("t", ["a", "b"], [[text, "003"] for text in HOSTILE[:4]])

    found = sheets.read_xlsx(io.BytesIO(content), max_rows=10)
    assert [row.cells for row in found[1:]] == [(text, "003") for text in HOSTILE[:4]]


def test_a_formula_is_named_by_its_cell() -> None:
    error = refused(written([["a", "b"], [1, "=1+1"]]))

    assert (error.code, error.row, error.column) == ("formula", 2, "B")
    assert "B2" in sheets.in_words(error)


@pytest.mark.parametrize(
    ("rows", "limits", "code"),
    [
        ([["a"], *[[n] for n in range(11)]], {}, "too_many_rows"),
        ([["a", "b", "c"]], {"max_columns": 2}, "too_many_columns"),
        ([], {}, "empty"),
        ([["#N/A"]], {}, "error_value"),
        ([["a"]], {"max_bytes_unpacked": 100}, "too_large"),
    ],
)
def test_limits(rows: list[list[Any]], limits: dict[str, int], code: str) -> None:
    error = refused(written(rows), **limits)

    assert error.code == code
    assert sheets.in_words(error)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\r\n1,2", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_another_kind_of_file_is_refused(content: bytes) -> None:
    assert refused(io.BytesIO(content)).code == "wrong_type"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refused(stream).code == "wrong_type"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = changed(written([["a"]]), "xl/media/bomb.bin", b"\0" * 30_000_000)

    assert len(file.getvalue()) < 100_000
    assert refused(file).code == "too_large"


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><sst>&b;</sst>'

    assert refused(changed(written([["a"]]), "xl/sharedStrings.xml", bomb)).code == "broken"


def test_a_damaged_sheet_is_refused() -> None:
    assert refused(changed(written([["a"]]), "xl/worksheets/sheet1.xml", b"<worksheet><s")).code == "broken"


def test_a_row_far_below_does_not_make_a_million() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )

    found = sheets.read_xlsx(changed(written([["a"]]), "xl/worksheets/sheet1.xml", sheet), max_rows=1)
    assert found == [Row(1_048_576, ("x",))]
