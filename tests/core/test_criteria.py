"""The three-valued engine: every test with its boundary, missing, expired and coarse facts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from core import criteria
from core.criteria import (
    EVERYTHING,
    CriteriaError,
    Criterion,
    FactValue,
    Kind,
    Op,
    Precision,
    Span,
    Verdict,
    Why,
)

ON = date(2026, 11, 25)
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
DISTRICT, CITY, OTHER = Span(370202, 370202), Span(370200, 370299), Span(370100, 370199)
NOTHING: Mapping[str, FactValue] = {}


@pytest.mark.parametrize(
    ("wanted", "known", "verdict", "why"),
    [
        ((CITY,), DISTRICT, MET, Why.MET),
        ((CITY,), CITY, MET, Why.MET),
        ((DISTRICT,), CITY, UNKNOWN, Why.COARSER),
        ((OTHER,), DISTRICT, NOT_MET, Why.OUTSIDE),
        ((OTHER, CITY), DISTRICT, MET, Why.MET),
        ((OTHER, CITY), Span(370100, 370299), MET, Why.MET),  # two cities that follow each other
        ((CITY,), Span(370000, 379999), UNKNOWN, Why.COARSER),
    ],
)
def test_within_means_at_or_below(wanted: tuple[Span, ...], known: Span, verdict: Verdict, why: Why) -> None:
    reason = criteria.judge(Criterion("region", Op.WITHIN, wanted), {"region": FactValue(known)}, ON)

    assert (reason.verdict, reason.code) == (verdict, why)


def test_everything_is_no_condition_even_where_nothing_is_known() -> None:
    reason = criteria.judge(Criterion("region", Op.WITHIN, (DISTRICT, EVERYTHING)), NOTHING, ON)

    assert (reason.verdict, reason.code, reason.asks) == (MET, Why.NO_CONDITION, ())


@pytest.mark.parametrize(
    ("op", "value", "verdict", "why"),
    [
        (Op.AT_LEAST, 19, NOT_MET, Why.BELOW),
        (Op.AT_LEAST, 20, MET, Why.MET),
        (Op.AT_LEAST, 21, MET, Why.MET),
        (Op.AT_MOST, 19, MET, Why.MET),
        (Op.AT_MOST, 20, MET, Why.MET),
        (Op.AT_MOST, 21, NOT_MET, Why.ABOVE),
        (Op.AT_MOST, Decimal("20.0001"), NOT_MET, Why.ABOVE),
    ],
)
def test_limits_include_their_number(op: Op, value: int | Decimal, verdict: Verdict, why: Why) -> None:
    reason = criteria.judge(Criterion("employees", op, (20,)), {"employees": FactValue(value)}, ON)

    assert (reason.verdict, reason.code) == (verdict, why)


@pytest.mark.parametrize(
    ("op", "founded", "precision", "verdict"),
    [
        (Op.YEARS_AT_LEAST, "2023-11-25", "day", MET),  # the anniversary itself counts
        (Op.YEARS_AT_LEAST, "2023-11-26", "day", NOT_MET),
        (Op.YEARS_AT_LEAST, "2023-11-01", "month", UNKNOWN),
        (Op.YEARS_AT_LEAST, "2023-10-01", "month", MET),
        (Op.YEARS_AT_LEAST, "2023-01-01", "year", UNKNOWN),
        (Op.YEARS_AT_LEAST, "2022-01-01", "year", MET),
        (Op.YEARS_AT_LEAST, "2024-01-01", "year", NOT_MET),
        (Op.YEARS_AT_MOST, "2023-11-25", "day", MET),
        (Op.YEARS_AT_MOST, "2023-11-24", "day", NOT_MET),
        (Op.YEARS_AT_MOST, "2023-11-01", "month", UNKNOWN),
        (Op.YEARS_AT_MOST, "2023-12-01", "month", MET),
        (Op.YEARS_AT_MOST, "2022-01-01", "year", NOT_MET),
    ],
)
def test_years_are_counted_by_anniversaries(op: Op, founded: str, precision: str, verdict: Verdict) -> None:
    fact = FactValue(date.fromisoformat(founded), precision=Precision(precision))

    reason = criteria.judge(Criterion("founded_on", op, (3,)), {"founded_on": fact}, ON)

    assert reason.verdict == verdict


@pytest.mark.parametrize(
    ("start", "years", "day"),
    [("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2023-11-25", 3, "2026-11-25")],
)
def test_29_february_plus_a_year_is_28_february(start: str, years: int, day: str) -> None:
    assert criteria.anniversary(date.fromisoformat(start), years) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "on", [date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1), date(2028, 2, 28), date(2028, 2, 29)]
)
@pytest.mark.parametrize("years", [0, 1, 3, 4])
def test_start_limits_agree_with_anniversaries_around_29_february(on: date, years: int) -> None:
    latest, earliest = criteria.latest_start(on, years), criteria.earliest_start(on, years)

    starts = [date.fromordinal(on.toordinal() - 366 * years + n) for n in range(-5, 6)]
    assert [start <= latest for start in starts] == [
        criteria.anniversary(start, years) <= on for start in starts
    ]
    assert [start >= earliest for start in starts] == [
        criteria.anniversary(start, years) >= on for start in starts
    ]
    assert [criteria.full_years(start, on) >= years for start in starts] == [
        start <= latest for start in starts
    ]
    assert [criteria.years_begun(start, on) <= years for start in starts] == [
        start >= earliest for start in starts
    ]


def test_one_of_lists_the_values_that_count() -> None:
    criterion = Criterion("size", Op.ONE_OF, ("small", "micro"))

    found = [criteria.judge(criterion, {"size": FactValue(size)}, ON) for size in ("small", "large")]

    assert [(reason.verdict, reason.code) for reason in found] == [(MET, Why.MET), (NOT_MET, Why.NOT_LISTED)]


@pytest.mark.parametrize(
    ("held", "verdict", "why", "asks"),
    [
        ({"a": True}, MET, Why.MET, ()),
        ({"a": False, "b": True}, MET, Why.MET, ()),
        ({"a": False, "b": False}, NOT_MET, Why.ABSENT, ()),
        ({"a": False}, UNKNOWN, Why.MISSING, ("q.b",)),
        ({}, UNKNOWN, Why.MISSING, ("q.a", "q.b")),
    ],
)
def test_one_certificate_of_several_is_enough(
    held: dict[str, bool], verdict: Verdict, why: Why, asks: tuple[str, ...]
) -> None:
    facts = {f"q.{code}": FactValue(value) for code, value in held.items()}

    reason = criteria.judge(Criterion("q", Op.HAS_ANY, ("a", "b")), facts, ON)

    assert (reason.verdict, reason.code, reason.asks) == (verdict, why, asks)


def test_an_expired_certificate_is_unknown_for_that_certificate_only() -> None:
    expired, absent = FactValue(True, expires_on=date(2026, 11, 24)), FactValue(False)
    criterion = Criterion("q", Op.HAS_ANY, ("a", "b"))

    reason = criteria.judge(criterion, {"q.a": expired, "q.b": absent}, ON)

    assert (reason.verdict, reason.code, reason.fact, reason.asks) == (
        UNKNOWN,
        Why.EXPIRED,
        expired,
        ("q.a",),
    )


@pytest.mark.parametrize(
    ("expires_on", "verdict", "why"),
    [
        (date(2026, 11, 24), UNKNOWN, Why.EXPIRED),
        (date(2026, 11, 25), MET, Why.MET),  # the last valid day counts
        (None, MET, Why.MET),
    ],
)
def test_an_expired_fact_is_unknown(expires_on: date | None, verdict: Verdict, why: Why) -> None:
    fact = FactValue(50, "registry", date(2026, 1, 1), expires_on)

    reason = criteria.judge(Criterion("employees", Op.AT_LEAST, (20,)), {"employees": fact}, ON)

    assert (reason.verdict, reason.code, reason.fact) == (verdict, why, fact)


def test_a_missing_fact_is_never_a_no() -> None:
    reason = criteria.judge(Criterion("employees", Op.AT_MOST, (20,)), NOTHING, ON)

    assert (reason.verdict, reason.code, reason.asks) == (UNKNOWN, Why.MISSING, ("employees",))


def test_eligibility_not_stated_stays_open_whatever_is_known() -> None:
    decision = criteria.decide([Criterion("", Op.UNSTATED)], {"employees": FactValue(3)}, ON)

    assert (decision.verdict, decision.reasons[0].code, decision.asks) == (UNKNOWN, Why.UNSTATED, ())


KLEENE_AND = {(MET, MET): MET, (MET, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}
KLEENE_OR = {(NOT_MET, NOT_MET): NOT_MET, (NOT_MET, UNKNOWN): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}


@pytest.mark.parametrize("pair", list(product(Verdict, repeat=2)))
def test_verdicts_join_as_kleene_says(pair: tuple[Verdict, Verdict]) -> None:
    mirrored = (pair[1], pair[0])

    assert criteria.all_of(pair) == KLEENE_AND.get(pair, KLEENE_AND.get(mirrored, NOT_MET))
    assert criteria.any_of(pair) == KLEENE_OR.get(pair, KLEENE_OR.get(mirrored, MET))


def test_only_gates_decide_and_every_criterion_has_its_reason() -> None:
    gate = Criterion("employees", Op.AT_LEAST, (20,))
    bonus = Criterion("employees", Op.AT_LEAST, (200,), Kind.BONUS)
    opinion = Criterion("", Op.UNSTATED, kind=Kind.DISCRETIONARY, note_en="sound finances")

    decision = criteria.decide([gate, bonus, opinion], {"employees": FactValue(50)}, ON)

    assert decision.verdict == MET
    assert [reason.verdict for reason in decision.reasons] == [MET, NOT_MET, UNKNOWN]


def test_without_gates_everyone_qualifies() -> None:
    assert criteria.decide([], NOTHING, ON).verdict == MET


def test_contradictory_gates_follow_kleene() -> None:
    gates = [Criterion("employees", Op.AT_LEAST, (300,)), Criterion("employees", Op.AT_MOST, (20,))]

    assert criteria.decide(gates, {"employees": FactValue(50)}, ON).verdict == NOT_MET
    assert criteria.decide(gates, NOTHING, ON).verdict == UNKNOWN


def test_open_facts_are_asked_once_and_for_gates_only() -> None:
    gates = [Criterion("employees", Op.AT_LEAST, (1,)), Criterion("employees", Op.AT_MOST, (9,))]
    bonus = Criterion("digital_level", Op.AT_LEAST, (2,), Kind.BONUS)

    assert criteria.decide([*gates, bonus], NOTHING, ON).asks == ("employees",)


def test_a_criterion_survives_being_stored() -> None:
    raw = {
        "fact": "revenue_wan",
        "op": "at_most",
        "values": ["20000.5"],
        "kind": "bonus",
        "note_zh": "上年度",
        "note_en": "last year",
    }

    found = Criterion.from_json(raw, read=lambda fact, op, value: Decimal(value))

    assert found == Criterion(
        "revenue_wan", Op.AT_MOST, (Decimal("20000.5"),), Kind.BONUS, "上年度", "last year"
    )
    assert found.to_json() == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("region", "not_an_object"),
        ({"fact": "x", "op": "at_least", "values": [1], "any": []}, "unknown_key"),
        ({"op": "at_least", "values": [1]}, "missing_key"),
        ({"fact": "x", "op": "at_least"}, "missing_key"),
        ({"fact": "x", "op": "equals", "values": [1]}, "unknown_op"),
        ({"fact": "x", "op": ["at_least"], "values": [1]}, "unknown_op"),
        ({"fact": "x", "op": "at_least", "values": [1], "kind": "must"}, "unknown_kind"),
        ({"fact": 7, "op": "at_least", "values": [1]}, "not_a_text"),
        ({"fact": "x", "op": "at_least", "values": [1], "note_zh": None}, "not_a_text"),
        ({"fact": "x", "op": "at_least", "values": []}, "wrong_number_of_values"),
        ({"fact": "x", "op": "at_least", "values": [1, 2]}, "wrong_number_of_values"),
        ({"fact": "x", "op": "one_of", "values": []}, "wrong_number_of_values"),
        ({"fact": "x", "op": "one_of", "values": "small"}, "wrong_number_of_values"),
        ({"op": "unstated", "values": [1]}, "wrong_number_of_values"),
        ({"fact": "x", "op": "at_least", "values": ["many"]}, "bad_value"),
    ],
)
def test_a_wrong_criterion_is_named_by_its_position(raw: object, code: str) -> None:
    good = {"fact": "x", "op": "at_least", "values": [1]}

    with pytest.raises(CriteriaError) as caught:
        criteria.read_all([good, raw], read=lambda fact, op, value: int(value))

    assert (caught.value.position, caught.value.code) == (2, code)


def test_criteria_that_are_no_list_are_refused() -> None:
    with pytest.raises(CriteriaError) as caught:
        criteria.read_all({"fact": "x"})

    assert (caught.value.position, caught.value.code) == (0, "not_a_list")
