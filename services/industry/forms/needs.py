"""What an enterprise posts on the board; contacts stand in their own fields, never in the text."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import EmailField, LineField, PhoneField, WordsField
from core.text import normal
from core.tiles import PLACES
from enterprises.models import Region
from services.industry.actions.needs import NeedText
from services.industry.models import Need

# Mobile, landline with its area code, 400 and 800 numbers, or an e-mail address; dates and amounts are fine.
_CONTACT = re.compile(
    r"(?<!\d)(?:1[3-9](?:[ -]?\d){9}|0\d{2,3}(?:[ -]?\d){7,8}|[48]00(?:[ -]?\d){7})(?!\d)|\S+@\S+\.\S+"
)


class NeedForm(forms.Form):
    """Kind, title, detail, city, last day, and the hidden contact."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Need.Kind.choices, widget=forms.RadioSelect
    )
    title = LineField(
        label=_("In one line"),
        max_length=80,
        help_text=_("For example: 500 castings a month, up to 20 kg"),
        error_messages={"required": _("Say in one line what it is about.")},
    )
    body = WordsField(
        label=_("In detail"),
        max_length=2000,
        help_text=_("What, how exact, how often. No name, phone or e-mail: everybody reads this."),
        error_messages={"required": _("Describe what you need.")},
    )
    quantity = LineField(label=_("How much"), max_length=80, required=False)
    region = forms.ModelChoiceField(
        label=_("City"),
        queryset=Region.objects.filter(code__in=PLACES),
        error_messages={"required": _("Choose a city.")},
    )
    open_until = forms.DateField(
        label=_("On the board until"),
        help_text=_("At most 90 days from today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day.")},
    )
    contact_name = LineField(
        label=_("Whom do we reach?"),
        max_length=60,
        help_text=_("Only our staff see name, phone and e-mail."),
        error_messages={"required": _("Type a name.")},
    )
    contact_phone = PhoneField(label=_("Phone"), required=False)
    contact_email = EmailField(label=_("E-mail"), required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def clean_title(self) -> str:
        return _without_contact(self.cleaned_data["title"])

    def clean_body(self) -> str:
        return _without_contact(self.cleaned_data["body"])

    def text(self) -> NeedText:
        given: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if name != "form_token"
        }
        return NeedText(**given)


class CloseForm(forms.Form):
    """What became of a need."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[choice for choice in Need.Outcome.choices if choice[0] != Need.Outcome.RUN_OUT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of it.")},
    )


def _without_contact(words: str) -> str:
    if _CONTACT.search(normal(words)):
        raise ValidationError(
            _("Leave phone numbers and addresses out of the text; they have their own fields below.")
        )
    return words
