"""How many slips lie between what was typed and what was meant."""

import pytest

from core.spelling import slips, slips_if_near


@pytest.mark.parametrize(
    ("words", "whole", "count"),
    [
        ("专精特新", "关于专精特新企业的通知", 0),
        ("专精特薪", "关于专精特新企业的通知", 1),
        ("专特新", "专精特新", 1),
        ("专精精特新", "专精特新", 1),
        ("专特精新", "专精特新", 1),
        ("factry", "smart factory", 1),
        ("斑马", "专精特新", 2),
        ("", "专精特新", 0),
        ("斑马", "", 2),
    ],
)
def test_slips_are_counted_against_the_part_that_is_nearest(words: str, whole: str, count: int) -> None:
    assert slips(words, whole) == count


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("专精特薪", 1),
        ("专金特薪", None),
        ("专精特薪 企页", None),
        ("专精特薪企业陪育", 2),
        ("专精 新特", 1),
        ("企页", None),
        ("", None),
    ],
)
def test_one_slip_in_four_characters_may_have_been_meant(words: str, count: int | None) -> None:
    assert slips_if_near(words, ["斑马", "关于专精特新企业培育的通知"]) == count
