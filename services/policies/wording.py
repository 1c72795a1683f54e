"""Say what the rules found in the reader's language: conditions, reasons, amounts, dates, remarks.

Nothing is decided here; the rules give codes, this module gives sentences.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext

from core import money
from core.criteria import Criterion, FactValue, Op, Reason, Verdict, Why
from enterprises import facts
from enterprises import wording as fact_wording
from enterprises.models import Fact
from services.policies.importing import in_chinese
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice, State
from services.policies.query import DAYS_BACK, Fit, Status

GUEST = "guest"


def is_english() -> bool:
    return get_language() == "en"


# --- conditions --------------------------------------------------------------------


def requirement(criterion: Criterion) -> str:
    """Say what one criterion asks for, for example "Employees: at most 300 people"."""
    if criterion.op is Op.UNSTATED:
        return note(criterion) or gettext("Who qualifies is not stated in the source: please ask")
    if criterion.op is Op.WITHIN and not all(span.code for span in criterion.values):
        # What is left of a region beside others has no name of its own; its note says it.
        return gettext("%(fact)s: %(value)s") % {"fact": _label(criterion.fact), "value": note(criterion)}
    told = _joined(fact_wording.values_in_words(criterion))
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
    own = criterion.note_en if is_english() else criterion.note_zh
    return capfirst(own or criterion.note_zh or criterion.note_en)


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    if is_english():
        return f"{', '.join(words[:-1])} or {words[-1]}"
    return "、".join(words)


def _label(fact: str) -> str:
    return str(facts.kind_of(fact).label)


# --- reasons -----------------------------------------------------------------------


def fact_label(code: str) -> str:
    """Name a fact as the form that supplies it does."""
    return _label(code)


def fact_used(reason: Reason) -> str:
    """Say the value a verdict rests on; empty when no fact was there."""
    if reason.fact is None:
        return ""
    if reason.criterion.op is Op.HAS_ANY:
        return gettext("held") if reason.fact.value else gettext("not held")
    return fact_wording.fact_in_words(reason.criterion.fact, reason.fact)


def fact_origin(fact: FactValue | None) -> str:
    """Say where a fact comes from and of which day it is."""
    if fact is None:
        return ""
    source = _sources().get(fact.source, "")
    day = fact.on.isoformat() if fact.on and fact.source not in {GUEST, "derived"} else ""
    return " · ".join(part for part in (source, day) if part)


def _sources() -> dict[str, str]:
    return {
        **{value: str(label) for value, label in Fact.Source.choices},
        "derived": gettext("worked out from your figures"),
        GUEST: gettext("your answer"),
    }


def why(reason: Reason) -> str:
    """Say in a few words why a criterion is not met or cannot be told; empty when it is met."""
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


# --- amounts, dates, marks ------------------------------------------------------------


def amount(fen: int) -> str:
    """Say an amount as the reader writes it: 2 万元, CNY 20,000."""
    return f"CNY {money.in_yuan(fen)}" if is_english() else f"{money.in_wan(fen)} 万元"


def percent(rate: Decimal) -> str:
    return f"{rate.normalize():f}%"


def benefit(item: PolicyItem) -> str:
    """Say in one tag what an item gives; empty when nothing is known of it."""
    if item.max_fen is not None:
        return gettext("up to %(amount)s each") % {"amount": amount(item.max_fen)}
    if item.rate_percent is not None and item.kind in {Kind.FUNDING, Kind.VOUCHER}:
        return gettext("%(rate)s of the cost") % {"rate": percent(item.rate_percent)}
    if item.delivery == PolicyItem.Delivery.NO_APPLICATION:
        return gettext("paid without application")
    return ""


def pool_left(item: PolicyItem) -> str:
    """Say what is left of the budget and of which day that is; empty where it was never noted."""
    if item.pool_left_fen is None or item.pool_left_on is None:
        return ""
    values = {"amount": amount(item.pool_left_fen), "day": item.pool_left_on.isoformat()}
    if item.pool_left_fen == 0:
        return gettext("used up (%(day)s): nothing can be claimed until there is more") % values
    return gettext("%(amount)s (%(day)s); first come, first served") % values


def day(value: date | None, precision: str = "day") -> str:
    """Write a date no more exactly than it is known: 2024-05-31, 2024-05, 2024."""
    if value is None:
        return ""
    return value.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def standing(notice: PolicyNotice, on: date) -> tuple[str, str]:
    """Give the word for how a notice stands and its colour group (ok, soon, or grey)."""
    if notice.state == State.REPEALED:
        return gettext("Repealed"), ""
    if notice.state == State.SUPERSEDED:
        return gettext("Superseded"), ""
    if notice.has_ended(on):
        return gettext("Ended"), ""
    return gettext("In force"), "ok"


def source_text(text: str) -> str:
    """Say a remark of the source list (kind of source, evidence) in the reader's language."""
    return text if is_english() else in_chinese(text)


def confidence(code: str) -> str:
    words = {"high": gettext("high"), "medium": gettext("medium"), "low": gettext("low")}
    return words.get(code, code)


# --- filters ---------------------------------------------------------------------------


def option(name: str, value: str) -> str:
    """Name one value of a filter; an agency is named by itself."""
    if name == "issuer":
        return value
    if name == "since":
        return _since(value)
    if name == "fit":
        return {Fit.MET: gettext("Fits you"), Fit.MAY: gettext("May fit you")}[Fit(value)]
    if name == "area":
        return fact_wording.region_name(value)
    if name == "state":
        return {
            Status.OPEN: gettext("In force or open"),
            Status.CLOSING: gettext("Closing within 30 days"),
            Status.ENDED: gettext("Ended"),
        }[Status(value)]
    return capfirst(str({"kind": Kind, "level": Level}[name](value).label))


def _since(value: str) -> str:
    if value not in DAYS_BACK:
        return gettext("Since %(day)s") % {"day": value}
    last = (gettext("Last 30 days"), gettext("Last 90 days"), gettext("Last 12 months"))
    return last[DAYS_BACK.index(value)]


def filter_name(name: str) -> str:
    return {
        "fit": gettext("What fits you"),
        "area": gettext("Where it applies"),
        "kind": gettext("Kind"),
        "level": gettext("Issued at"),
        "state": gettext("Status"),
        "since": gettext("Date of issue"),
        "issuer": gettext("Issued by"),
        "text": gettext("Search words"),
    }[name]
