"""The desk's form for a test enterprise: the facts rules ask for, as plain fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import LineField
from enterprises import facts
from services.policies.forms.desk import (
    industry_choices,
    qualification_choices,
    region_choices,
    zone_choices,
)
from services.policies.models import ItemExample, PolicyItem

_NOT_KNOWN = [("", _("not known"))]
_NUMBERS = (facts.EMPLOYEES, facts.REVENUE, facts.ASSETS, facts.DIGITAL_LEVEL)


class ExampleForm(forms.Form):
    """What is known of the enterprise and the verdict it must get; fields left empty are not known."""

    label = LineField(label=_("Name"), max_length=100)
    expected = forms.ChoiceField(label=_("Expected verdict"), choices=ItemExample.Expected.choices)
    note = LineField(label=_("Why"), max_length=300, required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    employees = LineField(label=_("Employees"), max_length=20, required=False)
    revenue_wan = LineField(
        label=_("Annual revenue"), max_length=20, required=False, help_text=_("in 10,000 yuan")
    )
    assets_wan = LineField(
        label=_("Total assets"), max_length=20, required=False, help_text=_("in 10,000 yuan")
    )
    founded_on = LineField(
        label=_("Founded on"),
        max_length=10,
        required=False,
        help_text=_("for example 2019, 2019-03 or 2019-03-14"),
    )
    digital_level = LineField(label=_("Digital level"), max_length=4, required=False)
    held = forms.MultipleChoiceField(
        label=_("Recognitions held; the others count as not held"),
        required=False,
        choices=qualification_choices,
        widget=forms.CheckboxSelectMultiple,
    )

    zones = forms.MultipleChoiceField(
        label=_("Zones it says it lies in; the others are left to the region"),
        required=False,
        choices=zone_choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, item: PolicyItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        lists: dict[str, Any] = {"region": region_choices, "industry": industry_choices}
        for name, choices in lists.items():
            field: Any = self.fields[name]
            field.choices = [*_NOT_KNOWN, *choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known: dict[str, Any] = {f"{facts.QUALIFICATION}.{code}": True for code in cleaned.get("held") or []}
        known |= {facts.zone_code(code): True for code in cleaned.get("zones") or []}
        for code in (facts.REGION, facts.INDUSTRY, facts.FOUNDED, *_NUMBERS):
            if cleaned.get(code):
                known |= self._read(code, cleaned[code])
        cleaned["facts"] = known
        return cleaned

    def _read(self, code: str, typed: str) -> dict[str, Any]:
        try:
            return {code: facts.stored(code, facts.read(code, typed))} if code != facts.FOUNDED else {
                code: self._date(typed)
            }  # fmt: skip
        except facts.FactError:
            message = (
                _("Write the date as 2019, 2019-03 or 2019-03-14.")
                if code == facts.FOUNDED
                else _("Write this in figures, for example 120.")
            )
            self.add_error(code, ValidationError(message))
            return {}

    @staticmethod
    def _date(typed: str) -> str:
        """Keep the date as exactly as it was typed: its length is its precision."""
        facts.read(facts.FOUNDED, typed)
        return typed
