"""Say the findings of `linting` in the reader's language, each with the item and the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from enterprises import wording as fact_wording
from services.policies import readback, wording

if TYPE_CHECKING:
    from services.policies.linting import Finding


def finding(found: Finding) -> str:
    """Say one remark, with the item it is about."""
    text = _said(found)
    return f"{found.item.title}{'：' if not wording.is_english() else ': '}{text}" if found.item else text


def _said(found: Finding) -> str:
    for prefix, pattern in (
        ("prose_differs_", _differs(found.detail)), ("only_in_prose_", _only_in_prose()),
    ):  # fmt: skip
        if found.code.startswith(prefix):
            say = _FIGURES[found.code.removeprefix(prefix)]
            values = readback.either([say(value) for value in found.said])
            return pattern % {"said": values, "ruled": say(found.ruled) if found.ruled is not None else ""}
    return _words()[found.code] % {"detail": found.detail}


def _differs(language: str) -> str:
    if language == "en":
        return gettext("The English text says %(said)s, the rule says %(ruled)s.")
    return gettext("The Chinese text says %(said)s, the rule says %(ruled)s.")


def _only_in_prose() -> str:
    return gettext("The summary names %(said)s, but no item has it in its fields, so it is not matched.")


def _money(fen: int) -> str:
    return wording.amount(fen)


def _people(count: int) -> str:
    return fact_wording.people(count)


def _percent(rate: Decimal) -> str:
    return wording.percent(rate)


def _day(day: date) -> str:
    return wording.day(day)


_FIGURES: dict[str, Callable[[Any], str]] = {
    "amount": _money, "revenue": _money, "people": _people, "percent": _percent, "day": _day,
}  # fmt: skip


def _words() -> dict[str, str]:
    return {**_errors(), **_blocks(), **_slips()}


def _errors() -> dict[str, str]:
    return {
        "summary_missing": gettext("Write the plain summary in Chinese: readers see it first."),
        "correction_unexplained": gettext("Say in Chinese what is corrected: it stands beside the version."),
        "ends_before_it_starts": gettext("“In force until” lies before “in force from”."),
        "closes_before_it_opens": gettext("The last day lies before the day it opens."),
        "criteria_unreadable": gettext("Condition %(detail)s cannot be read; enter the conditions again."),
        "contradiction": gettext("Two conditions contradict each other: nobody can ever qualify."),
        "attachment_blocked": gettext("Malware was found in the attachment “%(detail)s”: take it out."),
        "example_fails": gettext("A test enterprise does not get the verdict you expect: %(detail)s"),
    }


def _blocks() -> dict[str, str]:
    return {
        "no_items": gettext("Nothing can be claimed yet: add at least one item."),
        "no_english_summary": gettext("The plain summary in English is empty: English readers see Chinese."),
        "nobody_to_ask": gettext("Say whom to ask: a phone number or an office."),
        "no_benefit": gettext("What it gives is not stated: enter an amount, a rate or a note."),
        "no_window": gettext("Until when is not stated: enter a last day, “open all year” or a note."),
        "no_steps": gettext("How to apply is not stated: enter the steps or an address."),
    }


def _slips() -> dict[str, str]:
    return {
        "duplicate_number": gettext("Another notice has the same document number: %(detail)s"),
        "already_ended": gettext("“In force until” has passed, so it will be shown as ended."),
        "already_closed": gettext("The last day has passed, so nobody will be told."),
        "hard_to_read": gettext("This sentence is too long to be read in one go, split it: %(detail)s"),
        "attachment_waiting": gettext(
            "The attachment “%(detail)s” is not checked for malware yet: readers cannot open it before."
        ),
        "no_gate": gettext("No condition decides: every enterprise will be told."),
        "always_true": gettext("The conditions leave nobody out: every enterprise will be told."),
        "never_announced": gettext("Who qualifies is marked as not stated: it is shown but nobody is told."),
        "outside_its_region": gettext("The regions asked for lie outside the region of the notice."),
        "reaches_nobody": gettext("No enterprise known here meets the conditions today: are they meant so?"),
        "left_behind_en": gettext("Only the Chinese was changed: does the English still say the same?"),
        "left_behind_zh": gettext("Only the English was changed: does the Chinese still say the same?"),
        "zone_not_there": gettext("The zone does not exist on the first day: %(detail)s"),
        "zone_outside_regions": gettext("The zone lies outside the regions asked for: %(detail)s"),
        "unit_missing": gettext("A limit has no unit: “%(detail)s”. Say yuan, people, percent or days."),
        "no_examples": gettext("No test enterprise yet: add one that qualifies and one that does not."),
    }
