"""Forms about what readers follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField
from services.policies.models import ItemMark


class DismissForm(forms.Form):
    """Why something is not for the enterprise."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Why is it not for you?"),
        help_text=_("The publisher sees how often each reason is given, never by whom."),
        choices=ItemMark.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason that comes closest.")},
    )
    words = LineField(
        label=_("In your words"),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason says nothing by itself."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("reason") == ItemMark.Reason.OTHER and not given.get("words"):
            self.add_error("words", _("Say the reason in a few words."))
        return given
