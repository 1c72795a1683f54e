"""The three questions half a year after a service; each may stay open."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import money
from core.fields import IntegerField, LineField, WordsField
from services.requests.models import Effect

MOST_FEN = 10**15
MOST_JOBS = 100_000
FIGURES = ("obtained_fen", "level", "jobs", "words")


class EffectForm(forms.Form):
    """Money in 10 000 yuan as typed, level and jobs; at least one is answered."""

    use_required_attribute = False

    obtained_fen = LineField(
        label=_("Money you obtained with its help, in 10,000 yuan"),
        max_length=30,
        required=False,
        help_text=_("Subsidies, loans, vouchers; 0 if it brought none."),
    )
    level = forms.ChoiceField(
        label=_("Your digital level since then"),
        choices=[*Effect.Level.choices, ("", _("Leave open"))],
        required=False,
        widget=forms.RadioSelect,
    )
    jobs = IntegerField(label=_("New jobs it led to"), min_value=0, max_value=MOST_JOBS, required=False)
    words = WordsField(label=_("In your words"), max_length=1000, required=False, rows=3)

    def clean_obtained_fen(self) -> int | None:
        """Return the amount in fen; None when it was left open."""
        typed = self.cleaned_data["obtained_fen"]
        if not typed:
            return None
        try:
            fen = money.fen_from_wan(typed)
        except ValueError:
            raise ValidationError(_("Write an amount such as 12.5.")) from None
        if fen > MOST_FEN:
            raise ValidationError(_("This is more than can be meant. Write it in 10,000 yuan."))
        return fen

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not self.errors and all(typed[name] in ("", None) for name in FIGURES):
            raise ValidationError(_("Answer at least one question, or leave this page: you need not answer."))
        return typed
