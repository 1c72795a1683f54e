"""The desk's forms of the money: a programme with its conditions, budgets, payments, audits, visits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.criteria import CriteriaError, Op
from core.fields import LineField, WordsField
from core.verbs import ReasonForm
from enterprises import facts
from enterprises import wording as fact_wording
from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import SIZES, read_criteria, write_criteria
from enterprises.models import Region
from services.cloud.actions import paying
from services.cloud.forms.amounts import YuanField
from services.cloud.models import Programme, SpotVisit, Voucher

# Field → fact and operator of the one gate it stands for.
_SETS = {
    "regions": (facts.REGION, Op.WITHIN),
    "industries": (facts.INDUSTRY, Op.WITHIN),
    "sizes": (facts.SIZE, Op.ONE_OF),
    "certificates": (facts.QUALIFICATION, Op.HAS_ANY),
}
_LIMITS = {
    "employees_max": (facts.EMPLOYEES, Op.AT_MOST),
    "revenue_max": (facts.REVENUE, Op.AT_MOST),
    "years_min": (facts.FOUNDED, Op.YEARS_AT_LEAST),
    "digital_level_min": (facts.DIGITAL_LEVEL, Op.AT_LEAST),
    "readiness_min": (facts.CLOUD_READINESS, Op.AT_LEAST),
}


def _region_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {fact_wording.region_name(code)}") for code in regions.REGIONS]


def _industry_choices() -> list[tuple[str, str]]:
    english = get_language() == "en"
    return [
        (row.code, f"{row.code} {row.name_en if english else row.name_zh}")
        for row in industries.INDUSTRIES.values()
    ]


def _size_choices() -> list[tuple[str, str]]:
    return [(size.value, fact_wording.size_name(size)) for size in SIZES]


def _certificate_choices() -> list[tuple[str, str]]:
    return [(code, fact_wording.qualification_name(code)) for code in QUALIFICATIONS]


def _several(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, **options)


class ProgrammeForm(forms.ModelForm):
    """Rules of a draft; who may have a voucher stands in plain fields, an empty one asks for nothing."""

    cap_fen = YuanField(label=_("At most per voucher"), initial=10_000_000, help_text=_("in yuan"))
    smallest_fen = YuanField(
        label=_("Smallest voucher"),
        initial=100_000,
        help_text=_("in yuan; with less left, the budget counts as used up"),
    )
    regions = _several(_("In one of these regions, or below"), _region_choices)
    industries = _several(_("In one of these industries"), _industry_choices)
    sizes = _several(_("Of one of these sizes"), _size_choices, widget=forms.CheckboxSelectMultiple)
    certificates = _several(
        _("Holds at least one of these"), _certificate_choices, widget=forms.CheckboxSelectMultiple
    )
    employees_max = forms.IntegerField(label=_("Employees, at most"), required=False, min_value=0)
    revenue_max = forms.DecimalField(
        label=_("Annual revenue, at most"),
        required=False,
        min_value=0,
        decimal_places=4,
        max_digits=14,
        help_text=_("in 10,000 yuan"),
    )
    years_min = forms.IntegerField(
        label=_("Years since founding, at least"), required=False, min_value=0, max_value=100
    )
    digital_level_min = forms.IntegerField(
        label=_("Digital level, at least"), required=False, min_value=0, max_value=4
    )
    readiness_min = forms.IntegerField(
        label=_("Cloud readiness, at least"), required=False, min_value=0, max_value=100
    )

    class Meta:
        model = Programme
        fields = (
            "slug", "title_zh", "title_en", "summary_zh", "summary_en", "basis", "rate_percent", "cap_fen",
            "smallest_fen", "opens_on", "closes_on", "yearly_limit", "validity_days", "extension_days",
            "claim_within_days", "usage_days", "county_days", "city_days", "resubmit_days", "settle_days",
            "onsite_percent",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[dict[str, Any]] = []
        for criterion in read_criteria(self.instance.criteria):
            raw = criterion.to_json()
            asked = (criterion.fact, criterion.op)
            name = next((name for name, pair in {**_SETS, **_LIMITS}.items() if pair == asked), None)
            if name is None or name in self.initial:
                self.kept.append(raw)
            else:
                self.initial[name] = raw["values"] if name in _SETS else raw["values"][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day lies before the day it opens."))
        cap, smallest = cleaned.get("cap_fen"), cleaned.get("smallest_fen")
        if smallest is not None and smallest <= 0:
            self.add_error("smallest_fen", _("The smallest voucher must be more than zero."))
        if cap is not None and smallest is not None and cap < smallest:
            self.add_error("cap_fen", _("This is less than the smallest voucher."))
        rate = cleaned.get("rate_percent")
        if rate is not None and not 0 < rate <= 100:
            self.add_error("rate_percent", _("The rate lies above 0 and up to 100 percent."))
        if not self.errors:
            cleaned["criteria"] = self._criteria(cleaned)
        return cleaned

    def _criteria(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        raw = [
            {"fact": fact, "op": op.value, "values": list(cleaned[name])}
            for name, (fact, op) in _SETS.items()
            if cleaned.get(name)
        ]
        raw += [
            {"fact": fact, "op": op.value, "values": [_plain(cleaned[name])]}
            for name, (fact, op) in _LIMITS.items()
            if cleaned.get(name) is not None
        ]
        try:
            return write_criteria(read_criteria([*raw, *self.kept]))
        except CriteriaError as error:
            told = gettext("Condition %(position)s cannot be used: %(code)s.")
            self.add_error(None, told % {"position": error.position, "code": error.code})
            return []

    def save(self, commit: bool = True) -> Programme:
        self.instance.criteria = self.cleaned_data["criteria"]
        return super().save(commit)


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class BudgetForm(forms.Form):
    """An amount for a region, with the reason."""

    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.filter(is_selectable=True).exclude(code="000000")
    )
    amount_fen = YuanField(label=_("Amount"), help_text=_("in yuan"))
    reason = LineField(label=_("Reason"), max_length=200, help_text=_("Document or decision it rests on."))


class SettleForm(forms.Form):
    """The payment of a voucher."""

    batch = LineField(label=_("Number of the payment batch"), max_length=40)
    bank_confirmed = forms.BooleanField(
        label=_("The provider has confirmed its bank details by phone or in writing."), required=False
    )


class ReclaimForm(ReasonForm):
    """What the audit found."""

    finding = LineField(label=_("Number of the audit report"), max_length=60)


class RecoverForm(forms.Form):
    """Money that came back."""

    amount_fen = YuanField(label=_("Amount that came back"), help_text=_("in yuan"))

    def prepare(self, row: Voucher, by: Any) -> None:
        self.fields["amount_fen"].initial = paying.still_due(row)


class SpotForm(forms.Form):
    """What a visit found."""

    visited_on = forms.DateField(label=_("Visited on"), widget=AdminDateWidget, initial=calendar.today)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=SpotVisit.Outcome.choices)
    report = WordsField(label=_("Report"), max_length=2000, rows=5)


class FlagForm(forms.Form):
    """What a signal turned out to be."""

    note = LineField(label=_("What was found"), max_length=300)
