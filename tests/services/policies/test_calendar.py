"""The policy calendar: a list by month, for everybody or for the reader."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from enterprises.actions import record_fact
from tests.factories.accounts import sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.policies import IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db


def rows(html: bytes) -> list[str]:
    return re.findall(r'<div><a href="/en/policies/([\w-]+)/"', html.decode())


def closing(slug: str, day: date, **item: object) -> None:
    published(slug=slug, title_zh="海塔", title_en="Tower", items=[{"closes_on": day, **item}])


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel("2026-11-25 04:00 +0000", tick=False) as traveller:
        yield traveller


def test_a_month_is_a_list_by_day(client: Client) -> None:
    closing("later", date(2026, 12, 31))
    closing("sooner", date(2026, 12, 1))
    closing("november", date(2026, 11, 30))
    closing("january", date(2027, 1, 1))

    page = client.get("/en/policies/calendar/?q=海塔&month=2026-12")

    assert rows(page.content) == ["sooner", "later"]
    assert "December 2026: 2 last days" in page.content.decode()
    assert re.findall(
        r'rel="(prev|next)" href="[^"]*month=([\d-]+)"', page.content.decode().split("<main")[1]
    ) == [
        ("prev", "2026-11"),
        ("next", "2027-01"),
    ]


def test_without_a_month_it_begins_with_the_next_that_has_something(client: Client) -> None:
    closing("february", date(2027, 2, 3))

    assert rows(client.get("/en/policies/calendar/?q=海塔").content) == ["february"]


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "9999-12", "x", "2026-1", "²⁰²⁶-01", "2026-12-01"])
def test_a_strange_month_is_this_one(client: Client, month: str) -> None:
    closing("november", date(2026, 11, 30))

    assert rows(client.get(f"/en/policies/calendar/?q=海塔&month={month}").content) == ["november"]


def test_a_month_without_anything_says_where_to_look(client: Client) -> None:
    page = client.get("/en/policies/calendar/?q=海塔&month=2026-08").content.decode()

    assert "Nothing closes in this month" in page
    assert 'href="/en/policies/?q=' in page


def test_an_owner_may_look_at_what_fits_only(client: Client) -> None:
    li = MembershipFactory()
    record_fact(li.enterprise, "region", "370211", source="self", on=date(2026, 11, 1), by=None)
    closing("fits", date(2026, 12, 1), criteria=[IN_QINGDAO])
    closing("may", date(2026, 12, 2), criteria=[gate("employees", "at_most", 3)])
    closing("not", date(2026, 12, 3), criteria=[gate("region", "within", "370100")])
    address = "/en/policies/calendar/?q=海塔&month=2026-12"
    assert rows(client.get(f"{address}&fit=met").content) == ["fits", "may", "not"]

    sign_in(client, li.user)

    assert rows(client.get(address).content) == ["fits", "may", "not"]
    assert rows(client.get(f"{address}&fit=met").content) == ["fits"]
    assert rows(client.get(f"{address}&fit=met&fit=may").content) == ["fits", "may"]


def test_its_conditions_are_those_of_the_list_and_can_be_dropped(client: Client) -> None:
    closing("funding", date(2026, 12, 1))

    page = client.get("/en/policies/calendar/?q=海塔&kind=plan&month=2026-12")

    assert rows(page.content) == []
    chips = re.findall(r'<a class="chip" href="([^"#]+)#results"', page.content.decode())
    assert chips[1].endswith("&amp;month=2026-12")
    assert "kind" not in chips[1]


@pytest.mark.parametrize("count", [1, 3])
def test_a_month_costs_two_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        closing(f"n{number}", date(2026, 12, 1))

    with django_assert_num_queries(2):
        client.get("/en/policies/calendar/?month=2026-12")


def test_the_self_service_of_the_catalogue_leads_here(client: Client) -> None:
    assert 'href="/policies/calendar/"' in client.get("/services/pol-calendar/").content.decode()
