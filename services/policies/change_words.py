"""Say in plain words what a new version of a notice changed; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from core.criteria import CriteriaError
from enterprises import wording as fact_wording
from enterprises.criteria import read_criteria
from services.policies import handing, wording
from services.policies.models import Kind, Level, PolicyItem


def in_language(chinese: str, english: str) -> str:
    return (english if get_language() == "en" else "") or chinese


def say(field: str, old: Any, new: Any) -> str:
    """Say one change of `comparing`; values that cannot be read are shown as they are stored."""
    if field in _DAYS:
        return _day(_name(field), old, new)
    if field in _WHOLE_TEXTS:
        return _text(_name(field), old, new)
    if field == "criteria":
        return _condition(old, new)
    if field == "item":
        return _item(old, new)
    if field == "attachment":
        return _attachment(old, new)
    show = _SHOWN.get(field, str)
    return _value(_name(field), _shown(show, old), _shown(show, new))


def _name(field: str) -> str:
    return {
        "title_zh": gettext("Chinese title"),
        "title_en": gettext("English title"),
        "summary_zh": gettext("The plain summary in Chinese"),
        "summary_en": gettext("The plain summary in English"),
        "issuer_zh": gettext("Issuer (Chinese)"),
        "issuer_en": gettext("Issuer (English)"),
        "document_number": gettext("Document number"),
        "issued_on": gettext("Date of issue"),
        "effective_from": gettext("In force from"),
        "effective_to": gettext("In force until"),
        "is_ended": gettext("Ended according to the source"),
        "region": gettext("Where it applies"),
        "level": gettext("Issued at"),
        "kind": gettext("Kind"),
        "contact": gettext("Whom to ask"),
        "body_zh": gettext("The official text"),
        "sources": gettext("Sources"),
        "to_be_verified": gettext("To be verified"),
        "max_fen": gettext("Amount per enterprise"),
        "rate_percent": gettext("Rate"),
        "pool_fen": gettext("Total budget"),
        "amount_note_zh": gettext("Note on the amount (Chinese)"),
        "amount_note_en": gettext("Note on the amount (English)"),
        "delivery": gettext("How it is granted"),
        "handed": gettext("Data handed over after consent"),
        "is_open_all_year": gettext("Open all year"),
        "opens_on": gettext("First day"),
        "closes_on": gettext("Last day"),
        "window_note_zh": gettext("Note on the window (Chinese)"),
        "window_note_en": gettext("Note on the window (English)"),
        "steps_zh": gettext("How to apply (Chinese)"),
        "steps_en": gettext("How to apply (English)"),
        "apply_url": gettext("Where to apply"),
    }.get(field, field)


_DAYS = frozenset({"issued_on", "effective_from", "effective_to", "opens_on", "closes_on"})
_WHOLE_TEXTS = frozenset({"summary_zh", "summary_en", "body_zh", "steps_zh", "steps_en"})


def _day(name: str, old: Any, new: Any) -> str:
    before, after = _date(old), _date(new)
    if before is None or after is None:
        return _value(name, str(old or ""), str(new or ""))
    days = (after - before).days
    moved = (
        ngettext(
            "%(name)s: moved %(days)s day later, from %(old)s to %(new)s",
            "%(name)s: moved %(days)s days later, from %(old)s to %(new)s",
            abs(days),
        )
        if days > 0
        else ngettext(
            "%(name)s: moved %(days)s day earlier, from %(old)s to %(new)s",
            "%(name)s: moved %(days)s days earlier, from %(old)s to %(new)s",
            abs(days),
        )
    )
    return moved % {"name": name, "days": abs(days), "old": old, "new": new}


def _date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except (TypeError, ValueError):
        return None


def _text(name: str, old: Any, new: Any) -> str:
    if not old:
        return gettext("%(name)s was added") % {"name": name}
    if not new:
        return gettext("%(name)s was taken out") % {"name": name}
    return gettext("%(name)s was rewritten") % {"name": name}


def _value(name: str, old: str, new: str) -> str:
    values = {"name": name, "old": old, "new": new}
    if not old:
        return gettext("%(name)s: now %(new)s") % values
    if not new:
        return gettext("%(name)s: no longer stated (it was %(old)s)") % values
    return gettext("%(name)s: %(old)s → %(new)s") % values


def _condition(old: Any, new: Any) -> str:
    before, after = _requirement(old), _requirement(new)
    if not before:
        return gettext("New condition: %(condition)s") % {"condition": after}
    if not after:
        return gettext("No longer asked: %(condition)s") % {"condition": before}
    return gettext("Condition: %(old)s → %(new)s") % {"old": before, "new": after}


def _requirement(raw: Any) -> str:
    if raw is None:
        return ""
    try:
        return wording.requirement(read_criteria([raw])[0])
    except CriteriaError:
        return gettext("a condition that cannot be read")


def _item(old: Any, new: Any) -> str:
    if old is None:
        return gettext("Can now be claimed: %(title)s") % {"title": new}
    return gettext("Can no longer be claimed: %(title)s") % {"title": old}


def _attachment(old: Any, new: Any) -> str:
    if old is None:
        return gettext("New attachment: %(title)s") % {"title": new}
    return gettext("Attachment taken out: %(title)s") % {"title": old}


def _shown(show: Callable[[Any], str], raw: Any) -> str:
    if raw in (None, "", []):
        return ""
    try:
        return show(raw)
    except (ValueError, KeyError, TypeError, InvalidOperation):
        return str(raw)


def _yes(raw: Any) -> str:
    return gettext("Yes") if raw else gettext("No")


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "is_ended": _yes,
    "to_be_verified": _yes,
    "is_open_all_year": _yes,
    "region": fact_wording.region_name,
    "level": lambda raw: capfirst(str(Level(raw).label)),
    "kind": lambda raw: capfirst(str(Kind(raw).label)),
    "handed": lambda raw: gettext(", ").join(handing.label(code) for code in raw),
    "delivery": lambda raw: capfirst(str(PolicyItem.Delivery(raw).label)),
    "sources": lambda raw: ", ".join(map(str, raw)),
    "max_fen": wording.amount,
    "pool_fen": wording.amount,
    "rate_percent": lambda raw: wording.percent(Decimal(raw)),
}
