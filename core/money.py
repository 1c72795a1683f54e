"""Money is kept in whole fen; here it becomes figures for people and comes back.

Gives figures without a unit word or sign: "yuan", "万元" and ¥ belong to the page and its language.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core import text

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


def in_yuan(fen: int) -> str:
    """Show fen as yuan with grouping: 123456700 is "1,234,567", 1234 is "12.34"."""
    yuan = Decimal(fen) / FEN_PER_YUAN
    return f"{yuan:,.0f}" if fen % FEN_PER_YUAN == 0 else f"{yuan:,.2f}"


def in_wan(fen: int) -> str:
    """Show fen as 10 000 yuan (万元), exactly and without trailing zeros: 50000000 is "50"."""
    figure = f"{Decimal(fen) / FEN_PER_WAN:,.6f}"
    return figure.rstrip("0").rstrip(".")


def fen_from_yuan(figure: str | Decimal | int) -> int:
    """Read an amount in yuan as typed; raises ValueError for no number, a sign, or parts of a fen."""
    return _fen(figure, FEN_PER_YUAN)


def fen_from_wan(figure: str | Decimal | int) -> int:
    """Read an amount in 10 000 yuan (万元) as typed; raises ValueError as `fen_from_yuan` does."""
    return _fen(figure, FEN_PER_WAN)


def percent_of(fen: int, rate_percent: Decimal) -> int:
    """Give a share of an amount in fen, rounded half up: 33.3 percent of 100 fen are 33 fen."""
    return int((Decimal(fen) * rate_percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def as_percent(part: int | Decimal, whole: int | Decimal, places: int = 0) -> Decimal | None:
    """Give part of whole as a percentage, rounded half up; None when there is no whole."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _fen(figure: str | Decimal | int, factor: int) -> int:
    try:
        amount = (text.decimal(figure) if isinstance(figure, str) else Decimal(figure)) * factor
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {figure!r}") from error
    if not amount.is_finite() or amount < 0 or amount != amount.to_integral_value():
        raise ValueError(f"not an amount: {figure!r}")
    return int(amount)
