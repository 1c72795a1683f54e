"""Read criteria back as one plain sentence, so that an author sees what the fields really say.

"Enterprises in Qingdao, in manufacturing, small or micro, with at most 300 people." Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext, pgettext

from core.criteria import CriteriaError, Criterion, Kind, Op, asks_for_nothing
from enterprises import facts
from enterprises import wording as fact_wording
from enterprises.criteria import read_criteria
from services.policies import wording

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


def in_both(raw: Any) -> list[tuple[str, str]]:
    """Read stored criteria back in both languages: pairs of the language's own name and the sentences."""
    found = []
    for code, name in LANGUAGES:
        with translation.override(code):
            found.append((name, of_stored(raw)))
    return found


def of_stored(raw: Any) -> str:
    """Read stored criteria back in the reader's language; says so where they cannot be read."""
    try:
        return sentences(read_criteria(raw))
    except CriteriaError:
        return gettext("The conditions cannot be read.")


def sentences(criteria: Iterable[Criterion]) -> str:
    """Say who qualifies, then what raises the amount, then what the authority decides."""
    asked = tuple(criteria)
    space = " " if get_language() == "en" else ""
    return space.join(filter(None, [_who(asked), _bonus(asked), _discretion(asked)]))


def _who(criteria: tuple[Criterion, ...]) -> str:
    deciding = [one for one in criteria if one.kind is Kind.GATE and not asks_for_nothing(one)]
    told = [_clause(gate) for gate in deciding if gate.op is not Op.UNSTATED]
    found = _every() if not told else pgettext("reading back", "Enterprises %(conditions)s.") % {
        "conditions": _separator().join(told)
    }  # fmt: skip
    if len(told) == len(deciding):
        return found
    unstated = gettext("Who qualifies is not stated in full, so nobody is told.")
    return unstated if not told else f"{found}{' ' if get_language() == 'en' else ''}{unstated}"


def _every() -> str:
    return pgettext("reading back", "Every enterprise, without any condition.")


def _bonus(criteria: tuple[Criterion, ...]) -> str:
    told = [_clause(one) for one in criteria if one.kind is Kind.BONUS]
    if not told:
        return ""
    return pgettext("reading back", "More for those %(conditions)s.") % {
        "conditions": _separator().join(told)
    }


def _discretion(criteria: tuple[Criterion, ...]) -> str:
    told = [wording.note(one) for one in criteria if one.kind is Kind.DISCRETIONARY]
    if not told:
        return ""
    joined = ("; " if get_language() == "en" else "；").join(told)
    return pgettext("reading back", "The authority also looks at: %(conditions)s.") % {"conditions": joined}


def _clause(criterion: Criterion) -> str:
    values = either(fact_wording.values_in_words(criterion))
    if criterion.fact == facts.SIZE and get_language() == "en":
        values = values.lower()
    pattern = _patterns().get((criterion.fact, criterion.op))
    return pattern % {"value": values} if pattern else wording.requirement(criterion)


def _patterns() -> dict[tuple[str, Op], str]:
    return {
        (facts.REGION, Op.WITHIN): pgettext("reading back", "in %(value)s"),
        (facts.INDUSTRY, Op.WITHIN): pgettext("reading back", "of the industry %(value)s"),
        (facts.SIZE, Op.ONE_OF): pgettext("reading back", "%(value)s in size"),
        (facts.QUALIFICATION, Op.HAS_ANY): pgettext("reading back", "recognised as %(value)s"),
        (facts.ZONE, Op.HAS_ANY): pgettext("reading back", "in the zone %(value)s"),
        (facts.EMPLOYEES, Op.AT_LEAST): pgettext("reading back", "with at least %(value)s"),
        (facts.EMPLOYEES, Op.AT_MOST): pgettext("reading back", "with at most %(value)s"),
        (facts.REVENUE, Op.AT_LEAST): pgettext(
            "reading back", "with an annual revenue of at least %(value)s"
        ),
        (facts.REVENUE, Op.AT_MOST): pgettext("reading back", "with an annual revenue of at most %(value)s"),
        (facts.FOUNDED, Op.YEARS_AT_LEAST): pgettext("reading back", "founded at least %(value)s ago"),
        (facts.FOUNDED, Op.YEARS_AT_MOST): pgettext("reading back", "founded at most %(value)s ago"),
        (facts.DIGITAL_LEVEL, Op.AT_LEAST): pgettext("reading back", "at digital %(value)s or higher"),
    }


def either(words: list[str]) -> str:
    """Join words as alternatives: "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    return pgettext("reading back", "%(first)s or %(last)s") % {
        "first": _separator().join(words[:-1]),
        "last": words[-1],
    }


def _separator() -> str:
    return ", " if get_language() == "en" else "、"
