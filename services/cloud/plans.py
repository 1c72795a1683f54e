"""Plans of going to the cloud as data: the steps of each starting point, and when each is due.

Texts and days stand in `data/plans.yaml`; a plan that was begun keeps its steps when the file changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "plans.yaml"
# The step whose day begins the checks of real use.
LIVE = "live"
# The step that is done once the fact `cloud_readiness` has come.
CHECK = "check"


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.zh


@dataclass(frozen=True)
class StepPlan:
    """One step as the file has it; `when` is "" for always, else unready or unknown."""

    code: str
    title: Words
    what: Words
    waits_on: str
    days: int
    page: str = ""
    when: str = ""

    def is_needed(self, readiness: int | None, unready_up_to: int) -> bool:
        """Tell whether a plan has this step, by the readiness of 0 to 100; None is not checked."""
        if self.when == "unknown":
            return readiness is None
        if self.when == "unready":
            return readiness is not None and readiness <= unready_up_to
        return True


@dataclass(frozen=True)
class StartingPoint:
    code: str
    title: Words
    hint: Words
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Plans:
    """The whole file."""

    steps: dict[str, StepPlan]
    starting_points: dict[str, StartingPoint]
    unready_up_to: int

    def steps_of(self, starting_point: str, readiness: int | None) -> list[StepPlan]:
        """Return the steps of a plan in order; raise KeyError for an unknown starting point."""
        codes = self.starting_points[starting_point].steps
        return [step for code in codes if (step := self.steps[code]).is_needed(readiness, self.unready_up_to)]


@cache
def load() -> Plans:
    """Read the file once."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Plans(
        {code: _step(code, row) for code, row in data["steps"].items()},
        {code: _starting_point(code, row) for code, row in data["starting_points"].items()},
        data["unready_up_to"],
    )


def due_dates(steps: list[StepPlan], begins: date, add: Callable[[date, int], date]) -> list[date]:
    """Return the last day of each step: each counts its working days after the one before."""
    days, day = [], begins
    for step in steps:
        day = add(day, step.days)
        days.append(day)
    return days


def _step(code: str, row: dict[str, Any]) -> StepPlan:
    return StepPlan(
        code=code,
        title=Words(**row["title"]),
        what=Words(**row["what"]),
        waits_on=row["waits_on"],
        days=row["days"],
        page=row.get("page", ""),
        when=row.get("when", ""),
    )


def _starting_point(code: str, row: dict[str, Any]) -> StartingPoint:
    return StartingPoint(code, Words(**row["title"]), Words(**row["hint"]), tuple(row["steps"]))
