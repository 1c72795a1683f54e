"""The open book is open to everybody, and page, CSV and xlsx say the same."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core import calendar
from core.tiles import PLACES
from portal.indicators.measuring import measure
from portal.indicators.models import PlanValue
from services.requests.models import State
from tests.factories import cloud, enterprises, vouchers
from tests.factories.accounts import UserFactory, sign_in
from tests.portal.indicators.work import made

pytestmark = pytest.mark.django_db


def read_csv(client: Client, table: str) -> list[list[str]]:
    content = client.get(reverse("indicators:csv", args=[table])).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_before_anything_was_measured_the_page_says_so_and_shows_no_zeros(client: Client) -> None:
    page = client.get("/en/open/").content.decode()

    assert "Nothing has been measured yet" in page
    assert "No request has been received in this time." not in page
    assert "370200" not in page


def test_page_csv_and_xlsx_say_the_same(client: Client) -> None:
    for _each in range(3):
        made(State.RESOLVED)
    measure(calendar.today())

    page = client.get("/en/open/")
    months = read_csv(client, "months")
    sheet = load_workbook(io.BytesIO(client.get(reverse("indicators:xlsx", args=["months"])).content)).active

    assert page.context["book"].total.resolved == 3
    assert [row[3] for row in months[1:]] == ["3"]
    assert sheet.cell(2, 4).value == 3


def test_the_number_of_queries_does_not_depend_on_the_rows(client: Client, django_assert_num_queries) -> None:
    made(State.RESOLVED)
    measure(calendar.today())
    client.get("/open/")
    with django_assert_num_queries(7):
        client.get("/open/")

    for _each in range(2):
        made(State.RESOLVED)
    measure(calendar.today())
    with django_assert_num_queries(7):
        client.get("/open/")


@pytest.mark.parametrize("table", ["nonsense", "months-2"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_there_is_not_is_a_404(client: Client, table: str, kind: str) -> None:
    assert client.get(f"/open/data/{table}.{kind}").status_code == 404


def test_all_sixteen_cities_have_a_place_of_their_own(client: Client) -> None:
    assert len(read_csv(client, "cities")) == 17
    assert {row[0] for row in read_csv(client, "cities")[1:]} == set(PLACES)
    assert len(set(PLACES.values())) == 16


def test_a_plan_value_is_entered_at_the_desk_with_its_source(client: Client) -> None:
    sign_in(client, UserFactory(roles=["policymaker"]))
    form = {"code": "platforms", "value": "41.5", "as_of": "2025-12-31", "source": "", "source_url": ""}

    refused = client.post("/admin/indicators/planvalue/add/", form)
    taken = client.post("/admin/indicators/planvalue/add/", {**form, "source": "青岛市统计局 2025 年公报"})

    assert (refused.status_code, taken.status_code) == (200, 302)
    assert "41.50 %" in client.get("/en/open/").content.decode()
    assert PlanValue.objects.get().entered_by is not None


def test_the_database_refuses_a_value_without_source_or_beyond_a_hundred() -> None:
    for wrong in ({"value": 20, "source": ""}, {"value": 101, "source": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanValue.objects.create(code="platforms", as_of="2025-12-31", **wrong)
    with pytest.raises(ValidationError):
        PlanValue(code="platforms", as_of="2025-12-31", source="x", value=101).full_clean()


@pytest.mark.parametrize(("paid", "is_told"), [(4, False), (5, True)])
def test_the_share_by_money_is_told_once_five_vouchers_are_paid(
    client: Client, paid: int, is_told: bool
) -> None:
    staff, programme, product = vouchers.staff(), vouchers.programme(), vouchers.product()
    rows = [
        vouchers.in_state("settled", staff, programme=programme, product=product) for _number in range(paid)
    ]
    measure(calendar.today())

    answer = client.get("/en/open/")

    told = answer.context["book"].cloud
    assert ("By money: of" in answer.content.decode()) is is_told
    assert told.covered_fen == (sum(row.verified_fen for row in rows) if is_told else None)


def test_who_is_on_the_cloud_is_counted_once_each(client: Client) -> None:
    people = [enterprises.MembershipFactory() for _number in range(5)]
    for membership in people:
        cloud.in_use(membership.enterprise, membership.user)
    cloud.in_use(people[0].enterprise, people[0].user)
    measure(calendar.today())

    assert client.get("/en/open/").context["book"].cloud.enterprises == 5
