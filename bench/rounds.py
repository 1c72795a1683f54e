"""Candidates take turns, round by round, and are compared by their medians.

A machine that is busy elsewhere slows all of them down; what a run can promise is the ratio.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

# A goal counts as missed only beyond this: what lies between is noise on a machine with neighbours.
TOLERANCE = 1.3


def nothing(number: int) -> None:
    """Prepare nothing."""


@dataclass
class Candidate:
    """Something to be timed: `act(number)` counts, `prepare(number)` before it does not."""

    name: str
    act: Callable[[int], object]
    prepare: Callable[[int], object] = nothing
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20, method="inclusive")[-1]

    @property
    def figures(self) -> str:
        return f"{self.median * 1000:9.2f} ms  (p95 {self.p95 * 1000:9.2f})"


def alternate(rounds: int, *candidates: Candidate, warm: int = 1) -> None:
    """Let every candidate run once a round, each round beginning with another; `warm` rounds do not count."""
    for number in range(warm + rounds):
        turn = number % len(candidates)
        for candidate in (*candidates[turn:], *candidates[:turn]):
            candidate.prepare(number)
            taken = timed(candidate.act, number)
            if number >= warm:
                candidate.seconds.append(taken)


def timed(act: Callable[[int], object], number: int) -> float:
    gc.collect()
    began = time.perf_counter()
    act(number)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Result:
    """One goal and what was measured: a figure and the most it should be (None: told, not judged)."""

    goal: str
    what: str
    measured: float
    at_most: float | None
    unit: str = "x"

    @property
    def verdict(self) -> str:
        if self.at_most is None:
            return "for information"
        if self.measured <= self.at_most:
            return "reached"
        return "MISSED" if self.is_missed else "not reached, within 1.3 x"

    @property
    def is_missed(self) -> bool:
        return self.at_most is not None and self.measured > self.at_most * TOLERANCE

    def __str__(self) -> str:
        goal = "" if self.at_most is None else f"goal ≤ {self.at_most:g} {self.unit}"
        return f"{self.goal:4} {self.what:66} {self.measured:8.2f} {self.unit:3} {goal:15} {self.verdict}"


def compared(goal: str, what: str, one: Candidate, floor: Candidate, at_most: float | None) -> Result:
    """Say how many times the floor's median the candidate's is, and print both."""
    print(f"     {one.figures}  {one.name}\n     {floor.figures}  … against {floor.name}", flush=True)
    return Result(goal, what, one.median / floor.median, at_most)
