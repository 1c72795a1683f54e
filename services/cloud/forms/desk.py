"""The desk's forms of the market: products, prices, checks, tiers, sanctions, answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.fields import DecimalField, IntegerField, LineField, WordsField
from services.cloud import clocks
from services.cloud.forms.amounts import YuanField
from services.cloud.models import CloudProduct, ExportFormat, ListingCheck, Need, PriceVersion, Tier


class ProductForm(forms.ModelForm):
    """A product and its terms; its price is proposed apart."""

    needs = forms.MultipleChoiceField(
        label=_("good for"), choices=Need.choices, widget=forms.CheckboxSelectMultiple
    )
    export_formats = forms.MultipleChoiceField(
        label=_("ways to take your data out"),
        choices=ExportFormat.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    exit_fee_fen = YuanField(
        label=_("fee to leave"), required=False, help_text=_("Empty: the provider has not said.")
    )

    class Meta:
        model = CloudProduct
        fields = (
            "slug", "provider", "category", "needs", "name_zh", "name_en", "summary_zh", "summary_en",
            "export_formats", "notice_days", "minimum_months", "keeps_data_days", "exit_fee_fen",
            "exit_terms_zh", "exit_terms_en",
        )  # fmt: skip


class PriceForm(forms.Form):
    price_fen = YuanField(label=_("Price"), help_text=_("in yuan"))
    unit = forms.ChoiceField(label=_("For each"), choices=PriceVersion.Unit.choices)
    period = forms.ChoiceField(label=_("Period"), choices=PriceVersion.Period.choices)
    setup_fen = YuanField(label=_("One-time set-up"), required=False, help_text=_("in yuan; empty: none"))
    eligible_percent = DecimalField(
        label=_("Share that support may be reckoned on"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        initial=100,
        help_text=_("in percent"),
    )
    valid_from = forms.DateField(label=_("In force from"), widget=AdminDateWidget)
    note = LineField(label=_("Reason for the change"), max_length=300, required=False)

    def prepare(self, row: CloudProduct, by: Any) -> None:
        """Begin with the price of today, so that a change shows what changes."""
        price = row.price_on(calendar.today())
        if price is None:
            return
        for name in ("price_fen", "unit", "period", "setup_fen", "eligible_percent"):
            self.fields[name].initial = getattr(price, name)

    def clean_setup_fen(self) -> int:
        return self.cleaned_data["setup_fen"] or 0


class CheckForm(forms.Form):
    """What was found on each point; "not known" is the answer for what nobody looked at."""

    mlps_level = IntegerField(
        label=_("Protection level of the cloud"),
        required=False,
        min_value=1,
        max_value=5,
        help_text=_("Level of the filed cloud under graded protection, 1 to 5; empty: not known."),
    )
    note = WordsField(label=_("What was looked at"), max_length=2000, rows=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = {
            name: forms.ChoiceField(
                label=getattr(ListingCheck._meta.get_field(name), "verbose_name", name),
                choices=ListingCheck.Outcome.choices,
                initial=ListingCheck.Outcome.NOT_KNOWN,
            )
            for name in ListingCheck.POINTS
        }
        self.fields = {**points, **self.fields}


class TierForm(forms.Form):
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, initial=Tier.THIRD)
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateWidget)
    tier_reason = LineField(label=_("Why this tier"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = clocks.a_year_after(calendar.today())


class SanctionForm(forms.Form):
    reason_zh = LineField(
        label=_("Public reason (Chinese)"),
        max_length=300,
        help_text=_("Everybody reads it on the provider's page: name no person and no enterprise."),
    )
    reason_en = LineField(label=_("Public reason (English)"), max_length=300, required=False)


class AnswerForm(forms.Form):
    answer = WordsField(
        label=_("Answer to the appeal"), max_length=2000, rows=5, help_text=_("The provider reads it.")
    )
