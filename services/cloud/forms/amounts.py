"""An amount in yuan as people type it; what is wrong with it is said exactly."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import money

# A hundred thousand million yuan: beyond it a finger slipped.
MOST_FEN = 10**13
_FLAWS = (
    (re.compile(r"-.*"), _("An amount cannot be below zero.")),
    (
        re.compile(r"[0-9.,]+e[+-]?[0-9]+", re.IGNORECASE),
        _("Write the amount out in full, for example 100000 instead of 1e5."),
    ),
    (re.compile(r"[0-9,]+\.[0-9]{3,}"), _("At most two decimals: there is nothing smaller than a fen.")),
    (
        re.compile(r"[0-9.,]+(?:元|万元|万|yuan|rmb|cny)", re.IGNORECASE),
        _("Write the amount alone, in yuan."),
    ),
    (
        re.compile(r"[0-9.,]+"),
        _("Commas stand only between thousands, and there is one decimal point, for example 12,000.50."),
    ),
)
_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]{1,2})?")


class YuanField(forms.CharField):
    """An amount in yuan; gives whole fen, or None when left empty. Full-width digits are read as digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "data-unit": _("yuan")}
        )
        super().__init__(**{"widget": widget, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> int | None:
        figure = re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value) or "")).lstrip("¥")
        figure = figure.replace("，", ",").replace("−", "-")
        if not figure:
            return None
        if not _AMOUNT.fullmatch(figure):
            flaw = next((words for pattern, words in _FLAWS if pattern.fullmatch(figure)), None)
            raise ValidationError(flaw or _("This is not an amount. Write digits, for example 1200."))
        fen = money.fen_from_yuan(figure.replace(",", ""))
        if fen > MOST_FEN:
            raise ValidationError(_("This amount is too large to be right."))
        return fen

    def prepare_value(self, value: Any) -> Any:
        """Show stored fen as yuan without grouping."""
        return money.in_yuan(value).replace(",", "") if isinstance(value, int) else value
