"""Choose what to ask next: the fact that decides most open items for this reader.

Questions come from the rules of the items that are open now, so they can never contradict matching. A fact
that only an assessment finds out is offered as a link, not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from enterprises import facts, zones
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.facts import FactType
from services.policies.matching import Gate
from services.policies.sorting import OpenSet, open_sets
from services.policies.visitor import Visitor

_FACT_OF = {
    Gate.REGION: facts.REGION,
    Gate.INDUSTRY: facts.INDUSTRY,
    Gate.REVENUE: facts.REVENUE,
    Gate.EMPLOYEES: facts.EMPLOYEES,
    Gate.FOUNDED: facts.FOUNDED,
    Gate.DIGITAL_LEVEL: facts.DIGITAL_LEVEL,
    Gate.CLOUD_READINESS: facts.CLOUD_READINESS,
}


@dataclass(frozen=True)
class Question:
    """One fact to ask for: how many open items it decides alone, and how many wait for it among others."""

    fact: str
    decides: int
    touches: int

    @property
    def is_asked(self) -> bool:
        """Tell whether a short answer will do; a level must be assessed."""
        return facts.kind_of(self.fact).type is not FactType.LEVEL


@dataclass(frozen=True)
class Plan:
    """The questions, the most telling first, and how many items those of `together` decide between them."""

    questions: list[Question]
    together: tuple[str, ...] = ()
    decided: int = 0
    open_count: int = 0

    def next(self, skipped: Collection[str] = ()) -> Question | None:
        return next((one for one in self.questions if one.is_asked and one.fact not in skipped), None)


def plan(reader: Visitor, on: date, *, at_once: int = 2) -> Plan:
    """Rank the facts that open items wait for; one statement."""
    needs = facts.size_needs(reader.known, on) or (facts.EMPLOYEES,)
    waiting = [(_missing(found, needs), found.count) for found in open_sets(reader, on)]
    # What nobody can answer, such as a zone that is not kept, is no question.
    waiting = [(missing, count) for missing, count in waiting if missing]
    ranked = rank(waiting)
    together, decided = best_together([one.fact for one in ranked if one.is_asked], waiting, at_once)
    return Plan(ranked, together, decided, sum(count for _missing_facts, count in waiting))


Waiting = list[tuple[frozenset[str], int]]


def rank(waiting: Waiting) -> list[Question]:
    """Order the facts: most items decided alone, then most information, then the order of the vocabulary.

    An item that waits for several facts counts for each of them by its share.
    """
    decides: Counter[str] = Counter()
    touches: Counter[str] = Counter()
    shares: dict[str, float] = {}
    for missing, count in waiting:
        for fact in missing:
            touches[fact] += count
            shares[fact] = shares.get(fact, 0) + count / len(missing)
            decides[fact] += count if len(missing) == 1 else 0
    order = {code: place for place, code in enumerate(facts.VOCABULARY)}
    ranked = sorted(
        touches, key=lambda fact: (-decides[fact], -shares[fact], order.get(fact, len(order)), fact)
    )
    return [Question(fact, decides[fact], touches[fact]) for fact in ranked]


def best_together(asked: list[str], waiting: Waiting, at_once: int) -> tuple[tuple[str, ...], int]:
    """Take the few facts that decide most items between them, one after the other."""
    chosen: list[str] = []
    decided = 0
    while len(chosen) < at_once:
        gains = {fact: _decided({*chosen, fact}, waiting) for fact in asked if fact not in chosen}
        best = max(gains, key=lambda fact: gains[fact], default=None)
        if best is None or (chosen and gains[best] <= decided):
            break
        chosen.append(best)
        decided = gains[best]
    return (tuple(chosen), decided) if decided else ((), 0)


def _decided(known: set[str], waiting: Waiting) -> int:
    return sum(count for missing, count in waiting if missing <= known)


def _missing(found: OpenSet, size_needs: Iterable[str]) -> frozenset[str]:
    """Name the facts an open set waits for; what the source does not state nobody can answer."""
    named = {fact for gate, fact in _FACT_OF.items() if found.unknown & gate}
    if found.unknown & Gate.SIZE:
        named.update(size_needs)
    for code, row in QUALIFICATIONS.items():
        if row.bit & (found.any_of | found.all_of):
            named.add(f"{facts.QUALIFICATION}.{code}")
    named.update(facts.zone_code(code) for code in found.zones if code in zones.table())
    return frozenset(named)
