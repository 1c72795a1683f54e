"""Enterprises from a sheet: a dry run writes nothing, each row tells its errors, a repeat changes nothing."""

import io
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from core import audit
from enterprises import actions
from enterprises.actions import Imported
from enterprises.forms import intake
from enterprises.models import Enterprise, Fact, Membership, StaffScope
from notifications.models import Delivery, Notification
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, credit_code

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
CODE, OTHER = credit_code(70001), credit_code(70002)
GOOD = {
    "uscc": CODE, "name": "青岛海塔机床厂", "region": "370211 黄岛区", "industry": "3421", "employees": 85,
    "revenue_wan": 1234.5, "founded_on": date(2019, 3, 14),
}  # fmt: skip
PAGE = "/admin/enterprises/enterprise/import/"
LOOK_QUERIES = 14


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


def sheet_of(*rows: dict[str, Any], codes: list[str] | None = None) -> io.BytesIO:
    """Fill in the real template, or one with other headings."""
    book = load_workbook(io.BytesIO(intake.template())) if codes is None else Workbook()
    page: Any = book["enterprises"] if codes is None else book.active
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


def sent(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("enterprises.xlsx", sheet_of(*rows).getvalue())
    return {"sheet": file, "source": "staff", "on": "2026-01-01", **more}


def bring_in(*rows: dict[str, Any], source: str = "staff", on: date = ON, by: Any = None) -> Imported:
    return actions.import_enterprises(intake.read(sheet_of(*rows)).good, source=source, on=on, by=by)


def known(uscc: str = CODE) -> dict[str, tuple[Any, str]]:
    rows = Fact.objects.current().filter(enterprise__uscc=uscc)
    return {row.code: (row.value, row.source) for row in rows}


@pytest.mark.parametrize(
    ("language", "region", "note"), [("en", "370202 Shinan", "One row is"), ("zh-hans", "370202 市南区", "")]
)
def test_the_template_has_drop_downs_and_notes_in_the_language_of_the_reader(
    language: str, region: str, note: str
) -> None:
    with translation.override(language):
        book = load_workbook(io.BytesIO(intake.template()))

    assert book.sheetnames == ["enterprises", "lists", "notes"]
    assert [rule.formula1 for rule in book["enterprises"].data_validations.dataValidation] == [
        "lists!$C$1:$C$153", f"lists!$D$1:$D${book['lists'].max_row}",
    ]  # fmt: skip
    assert any(str(cell.value).startswith(region) for cell in book["lists"]["C"])
    assert str(book["notes"]["A1"].value).startswith(note)


def test_a_new_row_makes_an_enterprise_without_people_or_letters_and_one_event() -> None:
    chen = UserFactory(roles=["triage_lead"])

    assert bring_in(GOOD, by=chen) == Imported(made=1, changed=0)

    made = Enterprise.objects.get(uscc=CODE)
    [event] = audit.history(made)
    assert (event.verb, event.actor_id, event.data["source"]) == ("imported", chen.pk, "staff")
    assert (made.name, made.region_id, made.proof_level) == ("青岛海塔机床厂", "370211", "imported")
    assert known() == {
        "region": ("370211", "staff"), "industry": ("3421", "staff"), "employees": (85, "staff"),
        "revenue_wan": ("1234.5", "staff"), "founded_on": ("2019-03-14", "staff"),
    }  # fmt: skip
    assert not Membership.objects.filter(enterprise=made).exists()
    assert (Notification.objects.count(), Delivery.objects.count(), mail.outbox) == (0, 0, [])


def test_the_same_row_again_changes_nothing_on_a_later_day_either() -> None:
    bring_in(GOOD)
    before = Fact.objects.count()

    assert bring_in(GOOD) == bring_in(GOOD, on=date(2026, 2, 1)) == Imported(0, 0)
    assert bring_in(GOOD, source="document") == Imported(0, 0)
    assert (Fact.objects.count(), audit.history(Enterprise.objects.get(uscc=CODE)).count()) == (before, 1)


def test_a_changed_row_records_what_differs_with_one_event_and_an_empty_cell_says_nothing() -> None:
    bring_in(GOOD)

    assert bring_in(GOOD | {"employees": 90, "industry": None, "name": "另一个名字"}) == Imported(0, 1)

    assert (known()["employees"], known()["industry"]) == ((90, "staff"), ("3421", "staff"))
    enterprise = Enterprise.objects.get(uscc=CODE)
    assert enterprise.name == "青岛海塔机床厂"
    said = {one.verb: one.data["codes"] for one in audit.history(enterprise)}
    assert (said["facts_recorded"], len(said["imported"])) == (["employees"], 5)
    assert audit.history(enterprise).count() == 2


def test_a_stronger_source_is_never_overwritten_and_a_weaker_one_is() -> None:
    bring_in(GOOD)
    enterprise = Enterprise.objects.get(uscc=CODE)
    actions.record_fact(enterprise, "employees", 120, source="registry", on=ON, by=None)
    actions.record_fact(enterprise, "assets_wan", 7, source="self", on=ON, by=None)

    for _ in range(2):
        bring_in(GOOD | {"assets_wan": 9})

    assert (known()["employees"], known()["assets_wan"]) == ((120, "registry"), ("9", "staff"))
    assert Fact.objects.filter(code="employees").count() == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("uscc", None, "uscc: is needed"),
        ("uscc", CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "uscc: The last character does not fit"),
        ("uscc", "91370202", "uscc: The credit code has 18 characters"),
        ("uscc", 913702021234567890, "uscc: is kept as a number"),
        ("name", None, "name: is needed"),
        ("name", "长" * 201, "name: "),
        ("region", None, "region: is needed"),
        ("region", "110000", "region: “110000” is not a region code"),
        ("region", "000000", "region: “000000” is not a region code"),
        ("industry", "00", "industry: “00” is not an industry code"),
        ("employees", "1e9", "employees: Write the number out in full"),
        ("employees", 1.5, "employees: Write a whole number"),
        ("employees", -1, "employees: The number cannot be below zero"),
        ("employees", True, "employees: "),
        ("revenue_wan", "1亿元", "revenue_wan: Write the number alone"),
        ("assets_wan", "很多", "assets_wan: “很多” is not a number"),
        ("founded_on", "soon", "founded_on: Write the date"),
        ("founded_on", date(2199, 1, 1), "founded_on: This date lies in the future"),
    ],
)
def test_each_error_is_told_with_its_row_and_column(field: str, value: Any, words: str) -> None:
    sheet = intake.read(sheet_of(GOOD | {"uscc": OTHER}, GOOD | {field: value}))

    [bad] = sheet.bad
    assert (bad.number, len(bad.errors)) == (4, 1)
    assert bad.errors[0].startswith(words)
    assert [entry.errors for entry in intake.again(sheet.codes, sheet.kept).bad] == [bad.errors]


