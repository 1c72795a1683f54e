"""Whom an item would reach, and whom its conditions leave out."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises import eligibility
from enterprises.actions import record_fact
from enterprises.criteria import read_criteria
from enterprises.models import EnterpriseFacet
from services.policies import reach
from services.policies.reach import Cell
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, gate

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def enterprises(number: int, region: str, **facts: Any) -> None:
    for _ in range(number):
        enterprise = EnterpriseFactory()
        for code, value in {"region": region, **facts}.items():
            record_fact(enterprise, code, value, source="self", on=ON, by=None)


def test_who_qualifies_is_counted_by_city_industry_and_size() -> None:
    enterprises(5, "370211", industry="3421", employees=20, revenue_wan="300")
    enterprises(6, "370102")
    item = ItemFactory(criteria=[gate("region", "within", "370000")])

    found = reach.of_item(item, ON)

    assert (found.total, found.considered) == (11, 11)
    assert found.places == [Cell("370100", 6), Cell("370200", 5)]
    assert found.industries == [Cell("", 6), Cell("C", 5)]
    assert found.sizes == [Cell("", 6), Cell("small", 5)]


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({"a": 9, "b": 5}, [Cell("a", 9), Cell("b", 5)]),
        ({"a": 9, "b": 7, "c": 4}, [Cell("a", 9), Cell("", 11, 2)]),
        ({"a": 9, "b": 4, "c": 3}, [Cell("a", 9), Cell("", 7, 2)]),
        ({"a": 9, "b": 1, "c": 1}, [Cell("", 11, 3)]),
        ({"a": 4}, [Cell("", None, 1)]),
        ({}, []),
    ],
)
def test_no_small_number_can_be_told_from_the_total(counts: dict[str, int], cells: list[Cell]) -> None:
    assert reach.gathered(counts) == cells


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_one_to_four_are_never_told_alone(count: int, told: int | None) -> None:
    assert reach.shown(count) == told


def test_each_condition_says_whom_it_leaves_out() -> None:
    enterprises(1, "370211", employees=20)
    enterprises(2, "370211", employees=400)
    enterprises(4, "370102", employees=20)
    enterprises(8, "370102", employees=400)
    enterprises(16, "370211")
    enterprises(32, "370200", employees=20)

    found = reach.of_item(ItemFactory(criteria=[gate("region", "within", "370211"), AT_MOST_300]), ON)

    assert (found.total, found.considered) == (1, 63)
    assert [(one.alone, one.at_all, one.unknown) for one in found.barriers] == [(4, 12, 32), (2, 10, 16)]
    assert found.highest == found.barriers[0]


def test_nothing_known_leaves_every_condition_open() -> None:
    enterprises(5, "370211")
    asked = [
        gate("industry", "within", "34"),
        gate("size", "one_of", "small"),
        gate("employees", "at_least", 20),
        gate("revenue_wan", "at_least", "300"),
        gate("founded_on", "years_at_least", 2),
        gate("digital_level", "at_least", 2),
    ]

    found = reach.of_item(ItemFactory(criteria=asked), ON)

    assert (found.total, found.considered) == (0, 5)
    assert [(one.alone, one.at_all, one.unknown) for one in found.barriers] == [(0, 0, 5)] * len(asked)


@pytest.mark.parametrize(
    "criteria",
    [
        [],
        [IN_QINGDAO],
        [gate("size", "one_of", "small", "micro"), gate("qualification", "has_any", "zjtx", "high_tech")],
        [gate("qualification", "has_any", "zjtx"), gate("founded_on", "years_at_least", 3)],
        [gate("revenue_wan", "at_least", "100"), gate("digital_level", "at_least", 2)],
    ],
)
def test_the_pass_counts_whom_the_matching_would_tell(criteria: list[Any]) -> None:
    enterprises(2, "370211", industry="3421", employees=20, revenue_wan="300", founded_on="2015-01-01")
    enterprises(3, "370102", **{"qualification.zjtx": True, "digital_level": 3, "revenue_wan": "900"})
    item = ItemFactory(criteria=criteria)
    expected = eligibility.select(read_criteria(criteria), ON).count()

    with CaptureQueriesContext(connection) as queries:
        found = reach.of_item(item, ON)

    assert (found.total, len(queries)) == (expected, 1)


def test_what_changed_since_the_version_before_is_counted() -> None:
    enterprises(5, "370211", employees=20)
    enterprises(6, "370211", employees=400)
    enterprises(7, "370102", employees=20)

    found = reach.of_item(ItemFactory(criteria=[AT_MOST_300]), ON, before=[IN_QINGDAO])

    assert (found.total, found.lost, found.won) == (12, 6, 7)


@pytest.mark.parametrize("criteria", [[gate("", "unstated")], [{"fact": "nonsense"}]])
def test_nobody_can_be_counted_where_conditions_are_not_known(criteria: list[object]) -> None:
    assert reach.of_item(ItemFactory(criteria=criteria), ON).total is None


@pytest.mark.parametrize(
    ("criteria", "codes"),
    [
        ([IN_QINGDAO], []),
        ([gate("region", "within", "370100")], ["reaches_nobody"]),
        ([gate("region", "within", "370100"), gate("", "unstated")], []),
        ([], []),
    ],
)
def test_an_item_that_reaches_nobody_is_pointed_out(criteria: list[dict[str, Any]], codes: list[str]) -> None:
    enterprises(1, "370211")
    item = ItemFactory(criteria=criteria)

    assert [one.code for one in reach.findings(item.notice, ON)] == codes


def test_while_no_enterprise_is_known_nothing_is_said_of_reach() -> None:
    EnterpriseFacet.objects.all().delete()

    assert reach.findings(ItemFactory(criteria=[IN_QINGDAO]).notice, ON) == []
