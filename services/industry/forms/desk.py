"""What the desk's verbs ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField


class ConsentForm(forms.Form):
    """Who agreed for the enterprise, and on which day."""

    consent_on = forms.DateField(label=_("consent given on"), widget=forms.DateInput(attrs={"type": "date"}))
    consent_by = LineField(
        label=_("consent given by"), max_length=60, help_text=_("Name and position, as on the paper.")
    )
