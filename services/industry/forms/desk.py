"""What the desk's verbs ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import IntegerField, LineField, WordsField
from services.catalogue.models import Provider
from services.industry.models import Occasion


class ConsentForm(forms.Form):
    """Who agreed for the enterprise, and on which day."""

    consent_on = forms.DateField(label=_("consent given on"), widget=forms.DateInput(attrs={"type": "date"}))
    consent_by = LineField(
        label=_("consent given by"), max_length=60, help_text=_("Name and position, as on the paper.")
    )


class SeatsForm(forms.Form):
    """How many can come."""

    seats = IntegerField(label=_("places"), min_value=1, max_value=5000)

    def prepare(self, row: Occasion, by: Any) -> None:
        """Begin with the present number."""
        self.fields["seats"].initial = row.seats


class AttendanceForm(forms.Form):
    """Who came, of those who had a place."""

    present = forms.MultipleChoiceField(
        label=_("who came"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self, row: Occasion, by: Any) -> None:
        """Offer everybody with a place; who was ticked before is ticked."""
        rows = list(row.bookings.booked().select_related("enterprise"))
        field = self.fields["present"]
        field.choices = [(str(one.key), f"{one.attendee_name} · {one.enterprise}") for one in rows]  # type: ignore[attr-defined]  # a field of choices
        field.initial = [str(one.key) for one in rows if one.attended]


class AnswerForm(forms.Form):
    """What a listed provider answered."""

    provider = forms.ModelChoiceField(label=_("provider"), queryset=Provider.objects.all())
    words = WordsField(label=_("what it offers"), max_length=2000, rows=5)
