"""One question the rules ask: its field, and the answer as `enterprises.facts.read` takes it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.criteria import FactValue, Span
from enterprises import facts, zones
from enterprises.classification import industries
from enterprises.facts import FactError, FactType
from services.policies import question_words
from services.policies.forms.check import Choices, district_choices, division_choices, name_of

YES, NO = "yes", "no"
_YEAR_MONTH_DAY = re.compile(r"[年月/.]")


def is_asked(fact: str) -> bool:
    """Tell whether a fact has a question at all: a size is worked out, a level is assessed."""
    if facts.is_zone(fact):
        return fact.partition(".")[2] in zones.table()
    return fact in facts.VOCABULARY and facts.kind_of(fact).type not in {FactType.SIZE, FactType.LEVEL}


class AnswerForm(forms.Form):
    """Ask for one fact; `value` is the answer in a form that a session and a fact can keep."""

    use_required_attribute = False

    def __init__(self, *args: Any, fact: str, known: FactValue | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["answer"] = _field(fact, known)

    def clean_answer(self) -> str | bool:
        answer = self.cleaned_data["answer"]
        if facts.kind_of(self.fact).type is FactType.FLAG:
            return bool(answer == YES)
        plain = _plain(self.fact, answer)
        try:
            found = facts.read(self.fact, plain)
        except FactError as error:
            raise ValidationError(_flaw(error)) from error
        if self.fact == facts.FOUNDED and found.value > calendar.today():
            raise ValidationError(_("This date lies in the future. When was the enterprise founded?"))
        return plain

    @property
    def value(self) -> str | bool:
        given: str | bool = self.cleaned_data["answer"]
        return given


def _field(fact: str, known: FactValue | None) -> forms.Field:
    label, hint = question_words.question(fact), question_words.hint(fact)
    required = {"required": _("Choose or type an answer, or skip this question.")}
    kind = facts.kind_of(fact).type
    if kind is FactType.FLAG:
        return forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=[(YES, _("Yes")), (NO, _("No"))],
            widget=forms.RadioSelect,
            error_messages=required | {"invalid_choice": _("Choose yes or no.")},
        )
    if kind in {FactType.REGION, FactType.INDUSTRY}:
        choices = district_choices() if kind is FactType.REGION else _industries(known)
        return forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=choices,
            error_messages=required | {"invalid_choice": _("Choose one from the list.")},
        )
    return _typed(label, hint, facts.kind_of(fact), required)


def _typed(label: str, hint: str, kind: facts.FactKind, required: dict[str, Any]) -> forms.Field:
    is_date = kind.type is FactType.DATE
    attrs = {"autocomplete": "off", "inputmode": "text" if is_date else "decimal"}
    if not is_date:
        attrs |= {"class": "figure", "data-unit": str(kind.unit)}
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(attrs=attrs),
        error_messages=required,
    )


def _industries(known: FactValue | None) -> Choices:
    """Offer the divisions; of a division that is known already, its groups."""
    if known is None or not isinstance(known.value, Span):
        return division_choices()
    groups = industries.children(known.value.code)
    if not groups:
        return division_choices()
    return [
        ("", gettext("Choose an industry")),
        *((row.code, f"{row.code} {name_of(row)}") for row in groups),
    ]


def _plain(fact: str, typed: str) -> str:
    if facts.kind_of(fact).type is FactType.DATE:
        return _YEAR_MONTH_DAY.sub("-", typed.replace("日", "")).strip("- ")
    return typed


def _flaw(error: FactError) -> str:
    limit = f"{facts.kind_of(error.fact).limit:,}"
    return {
        "negative": gettext("Type a figure that is not below nought."),
        "too_large": gettext("Check the figure: more than %(limit)s cannot be right.") % {"limit": limit},
        "too_many_decimals": gettext("Type fewer decimals."),
        "not_a_number": gettext("Type a figure, for example 120."),
        "not_a_date": gettext(
            "Write the date as 2019-03-14; the month (2019-03) or the year (2019) will do."
        ),
        "not_a_likely_year": gettext("Check the year: it lies between %(first)s and today.")
        % {"first": facts.FIRST_YEAR},
    }.get(error.code, gettext("Choose one from the list."))
