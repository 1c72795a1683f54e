"""How many slips lie between what was typed and what was meant."""

import pytest

from core.spelling import slips


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