def test_the_same_code_twice_in_a_file_is_told() -> None:
    [bad] = intake.read(sheet_of(GOOD, GOOD | {"uscc": f" {CODE.lower()}"})).bad

    assert (bad.number, "row 3" in bad.errors[0]) == (4, True)


@pytest.mark.parametrize("codes", [["uscc", "name"], [*GOOD, "colour"], [*GOOD, "uscc"], ["=1+1"]])
def test_wrong_headings_are_told_before_any_row(codes: list[str]) -> None:
    sheet = intake.read(sheet_of(codes=codes))

    assert (bool(sheet.error), sheet.entries) == (True, [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"<html>"])
def test_what_is_no_sheet_is_told(content: bytes) -> None:
    assert intake.read(io.BytesIO(content)).error


def test_formulas_empty_sheets_and_too_many_rows_are_told() -> None:
    many = [{"name": "x"}] * (intake.MOST_ROWS + 1)

    assert "B3" in intake.read(sheet_of(GOOD | {"name": "=1+1"})).error
    assert "no enterprise" in intake.read(sheet_of()).error
    assert "rows" in intake.read(sheet_of(*many)).error


# --- at the desk ----------------------------------------------------------------------------


@pytest.fixture
def chen(client: Client) -> Any:
    person = UserFactory(name="Chen", roles=["triage_lead"])
    sign_in(client, person)
    return person


