"""What is known, from whom, and for how long."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine

from core import audit, calendar
from enterprises import actions, tasks
from enterprises.actions import Statement
from enterprises.facts import FactError
from enterprises.models import Enterprise, EnterpriseFacet, Fact
from tests.factories.enterprises import EnterpriseFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 1)
ORDER = ["self", "assessment", "document", "staff", "registry"]


def record(enterprise: Enterprise, value: Any, source: str = "self", on: date = ON, **more: Any) -> Fact:
    return actions.record_fact(enterprise, "employees", value, source=source, on=on, by=None, **more)


def current(enterprise: Enterprise) -> list[tuple[Any, str]]:
    return list(enterprise.facts.current().order_by("code").values_list("value", "source"))


@pytest.mark.parametrize(("weaker", "stronger"), list(combinations(ORDER, 2)))
def test_the_stronger_source_counts_whichever_came_first(weaker: str, stronger: str) -> None:
    one, two = EnterpriseFactory(), EnterpriseFactory()

    record(one, 10, weaker)
    record(one, 20, stronger)
    record(two, 20, stronger)
    record(two, 10, weaker)

    assert (current(one), current(two)) == ([(20, stronger)], [(20, stronger)])
    assert (one.facts.count(), two.facts.count()) == (2, 2)


def test_of_one_source_the_newer_fact_counts() -> None:
    enterprise = EnterpriseFactory()

    record(enterprise, 10, on=date(2026, 5, 1))
    record(enterprise, 20, on=date(2026, 6, 1))
    record(enterprise, 30, on=date(2026, 4, 1))

    assert current(enterprise) == [(20, "self")]


@time_machine.travel("2026-11-25 12:00 +08:00")
def test_an_expired_strong_fact_gives_way_to_a_weaker_one() -> None:
    enterprise = EnterpriseFactory()

    record(enterprise, 10, "staff", expires=date(2026, 11, 24))
    record(enterprise, 20, "self")

    assert current(enterprise) == [(20, "self")]


@time_machine.travel("2026-11-25 12:00 +08:00")
def test_on_its_last_valid_day_a_strong_fact_still_stands() -> None:
    enterprise = EnterpriseFactory()

    record(enterprise, 10, "staff", expires=date(2026, 11, 25))
    record(enterprise, 20, "self")

    assert current(enterprise) == [(10, "staff")]


def test_the_same_fact_again_changes_nothing() -> None:
    enterprise = EnterpriseFactory()
    first = record(enterprise, 10)
    changed_at = Enterprise.objects.get().facts_changed_at

    assert record(enterprise, 10) == first
    assert (enterprise.facts.count(), Enterprise.objects.get().facts_changed_at) == (1, changed_at)


def test_a_weaker_fact_does_not_wake_matching() -> None:
    enterprise = EnterpriseFactory()
    record(enterprise, 10, "staff")
    changed_at = Enterprise.objects.get().facts_changed_at

    record(enterprise, 20)

    assert Enterprise.objects.get().facts_changed_at == changed_at


def test_the_facet_and_the_size_class_follow_in_the_same_transaction() -> None:
    enterprise = EnterpriseFactory()
    statements = [
        Statement("region", "370211"),
        Statement("industry", "344"),
        Statement("employees", 85),
        Statement("revenue_wan", "2300.5"),
        Statement("founded_on", "2019-03"),
        Statement("qualification.high_tech", True, date(2027, 12, 31)),
    ]

    actions.record_facts(enterprise, statements, source="self", on=ON, by=None)

    facet = EnterpriseFacet.objects.get(enterprise=enterprise)
    assert (facet.region_low, facet.region_high, facet.industry_low, facet.industry_high) == (
        370211,
        370211,
        3440,
        3449,
    )
    assert (facet.employees, facet.revenue_yuan, facet.size_bit) == (85, 23_005_000, 4)
    assert (facet.founded_low, facet.founded_high) == (date(2019, 3, 1), date(2019, 3, 31))
    assert (facet.quals, facet.quals_known) == (2, 2)
    assert Enterprise.objects.get().region_id == "370211"


def test_a_value_that_does_not_fit_writes_nothing() -> None:
    enterprise = EnterpriseFactory()

    with pytest.raises(FactError):
        actions.record_facts(
            enterprise,
            [Statement("employees", 5), Statement("region", "999999")],
            source="self",
            on=ON,
            by=None,
        )

    assert (Fact.objects.count(), audit.history(enterprise).count()) == (0, 0)


def test_recording_is_an_event_without_values() -> None:
    enterprise = EnterpriseFactory()

    record(enterprise, 10)

    event = audit.history(enterprise).get()
    assert (event.verb, event.data) == ("facts_recorded", {"codes": ["employees"], "source": "self"})


def test_the_tick_forgets_what_has_expired_once_however_late() -> None:
    enterprise, untouched = EnterpriseFactory(), EnterpriseFactory()
    today = calendar.today()
    record(enterprise, 10, expires=today + timedelta(days=3))
    record(untouched, 10, expires=today + timedelta(days=4))

    with time_machine.travel(f"{today + timedelta(days=3)} 12:00 +08:00"):
        assert tasks.refresh_facets() == 0
    with time_machine.travel(f"{today + timedelta(days=4)} 00:10 +08:00"):
        assert (tasks.refresh_facets(), tasks.refresh_facets()) == (1, 0)
    with time_machine.travel(f"{today + timedelta(days=90)} 00:10 +08:00"):
        assert (tasks.refresh_facets(), tasks.refresh_facets()) == (1, 0)

    assert list(EnterpriseFacet.objects.values_list("employees", flat=True)) == [None, None]


def test_a_renewed_fact_comes_back_after_the_old_one_was_forgotten() -> None:
    enterprise = EnterpriseFactory()
    record(enterprise, 10, "staff", expires=calendar.today() - timedelta(days=1))
    tasks.refresh_facets()

    record(enterprise, 12, expires=calendar.today())

    assert EnterpriseFacet.objects.get().employees == 12
