"""Whom an item would reach."""

from datetime import date

import pytest

from enterprises.actions import record_fact
from services.policies import reach
from services.policies.reach import Place
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.policies import IN_QINGDAO, ItemFactory, gate

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def enterprises(number: int, region: str) -> None:
    for _ in range(number):
        record_fact(EnterpriseFactory(), "region", region, source="self", on=ON, by=None)


def test_small_numbers_are_not_told_by_place() -> None:
    enterprises(5, "370211")
    enterprises(4, "370102")
    item = ItemFactory(criteria=[gate("region", "within", "370000")])

    found = reach.of_item(item, ON)

    assert (found.total, found.places) == (9, [Place("青岛市", 5), Place("济南市", None)])


def test_only_those_inside_count() -> None:
    enterprises(1, "370211")
    enterprises(1, "370102")

    assert reach.of_item(ItemFactory(criteria=[IN_QINGDAO]), ON).total == 1


@pytest.mark.parametrize("criteria", [[gate("", "unstated")], [{"fact": "nonsense"}]])
def test_nobody_can_be_counted_where_conditions_are_not_known(criteria: list[object]) -> None:
    assert reach.of_item(ItemFactory(criteria=criteria), ON).total is None
