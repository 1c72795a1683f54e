"""What an enterprise types about a conversion project, and the desk's forms beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, WordsField
from enterprises.models import Region
from services.cloud.actions import accepting, conversions
from services.cloud.forms.amounts import YuanField
from services.cloud.forms.vouchers import DayField, PaperField, PlainForm
from services.cloud.models import Conversion, ConversionScheme
from services.cloud.voucher_words import yuan

_NO_PASSWORDS = _("Never write passwords or access keys into a paper or a field.")


def _truthful() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("What we say is true; we pay back what we get by a false statement."), required=False
    )


class IntentForm(PlainForm):
    """What the project is for."""

    goal = WordsField(
        label=_("What is to be better afterwards?"),
        max_length=1000,
        rows=4,
        help_text=_("For example: orders, stock and machines in one system; half of the paper gone."),
    )


class FilingForm(PlainForm):
    """The contract with the declaration."""

    contractor = LineField(label=_("Who carries it out"), max_length=120)
    contract_number = LineField(label=_("Number of the contract"), max_length=60)
    contract_on = DayField(label=_("Date of the contract"))
    contract_fen = YuanField(label=_("Price of the contract"), help_text=_("In yuan, with tax."))
    contract_file = PaperField(label=_("The contract"), purpose=conversions.CONTRACT, help_text=_NO_PASSWORDS)
    truthful = _truthful()

    def __init__(self, *args: Any, has_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract_file"].required = not has_paper

    def filing(self) -> conversions.Filing:
        data = self.cleaned_data
        return conversions.Filing(
            contractor=data["contractor"],
            number=data["contract_number"],
            signed_on=data["contract_on"],
            price_fen=data["contract_fen"],
            upload=data["contract_file"],
        )


class InvoiceForm(PlainForm):
    """One invoice of the spending list."""

    what = LineField(label=_("What was bought"), max_length=120)
    invoice_number = LineField(label=_("Number of the invoice"), max_length=60)
    invoice_on = DayField(label=_("Date of the invoice"))
    amount_fen = YuanField(label=_("Amount of the invoice"), help_text=_("In yuan, with tax."))
    invoice_file = PaperField(label=_("The invoice"), purpose=conversions.INVOICE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invoice_file"].required = True

    def bought(self) -> conversions.Bought:
        data = self.cleaned_data
        return conversions.Bought(
            what=data["what"],
            invoice_number=data["invoice_number"],
            invoice_on=data["invoice_on"],
            amount_fen=data["amount_fen"],
            upload=data["invoice_file"],
        )


class AcceptanceForm(PlainForm):
    """The declaration under the spending list."""

    truthful = _truthful()


# --- the desk -------------------------------------------------------------------------


class SchemeForm(forms.ModelForm):
    """The rules of a draft."""

    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.filter(is_selectable=True).exclude(code="000000")
    )
    cap_fen = YuanField(label=_("At most per project"), help_text=_("in yuan"))

    class Meta:
        model = ConversionScheme
        fields = (
            "slug", "region", "title_zh", "title_en", "summary_zh", "summary_en", "basis", "target_level",
            "rate_percent", "cap_fen", "opens_on", "closes_on", "answer_days",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day lies before the day it opens."))
        rate = cleaned.get("rate_percent")
        if rate is not None and not 0 < rate <= 100:
            self.add_error("rate_percent", _("The rate lies above 0 and up to 100 percent."))
        cap = cleaned.get("cap_fen")
        if cap is not None and cap <= 0:
            self.add_error("cap_fen", _("The amount must be more than zero."))
        return cleaned


class AcceptForm(forms.Form):
    """What is recognised of the spending list."""

    spent_fen = YuanField(label=_("Spending recognised"), help_text=_("in yuan; it decides the reward"))

    def prepare(self, row: Conversion, by: Any) -> None:
        listed = conversions.listed_fen(row)
        self.fields["spent_fen"].initial = listed
        if listed and row.rate_percent is not None:
            self.fields["spent_fen"].help_text = _(
                "in yuan. The whole list, %(listed)s yuan, gives a reward of %(reward)s yuan."
            ) % {"listed": yuan(listed), "reward": yuan(accepting.reward_for(row, listed))}


class RewardForm(forms.Form):
    """The payment of a reward."""

    batch = LineField(label=_("Number of the payment batch"), max_length=40)
    bank_confirmed = forms.BooleanField(
        label=_("The enterprise has confirmed its bank details by phone or in writing."), required=False
    )


class AuditForm(forms.Form):
    """What an audit said."""

    finding = LineField(label=_("Number of the audit report"), max_length=60)
