"""The report of a month: within one's scope, the same figures on the page, on paper and in the sheet."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from core import calendar
from core.models import Watermark
from enterprises.models import Region, StaffScope
from notifications.models import Notification
from portal.indicators import activity
from portal.indicators.activity import Cut
from portal.indicators.measuring import measure
from portal.indicators.open_book import JOB
from portal.tasks import tell_activity_of_month
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.requests import officer
from tests.portal.indicators.work import made

pytestmark = pytest.mark.django_db
PAGE = "/admin/activity/"


@pytest.fixture
def lead() -> Any:
    return officer("Lead", role="triage_lead")


@pytest.fixture
def last_month() -> Any:
    """Two requests of the month that is over: one of Qingdao's cloud module, done, and one of Jinan."""
    month = activity.last_month()
    at = calendar.start_of(month) + timedelta(days=10)
    for state, region, group in ((State.RESOLVED, "370202", "cloud"), (State.SUBMITTED, "370102", "policy")):
        row = made(state)
        ServiceRequest.objects.filter(pk=row.pk).update(
            region=Region.objects.get(code=region),
            group=group,
            submitted_at=at,
            resolved_at=at if state == State.RESOLVED else None,
        )
    measure(calendar.today())
    Watermark.objects.update_or_create(job=JOB, defaults={"ran_at": timezone.now()})
    return month


def received(found: activity.Report) -> dict[str, Any]:
    return {str(row[0]): row[1] for table in found.tables for row in table.rows}


def test_a_month_is_cut_by_city_and_module(last_month: Any) -> None:
    everything = received(activity.report(last_month, Cut()))
    qingdao = activity.report(last_month, Cut(city="370200"))

    assert everything[f"{last_month:%Y-%m}"] == 2
    assert (everything["青岛市"], everything["济南市"]) == (1, 1)
    assert received(qingdao)[f"{last_month:%Y-%m}"] == 1
    assert len(qingdao.tables) == 2
    assert activity.totals(last_month, Cut(group="cloud")).resolved == 1


def test_a_lead_without_scope_sees_every_cut(client: Client, lead: Any, last_month: Any) -> None:
    sign_in(client, lead)

    shown = client.get(PAGE).context["report"]
    chosen = client.get(PAGE, {"city": "370100", "month": "nonsense", "group": "no-such"}).context["report"]

    assert (shown.month, shown.cut) == (last_month, Cut())
    assert (chosen.month, chosen.cut) == (last_month, Cut(city="370100"))


@pytest.mark.parametrize(
    ("asked", "status"),
    [({}, 200), ({"city": "370200"}, 200), ({"city": "370100"}, 403), ({"city": ""}, 403)],
)
def test_a_scope_bounds_the_report(
    client: Client, lead: Any, last_month: Any, asked: dict[str, str], status: int
) -> None:
    StaffScope.objects.create(user=lead, region_id="370211")

    assert sign_in(client, lead).get(PAGE, asked).status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("policymaker", 200), ("auditor", 200), ("triage_officer", 403)]
)
def test_those_who_lead_see_it(client: Client, last_month: Any, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(PAGE).status_code == status
    assert client.get(f"{PAGE}xlsx/").status_code == status


def test_paper_and_sheet_say_the_same(client: Client, lead: Any, last_month: Any) -> None:
    sign_in(client, lead)

    paper = client.get(f"{PAGE}pdf/", {"city": "370200"})
    sheet = client.get(f"{PAGE}xlsx/", {"city": "370200"})

    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Disposition"] == f'attachment; filename="activity-{last_month:%Y-%m}-370200.pdf"'
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert rows[1][1:3] == (f"{last_month:%Y-%m}", 1)
    assert client.get(f"{PAGE}docx/").status_code == 404


def test_each_is_told_of_a_month_once(lead: Any, last_month: Any) -> None:
    StaffScope.objects.create(user=lead, region_id="370200")

    assert [tell_activity_of_month(), tell_activity_of_month()] == [1, 0]

    letter = Notification.objects.get(kind="portal.activity")
    assert (letter.recipient, letter.context["received"]) == (lead, 1)
    assert letter.url == f"/admin/activity/?month={last_month:%Y-%m}&city=370200&group="


def test_a_month_that_was_not_measured_whole_is_not_told(lead: Any, last_month: Any) -> None:
    Watermark.objects.filter(job=JOB).update(ran_at=calendar.start_of(last_month) + timedelta(days=20))

    assert tell_activity_of_month() == 0


def test_the_page_costs_the_same_whatever_was_done(
    client: Client, lead: Any, last_month: Any, django_assert_num_queries: Any
) -> None:
    sign_in(client, lead).get(PAGE)

    with django_assert_num_queries(10):
        client.get(PAGE)
