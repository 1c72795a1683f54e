"""Say conditions, and why one is met or not, in the reader's language; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext

from core.criteria import Criterion, Decision, FactValue, Kind, Op, Reason, Verdict, Why
from enterprises import facts, wording
from enterprises.models import Fact

GUEST = "guest"


@dataclass(frozen=True)
class Ask:
    """A fact that is missing; `url` is the form that supplies it, empty while no page does."""

    label: str
    url: str


@dataclass(frozen=True)
class Line:
    """One condition that decides, as judged for an enterprise; shown by `components/conditions.html`.

    `verdict` is "met", "not_met" or "unknown"; `fact` is what it rests on, `origin` its source and day.
    """

    requirement: str
    verdict: str
    verdict_label: str
    why: str
    fact: str
    origin: str
    missing: tuple[Ask, ...]


def lines(decision: Decision) -> list[Line]:
    """Put the conditions that decide into words, in their order, each with the fact it rests on."""
    return [_line(reason) for reason in decision.reasons if reason.criterion.kind is Kind.GATE]


def told(criteria: Iterable[Criterion]) -> list[str]:
    """Put the conditions that decide into words, for readers nobody is judged for."""
    return [requirement(one) for one in criteria if one.kind is Kind.GATE]


def _line(reason: Reason) -> Line:
    return Line(
        requirement(reason.criterion),
        reason.verdict.value,
        verdict(reason.verdict),
        "" if reason.verdict is Verdict.MET else why(reason),
        fact_used(reason),
        fact_origin(reason.fact),
        tuple(Ask(fact_label(code), facts.supply_url(code) or "") for code in reason.asks),
    )


# --- conditions --------------------------------------------------------------------


def requirement(criterion: Criterion) -> str:
    """Say what one criterion asks for, for example "Employees: at most 300 people"."""
    if criterion.op is Op.UNSTATED:
        return note(criterion) or gettext("Who qualifies is not stated in the source: please ask")
    if criterion.op is Op.WITHIN and not all(span.code for span in criterion.values):
        # What is left of a region beside others has no name of its own; its note says it.
        return gettext("%(fact)s: %(value)s") % {"fact": _label(criterion.fact), "value": note(criterion)}
    told = _joined(wording.values_in_words(criterion))
    if criterion.fact == facts.ZONE:
        return gettext("Lies in: %(value)s") % {"value": told}
    if criterion.op is Op.HAS_ANY:
        return gettext("Recognised as: %(value)s") % {"value": told}
    return _ops()[criterion.op] % {"fact": _label(criterion.fact), "value": told}


def _ops() -> dict[Op, str]:
    return {
        Op.WITHIN: gettext("%(fact)s: %(value)s"),
        Op.ONE_OF: gettext("%(fact)s: %(value)s"),
        Op.AT_LEAST: gettext("%(fact)s: %(value)s or more"),
        Op.AT_MOST: gettext("%(fact)s: at most %(value)s"),
        Op.YEARS_AT_LEAST: gettext("Founded %(value)s ago or longer"),
        Op.YEARS_AT_MOST: gettext("Founded at most %(value)s ago"),
    }


def note(criterion: Criterion) -> str:
    """Give the words of a condition that no fact answers; in the other language where there are no own."""
    own = criterion.note_en if get_language() == "en" else criterion.note_zh
    return capfirst(own or criterion.note_zh or criterion.note_en)


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    if get_language() == "en":
        return f"{', '.join(words[:-1])} or {words[-1]}"
    return "、".join(words)


def _label(fact: str) -> str:
    return wording.fact_name(fact)


# --- reasons -----------------------------------------------------------------------


def fact_label(code: str) -> str:
    """Name a fact as the form that supplies it does."""
    return _label(code)


def fact_used(reason: Reason) -> str:
    """Say the value a verdict rests on; empty when no fact was there."""
    if reason.fact is None:
        return ""
    if reason.criterion.fact == facts.ZONE:
        return _zone(reason.fact)
    if reason.criterion.op is Op.HAS_ANY:
        return gettext("held") if reason.fact.value else gettext("not held")
    return wording.fact_in_words(reason.criterion.fact, reason.fact)


def _zone(fact: FactValue) -> str:
    """Say in which zone an enterprise lies, and since when the portal can tell."""
    if not fact.value:
        return gettext("not in it")
    said = {"zone": wording.zone_name(str(fact.value))}
    if fact.on is None or fact.source != facts.DERIVED:
        return gettext("in %(zone)s") % said
    return gettext("in %(zone)s since %(day)s") % (said | {"day": fact.on.isoformat()})


def fact_origin(fact: FactValue | None) -> str:
    """Say where a fact comes from and of which day it is."""
    if fact is None:
        return ""
    source = _sources().get(fact.source, "")
    day = fact.on.isoformat() if fact.on and fact.source not in {GUEST, facts.DERIVED} else ""
    return " · ".join(part for part in (source, day) if part)


def _sources() -> dict[str, str]:
    return {
        **{value: str(label) for value, label in Fact.Source.choices},
        facts.DERIVED: gettext("worked out from what we know"),
        GUEST: gettext("your answer"),
    }


def why(reason: Reason) -> str:
    """Say in a few words why a criterion is not met or cannot be told; empty when it is met."""
    if reason.criterion.fact == facts.ZONE and reason.code is Why.ABSENT:
        return gettext("yours lies elsewhere")
    return {
        Why.OUTSIDE: gettext("yours lies elsewhere"),
        Why.NOT_LISTED: gettext("yours is not among them"),
        Why.ABSENT: gettext("you do not hold it"),
        Why.BELOW: gettext("yours is below"),
        Why.ABOVE: gettext("yours is above"),
        Why.TOO_YOUNG: gettext("founded too recently"),
        Why.TOO_OLD: gettext("founded too long ago"),
        Why.MISSING: gettext("not known yet"),
        Why.EXPIRED: gettext("what we know has expired"),
        Why.COARSER: gettext("what we know is not exact enough"),
        Why.UNSTATED: gettext("not stated in the source"),
    }.get(reason.code, "")


def verdict(found: Verdict) -> str:
    return {
        Verdict.MET: pgettext("criterion", "Met"),
        Verdict.NOT_MET: pgettext("criterion", "Not met"),
        Verdict.UNKNOWN: pgettext("criterion", "Cannot tell yet"),
    }[found]
