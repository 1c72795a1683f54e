"""Criteria as they are stored: what is accepted, what is refused and where."""

from decimal import Decimal
from typing import Any

import pytest

from core.criteria import CriteriaError, Criterion, Kind, Op, Span
from enterprises.criteria import gates, read_criteria, write_criteria

STORED = [
    {"fact": "region", "op": "within", "values": ["370200", "370100"]},
    {"fact": "industry", "op": "within", "values": ["B", "27", "342"]},
    {"fact": "size", "op": "one_of", "values": ["medium", "small", "micro"]},
    {"fact": "qualification", "op": "has_any", "values": ["zjtx", "little_giant"]},
    {"fact": "qualification", "op": "has_any", "values": ["high_tech"]},
    {"fact": "revenue_wan", "op": "at_most", "values": ["20000"]},
    {"fact": "employees", "op": "at_most", "values": [500]},
    {"fact": "founded_on", "op": "years_at_least", "values": [1]},
    {"fact": "digital_level", "op": "at_least", "values": [2]},
    {"fact": "cloud_readiness", "op": "at_least", "values": [60]},
    {"fact": "assets_wan", "op": "at_most", "values": ["5000"], "kind": "bonus"},
    {"op": "unstated", "kind": "discretionary", "note_en": "sound finances"},
]


def test_criteria_are_read_into_normal_forms() -> None:
    found = read_criteria(STORED)

    assert [criterion.values for criterion in found] == [
        (Span(370200, 370299), Span(370100, 370199)),
        (Span(600, 1299), Span(2700, 2799), Span(3420, 3429)),
        ("medium", "small", "micro"),
        ("zjtx", "little_giant"),
        ("high_tech",),
        (Decimal(20000),),
        (500,),
        (1,),
        (2,),
        (60,),
        (Decimal(5000),),
        (),
    ]


def test_criteria_survive_being_stored() -> None:
    found = read_criteria(STORED)

    stored = write_criteria(found)

    assert read_criteria(stored) == found
    assert [item["values"] for item in stored] == [item.get("values", []) for item in STORED]


def test_the_whole_country_is_no_gate() -> None:
    found = read_criteria([{"fact": "region", "op": "within", "values": ["000000"]}])

    assert gates(found) == []
    assert write_criteria(found)[0]["values"] == ["000000"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"fact": "turnover", "op": "at_least", "values": [1]}, "unknown_fact"),
        ({"fact": "region", "op": "at_least", "values": ["370200"]}, "op_not_for_fact"),
        ({"fact": "digital_level", "op": "at_most", "values": [2]}, "op_not_for_fact"),
        ({"fact": "assets_wan", "op": "at_most", "values": ["5000"]}, "not_for_gates"),
        ({"fact": "region", "op": "within", "values": ["371299"]}, "bad_value"),
        ({"fact": "zone", "op": "has_any", "values": ["No zone"]}, "bad_value"),
        ({"fact": "industry", "op": "within", "values": ["000000"]}, "bad_value"),
        ({"fact": "size", "op": "one_of", "values": ["unknown"]}, "bad_value"),
        ({"fact": "size", "op": "one_of", "values": [["small"]]}, "bad_value"),
        ({"fact": "qualification", "op": "has_any", "values": ["nobel_prize"]}, "bad_value"),
        ({"fact": "founded_on", "op": "years_at_least", "values": [101]}, "bad_value"),
        ({"fact": "founded_on", "op": "years_at_least", "values": ["2019"]}, "bad_value"),
        ({"fact": "revenue_wan", "op": "at_least", "values": ["1.00001"]}, "bad_value"),
        ({"fact": "region", "op": "within", "values": ["370100"]}, "second_gate"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(raw: dict[str, Any], code: str) -> None:
    first = {"fact": "region", "op": "within", "values": ["370200"]}

    with pytest.raises(CriteriaError) as caught:
        read_criteria([first, raw])

    assert (caught.value.position, caught.value.code) == (2, code)


def test_several_qualifications_are_any_of_one_gate_or_one_gate_each() -> None:
    several = {"fact": "qualification", "op": "has_any", "values": ["zjtx", "dcmm"]}
    single = {"fact": "qualification", "op": "has_any", "values": ["zjtx"]}

    assert len(read_criteria([several, single, single])) == 3
    with pytest.raises(CriteriaError, match="criterion 3: second_gate"):
        read_criteria([several, single, several])


def test_bonus_criteria_may_repeat() -> None:
    bonus = {"fact": "region", "op": "within", "values": ["370200"], "kind": "bonus"}

    assert read_criteria([bonus, bonus])[1] == Criterion(
        "region", Op.WITHIN, (Span(370200, 370299),), Kind.BONUS
    )
