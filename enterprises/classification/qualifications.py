"""The certificates and recognitions an enterprise can hold, with a stable bit each.

The bit is the row's place in the table, so rows are only ever added at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml


@dataclass(frozen=True)
class Qualification:
    code: str
    name_zh: str
    name_en: str
    level: str
    valid_years: int | None
    bit: int


def _load() -> Mapping[str, Qualification]:
    path = Path(__file__).parent / "data" / "qualifications.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["qualifications"]
    return MappingProxyType(
        {
            row["code"]: Qualification(
                row["code"], row["zh"], row["en"], row["level"], row["valid_years"], 1 << place
            )
            for place, row in enumerate(rows)
        }
    )


QUALIFICATIONS: Mapping[str, Qualification] = _load()


def mask(codes: Iterable[str]) -> int:
    """Join the bits of several qualifications; raises KeyError for an unknown code."""
    bits = 0
    for code in codes:
        bits |= QUALIFICATIONS[code].bit
    return bits
