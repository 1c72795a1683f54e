"""Say the one step that is missing, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from enterprises import wording as fact_wording
from services.policies.near_miss import Step, Way, months_until

_DAYS_IN_DAYS = 45


def say(step: Step, on: date) -> str:
    """Say a step as an order: "hire 2 more people", "wait 4 months, until 2027-03-14"."""
    return _WORDS[step.way](step, on)


def _hire(step: Step, on: date) -> str:
    count = int(step.amount)
    return ngettext("hire %(count)s more person", "hire %(count)s more people", count) % {"count": count}


def _earn(step: Step, on: date) -> str:
    return gettext("raise your annual revenue by %(amount)s") % {
        "amount": fact_wording.amount(Decimal(step.amount))
    }


def _wait(step: Step, on: date) -> str:
    if step.on is None:
        return ""
    days = (step.on - on).days
    if days <= _DAYS_IN_DAYS:
        told = ngettext("wait %(count)s day, until %(day)s", "wait %(count)s days, until %(day)s", days)
        return told % {"count": days, "day": step.on.isoformat()}
    months = months_until(step.on, on)
    told = ngettext("wait %(count)s month, until %(day)s", "wait %(count)s months, until %(day)s", months)
    return told % {"count": months, "day": step.on.isoformat()}


def _level(step: Step, on: date) -> str:
    return gettext("reach digital level %(level)s") % {"level": step.amount}


def _readiness(step: Step, on: date) -> str:
    return gettext("raise your cloud readiness to %(points)s") % {"points": step.amount}


def _certificate(step: Step, on: date) -> str:
    names = [fact_wording.qualification_name(code) for code in step.certificates]
    joined = (" or " if get_language() == "en" else "或").join(names)
    return gettext("get recognised as %(names)s") % {"names": joined}


_WORDS: Mapping[Way, Callable[[Step, date], str]] = {
    Way.HIRE: _hire,
    Way.EARN: _earn,
    Way.WAIT: _wait,
    Way.LEVEL: _level,
    Way.READINESS: _readiness,
    Way.CERTIFICATE: _certificate,
}
