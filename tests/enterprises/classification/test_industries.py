"""GB/T 4754-2017: what is listed, what is accepted below it, and the spans."""

from collections import Counter
from itertools import pairwise

import pytest

from enterprises.classification import industries
from enterprises.classification.industries import INDUSTRIES


def test_the_table_holds_20_sections_97_divisions_and_191_groups() -> None:
    assert Counter(row.level for row in INDUSTRIES.values()) == {"section": 20, "division": 97, "group": 191}


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("C", 1300, 4399),
        ("A", 100, 599),
        ("T", 9700, 9799),
        ("27", 2700, 2799),
        ("01", 100, 199),
        ("273", 2730, 2739),
        ("2730", 2730, 2730),
        ("651", 6510, 6519),
    ],
)
def test_a_span_holds_the_classes_at_or_below(code: str, low: int, high: int) -> None:
    found = industries.span(code)

    assert (found.low, found.high, found.code) == (low, high, code)


def test_sections_do_not_overlap_and_follow_each_other() -> None:
    spans = [industries.span(section.code) for section in industries.SECTIONS]

    assert [left.high < right.low for left, right in pairwise(spans)] == [True] * 19


@pytest.mark.parametrize("code", ["", "U", "00", "98", "138", "1380", "27301", "2x", "²7", "c"])
def test_a_code_that_does_not_exist_is_refused(code: str) -> None:
    assert not industries.is_known(code)
    with pytest.raises(ValueError, match="unknown industry"):
        industries.span(code)


@pytest.mark.parametrize(("code", "nearest"), [("C", "C"), ("273", "273"), ("2730", "273"), ("6513", "65")])
def test_a_finer_code_is_named_by_the_nearest_listed_one(code: str, nearest: str) -> None:
    assert industries.nearest(code).code == nearest


def test_a_line_leads_from_the_section_down() -> None:
    assert [row.code for row in industries.line("2730")] == ["C", "27", "273"]
