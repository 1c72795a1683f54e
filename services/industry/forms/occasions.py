"""Who comes to an event, and what it was worth."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, PhoneField, WordsField
from services.industry.actions import Attendee

STARS = [(5, _("5, very much")), (4, _("4")), (3, _("3, something")), (2, _("2")), (1, _("1, nothing"))]


class BookingForm(forms.Form):
    """Name and phone of the person who comes; filled in with whoever is signed in."""

    use_required_attribute = False

    name = LineField(
        label=_("Who comes?"),
        max_length=60,
        error_messages={"required": _("Type the name of the person who comes.")},
    )
    phone = PhoneField(label=_("Phone on the day"), required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def attendee(self) -> Attendee:
        return Attendee(self.cleaned_data["name"], self.cleaned_data["phone"])


class FeedbackForm(forms.Form):
    """One answer that counts, and words for those who want."""

    use_required_attribute = False

    rating = forms.TypedChoiceField(
        label=_("What was it worth to you?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from 1 to 5.")},
    )
    words = WordsField(
        label=_("What should be different next time?"), max_length=1000, rows=4, required=False
    )
