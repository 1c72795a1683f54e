"""Find the figures that plain text names: amounts, percentages, headcounts, last days. Pure.

Used to compare what a summary says with what the rule says; a figure that is not understood is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALES = {
    "亿": 10**8, "万": 10**4, "千": 10**3, "": 1,
    "billion": 10**9, "million": 10**6, "thousand": 10**3,
}  # fmt: skip
_AMOUNTS = (
    re.compile(rf"{_NUMBER}\s*(亿|万|千|)元"),
    re.compile(rf"{_NUMBER}\s*(亿|万)(?![元人家户台个名次吨])"),
    re.compile(rf"(?:CNY|RMB|¥|yuan)\s*{_NUMBER}\s*(billion|million|thousand|)", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s*(billion|million|thousand|)\s*(?:yuan|CNY|RMB)", re.IGNORECASE),
)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|per\s?cent)", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"{_NUMBER}\s*(?:人|名员工|名职工|people|employees|staff|persons|workers)", re.IGNORECASE
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_BY_WORDS = r"(?:截至|截止(?:日期|时间)?(?:为|:)?|至|by|until|before|no later than|closes on|deadline:?)\s*"
_DAYS = (
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(rf"(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH})\s+(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})", re.IGNORECASE),
)
_IS_LAST_BEFORE = re.compile(f"{_BY_WORDS}$", re.IGNORECASE)
_IS_LAST_AFTER = re.compile(r"\s*(?:前|止|截止|为止)")
# A limit with a bare figure: "up to 50." tells nobody of what.
_BARE = re.compile(
    r"(?:最高|最多|不超过|不低于|不少于|up to|at most|at least|no more than)\s*(?:补助|补贴|奖励|支持)?\s*"
    rf"{_NUMBER}"
    r"(?=\s*(?:[,;。、)的]|\.(?!\d)|$))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figures:
    """What a text names: amounts in fen, percentages, people, last days, and limits without a unit."""

    amounts: frozenset[int] = frozenset()
    percents: frozenset[Decimal] = frozenset()
    people: frozenset[int] = frozenset()
    last_days: frozenset[date] = frozenset()
    bare: tuple[str, ...] = ()
    speaks_of_revenue: bool = False


def figures(text: str) -> Figures:
    """Read the figures of a Chinese or English text, full-width digits included."""
    plain = unicodedata.normalize("NFKC", text)
    return Figures(
        frozenset(_amounts(plain)),
        frozenset(_decimal(found) for found in _PERCENT.findall(plain)),
        frozenset(int(_decimal(found)) for found in _PEOPLE.findall(plain)),
        frozenset(_last_days(plain)),
        tuple(match[0].strip() for match in _BARE.finditer(plain)),
        "收入" in plain or "revenue" in plain.lower(),
    )


def _amounts(text: str) -> list[int]:
    found = []
    for pattern in _AMOUNTS:
        for number, scale in pattern.findall(text):
            found.append(int(_decimal(number) * _SCALES[scale.lower()] * 100))
    return found


def _last_days(text: str) -> list[date]:
    found = []
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            is_last = _IS_LAST_BEFORE.search(text[: match.start()][-40:]) or _IS_LAST_AFTER.match(
                text, match.end()
            )
            day = _day(match)
            if is_last and day:
                found.append(day)
    return found


def _day(match: re.Match[str]) -> date | None:
    month = match["m"].lower()
    try:
        return date(
            int(match["y"]), _MONTHS.index(month) + 1 if month in _MONTHS else int(month), int(match["d"])
        )
    except ValueError:
        return None


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "")).normalize()
