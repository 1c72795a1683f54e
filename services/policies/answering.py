"""Say what an answer decided, and what a guest has answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from enterprises import facts
from enterprises import wording as fact_wording
from services.policies import fitting, sorting, visitor, wording
from services.policies.models import PolicyItem
from services.policies.visitor import BAND, Visitor

# So many items are named; the count tells of all.
NAMED = 3


@dataclass(frozen=True)
class Given:
    """One answer of a guest, and where to change it."""

    label: str
    value: str
    url: str


def settled_by(before: Visitor, after: Visitor, on: date) -> str:
    """Say how many open items an answer decided, and name the first that fit; two queries."""
    found = sorting.settled(before, after, on, limit=NAMED)
    told = [_count(found.count)]
    items = fitting.load([*found.met, *found.not_met])
    if found.met_count:
        told.append(gettext("It fits you: %(items)s.") % {"items": _named(found.met, found.met_count, items)})
    if found.not_met_count:
        names = _named(found.not_met, found.not_met_count, items)
        told.append(gettext("It does not fit: %(items)s.") % {"items": names})
    return (" " if wording.is_english() else "").join(told)


def _count(count: int) -> str:
    if not count:
        return gettext("Your answer is kept. It decides nothing alone, but together with the next one.")
    return ngettext("This answer settled %(count)s item.", "This answer settled %(count)s items.", count) % {
        "count": count
    }


def _named(numbers: list[int], count: int, items: Mapping[int, PolicyItem]) -> str:
    titles = [items[pk].title for pk in numbers if pk in items]
    joined = (", " if wording.is_english() else "、").join(titles)
    more = count - len(titles)
    if more < 1:
        return joined
    return ngettext("%(items)s and %(count)s more", "%(items)s and %(count)s more", more) % {
        "items": joined,
        "count": more,
    }


def answers_in_words(answers: Mapping[str, Any]) -> list[Given]:
    """Give the kept answers that can be read, each with the address that asks again."""
    reader = visitor.of_answers(answers)
    band = facts.EMPLOYEES if len(reader.variants) > 1 else ""
    given = [
        Given(wording.fact_label(code), fact_wording.fact_in_words(code, fact), _again(code))
        for code, fact in reader.known.items()
        if code != band
    ]
    if band:
        given.append(Given(wording.fact_label(band), _band_in_words(str(answers[BAND])), _again(band)))
    return given


def _again(code: str) -> str:
    return f"{reverse('policies:quiz')}?{urlencode({'ask': code})}"


def _band_in_words(band: str) -> str:
    low, _dash, high = band.partition("-")
    if not high:
        return gettext("%(low)s people or more") % {"low": low}
    return gettext("%(low)s to %(high)s people") % {"low": low, "high": high}
