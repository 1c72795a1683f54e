"""Campaigns at the desk: who prepares, launches and watches them; lists from a sheet."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core import calendar, sheets
from enterprises.actions import record_fact
from services.assessments import actions
from services.assessments.models import Campaign
from tests.factories.accounts import sign_in
from tests.factories.assessments import campaign
from tests.factories.enterprises import Cast
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
LIST = reverse("admin:assessments_campaign_changelist")
ADD = reverse("admin:assessments_campaign_add")


def page(verb: str, row: Campaign) -> str:
    return reverse(f"admin:assessments_campaign_{verb}", args=[row.pk])


@pytest.fixture
def works(cast: Cast) -> Cast:
    record_fact(cast.enterprise, "region", "370202", source="self", on=calendar.today(), by=None)
    return cast


def typed(**fields: object) -> dict[str, object]:
    today = calendar.today().isoformat()
    return {
        "code": "miit", "name_zh": "评估月", "name_en": "", "region": "370200", "audience": "region",
        "opens_on": today, "closes_on": today, **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "reads", "adds"),
    [("triage_lead", 200, 200), ("policymaker", 200, 403), ("auditor", 200, 403), ("publisher", 403, 403)],
)
def test_who_reads_and_who_prepares(client: PageClient, role: str, reads: int, adds: int) -> None:
    row = campaign(officer("Lead", role="triage_lead"))
    sign_in(client, officer(role.title(), role=role))

    assert client.get(LIST).status_code == reads
    assert client.get(page("change", row)).status_code == reads
    assert client.get(ADD).status_code == adds
    assert client.get(page("launch", row)).status_code == adds


def test_a_campaign_is_prepared_launched_and_watched(client: PageClient, works: Cast) -> None:
    sign_in(client, officer("Lead", role="triage_lead"))

    client.post(ADD, typed(sectors=["34"], sizes=["small"]))
    row = Campaign.objects.get()
    assert (row.sectors, row.sizes, row.made_by.name) == (["34"], ["small"], "Lead")
    client.post(page("change", row), typed())
    client.post(page("launch", row), {})
    actions.run_campaigns()

    row.refresh_from_db()
    assert row.state == Campaign.State.RUNNING
    assert client.get(page("coverage", row)).context["coverage"].total.invited == 1
    sheet = load_workbook(BytesIO(client.get(page("coverage_sheet", row)).content)).active
    assert [cell.value for cell in sheet[2]] == ["市南区", "–", 0, 0]
    assert client.post(page("change", row), typed(name_zh="另一个")).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"opens_on": "not a day"}, "opens_on"),
        ({"region": "370100"}, "region"),
        ({"code": "quick"}, "code"),
        ({"name_zh": " "}, "name_zh"),
        ({"sectors": ["99x"]}, "sectors"),
    ],
)
def test_bad_input_is_named(client: PageClient, fields: dict, field: str) -> None:
    sign_in(client, officer("Lead", role="triage_lead", region="370200"))

    answer = client.post(ADD, typed(**fields))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Campaign.objects.exists()


def test_another_district_is_not_seen(client: PageClient) -> None:
    row = campaign(officer("Lead", role="triage_lead"), region_id="370100")
    sign_in(client, officer("Other", role="triage_lead", region="370200"))

    assert row.reference not in client.get(LIST).content.decode()
    assert client.get(page("change", row)).status_code == 302
    assert client.get(page("coverage", row)).status_code == 404


def sheet(*codes: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.xlsx", sheets.xlsx("list", ["code"], [[code] for code in codes]))


def test_a_list_comes_from_a_sheet_or_is_typed(client: PageClient, works: Cast) -> None:
    lead = officer("Lead", role="triage_lead")
    row = campaign(lead)
    sign_in(client, lead)

    client.post(page("set_list", row), {"file": sheet(works.enterprise.uscc.lower(), works.other.uscc)})
    row.refresh_from_db()
    assert (row.audience, row.listed) == ("list", [works.enterprise.uscc, works.other.uscc])
    client.post(page("set_list", row), {"codes": f"\n {works.other.uscc} \n"})
    row.refresh_from_db()
    assert row.listed == [works.other.uscc]


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({}, "__all__"),
        ({"codes": "123"}, "codes"),
        ({"file": SimpleUploadedFile("list.xlsx", b"no sheet")}, "file"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(client: PageClient, given: dict, blamed: str) -> None:
    lead = officer("Lead", role="triage_lead")
    row = campaign(lead)
    sign_in(client, lead)

    answer = client.post(page("set_list", row), given)

    assert list(answer.context["form"].errors) == [blamed]
    row.refresh_from_db()
    assert row.listed == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: PageClient, rows: int, django_assert_num_queries
) -> None:
    chen = officer("Chen")
    for _number in range(rows):
        campaign(chen)
    sign_in(client, officer("Auditor", role="auditor"))
    client.get(LIST)

    with django_assert_num_queries(9):
        client.get(LIST)
