"""The regions of Shandong by GB/T 2260: the province, its 16 cities, their 136 districts and counties.

The code 000000 stands for the whole country: a policy may be valid there, but nobody has an address there.
Divisions that were merged or renamed keep their codes in `regions_former.csv`: what was recorded under one
goes on meaning the place that came after it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from core.criteria import EVERYTHING, Span

COUNTRY = "000000"
PROVINCE = "370000"


class Level(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


@dataclass(frozen=True)
class Region:
    code: str
    parent_code: str
    level: Level
    name_zh: str
    name_en: str
    pinyin: str
    type: str
    note: str


# How many codes lie at or below a region of each level: 370200 holds 370200..370299.
_WIDTH = {Level.PROVINCE: 10_000, Level.PREFECTURE: 100, Level.COUNTY: 1}


@dataclass(frozen=True)
class Former:
    """A division that exists no more, the year in which it ended, and the codes that hold its area now."""

    code: str
    name_zh: str
    name_en: str
    ended_in: int
    successors: tuple[str, ...]


def _load_former() -> Mapping[str, Former]:
    path = Path(__file__).parent / "data" / "regions_former.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return MappingProxyType(
        {
            code: Former(code, name_zh, name_en, int(year), tuple(successors.split()))
            for code, name_zh, name_en, year, successors in rows
        }
    )


def _load() -> Mapping[str, Region]:
    path = Path(__file__).parent / "data" / "regions_shandong.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Region(row[0], row[1], Level(row[2]), *row[3:]) for row in list(csv.reader(file))[1:]]
    return MappingProxyType({row.code: row for row in rows})


REGIONS: Mapping[str, Region] = _load()
FORMER: Mapping[str, Former] = _load_former()


def names(code: str) -> tuple[str, str]:
    """Give both names; also knows 000000 and former divisions. Raises KeyError for an unknown code."""
    if code == COUNTRY:
        return "全国", "Whole country"
    region = FORMER[code] if code in FORMER else REGIONS[code]
    return region.name_zh, region.name_en


def children(code: str) -> tuple[Region, ...]:
    """Give the regions directly below, in the order of their codes."""
    return tuple(region for region in REGIONS.values() if region.parent_code == code)


def line(code: str) -> tuple[Region, ...]:
    """Give the region with all above it, the province first; empty for 000000."""
    above: list[Region] = []
    while code in REGIONS:
        above.append(REGIONS[code])
        code = REGIONS[code].parent_code
    return tuple(reversed(above))


def is_known(code: str) -> bool:
    """Tell whether somebody can have an address there, be it under a former code."""
    return code in REGIONS or code in FORMER


def current(code: str) -> str:
    """Give the code that stands for a region today: of one that was divided, that of the city it lies in."""
    former = FORMER.get(code)
    if former is None:
        return code
    first = former.successors[0]
    return first if len(former.successors) == 1 else REGIONS[first].parent_code


def span(code: str) -> Span:
    """Give the codes at or below a region; raises ValueError for a code that is not in the tables.

    A former division is where its successors are: of several, somewhere from the first to the last.
    """
    if code in FORMER:
        now = [int(successor) for successor in FORMER[code].successors]
        return Span(min(now), max(now), current(code))
    if code == COUNTRY:
        return Span(EVERYTHING.low, EVERYTHING.high, COUNTRY)
    region = REGIONS.get(code)
    if region is None:
        raise ValueError(f"unknown region {code!r}")
    first = int(code)
    return Span(first, first + _WIDTH[region.level] - 1, code)
