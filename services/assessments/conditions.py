"""Which items the facts of an enterprise leave out; the answers decide the rest in `scoring.hidden_items`.

A criterion that cannot be judged leaves nothing out: what we do not know is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from core.criteria import CriteriaError, FactValue, Verdict, decide
from core.rows import clauses
from enterprises import condition_words, facts
from enterprises.criteria import read_criteria, write_criteria
from enterprises.models import Enterprise
from services.assessments.frameworks.schema import Condition, Framework, Item
from services.assessments.frameworks.values import Fault


def barred(framework: Framework, enterprise: Enterprise, on: date) -> frozenset[str]:
    """Name the items an enterprise is not asked for its facts; one query, none without such conditions."""
    if not any(one.criteria for item in framework.conditional for one in item.only_if):
        return frozenset()
    return barred_by(framework, facts.with_size(enterprise.facts.known(), on), on)


def barred_by(framework: Framework, known: Mapping[str, FactValue], on: date) -> frozenset[str]:
    """Name the items of which these facts say that they do not concern the enterprise."""
    return frozenset(
        item.id for item in framework.conditional if any(_rules_out(one, known, on) for one in item.only_if)
    )


def faults(framework: Framework) -> Iterator[Fault]:
    """Yield the conditions that speak of facts or values we do not have, with their lines."""
    for condition in dict.fromkeys(one for item in framework.conditional for one in item.only_if):
        try:
            read_criteria(write_criteria(condition.criteria))
        except CriteriaError as error:
            yield Fault(condition.line, f"only_if.facts.{error.position - 1}", "bad_criterion")


def whom(item: Item) -> str:
    """Say in the reader's language for whom an item is meant, by facts; '' for everybody."""
    criteria = [one for condition in item.only_if for one in condition.criteria]
    found = read_criteria(write_criteria(criteria))
    return clauses(condition_words.requirement(one) for one in found)


def _rules_out(condition: Condition, known: Mapping[str, FactValue], on: date) -> bool:
    read = read_criteria(write_criteria(condition.criteria))
    return decide(read, known, on).verdict is Verdict.NOT_MET
