"""Say what the rules found in the reader's language: conditions, reasons, amounts, dates, remarks.

Nothing is decided here; the rules give codes, this module gives sentences.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from core import money
from enterprises import condition_words
from enterprises import wording as fact_wording
from services.policies.importing import in_chinese
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice, State
from services.policies.query import DAYS_BACK, Fit, Status

GUEST = condition_words.GUEST


def is_english() -> bool:
    return get_language() == "en"


# --- conditions --------------------------------------------------------------------


# The words of conditions and reasons are the same in every room; here they have their place among the others.
requirement = condition_words.requirement
note = condition_words.note
fact_label = condition_words.fact_label
fact_used = condition_words.fact_used
fact_origin = condition_words.fact_origin
why = condition_words.why
verdict = condition_words.verdict


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
