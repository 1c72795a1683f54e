"""What owners say is wrong, and the capabilities and scenes it leads to; pure data, read once a process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import translation

DATA = Path(__file__).parent / "data" / "problems.yaml"


@dataclass(frozen=True)
class Words:
    """A text in both languages, shown in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if translation.get_language() == "en" else self.zh


@dataclass(frozen=True)
class Problem:
    """One sentence of an owner. `scenes` and `items` are codes of the question bank miit."""

    code: str
    says: Words
    means: Words
    capabilities: tuple[str, ...]
    scenes: tuple[str, ...]
    items: tuple[str, ...]


@cache
def problems() -> dict[str, Problem]:
    """Return the problems by code, in the order of the page."""
    return {row["code"]: _problem(row) for row in _data()["problems"]}


@cache
def scenes() -> dict[str, Words]:
    """Return the names of the sixteen scenes by code."""
    return {code: Words(**words) for code, words in _data()["scenes"].items()}


def about(capabilities: Collection[str]) -> list[Problem]:
    """Return the problems that one of these capabilities helps with."""
    return [problem for problem in problems().values() if set(problem.capabilities) & set(capabilities)]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return data


def _problem(row: dict[str, Any]) -> Problem:
    return Problem(
        row["code"],
        Words(**row["says"]),
        Words(**row["means"]),
        tuple(row["capabilities"]),
        tuple(row["scenes"]),
        tuple(row["items"]),
    )
