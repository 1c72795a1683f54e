"""One step away: what a step may be, and when there is none."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from core.criteria import FactValue
from enterprises import eligibility, facts
from enterprises.criteria import read_criteria
from services.policies import near_miss, step_words
from services.policies.near_miss import Step, Way
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate

ON = date(2026, 11, 25)

Known = dict[str, FactValue]


def known(**values: Any) -> Known:
    """Read facts; a certificate is written qualification__zjtx."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return {code: facts.read(code, value) for code, value in named.items()}


def step_to(criteria: list[dict[str, Any]], about: Known, closes_on: date | None = None) -> Step | None:
    decision = eligibility.explain(read_criteria(criteria), about, ON)
    return near_miss.step(decision, ON, closes_on)


@pytest.mark.parametrize(
    ("staff", "asked", "more"),
    [(28, 30, 2), (5, 10, 5), (4, 10, None), (80, 100, 20), (79, 100, None), (30, 30, None)],
)
def test_hiring_is_a_step_for_five_people_or_a_fifth(staff: int, asked: int, more: int | None) -> None:
    found = step_to([gate("employees", "at_least", asked)], known(employees=staff))

    assert found == (None if more is None else Step(Way.HIRE, facts.EMPLOYEES, more))


@pytest.mark.parametrize(("revenue", "more"), [("1600", "400"), ("1599", None)])
def test_revenue_is_a_step_for_a_fifth(revenue: str, more: str | None) -> None:
    found = step_to([gate("revenue_wan", "at_least", "2000")], known(revenue_wan=revenue))

    assert found == (None if more is None else Step(Way.EARN, facts.REVENUE, Decimal(more)))


@pytest.mark.parametrize(
    ("founded", "day"),
    [
        ("2024-03-25", date(2027, 3, 25)),
        ("2024-03", date(2027, 3, 31)),
        ("2024", date(2027, 12, 31)),
        ("2024-02-29", date(2027, 2, 28)),
        ("2025-11-25", date(2028, 11, 25)),
        ("2025-11-27", None),
        ("2023-11-25", None),
    ],
)
def test_waiting_is_a_step_for_two_years(founded: str, day: date | None) -> None:
    found = step_to([gate("founded_on", "years_at_least", 3)], known(founded_on=founded))

    assert found == (None if day is None else Step(Way.WAIT, facts.FOUNDED, on=day))


@pytest.mark.parametrize(("closes_on", "helps"), [(date(2027, 3, 24), False), (date(2027, 3, 25), True)])
def test_waiting_past_the_last_day_is_no_step(closes_on: date, helps: bool) -> None:
    found = step_to([gate("founded_on", "years_at_least", 3)], known(founded_on="2024-03-25"), closes_on)

    assert (found is not None) is helps


def test_waiting_until_too_old_is_no_step() -> None:
    gates = [gate("founded_on", "years_at_least", 3), gate("founded_on", "years_at_most", 2)]

    assert step_to(gates, known(founded_on="2024-12-25")) is None


def test_waiting_until_another_certificate_has_expired_is_no_step() -> None:
    held = {"qualification.high_tech": facts.read("qualification.high_tech", True, expires_on=ON)}
    gates = [gate("founded_on", "years_at_least", 3), gate("qualification", "has_any", "high_tech")]

    assert step_to(gates, known(founded_on="2024-03-25") | held) is None


def test_several_gates_that_time_closes_are_one_step_to_the_last_day() -> None:
    gates = [gate("founded_on", "years_at_least", 3), gate("founded_on", "years_at_least", 4)]

    assert step_to(gates, known(founded_on="2024-03-25")) == Step(
        Way.WAIT, facts.FOUNDED, on=date(2028, 3, 25)
    )


def test_two_gates_of_different_kind_are_two_steps() -> None:
    gates = [gate("employees", "at_least", 30), gate("founded_on", "years_at_least", 3)]

    assert step_to(gates, known(employees=29, founded_on="2024-03-25")) is None


def test_an_unknown_gate_beside_it_promises_nothing() -> None:
    assert step_to([gate("employees", "at_least", 30), IN_QINGDAO], known(employees=29)) is None


@pytest.mark.parametrize(("level", "asked", "is_near"), [(1, 2, True), (1, 3, False), (2, 2, False)])
def test_only_the_next_level_is_a_step(level: int, asked: int, is_near: bool) -> None:
    found = step_to([gate("digital_level", "at_least", asked)], known(digital_level=level))

    assert found == (Step(Way.LEVEL, facts.DIGITAL_LEVEL, asked) if is_near else None)


@pytest.mark.parametrize(("points", "is_near"), [(40, True), (39, False)])
def test_twenty_points_of_readiness_are_a_step(points: int, is_near: bool) -> None:
    found = step_to([gate("cloud_readiness", "at_least", 60)], known(cloud_readiness=points))

    assert found == (Step(Way.READINESS, facts.CLOUD_READINESS, 60) if is_near else None)


def test_a_certificate_is_a_step_and_any_of_those_asked_is_enough() -> None:
    without = known(qualification__zjtx=False, qualification__high_tech=False)

    found = step_to([gate("qualification", "has_any", "zjtx", "high_tech")], without)

    assert found == Step(Way.CERTIFICATE, facts.QUALIFICATION, certificates=("zjtx", "high_tech"))


@pytest.mark.parametrize(
    ("asked", "about"),
    [(AT_MOST_300, known(employees=301)), (IN_QINGDAO, known(region="370102")),
     (gate("founded_on", "years_at_most", 3), known(founded_on="2020"))],
)  # fmt: skip
def test_nobody_is_told_to_shrink_move_or_grow_younger(asked: dict[str, Any], about: Known) -> None:
    assert step_to([asked], about) is None


def test_what_is_met_needs_no_step() -> None:
    assert step_to([AT_MOST_300], known(employees=300)) is None


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step(Way.HIRE, "employees", 1), "hire 1 more person"),
        (Step(Way.HIRE, "employees", 2), "hire 2 more people"),
        (Step(Way.EARN, "revenue_wan", Decimal(400)), "raise your annual revenue by CNY 4 million"),
        (Step(Way.WAIT, "founded_on", on=date(2027, 3, 25)), "wait 4 months, until 2027-03-25"),
        (Step(Way.WAIT, "founded_on", on=date(2026, 11, 26)), "wait 1 day, until 2026-11-26"),
        (Step(Way.LEVEL, "digital_level", 2), "reach digital level 2"),
        (Step(Way.READINESS, "cloud_readiness", 60), "raise your cloud readiness to 60"),
        (
            Step(Way.CERTIFICATE, "qualification", certificates=("tech_sme", "high_tech")),
            "get recognised as Technology-based SME or High-tech enterprise",
        ),
    ],
)
def test_steps_in_words(step: Step, words: str) -> None:
    with translation.override("en"):
        assert step_words.say(step, ON) == words
