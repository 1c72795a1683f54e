"""Run an item's test enterprises against its conditions: red or green, with the reason of every condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.criteria import CriteriaError, Criterion, FactValue, Kind, Verdict
from enterprises import eligibility, facts
from enterprises import wording as fact_wording
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import gates, read_criteria
from services.policies import wording
from services.policies.linting import Finding, Severity
from services.policies.models import ItemExample, PolicyItem, PolicyNotice


@dataclass(frozen=True)
class Outcome:
    """What one test enterprise got; `because` names the conditions that decide, in the reader's language."""

    example: ItemExample
    verdict: Verdict
    because: tuple[str, ...]

    @property
    def passes(self) -> bool:
        return self.verdict == self.example.expected

    @property
    def told(self) -> list[str]:
        return in_words(self.example)

    @property
    def verdict_label(self) -> str:
        return str(ItemExample.Expected(self.verdict.value).label)


def of_notice(notice: PolicyNotice, on: date) -> list[tuple[PolicyItem, list[Outcome]]]:
    """Run the test enterprises of every item; two queries however many there are."""
    items = notice.items.prefetch_related("examples")
    return [(item, outcomes(item, on)) for item in items]


def outcomes(item: PolicyItem, on: date) -> list[Outcome]:
    """Run the test enterprises of one item; conditions that cannot be read let every test fail."""
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError:
        return [Outcome(example, Verdict.UNKNOWN, ()) for example in item.examples.all()]
    return [_outcome(example, criteria, on) for example in item.examples.all()]


def findings(notice: PolicyNotice, on: date) -> list[Finding]:
    """Name the tests that fail (errors) and the items with conditions that have no test (warnings)."""
    found: list[Finding] = []
    for item, results in of_notice(notice, on):
        found.extend(
            Finding("example_fails", item, result.example.label, "examples", Severity.ERROR)
            for result in results
            if not result.passes
        )
        if not results and _decides(item):
            found.append(Finding("no_examples", item, field="examples"))
    return found


def known_of(stored: Mapping[str, Any]) -> dict[str, FactValue]:
    """Give the facts rules read; what cannot be read is unknown, a recognition not named is not held."""
    known = {f"{facts.QUALIFICATION}.{code}": FactValue(False) for code in QUALIFICATIONS}
    for code, value in stored.items():
        try:
            known[code] = facts.read(code, value)
        except facts.FactError:
            continue
    return known


def in_words(example: ItemExample) -> list[str]:
    """Say the facts of a test enterprise, one text each."""
    return [_fact(code, fact) for code, fact in known_of(example.facts).items() if fact.value is not False]


def _outcome(example: ItemExample, criteria: Iterable[Criterion], on: date) -> Outcome:
    decision = eligibility.explain(criteria, known_of(example.facts), on)
    because = tuple(
        wording.requirement(reason.criterion)
        for reason in decision.reasons
        if reason.criterion.kind is Kind.GATE and reason.verdict is decision.verdict
    )
    return Outcome(example, decision.verdict, because if decision.verdict is not Verdict.MET else ())


def _decides(item: PolicyItem) -> bool:
    try:
        return bool(gates(read_criteria(item.criteria)))
    except CriteriaError:
        return False


def _fact(code: str, fact: FactValue) -> str:
    value = fact_wording.fact_in_words(code, fact)
    label = wording.fact_label(code)
    if fact.value is True:
        return label
    return f"{label}{': ' if wording.is_english() else '：'}{value}"
