"""Notices from a sheet: a dry run that writes nothing, errors by row, and a repeat that makes nothing."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from enterprises.criteria import read_criteria
from services.policies import actions, intake
from services.policies.models import PolicyNotice, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


GOOD = {
    "title_zh": "海塔机床补贴", "issuer_zh": "青岛市工业和信息化局", "kind": "funding", "level": "municipal",
    "region": "370200", "summary_zh": "买机床可以领补贴。", "document_number": "青工信发（2026）9号",
    "item_title_zh": "机床补贴", "max_wan": 50, "closes_on": date(2026, 12, 31), "regions": "370200、370600",
    "sizes": "small, micro", "employees_max": "300", "rate_percent": "30%", "sources": "https://a.example\n县志",
}  # fmt: skip
PAGE = "/admin/policies/policynotice/import/"


def sheet_of(*rows: dict[str, Any], codes: list[str] | None = None) -> io.BytesIO:
    """Fill in the real template, or one with other headings."""
    book = load_workbook(io.BytesIO(intake.template())) if codes is None else Workbook()
    page: Any = book["notices"] if codes is None else book.active
    if codes is not None:
        page.append(codes)
        page.append(["-"] * len(codes))
    names = [cell.value for cell in page[1]]
    for number, row in enumerate(rows, 3):
        for name, value in row.items():
            page.cell(number, names.index(name) + 1, value)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def upload(stream: io.BytesIO) -> SimpleUploadedFile:
    return SimpleUploadedFile("notices.xlsx", stream.getvalue())


def test_the_template_has_drop_downs_and_explanations() -> None:
    book = load_workbook(io.BytesIO(intake.template()))

    assert book.sheetnames == ["notices", "lists", "notes"]
    assert len(book["notices"].data_validations.dataValidation) == 4
    assert [cell.value for cell in book["notices"][1]] == [column.code for column in intake.COLUMNS]


def test_a_right_row_becomes_a_draft_with_its_item() -> None:
    sun = UserFactory(roles=["publisher"])

    [notice] = actions.import_notices(intake.read(sheet_of(GOOD)).entries, by=sun)

    item = notice.items.get()
    assert (notice.state, notice.author, notice.document_number_key, notice.sources) == (
        State.DRAFT, sun, "青工信发〔2026〕9号", ["https://a.example", "县志"],
    )  # fmt: skip
    assert (item.max_fen, item.rate_percent, item.closes_on) == (50_000_000, 30, date(2026, 12, 31))
    assert [(one.fact, one.op.value) for one in read_criteria(item.criteria)] == [
        ("region", "within"), ("size", "one_of"), ("employees", "at_most"),
    ]  # fmt: skip


def test_the_same_file_again_makes_nothing() -> None:
    rows = [
        GOOD,
        GOOD | {"document_number": None, "title_zh": "另一份"},
        GOOD | {"document_number": None, "slug": "c"},
    ]

    made = [len(actions.import_notices(intake.read(sheet_of(*rows)).entries, by=None)) for _ in range(2)]

    assert made == [3, 0]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title_zh", None, "title_zh"),
        ("kind", "gift", "kind"),
        ("region", "999999", "region"),
        ("max_wan", "很多", "max_wan"),
        ("max_wan", -1, "max_wan"),
        ("closes_on", "soon", "closes_on"),
        ("closes_on", date(2020, 1, 1), "closes_on"),
        ("sizes", "tiny", "sizes"),
        ("industries", "00", "industries"),
        ("quals_any", "x", "quals_any"),
        ("employees_max", "1e9", "employees_max"),
        ("employees_max", "٣", "employees_max"),
        ("rate_percent", "130", "rate_percent"),
        ("apply_url", "javascript:alert(1)", "apply_url"),
        ("slug", "不行", "slug"),
        ("title_zh", "长" * 301, "title_zh"),
        ("item_title_zh", None, "item_title_zh"),
        ("kind", "plan", "kind"),
    ],
)
def test_each_error_is_told_with_its_row_and_column(field: str, value: Any, code: str) -> None:
    row = GOOD | {field: value} | ({"opens_on": date(2026, 1, 1)} if field == "closes_on" else {})

    sheet = intake.read(sheet_of(GOOD | {"slug": "right"}, row | {"document_number": None}))

    [bad] = sheet.bad
    assert (bad.number, [re.split("[:：]", one)[0] for one in bad.errors]) == (4, [code])


def test_the_same_notice_twice_in_a_file_is_told() -> None:
    sheet = intake.read(sheet_of(GOOD, GOOD))

    assert [entry.number for entry in sheet.bad] == [3, 4]


@pytest.mark.parametrize(
    "codes", [["title_zh", "kind"], [*GOOD, "colour"], [*GOOD, "slug", "slug"], ["=1+1"]]
)
def test_wrong_headings_are_told_before_any_row(codes: list[str]) -> None:
    sheet = intake.read(sheet_of(codes=codes))

    assert (bool(sheet.error), sheet.entries) == (True, [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"<html>", b"\x00" * 100])
def test_what_is_no_sheet_is_told(content: bytes) -> None:
    assert intake.read(io.BytesIO(content)).error


def test_a_formula_is_told_with_its_cell() -> None:
    assert "B3" in intake.read(sheet_of(GOOD | {"title_zh": "=1+1"})).error


def test_an_empty_template_says_so() -> None:
    assert intake.read(sheet_of()).error


# --- at the desk ----------------------------------------------------------------------------


@pytest.fixture
def sun(client: Client) -> Any:
    person = UserFactory(name="Sun", roles=["publisher"])
    sign_in(client, person)
    return person


def test_the_dry_run_writes_nothing_and_the_second_step_everything_once(client: Client, sun: Any) -> None:
    NoticeFactory(slug="there", title_zh="早就有的")
    rows = [GOOD, GOOD | {"slug": "there"}, GOOD | {"kind": "gift", "document_number": None}]

    page = client.post(PAGE, {"sheet": upload(sheet_of(*rows))})

    assert [entry.number for entry in page.context["new"]] == [3]
    assert [notice.slug for _entry, notice, _said in page.context["there"]] == ["there"]
    assert [entry.number for entry in page.context["sheet"].bad] == [5]
    assert not PolicyNotice.objects.filter(title_zh="海塔机床补贴").exists()

    for _ in range(2):
        client.post(PAGE, {"confirm": "yes", "form_token": page.context["form_token"]})

    notice = PolicyNotice.objects.get(title_zh="海塔机床补贴")
    assert (notice.author, notice.items.get().closes_on) == (sun, date(2026, 12, 31))


def test_the_rows_with_errors_come_back_to_be_put_right(client: Client, sun: Any) -> None:
    rows = [GOOD, GOOD | {"kind": "gift", "document_number": "007"}]
    client.post(PAGE, {"sheet": upload(sheet_of(*rows))})

    answer = client.get(f"{PAGE}errors.xlsx")

    page = load_workbook(io.BytesIO(answer.content))["notices"]
    [row] = [[cell.value for cell in cells] for cells in page.iter_rows(min_row=3)]
    names = [cell.value for cell in page[1]]
    assert (row[names.index("document_number")], row[names.index("kind")]) == ("007", "gift")
    assert row[names.index("errors")].startswith("kind")
    again = intake.read(io.BytesIO(answer.content))
    assert (again.error, [len(entry.errors) for entry in again.entries]) == ("", [1])


def test_a_confirmation_without_a_file_makes_nothing(client: Client, sun: Any) -> None:
    before = PolicyNotice.objects.count()

    assert client.post(PAGE, {"confirm": "yes"}).status_code == 302
    assert PolicyNotice.objects.count() == before


@pytest.mark.parametrize("fields", [{}, {"sheet": "not a file"}, {"sheet": upload(io.BytesIO(b"x"))}])
def test_a_file_that_cannot_be_taken_is_told(client: Client, sun: Any, fields: dict[str, Any]) -> None:
    page = client.post(PAGE, fields)

    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)


@pytest.mark.parametrize("name", ["import", "import_template", "import_errors"])
@pytest.mark.parametrize(("role", "status"), [("publisher", 200), ("reviewer", 403), ("auditor", 403)])
def test_only_those_who_write_notices_import_them(client: Client, name: str, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse(f"admin:policies_policynotice_{name}")).status_code == status


# --- several items of one notice ---------------------------------------------------------------

SECOND = GOOD | {"item_title_zh": "软件补贴", "max_wan": 20}


def test_a_row_for_each_item_makes_one_draft() -> None:
    sun = UserFactory(roles=["publisher"])

    [notice] = actions.import_notices(intake.read(sheet_of(GOOD, SECOND)).entries, by=sun)

    items = notice.items.order_by("position").values_list("position", "title_zh", "max_fen")
    assert list(items) == [(1, "机床补贴", 50_000_000), (2, "软件补贴", 20_000_000)]


def test_places_that_are_named_are_kept() -> None:
    rows = [GOOD, SECOND | {"item_position": 1}]

    [notice] = actions.import_notices(intake.read(sheet_of(*rows)).entries, by=None)

    assert dict(notice.items.values_list("title_zh", "position")) == {"软件补贴": 1, "机床补贴": 2}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD, "The same item stands in row 3 already."),
        (GOOD | {"item_title_zh": "机床 补贴"}, "The same item stands in row 3 already."),
        (SECOND | {"title_zh": "别的"}, "title_zh: row 3 says something else of the notice."),
        (SECOND | {"item_position": 4}, "item_position: row 3 has the same place."),
    ],
)
def test_rows_of_one_notice_that_do_not_agree_are_told(row: dict[str, Any], said: str) -> None:
    sheet = intake.read(sheet_of(GOOD | {"item_position": 4 if "item_position" in row else None}, row))

    assert [entry.errors for entry in sheet.bad] == [("Row 4 of the same notice is wrong.",), (said,)]


def test_a_notice_is_taken_whole_or_not_at_all() -> None:
    sheet = intake.read(sheet_of(GOOD, SECOND | {"max_wan": "很多"}))

    assert actions.import_notices(sheet.entries, by=None) == []


def test_the_dry_run_counts_notices_and_lists_items(client: Client, sun: Any) -> None:
    page = client.post(PAGE, {"sheet": upload(sheet_of(GOOD, SECOND))})

    assert [entry.number for entry in page.context["new"]] == [3]
    assert "海塔机床补贴 – 软件补贴" in page.content.decode()
