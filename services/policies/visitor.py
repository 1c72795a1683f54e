"""What is known of the person reading: the facts of an enterprise, three answers of a guest, or nothing.

A guest may give a band of staff instead of a number; then a condition counts as met only if it is met at both
ends of the band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest

from core.criteria import Criterion, Decision, FactValue, Kind, Reason, Verdict, Why, all_of
from enterprises import eligibility, facts, told_before
from enterprises.models import Enterprise, EnterpriseFacet
from services.policies import wording
from services.policies.matching import Gate, ItemFit, items_for
from services.policies.models import ItemMark

SESSION_KEY = told_before.SESSION_KEY
BAND = "employees_band"
# Bands of staff by their ends; the last one has no upper end that any condition asks for.
BANDS = {"1-19": (1, 19), "20-299": (20, 299), "300-999": (300, 999), "1000-": (1000, 1_000_000)}


@dataclass(frozen=True)
class Visitor:
    """Who reads, as far as rules are concerned; several `variants` where an answer is a band.

    `hidden` are the items the enterprise has dismissed: no list of what fits shows them.
    """

    variants: tuple[Mapping[str, FactValue], ...] = ()
    is_guest: bool = True
    hidden: frozenset[int] = frozenset()

    @property
    def is_known(self) -> bool:
        return bool(self.variants)

    def decide(self, criteria: Iterable[Criterion], on: date) -> Decision:
        """Judge criteria; where the ends of a band disagree, the number of staff is asked for."""
        asked = tuple(criteria)
        first, *others = (eligibility.explain(asked, known, on) for known in self.variants)
        for other in others:
            first = _agreed(first, other)
        return first

    @property
    def known(self) -> Mapping[str, FactValue]:
        """Give what is known; of a band, what its lower end would say."""
        return self.variants[0] if self.variants else {}

    def facets(self, on: date) -> list[EnterpriseFacet]:
        """Give what is known as columns, one row for each variant; one empty row when nothing is known."""
        return [EnterpriseFacet(**facts.to_facet(known, on)) for known in self.variants or ({},)]

    def fits(self, on: date) -> list[ItemFit]:
        """Judge all items that have not closed, the best fit first; one statement for each variant."""
        first, *others = (items_for(facet, on) for facet in self.facets(on))
        for other in others:
            by_item = {fit.item_id: fit for fit in other}
            first = [_both(fit, by_item[fit.item_id]) for fit in first if fit.item_id in by_item]
        return first


NOBODY = Visitor()


def of_request(request: HttpRequest) -> Visitor:
    """Take the enterprise this person acts for, else a guest's kept answers, else nothing.

    Two queries for an enterprise: its facts, and what it has dismissed.
    """
    enterprise = getattr(request, "enterprise", None)
    if not enterprise:
        return of_answers(kept_answers(request))
    return replace(of_enterprise(enterprise), hidden=frozenset(ItemMark.objects.hidden_from(enterprise)))


def kept_answers(request: HttpRequest) -> dict[str, Any]:
    """Give what a guest has answered in this browser so far, under the codes of the facts."""
    kept = request.session.get(SESSION_KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def has_told(request: Any) -> bool:
    """Tell whether a member who may write brought answers along from before signing in."""
    membership = getattr(request, "membership", None)
    return bool(membership and membership.may_write and kept_answers(request))


def of_enterprise(enterprise: Enterprise) -> Visitor:
    """Take the current facts of an enterprise, in one query."""
    return Visitor((facts.from_rows(enterprise.facts.current()),), is_guest=False)


def of_answers(answers: Mapping[str, Any]) -> Visitor:
    """Take a guest's answers under the codes of their facts; a band of staff under `employees_band`.

    What cannot be read counts as not given. An exact number of staff counts more than a band.
    """
    known: dict[str, FactValue] = {}
    for code in (*facts.VOCABULARY, *filter(facts.is_zone, answers)):
        known |= _fact(code, answers.get(code))
    band = answers.get(BAND)
    if facts.EMPLOYEES not in known and isinstance(band, str) and band in BANDS:
        ends = [_fact(facts.EMPLOYEES, end) for end in BANDS[band]]
        return Visitor(tuple({**known, **end} for end in ends))
    return Visitor((known,)) if known else NOBODY


def _fact(code: str, raw: Any) -> dict[str, FactValue]:
    try:
        return {} if raw in (None, "") else {code: facts.read(code, raw, source=wording.GUEST)}
    except facts.FactError:
        return {}


def _agreed(one: Decision, other: Decision) -> Decision:
    reasons = tuple(map(_agreed_reason, one.reasons, other.reasons))
    gates = (reason.verdict for reason in reasons if reason.criterion.kind is Kind.GATE)
    return Decision(all_of(gates), reasons)


def _agreed_reason(one: Reason, other: Reason) -> Reason:
    if one.verdict is not other.verdict:
        return Reason(one.criterion, Verdict.UNKNOWN, Why.COARSER, None, (facts.EMPLOYEES,))
    # The ends of a band are nobody's number, so they are not shown as one.
    return replace(one, fact=None) if one.fact != other.fact else one


def _both(one: ItemFit, other: ItemFit) -> ItemFit:
    failed = one.failed & other.failed
    open_ = (one.unknown | other.unknown | one.failed | other.failed) & ~failed
    return ItemFit(one.item_id, Gate(failed), Gate(open_))
