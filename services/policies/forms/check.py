"""The three questions of someone without an account: industry, staff, district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import text
from enterprises import facts
from enterprises.classification import industries, regions
from services.policies.visitor import BAND, BANDS

Choices = list[tuple[str, Any]]
# Nobody in the province counts more; a longer figure is a slip.
_MOST_DIGITS = 7


def division_choices() -> Choices:
    """Give the divisions of GB/T 4754 grouped by section, manufacturing first."""
    sections = sorted(industries.SECTIONS, key=lambda section: section.code != "C")
    return [("", _("Choose an industry"))] + [
        (
            name_of(section),
            [(row.code, f"{row.code} {name_of(row)}") for row in industries.children(section.code)],
        )
        for section in sections
    ]


def district_choices() -> Choices:
    """Give all districts grouped by city; the city itself stands first for those who are not sure."""
    return [("", _("Choose a district or county"))] + [
        (name_of(city), [(row.code, name_of(row)) for row in (city, *regions.children(city.code))])
        for city in sorted(regions.children(regions.PROVINCE), key=lambda city: city.code != "370200")
    ]


def name_of(row: Any) -> str:
    return row.name_en if get_language() == "en" else row.name_zh


class StaffField(forms.CharField):
    """A band of staff, or an exact number; blanks, commas and full-width digits are taken as meant."""

    widget = forms.Select

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        if given in BANDS:
            return given
        number = text.number(given)
        if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
            raise forms.ValidationError(_("Give the number of staff in figures, for example 120."))
        return number


class CheckForm(forms.Form):
    """Three questions answered by address; the home page uses it too. Nothing is kept."""

    use_required_attribute = False

    industry = forms.ChoiceField(
        label=_("Industry"), choices=division_choices, error_messages={"required": _("Choose your industry.")}
    )
    staff = StaffField(
        label=_("How many people work for you"),
        error_messages={"required": _("Choose how many people work for you.")},
    )
    district = forms.ChoiceField(
        label=_("District or county"),
        choices=district_choices,
        error_messages={"required": _("Choose your district or county.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].widget = forms.Select(choices=self._staff_choices())

    def _staff_choices(self) -> Choices:
        """Offer the bands, and the exact number that came with the address."""
        bands: Choices = [
            ("", _("Choose the number of staff")),
            ("1-19", _("1 to 19 people")),
            ("20-299", _("20 to 299 people")),
            ("300-999", _("300 to 999 people")),
            ("1000-", _("1,000 people or more")),
        ]
        given = str(self.data.get("staff", "")) if self.is_bound else ""
        return bands if not given or given in BANDS else [*bands, (given, given)]

    def answers(self) -> dict[str, str]:
        """Give the answers under the codes of their facts, as registration takes them over.

        A band is no number of staff, so it has a name of its own.
        """
        cleaned = self.cleaned_data
        staff = BAND if cleaned["staff"] in BANDS else facts.EMPLOYEES
        return {
            facts.INDUSTRY: cleaned["industry"],
            staff: cleaned["staff"],
            facts.REGION: cleaned["district"],
        }
