"""The forms of campaigns: what one asks for, a list of enterprises, another last day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import calendar, sheets
from core.fields import LineField
from core.sheets import SheetError
from enterprises.classification import uscc
from enterprises.classification.sizes import SizeClass
from enterprises.models import Industry, Region, StaffScope, region_prefix
from enterprises.wording import size_name
from services.assessments import standing
from services.assessments.models import Campaign, FrameworkVersion

MOST_CODES = 5000
SIZES = (SizeClass.MEDIUM, SizeClass.SMALL, SizeClass.MICRO, SizeClass.LARGE)


class DayInput(forms.DateInput):
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NameInput(forms.TextInput):
    """As wide as the stock desk makes a line of text."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField"})


def _banks() -> list[tuple[str, str]]:
    found = sorted(FrameworkVersion.objects.current(), key=lambda version: standing.place(version.code))
    return [(version.code, version.title) for version in found if not version.framework.guests]


def _sectors() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in Industry.objects.filter(level=Industry.Level.DIVISION)]


def _sizes() -> list[tuple[str, str]]:
    return [(size, size_name(size)) for size in SIZES]


class CampaignForm(forms.ModelForm):
    """What a campaign asks for; the region lies within the scope of the person who fills it in.

    `staff` is that person, set by the desk.
    """

    staff: Any = None

    code = forms.ChoiceField(label=gettext_lazy("Question bank"), choices=_banks)
    name_zh = LineField(label=gettext_lazy("Name (Chinese)"), max_length=100, widget=NameInput)
    name_en = LineField(
        label=gettext_lazy("Name (English)"), max_length=150, required=False, widget=NameInput
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Only these sectors"), required=False, choices=_sectors
    )
    sizes = forms.MultipleChoiceField(
        label=gettext_lazy("Only these sizes"),
        required=False,
        choices=_sizes,
        widget=forms.CheckboxSelectMultiple,
    )
    opens_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput)
    closes_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)

    class Meta:
        model = Campaign
        fields = (
            "code",
            "name_zh",
            "name_en",
            "region",
            "audience",
            "sectors",
            "sizes",
            "opens_on",
            "closes_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            self.fields["region"].queryset = _regions_of(self.staff)  # type: ignore[attr-defined]  # a field of choices
        if "audience" in self.fields:
            self.fields["audience"].help_text = _("A list is typed or uploaded after the first saving.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", _("The last day lies before the first."))
        elif closes_on and closes_on < calendar.today():
            self.add_error("closes_on", _("This day has passed."))
        return cleaned


def _regions_of(staff: Any) -> Any:
    """Return the regions of Shandong within a person's scope."""
    found = Region.objects.exclude(level=Region.Level.COUNTRY)
    prefixes = tuple(region_prefix(code) for code in StaffScope.regions_of(staff)) if staff else ()
    if not prefixes:
        return found
    inside = [code for code in found.values_list("code", flat=True) if code.startswith(prefixes)]
    return found.filter(code__in=inside)


class ListForm(forms.Form):
    """Credit codes, typed one a line or in the first column of an xlsx file; gives `codes`."""

    codes = forms.CharField(
        label=gettext_lazy("Credit codes, one a line"),
        required=False,
        max_length=MOST_CODES * 40,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
    )
    file = forms.FileField(
        label=gettext_lazy("or an xlsx file"),
        required=False,
        help_text=gettext_lazy("The codes stand in the first column; its first row is the heading."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.pop("file", None)
        if self.errors:
            return cleaned
        lines = _cells(file) if file else list(enumerate(cleaned["codes"].splitlines(), start=1))
        found = [(number, uscc.check(line)) for number, line in lines if line.strip()]
        wrong = [(number, check.code) for number, check in found if check.errors]
        if wrong:
            self.add_error("file" if file else "codes", _wrong(wrong))
        elif not found:
            raise ValidationError(_("Type the credit codes or choose a file."))
        elif len(found) > MOST_CODES:
            raise ValidationError(_("At most %s credit codes are taken.") % MOST_CODES)
        cleaned["codes"] = [check.code for _number, check in found]
        return cleaned


def _cells(file: Any) -> list[tuple[int, str]]:
    try:
        rows = sheets.read_xlsx(file, max_rows=MOST_CODES)
    except SheetError as error:
        raise ValidationError({"file": sheets.in_words(error)}) from error
    return [(row.number, str(row.cells[0] or "")) for row in rows[1:]]


def _wrong(found: list[tuple[int, str]]) -> str:
    told = [
        _("Line %(number)s: “%(code)s” is no credit code.") % {"number": number, "code": code[:40]}
        for number, code in found[:10]
    ]
    more = _("… and %s more.") % (len(found) - 10) if len(found) > 10 else ""
    return " ".join([*told, more]).strip()


class ExtendForm(forms.Form):
    """Another last day."""

    closes_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)
