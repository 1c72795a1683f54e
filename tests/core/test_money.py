"""Fen to figures and back."""

from decimal import Decimal

import pytest

from core import money


@pytest.mark.parametrize(
    ("fen", "yuan", "wan"),
    [
        (0, "0", "0"),
        (1, "0.01", "0.000001"),
        (1234, "12.34", "0.001234"),
        (50_000_000, "500,000", "50"),
        (123_456_700, "1,234,567", "123.4567"),
        (1_000_000_000_000, "10,000,000,000", "1,000,000"),
        (-1234, "-12.34", "-0.001234"),
    ],
)
def test_fen_are_shown_in_yuan_and_in_wan(fen: int, yuan: str, wan: str) -> None:
    assert (money.in_yuan(fen), money.in_wan(fen)) == (yuan, wan)


@pytest.mark.parametrize(
    ("figure", "fen"),
    [("12.34", 1234), ("１，２００", 120_000), (Decimal("0.01"), 1), (7, 700), (" 5 ", 500)],
)
def test_yuan_are_read_as_fen(figure: str | Decimal | int, fen: int) -> None:
    assert money.fen_from_yuan(figure) == fen


def test_wan_are_read_as_fen() -> None:
    assert money.fen_from_wan("12.5") == 12_500_000


@pytest.mark.parametrize("figure", ["", "abc", "-1", "0.001", "NaN", "Infinity", "12,5"])
def test_what_is_no_amount_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        money.fen_from_yuan(figure)


@pytest.mark.parametrize(
    ("fen", "rate", "share"),
    [(100, "33.3", 33), (5, "50", 3), (15, "10", 2), (14, "10", 1), (1_000_000, "30", 300_000), (0, "50", 0)],
)
def test_a_share_is_rounded_half_up(fen: int, rate: str, share: int) -> None:
    assert money.percent_of(fen, Decimal(rate)) == share


def test_a_percentage_is_rounded_half_up() -> None:
    assert money.as_percent(46, 50) == Decimal(92)
    assert money.as_percent(1, 8, places=1) == Decimal("12.5")
    assert money.as_percent(1, 200) == Decimal(1)
    assert money.as_percent(1, 0) is None
