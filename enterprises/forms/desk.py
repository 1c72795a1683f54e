"""Forms of the desk about enterprises."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import calendar, text
from core.verbs import ReasonForm
from enterprises import facts, wording, zones
from enterprises.facts import FactError, FactType
from enterprises.models import Enterprise, Fact, Membership


class AcceptClaimForm(ReasonForm):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.EDITOR,
        help_text=_("Where nobody owns the enterprise, the claimant becomes owner in any case."),
    )
    ends_others = forms.BooleanField(
        label=_("End the access of everybody else"),
        required=False,
        help_text=_("For a code that a stranger had registered. Those people are told."),
    )


_YES_NO = {"yes": True, "no": False, "是": True, "否": False, "有": True, "无": False}


def _is_flag(code: str) -> bool:
    return facts.kind_of(code).type is FactType.FLAG


def _fact_choices() -> list[tuple[str, Any]]:
    named = [(code, kind.label) for code, kind in facts.VOCABULARY.items() if code != facts.SIZE]
    asked = [(facts.zone_code(code), wording.zone_name(code)) for code in zones.table()]
    return [*named, *asked]


MOST_BYTES = 5_000_000


class SheetForm(forms.Form):
    """A filled template of enterprises, and what its figures rest on."""

    sheet = forms.FileField(
        label=_("The filled template (xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the file first."), "empty": _("This file is empty.")},
    )
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[
            (Fact.Source.STAFF, _("checked by us")),
            (Fact.Source.DOCUMENT, _("document handed in")),
        ],
    )
    on = forms.DateField(
        label=_("As of"),
        initial=calendar.today,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the date as 2026-03-14.")},
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Split it into smaller ones."))
        return sheet

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > calendar.today():
            raise ValidationError(_("This date lies in the future."))
        return on


class StaffFactForm(forms.Form):
    """One fact as staff have checked it; the value is typed as the vocabulary of facts takes it."""

    code = forms.ChoiceField(label=_("Fact"), choices=_fact_choices)
    value = forms.CharField(
        label=_("Value"),
        max_length=100,
        help_text=_(
            "Codes for region and industry, figures alone, dates as 2019-03-14, yes or no for certificates."
        ),
    )
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[
            (Fact.Source.STAFF, _("checked by us")),
            (Fact.Source.DOCUMENT, _("document handed in")),
            (Fact.Source.REGISTRY, _("registry")),
        ],
    )
    on = forms.DateField(
        label=_("As of"),
        initial=calendar.today,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the date as 2026-03-14.")},
    )
    expires = forms.DateField(
        label=_("Last valid day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the date as 2026-03-14.")},
    )

    def clean(self) -> dict[str, Any]:
        code, typed = self.cleaned_data.get("code"), self.cleaned_data.get("value")
        if code and typed:
            self.cleaned_data["value"] = self._read(code, typed)
        on, expires = self.cleaned_data.get("on"), self.cleaned_data.get("expires")
        if on and on > calendar.today():
            self.add_error("on", _("This date lies in the future."))
        if on and expires and expires < on:
            self.add_error("expires", _("The last valid day lies before the day of the fact."))
        return self.cleaned_data

    def _read(self, code: str, typed: str) -> Any:
        try:
            value = _YES_NO[typed.strip().casefold()] if _is_flag(code) else typed.strip()
            facts.read(code, value)
        except (KeyError, FactError):
            self.add_error("value", ValidationError(_("This value does not fit the fact.")))
            return typed
        return value


class MergeForm(forms.Form):
    """The credit code of the other enterprise, and, at the end, why the two are one."""

    use_required_attribute = False
    other = forms.CharField(
        label=_("Credit code of the other enterprise"),
        max_length=60,
        error_messages={"required": _("Type the credit code of the other enterprise.")},
        help_text=_("That one is merged into this one."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owners of both read it."),
    )

    def __init__(self, *args: Any, inside: QuerySet[Enterprise], needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inside = inside
        self.needs_reason = needs_reason

    def clean_other(self) -> Enterprise:
        code = text.normal(self.cleaned_data["other"]).replace(" ", "").upper()
        found = self.inside.filter(uscc=code).first()
        if found is None:
            raise ValidationError(_("There is no enterprise with this credit code in your regions."))
        return found

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if self.needs_reason and not reason:
            raise ValidationError(_("Please give a reason."))
        return reason
