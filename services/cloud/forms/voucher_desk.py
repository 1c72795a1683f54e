"""The desk's forms of the money: a programme with its conditions, budgets, payments, audits, visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.fields import LineField, WordsField
from core.verbs import ReasonForm
from enterprises.condition_fields import ConditionsForm
from enterprises.models import Region
from services.cloud.actions import paying
from services.cloud.forms.amounts import YuanField
from services.cloud.models import Flag, Programme, SpotVisit, Voucher


class ProgrammeForm(ConditionsForm):
    """Rules of a draft; who may have a voucher stands in plain fields, an empty one asks for nothing."""

    cap_fen = YuanField(label=_("At most per voucher"), initial=10_000_000, help_text=_("in yuan"))
    smallest_fen = YuanField(
        label=_("Smallest voucher"),
        initial=100_000,
        help_text=_("in yuan; with less left, the budget counts as used up"),
    )

    class Meta:
        model = Programme
        fields = (
            "slug", "title_zh", "title_en", "summary_zh", "summary_en", "basis", "rate_percent", "cap_fen",
            "smallest_fen", "opens_on", "closes_on", "yearly_limit", "validity_days", "extension_days",
            "claim_within_days", "usage_days", "county_days", "city_days", "resubmit_days", "settle_days",
            "onsite_percent",
        )  # fmt: skip

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
        return cleaned


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
    outcome = forms.ChoiceField(label=_("Outcome of the visit"), choices=SpotVisit.Outcome.choices)
    report = WordsField(label=_("Report of the visit"), max_length=2000, rows=5)


class SignalForm(forms.Form):
    """A signal that staff raise."""

    code = forms.ChoiceField(label=_("Signal"), choices=[(code.value, code.label) for code in Flag.BY_HAND])
    seen = LineField(label=_("What you saw"), max_length=300)


class FlagForm(forms.Form):
    """What a signal turned out to be."""

    note = LineField(label=_("What was found"), max_length=300)
