"""What figures a text names."""

from datetime import date
from decimal import Decimal

import pytest

from services.policies import prose


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("最高补助50万元。", {50}),
        ("最高补助５０万元。", {50}),
        ("奖励1.5亿元", {15000}),
        ("每户给予 30万 补贴", {30}),
        ("有30万户企业", set()),
        ("up to CNY 500,000 each", {50}),
        ("up to 0.5 million yuan", {50}),
        ("between 200,000 yuan and RMB 1 million", {20, 100}),
        ("no money at all in 2026", set()),
    ],
)
def test_amounts(text: str, wan: set[int]) -> None:
    assert prose.figures(text).amounts == {one * 1_000_000 for one in wan}


@pytest.mark.parametrize(
    ("text", "percents", "people"),
    [
        ("按30%补助，员工不超过300人", {30}, {300}),
        ("12.5 per cent of the cost, at most 1,000 employees", {Decimal("12.5")}, {1000}),
        ("三成", set(), set()),
    ],
)
def test_percentages_and_headcounts(text: str, percents: set[Decimal], people: set[int]) -> None:
    found = prose.figures(text)

    assert (found.percents, found.people) == (percents, people)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026年12月31日前申报", {date(2026, 12, 31)}),
        ("截止日期：2026-12-31", {date(2026, 12, 31)}),
        ("2026年1月5日印发", set()),
        ("Apply by 31 December 2026.", {date(2026, 12, 31)}),
        ("until December 31, 2026", {date(2026, 12, 31)}),
        ("截至2026年2月31日", set()),
    ],
)
def test_last_days(text: str, days: set[date]) -> None:
    assert prose.figures(text).last_days == days


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("最高补助50。", ("最高补助50",)),
        ("up to 50.", ("up to 50",)),
        ("最高50万元", ()),
        ("at most 12.5%", ()),
    ],
)
def test_a_limit_without_a_unit(text: str, bare: tuple[str, ...]) -> None:
    assert prose.figures(text).bare == bare
