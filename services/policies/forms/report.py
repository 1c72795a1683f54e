"""The public form for an error in a notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import EmailField, WordsField
from services.policies.models import ErrorReport


class ReportForm(forms.Form):
    """Which part is wrong, what is wrong with it, and where to answer; a visitor may leave the last empty."""

    about = forms.ChoiceField(label=_("Which part is wrong?"), choices=ErrorReport.About.choices)
    text = WordsField(label=_("What is wrong, and how should it read?"), max_length=2000, rows=5)
    email = EmailField(label=_("Your e-mail, if you want an answer"), required=False)
    # People leave it empty; programs that fill in every field do not.
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("about", "text", "email")}
