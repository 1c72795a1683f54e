"""Industries by GB/T 4754-2017: sections A..T, divisions (2 digits), groups (3 digits), classes (4 digits).

The table names all sections and divisions, and the groups of manufacturing, 59 and 70. Groups of other
divisions and all classes are accepted without a name of their own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from core.criteria import Span


class Level(StrEnum):
    SECTION = "section"
    DIVISION = "division"
    GROUP = "group"


@dataclass(frozen=True)
class Industry:
    code: str
    level: Level
    parent: str
    name_zh: str
    name_en: str
    name_en_source: str


def _load() -> Mapping[str, Industry]:
    path = Path(__file__).parent / "data" / "industries_gbt4754.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Industry(row[0], Level(row[1]), *row[2:]) for row in list(csv.reader(file))[1:]]
    return MappingProxyType({row.code: row for row in rows})


INDUSTRIES: Mapping[str, Industry] = _load()


def children(code: str) -> tuple[Industry, ...]:
    """Give the industries directly below: divisions of a section, groups of a division."""
    return tuple(industry for industry in INDUSTRIES.values() if industry.parent == code)


SECTIONS: tuple[Industry, ...] = children("")
_LISTED_GROUPS = frozenset(code[:2] for code, row in INDUSTRIES.items() if row.level is Level.GROUP)


def is_known(code: str) -> bool:
    """Tell whether a code exists: listed, or a finer code below a listed one."""
    if code in INDUSTRIES:
        return True
    if not (code.isascii() and code.isdigit() and len(code) in {3, 4} and code[:2] in INDUSTRIES):
        return False
    return code[:2] not in _LISTED_GROUPS or code[:3] in INDUSTRIES


def nearest(code: str) -> Industry:
    """Give the listed industry that names a code best: itself, else its group, else its division.

    Raises ValueError for a code that does not exist.
    """
    if not is_known(code):
        raise ValueError(f"unknown industry {code!r}")
    return next(INDUSTRIES[code[:length]] for length in (4, 3, 2, 1) if code[:length] in INDUSTRIES)


def line(code: str) -> tuple[Industry, ...]:
    """Give the listed industries from the section down to the code; raises ValueError as `nearest` does."""
    above = [nearest(code)]
    while above[-1].parent:
        above.append(INDUSTRIES[above[-1].parent])
    return tuple(reversed(above))


def span(code: str) -> Span:
    """Give the four-digit classes at or below a code: 273 is 2730..2739, section C is 1300..4399.

    Raises ValueError for a code that does not exist.
    """
    if not is_known(code):
        raise ValueError(f"unknown industry {code!r}")
    if code.isdigit():
        width = 10 ** (4 - len(code))
        return Span(int(code) * width, int(code) * width + width - 1, code)
    divisions = [span(division.code) for division in children(code)]
    return Span(divisions[0].low, divisions[-1].high, code)
