"""Facts and criteria in the reader's language."""

from typing import Any

import pytest
from django.utils import translation

from enterprises import facts, wording
from enterprises.criteria import read_criteria


@pytest.mark.parametrize(
    ("code", "raw", "english"),
    [
        ("region", "370211", "Huangdao District"),
        ("industry", "27", "Manufacture of medicines"),
        ("employees", 1, "1 person"),
        ("employees", 1200, "1,200 people"),
        ("revenue_wan", "39999.50", "CNY 399.995 million"),
        ("founded_on", "2019", "2019"),
        ("founded_on", "2019-03", "March 2019"),
        ("qualification.zjtx", False, "No"),
        ("digital_level", 2, "level 2"),
        ("cloud_readiness", 60, "60"),
    ],
)
def test_a_fact_is_said_with_its_unit(code: str, raw: Any, english: str) -> None:
    with translation.override("en"):
        assert wording.fact_in_words(code, facts.read(code, raw)) == english


def test_a_place_has_its_chinese_name() -> None:
    with translation.override("zh-hans"):
        assert wording.fact_in_words("region", facts.read("region", "370211")) == "黄岛区"


@pytest.mark.parametrize(
    ("stored", "english"),
    [
        (
            {"fact": "region", "op": "within", "values": ["000000", "370200"]},
            ["Whole country", "Qingdao City"],
        ),
        ({"fact": "size", "op": "one_of", "values": ["small", "micro"]}, ["Small", "Micro"]),
        ({"fact": "qualification", "op": "has_any", "values": ["high_tech"]}, ["High-tech enterprise"]),
        ({"fact": "founded_on", "op": "years_at_least", "values": [1]}, ["1 year"]),
        ({"fact": "employees", "op": "at_most", "values": [500]}, ["500 people"]),
        ({"fact": "revenue_wan", "op": "at_most", "values": ["20000"]}, ["CNY 200 million"]),
        ({"op": "unstated"}, []),
    ],
)
def test_a_criterion_names_what_it_asks_for(stored: dict[str, Any], english: list[str]) -> None:
    (criterion,) = read_criteria([stored])

    with translation.override("en"):
        assert wording.values_in_words(criterion) == english
