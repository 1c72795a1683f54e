"""What an enterprise or provider types about a voucher: quotation, declarations, contract, claim."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.fields import IntegerField, LineField, WordsField
from core.uploads import FilesField
from services.cloud.actions import applying, using
from services.cloud.forms.amounts import YuanField
from services.cloud.models import CloudProduct

_NO_PASSWORDS = _("Never write passwords or access keys into a paper or a field.")


class PlainForm(forms.Form):
    """A form whose errors are ours, not the browser's."""

    use_required_attribute = False


class DayField(forms.DateField):
    """A day as the browser's own control gives it, or typed as 2026-03-05."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        errors = {"invalid": _("Write the day as year-month-day, for example 2026-03-05.")}
        super().__init__(**{"widget": widget, "error_messages": errors, **kwargs})


class PaperField(FilesField):
    """One paper; gives the upload or None."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if len(found) > 1:
            raise ValidationError(_("Choose one file. Several pages go into one PDF."))
        return found[0] if found else None


class QuoteForm(PlainForm):
    """The quotation of a draft."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=CloudProduct.objects.none(), to_field_name="slug", empty_label="—"
    )
    quantity = IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=100_000,
        initial=1,
        help_text=_("How many of what the list gives a price for: accounts, servers, machines …"),
    )
    quote_number = LineField(label=_("Number of the quotation"), max_length=60)
    quoted_on = DayField(label=_("Date of the quotation"))
    quote_fen = YuanField(
        label=_("Quoted price for the first year"),
        help_text=_("In yuan, with tax. Sign and pay nothing yet: a contract before the voucher gets none."),
    )
    quote_file = PaperField(
        label=_("The quotation, unsigned"), purpose=applying.QUOTE, help_text=_NO_PASSWORDS
    )

    def __init__(
        self, *args: Any, products: QuerySet[CloudProduct], has_paper: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quote_file"].required = not has_paper
        field: Any = self.fields["product"]
        field.queryset = products

    def quote(self) -> applying.Quote:
        data = self.cleaned_data
        return applying.Quote(
            product=data["product"],
            quantity=data["quantity"],
            number=data["quote_number"],
            quoted_on=data["quoted_on"],
            price_fen=data["quote_fen"],
            upload=data["quote_file"],
        )


class SubmitForm(PlainForm):
    """The two declarations."""

    no_contract = forms.BooleanField(
        label=_("Nothing has been signed or paid for this purchase yet."), required=False
    )
    truthful = forms.BooleanField(
        label=_("What we say is true; we pay back what we get by a false statement."), required=False
    )


class AnswerForm(PlainForm):
    """The answer to what the county asked."""

    answer = WordsField(label=_("Your answer to the county"), max_length=2000, rows=5)
    quote_file = PaperField(
        label=_("A new quotation, if one was asked for"), purpose=applying.QUOTE, help_text=_NO_PASSWORDS
    )


class ContractForm(PlainForm):
    """The contract a voucher is used for."""

    contract_number = LineField(label=_("Number of the contract"), max_length=60)
    contract_on = DayField(label=_("Date of the contract"))
    contract_fen = YuanField(
        label=_("Price of the contract for the first year"), help_text=_("In yuan, with tax.")
    )

    def contract(self) -> using.Contract:
        data = self.cleaned_data
        return using.Contract(data["contract_number"], data["contract_on"], data["contract_fen"])


class RedeemForm(ContractForm):
    """The same from the provider's side: the code the customer handed over comes first."""

    code = LineField(
        label=_("Voucher code"),
        max_length=40,
        help_text=_("Your customer gives it to you; with it the customer agrees."),
    )
    field_order = ("code", "contract_number", "contract_on", "contract_fen")

    def clean_code(self) -> str:
        """Read the code whatever case, blanks and dashes it was typed with; O, I and L stand for 0 and 1."""
        signs = re.sub(r"[^0-9A-Z]", "", self.cleaned_data["code"].upper())
        signs = signs.translate(str.maketrans("OIL", "011"))
        if len(signs) != 12:
            raise ValidationError(_("A code has twelve letters and digits, for example 7K3M-2Q9X-84TD."))
        return "-".join(signs[place : place + 4] for place in (0, 4, 8))


class ClaimForm(PlainForm):
    """The claim with its three papers."""

    invoice_number = LineField(label=_("Number of the invoice"), max_length=60)
    invoice_on = DayField(label=_("Date of the invoice"))
    invoice_fen = YuanField(label=_("Amount of the invoice"), help_text=_("In yuan, with tax."))
    invoice_file = PaperField(label=_("The invoice"), purpose=using.CLAIM)
    paid_on = DayField(label=_("Paid on"))
    payment_file = PaperField(
        label=_("Proof of payment"),
        purpose=using.CLAIM,
        help_text=_("Bank slip on which payer, payee, amount and day can be read."),
    )
    used_from = DayField(label=_("Used from"))
    used_to = DayField(label=_("Used until"))
    usage_file = PaperField(
        label=_("Record of use"),
        purpose=using.CLAIM,
        help_text=_(
            "An export or picture that shows who worked with it on which days. Blacken passwords and keys."
        ),
    )

    def __init__(self, *args: Any, has_papers: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("invoice_file", "payment_file", "usage_file"):
            self.fields[name].required = not has_papers

    def claim(self) -> using.Claim:
        data = self.cleaned_data
        return using.Claim(
            invoice_number=data["invoice_number"],
            invoice_on=data["invoice_on"],
            invoice_fen=data["invoice_fen"],
            paid_on=data["paid_on"],
            used_from=data["used_from"],
            used_to=data["used_to"],
            invoice=data["invoice_file"],
            payment=data["payment_file"],
            usage=data["usage_file"],
        )
