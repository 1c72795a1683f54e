"""Who meets a list of criteria: all enterprises in SQL, one with reasons."""

from datetime import date
from typing import Any

import pytest

from core.criteria import Verdict, Why
from enterprises import eligibility, facts
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise, EnterpriseFacet

ON = date(2026, 11, 25)
DISTRICT = [{"fact": "region", "op": "within", "values": ["370202"]}]
SMALL = [{"fact": "size", "op": "one_of", "values": ["small", "micro"]}]


def known(**values: Any) -> dict[str, Any]:
    return {code.replace("__", "."): facts.read(code.replace("__", "."), raw) for code, raw in values.items()}


def enterprise(uscc: str, **values: Any) -> Enterprise:
    made = Enterprise.objects.create(uscc=uscc, name=uscc)
    EnterpriseFacet.objects.create(enterprise=made, **facts.to_facet(known(**values), ON))
    return made


@pytest.mark.django_db
def test_only_those_who_meet_every_gate_are_selected() -> None:
    inside = enterprise("91370202MA3T00017B", region="370202", industry="27", employees=50, revenue_wan=500)
    enterprise("91370211MA3T000257", region="370211", industry="27", employees=50, revenue_wan=500)
    enterprise("91370212MA3T00033G", region="370200", industry="27", employees=50, revenue_wan=500)
    enterprise("91370281MA3T000419", region="370202", industry="27", employees=50)

    selected = eligibility.select(read_criteria(DISTRICT + SMALL), ON)

    assert [facet.pk for facet in selected] == [inside.pk]


@pytest.mark.django_db
def test_an_item_whose_eligibility_is_not_stated_selects_nobody() -> None:
    enterprise("91370202MA3T00017B", region="370202")

    assert list(eligibility.select(read_criteria([*DISTRICT, {"op": "unstated"}]), ON)) == []


@pytest.mark.django_db
def test_without_gates_everyone_is_selected() -> None:
    made = enterprise("91370202MA3T00017B")
    bonus = [{"fact": "employees", "op": "at_least", "values": [200], "kind": "bonus"}]

    assert [facet.pk for facet in eligibility.select(read_criteria(bonus), ON)] == [made.pk]


@pytest.mark.django_db
def test_selecting_counts_in_one_query(django_assert_num_queries: Any) -> None:
    for uscc in ("91370202MA3T00017B", "91370211MA3T000257", "91370212MA3T00033G"):
        enterprise(uscc, region="370202", qualification__zjtx=True)
    asked = read_criteria(
        [*DISTRICT, {"fact": "qualification", "op": "has_any", "values": ["zjtx", "little_giant"]}]
    )

    with django_assert_num_queries(1):
        assert eligibility.select(asked, ON).count() == 3


def test_an_open_size_class_asks_for_the_missing_figure() -> None:
    decision = eligibility.explain(read_criteria(SMALL), known(industry="27", employees=50), ON)

    (reason,) = decision.reasons
    assert (decision.verdict, reason.code, reason.asks) == (Verdict.UNKNOWN, Why.MISSING, ("revenue_wan",))
    assert decision.asks == ("revenue_wan",)


def test_an_industry_without_size_classes_does_not_meet_one() -> None:
    decision = eligibility.explain(read_criteria(SMALL), known(industry="66"), ON)

    assert (decision.verdict, decision.reasons[0].code) == (Verdict.NOT_MET, Why.NOT_LISTED)


def test_every_reason_carries_the_fact_with_source_and_date() -> None:
    fact = facts.read("region", "370202", source="registry", on=date(2026, 3, 1))

    decision = eligibility.explain(read_criteria(DISTRICT), {"region": fact}, ON)

    assert decision.reasons[0].fact == fact
