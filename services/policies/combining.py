"""Choose, among items that fit, those that together give most without excluding each other.

Pure. Assumes that each item gives the most it can, that what the authority decides is granted, and that an
item whose amount is not stated counts nothing; pages print these assumptions. Groups of items that exclude or
need each other are solved one by one: exactly up to `EXACT` items, beyond that by the largest amount first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

EXACT = 12


@dataclass(frozen=True)
class Option:
    """One item that fits: the most it gives in fen (None: not stated) and its last day."""

    number: int
    max_fen: int | None = None
    closes_on: date | None = None


@dataclass(frozen=True)
class Combination:
    """The chosen items by their last day, those left out, their total, and whether nothing better exists."""

    chosen: tuple[int, ...]
    left_out: tuple[int, ...]
    total_fen: int
    is_exact: bool


@dataclass(frozen=True)
class Rules:
    """Pairs that exclude each other, and for an item those it is only given together with."""

    excludes: frozenset[frozenset[int]] = frozenset()
    needs: Mapping[int, frozenset[int]] | None = None

    def allow(self, chosen: Collection[int]) -> bool:
        together = set(chosen)
        if any(pair <= together for pair in self.excludes):
            return False
        return all(needed <= together for item, needed in (self.needs or {}).items() if item in together)


def best(options: Iterable[Option], rules: Rules) -> Combination:
    """Give the best combination: the highest total, then the most items, then the earliest last days."""
    rows = {option.number: option for option in options}
    chosen: set[int] = set()
    is_exact = True
    for group in _groups(rows, rules):
        is_exact = is_exact and len(group) <= EXACT
        chosen |= _exactly(group, rows, rules) if len(group) <= EXACT else _greedily(group, rows, rules)
    ordered = sorted(chosen, key=lambda number: _by_last_day(rows[number]))
    left_out = sorted(set(rows) - chosen, key=lambda number: _by_last_day(rows[number]))
    return Combination(tuple(ordered), tuple(left_out), sum(map(_fen, _rows(ordered, rows))), is_exact)


def _groups(rows: Mapping[int, Option], rules: Rules) -> list[list[int]]:
    """Join items that any rule ties together; the others stand alone."""
    group = {number: {number} for number in rows}
    ties = [*rules.excludes, *({item, *needed} for item, needed in (rules.needs or {}).items())]
    for tie in ties:
        known = [number for number in tie if number in rows]
        for one, other in combinations(known, 2):
            if group[one] is not group[other]:
                group[one] |= group[other]
                for number in group[other]:
                    group[number] = group[one]
    return [sorted(found) for found in {id(found): found for found in group.values()}.values()]


def _exactly(group: list[int], rows: Mapping[int, Option], rules: Rules) -> set[int]:
    best_worth: tuple[int, int, list[int]] = (0, 0, [])
    best_found: tuple[int, ...] = ()
    for size in range(1, len(group) + 1):
        for found in combinations(group, size):
            if rules.allow(found):
                worth = _worth(found, rows)
                if worth > best_worth:
                    best_worth, best_found = worth, found
    return set(best_found)


def _greedily(group: list[int], rows: Mapping[int, Option], rules: Rules) -> set[int]:
    chosen: set[int] = set()
    for number in sorted(group, key=lambda number: (-_fen(rows[number]), *_by_last_day(rows[number]))):
        wanted = chosen | {number} | (rules.needs or {}).get(number, frozenset())
        if wanted <= set(rows) and rules.allow(wanted):
            chosen = wanted
    return chosen


def _worth(found: Collection[int], rows: Mapping[int, Option]) -> tuple[int, int, list[int]]:
    days = sorted((rows[number].closes_on or date.max).toordinal() for number in found)
    return sum(map(_fen, _rows(found, rows))), len(found), [-day for day in days]


def _rows(numbers: Iterable[int], rows: Mapping[int, Option]) -> list[Option]:
    return [rows[number] for number in numbers]


def _fen(option: Option) -> int:
    return option.max_fen or 0


def _by_last_day(option: Option) -> tuple[date, int]:
    return option.closes_on or date.max, -option.number
