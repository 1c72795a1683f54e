"""The size class of an enterprise, by 工信部联企业〔2011〕300号 with the industries of 国统字〔2017〕213号.

A class needs every listed indicator at or above its floor; an enterprise below the small floor in any of
them is micro. One unknown indicator leaves the class unknown. The size class says nothing about
"small low-profit" in tax law, which is a different test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from enterprises.classification import industries


class SizeClass(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SizeRow:
    """One row of the official table: the indicators that count, and the floors of each class."""

    id: str
    title_zh: str
    title_en: str
    indicators: tuple[str, ...]
    floors: Mapping[SizeClass, Mapping[str, Decimal]]


@dataclass(frozen=True)
class SizeResult:
    """The class, what is still needed for it, the table row, and whether the industry is too coarse."""

    size: SizeClass
    missing: tuple[str, ...] = ()
    row: str = ""
    needs_group: bool = False


_ORDER = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)
_TABLE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "enterprise_size.yaml").read_text(encoding="utf-8")
)
# Own-property letting (704) is in no row and, like finance or education, has no size class.
_EXCLUDED = frozenset([*_TABLE["excluded"]["codes"], "704"])
_OUTSIDE = ""


def _row(raw: dict[str, Any]) -> SizeRow:
    floors = {size: {name: Decimal(floor) for name, floor in raw["floors"][size].items()} for size in _ORDER}
    return SizeRow(raw["id"], raw["title"]["zh"], raw["title"]["en"], tuple(raw["indicators"]), floors)


ROWS: Mapping[str, SizeRow] = {raw["id"]: _row(raw) for raw in _TABLE["industries"]}
_ROW_OF_CODE: Mapping[str, str] = {
    code: raw["id"]
    for raw in _TABLE["industries"]
    for level in ("sections", "divisions", "groups")
    for code in raw["gbt4754"].get(level, ())
} | dict.fromkeys(_EXCLUDED, _OUTSIDE)


def _row_at(code: str) -> str:
    """Give the row of a code that lies in one row: the finest mapping decides."""
    section = industries.line(code)[0].code
    return next(_ROW_OF_CODE[key] for key in (code[:3], code[:2], section) if key in _ROW_OF_CODE)


def _rows_below() -> Mapping[str, frozenset[str]]:
    rows: dict[str, set[str]] = {}
    for code in industries.INDUSTRIES:
        if not industries.children(code):
            for above in industries.line(code):
                rows.setdefault(above.code, set()).add(_row_at(code))
    return {code: frozenset(found) for code, found in rows.items()}


_ROWS_BELOW = _rows_below()


def rows_of(industry: str) -> frozenset[str]:
    """Give the table rows an industry code can fall into; "" stands for "not in the table".

    One row is the rule; several mean that the code is too coarse. Raises ValueError for an unknown code.
    """
    return _ROWS_BELOW.get(industry) or frozenset({_row_at(industry)})


def size_class(
    industry: str | None,
    *,
    employees: int | None,
    revenue_wan: Decimal | None,
    assets_wan: Decimal | None,
) -> SizeResult:
    """Classify by the main activity's industry code; revenue and assets in 10 000 yuan (万元).

    Raises ValueError for an industry code that does not exist.
    """
    if not industry:
        return SizeResult(SizeClass.UNKNOWN, ("industry",))
    rows = rows_of(industry)
    if len(rows) > 1:
        return SizeResult(SizeClass.UNKNOWN, ("industry",), needs_group=True)
    (row_id,) = rows
    if row_id == _OUTSIDE:
        return SizeResult(SizeClass.NOT_APPLICABLE)
    figures = {"employees": employees, "revenue_wan": revenue_wan, "assets_wan": assets_wan}
    return _classify(ROWS[row_id], figures)


def _classify(row: SizeRow, figures: Mapping[str, int | Decimal | None]) -> SizeResult:
    known = {name: value for name in row.indicators if (value := figures[name]) is not None}
    missing = tuple(name for name in row.indicators if name not in known)
    if missing:
        return SizeResult(SizeClass.UNKNOWN, missing, row.id)
    for size in _ORDER:
        if all(known[name] >= row.floors[size][name] for name in row.indicators):
            return SizeResult(size, row=row.id)
    return SizeResult(SizeClass.MICRO, row=row.id)
