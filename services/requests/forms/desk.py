"""What the desk writes to the other side, or about it among the staff."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import WordsField
from services.catalogue import listing
from services.catalogue.models import Offering
from services.requests.forms.plain import BODY_LENGTH
from services.requests.models import ServiceRequest


class AskForm(forms.Form):
    asks = WordsField(
        label=_("What is missing, one item a line"),
        max_length=2000,
        help_text=_("The enterprise will see this and answers item by item. The clock stands until then."),
    )
    text = WordsField(label=_("Explanation (the enterprise will see this)"), max_length=2000, required=False)

    def clean_asks(self) -> list[str]:
        items = [line.strip() for line in self.cleaned_data["asks"].split("\n") if line.strip()]
        if len(items) > 20 or any(len(item) > 200 for item in items):
            raise ValidationError(_("At most 20 items of 200 characters each."))
        return items


class ReplyForm(forms.Form):
    text = WordsField(
        label=_("Reply"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this, and gets it by mail."),
    )


class NoteForm(forms.Form):
    text = WordsField(
        label=_("Internal note"),
        max_length=BODY_LENGTH,
        help_text=_("Only staff see this; nobody gets a mail."),
    )


class ResolveForm(forms.Form):
    outcome = WordsField(
        label=_("Outcome"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this: what was done, and what it got."),
    )


class RefuseForm(forms.Form):
    reason = WordsField(
        label=_("Reason"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this: why it cannot be done here, in plain words."),
    )
    next_offering = forms.ModelChoiceField(
        label=_("What to try instead"),
        queryset=Offering.objects.none(),
        required=False,
        empty_label=_("nothing fits: they may ask a question"),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Suggest the next best offering of the same group."""
        field = self.fields["next_offering"]
        others = Offering.objects.can_be_requested()
        if row.offering is not None:
            others = others.exclude(pk=row.offering.pk)
        field.queryset = others.order_by("group", "position")  # type: ignore[attr-defined]  # a field of choices
        field.initial = listing.next_best(row.offering, row.group, enterprise=row.enterprise)
