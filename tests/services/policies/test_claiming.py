"""What to hand in: on the page, in the pack, at the desk."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from core import calendar
from core.models import StoredFile
from enterprises import facts
from enterprises.actions import record_fact
from services.policies import claiming, on_file
from services.policies.claiming import Paper
from services.policies.models import ItemDocument, PolicyItem
from services.policies.visitor import Visitor
from services.requests import actions as request_actions
from services.requests.models import State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.files import PDF, stored, upload
from tests.factories.policies import AT_MOST_300, NoticeFactory, published
from tests.factories.requests import in_state, officer
from tests.services.policies.views.test_checking import words

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)
ZJTX = "qualification.zjtx"
PACK = "/policies/lathe/items/1/pack.zip"


@pytest.fixture
def lathe() -> PolicyItem:
    notice = published(slug="lathe", items=[{"criteria": [AT_MOST_300], "max_fen": 50_000_000}])
    item = notice.items.get()
    certificate = {"name_zh": "专精特新证书", "name_en": "Certificate", "issuer_zh": "省工信厅"}
    item.documents.create(position=2, fact=ZJTX, **certificate)
    item.documents.create(position=1, name_zh="申请表", name_en="Form")
    item.documents.create(position=3, name_zh="旧材料", is_valid=False)
    return item


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.mark.parametrize(
    ("code", "value", "expires_on", "state", "until"),
    [
        ("", None, None, "own", None),
        (ZJTX, None, None, "missing", None),
        (ZJTX, False, None, "missing", None),
        (ZJTX, True, None, "held", None),
        (ZJTX, True, ON, "held_until", ON),
        (ZJTX, True, date(2026, 11, 24), "expired", date(2026, 11, 24)),
    ],
)
def test_a_paper_is_held_until_the_last_valid_day_of_its_fact(
    code: str, value: Any, expires_on: date | None, state: str, until: date | None
) -> None:
    fact = None if value is None else facts.read(ZJTX, value, expires_on=expires_on)

    assert claiming.standing(code, fact, ON) == (state, until)


@pytest.mark.usefixtures("lathe")
def test_papers_stand_in_their_order_in_one_query(django_assert_num_queries: Any) -> None:
    reader = Visitor(({},), is_guest=False)

    with django_assert_num_queries(1), translation.override("en"):
        item = claiming.with_papers(PolicyItem.objects.filter(notice__slug="lathe")).get()
        found = claiming.papers(item, reader, ON)

    assert found == [Paper("Form", "", "own"), Paper("Certificate", "省工信厅", "missing")]


def test_a_guest_sees_what_to_hand_in_and_no_pack(client: Client, lathe: PolicyItem) -> None:
    page = client.get("/en/policies/lathe/")

    assert "What to hand in Form Certificate 省工信厅" in words(page.content)
    assert "pack.zip" not in page.content.decode()


def test_a_member_sees_what_is_held_and_the_pack(client: Client, lathe: PolicyItem, people: Cast) -> None:
    until = calendar.today().replace(year=calendar.today().year + 1)
    record_fact(people.enterprise, ZJTX, True, source="document", on=calendar.today(), expires=until, by=None)

    page = sign_in(client, people.guo).get("/en/policies/lathe/")

    assert f"Certificate 省工信厅 held, valid until {until.isoformat()}" in words(page.content)
    assert f'href="/en{PACK}"' in page.content.decode()


def test_the_pack_holds_checklist_and_data_in_both_languages(
    client: Client, lathe: PolicyItem, people: Cast
) -> None:
    people.enterprise.name = "=cmd|' /C calc'!A0"
    people.enterprise.save()
    record_fact(people.enterprise, "employees", 120, source="self", on=ON, by=people.li)

    response = sign_in(client, people.li).get(PACK)

    assert response["Content-Disposition"] == 'attachment; filename="claim-lathe-1.zip"'
    pack = zipfile.ZipFile(io.BytesIO(response.content))
    assert pack.namelist() == [
        "checklist.zh.txt", "enterprise.zh.xlsx", "checklist.en.txt", "enterprise.en.xlsx",
    ]  # fmt: skip
    text = pack.read("checklist.en.txt").decode()
    assert "[ ] Form: you prepare it\r\n[ ] Certificate (省工信厅): not known here" in text
    assert "- Employees: at most 300 people: Met · 120 people · own statement · 2026-11-25" in text
    assert "专精特新证书" in pack.read("checklist.zh.txt").decode()
    table = load_workbook(io.BytesIO(pack.read("enterprise.en.xlsx"))).active
    cells = list(table.iter_rows())
    assert [cell.value for cell in cells[1]][:2] == ["Name of the enterprise", "=cmd|' /C calc'!A0"]
    assert cells[1][1].data_type == "s"
    assert (cells[2][1].value, cells[2][1].number_format) == (people.enterprise.uscc, "@")
    assert [cell.value for cell in cells[3]][:4] == ["Employees", "120 people", "own statement", "2026-11-25"]


def test_a_pack_without_entered_papers_says_so(client: Client, people: Cast) -> None:
    published(slug="lathe", items=[{"criteria": []}])

    pack = zipfile.ZipFile(io.BytesIO(sign_in(client, people.li).get(PACK).content))

    assert "The list of papers is not entered here" in pack.read("checklist.en.txt").decode()


def test_the_pack_is_for_members_and_shows_their_own_enterprise(
    client: Client, lathe: PolicyItem, people: Cast
) -> None:
    assert client.get(PACK)["Location"].startswith("/accounts/login/")
    assert sign_in(client, UserFactory()).get(PACK)["Location"] == reverse("enterprises:register")

    pack = zipfile.ZipFile(io.BytesIO(sign_in(client, people.zhao).get(PACK).content))

    text = pack.read("checklist.zh.txt").decode()
    assert people.other.uscc in text
    assert people.enterprise.uscc not in text


@pytest.mark.parametrize(
    "path", ["/policies/lathe/items/0/pack.zip", "/policies/lathe/items/2/pack.zip",
             "/policies/lathe/items/99999999999999999999/pack.zip", "/policies/draft/items/1/pack.zip"],
)  # fmt: skip
def test_packs_that_do_not_exist_are_404(client: Client, lathe: PolicyItem, people: Cast, path: str) -> None:
    NoticeFactory(slug="draft").items.create(kind="funding", title_zh="草稿")

    assert sign_in(client, people.li).get(path).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("reviewer", 302), ("publisher", 403), ("auditor", 403)])
def test_reviewers_enter_papers_at_the_desk(
    client: Client, lathe: PolicyItem, role: str, status: int
) -> None:
    response = sign_in(client, UserFactory(roles=[role])).post(
        reverse("admin:policies_itemdocument_add"),
        {"item": lathe.pk, "position": 4, "name_zh": "营业执照", "fact": ZJTX, "is_valid": "on"},
    )

    assert response.status_code == status
    assert ItemDocument.objects.filter(name_zh="营业执照").exists() is (status == 302)


def test_the_pack_holds_the_forms_and_what_the_enterprise_has_here(
    client: Client, people: Cast, lathe: PolicyItem
) -> None:
    form = stored(name="申报表.pdf", content=PDF + b"form")
    lathe.notice.attachments.create(file=form, title_zh="申报表")
    checked = stored(people.li, name="licence.pdf", content=PDF + b"old")
    for file in (checked, stored(people.li, "pending", "new.pdf", PDF + b"new")):
        people.enterprise.licences.create(file=file, sent_by=people.li)
    asked = in_state(State.WAITING, people.li, people.enterprise, officer())
    for name, scan in (("plan.pdf", "clean"), ("bad.pdf", "infected"), ("again.pdf", "clean")):
        content = PDF + (b"old" if name == "again.pdf" else name.encode())
        row = request_actions.add_paper(asked, upload(name, content), basket="t", by=people.li)
        StoredFile.objects.filter(pk=row.file_id).update(scan=scan)
    request_actions.write(asked, "见附件", by=people.li, basket="t")

    pack = zipfile.ZipFile(io.BytesIO(sign_in(client, people.guo).get(PACK).content))
    other = zipfile.ZipFile(io.BytesIO(sign_in(client, people.zhao).get(PACK).content))

    assert pack.namelist()[4:] == ["forms/申报表.pdf", "licence/licence.pdf", "papers/plan.pdf"]
    assert pack.read("licence/licence.pdf") == PDF + b"old"
    text = pack.read("checklist.en.txt").decode()
    assert "[x] licence.pdf: your business licence" in text
    assert "[ ] bad.pdf: sent by you with a request, not checked for malware, so not packed" in text
    assert other.namelist()[4:] == ["forms/申报表.pdf"]


def test_two_files_of_one_name_stand_side_by_side_and_too_much_is_named(
    people: Cast, lathe: PolicyItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"1", b"2", b"3" * 500):
        lathe.notice.attachments.create(file=stored(name="form.pdf", content=PDF + content))
    monkeypatch.setattr(on_file, "MOST_BYTES", 2 * len(PDF) + 2)

    held = on_file.of(people.enterprise, lathe.notice)

    assert [path for path, _file in on_file.named(held)] == ["forms/form.pdf", "forms/form (2).pdf"]
    assert [one.is_packed for one in held] == [True, True, False]