def test_the_dry_run_writes_nothing_and_the_second_step_everything_once(
    client: Client, chen: Any, people: Cast
) -> None:
    there = GOOD | {"uscc": people.enterprise.uscc}
    page = client.post(PAGE, sent(GOOD, there, GOOD | {"uscc": OTHER, "region": "x"}))

    assert [row["number"] for row in page.context["new"]] == [3]
    assert [row["enterprise"] for row in page.context["differing"]] == [people.enterprise]
    assert [entry.number for entry in page.context["sheet"].bad] == [5]
    assert not Enterprise.objects.filter(uscc=CODE).exists()
    assert known(people.enterprise.uscc) == {}

    for _ in range(2):
        client.post(PAGE, {"confirm": "yes", "form_token": page.context["form_token"]})

    assert known() == known(people.enterprise.uscc)
    assert not Enterprise.objects.filter(uscc=OTHER).exists()
    assert [audit.history(row).count() for row in Enterprise.objects.filter(uscc=CODE)] == [1]

    page = client.post(PAGE, sent(GOOD, there))
    assert [row["number"] for row in page.context["same"]] == [3, 4]
    assert "confirm" not in page.content.decode()


def test_the_rows_with_errors_come_back_to_be_put_right(client: Client, chen: Any) -> None:
    client.post(PAGE, sent(GOOD, GOOD | {"uscc": OTHER, "industry": "007"}))

    answer = client.get(f"{PAGE}errors.xlsx")

    page = load_workbook(io.BytesIO(answer.content))["enterprises"]
    [row] = [[cell.value for cell in cells] for cells in page.iter_rows(min_row=3)]
    names = [cell.value for cell in page[1]]
    assert (row[names.index("uscc")], row[names.index("industry")]) == (OTHER, "007")
    assert row[names.index("errors")].startswith("industry")
    again = intake.read(io.BytesIO(answer.content))
    assert (again.error, [len(entry.errors) for entry in again.entries]) == ("", [1])


def test_staff_of_a_region_bring_in_nothing_outside_it(client: Client, chen: Any, people: Cast) -> None:
    StaffScope.objects.create(user=chen, region_id="370100")
    jinan = GOOD | {"uscc": OTHER, "region": "370102"}
    actions.record_fact(people.enterprise, "region", "370211", source="self", on=ON, by=None)
    rows = [GOOD, jinan, jinan | {"uscc": people.enterprise.uscc}]

    page = client.post(PAGE, sent(*rows))

    assert [entry.number for entry in page.context["sheet"].bad] == [3, 5]
    assert bring_in(*rows, by=chen) == Imported(1, 0)
    assert Enterprise.objects.get(uscc=OTHER).region_id == "370102"
    assert known(people.enterprise.uscc) == {"region": ("370211", "self")}


@pytest.mark.parametrize("count", [1, 3])
def test_a_look_takes_the_same_queries_for_one_and_for_three_rows(
    client: Client, chen: Any, count: int, django_assert_num_queries: Any
) -> None:
    rows = [GOOD | {"uscc": credit_code(70010 + number)} for number in range(count)]
    bring_in(*rows)
    client.get(PAGE)

    with django_assert_num_queries(LOOK_QUERIES):
        client.post(PAGE, sent(*rows))


def test_a_confirmation_without_a_file_makes_nothing(client: Client, chen: Any) -> None:
    assert client.post(PAGE, {"confirm": "yes"}).status_code == 302
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sheet", ""),
        ("sheet", SimpleUploadedFile("x.xlsx", b"x")),
        ("source", "registry"),
        ("on", "2199-01-01"),
        ("on", "soon"),
    ],
)
def test_what_cannot_be_taken_is_told(client: Client, chen: Any, field: str, value: Any) -> None:
    page = client.post(PAGE, sent(GOOD, **{field: value}))

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])


@pytest.mark.parametrize("name", ["import", "import_template", "import_errors"])
@pytest.mark.parametrize(
    ("role", "status"), [("triage_lead", 200), ("triage_officer", 403), ("auditor", 403)]
)
def test_only_the_triage_lead_brings_enterprises_in(
    client: Client, name: str, role: str, status: int
) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse(f"admin:enterprises_enterprise_{name}")).status_code == status
    page = client.get(reverse("admin:enterprises_enterprise_changelist"))
    assert (PAGE in page.content.decode()) is (status == 200)
