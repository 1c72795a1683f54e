"""Forms about what readers follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.fields import EmailField, LineField
from services.policies.models import CLAIMABLE_KINDS, AlertChoice, Frequency, ItemMark


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


class SearchForm(forms.Form):
    """How a saved search is called and how often its results are told."""

    use_required_attribute = False

    name = LineField(
        label=_("Name"),
        help_text=_("It stands in the subject of the mails."),
        max_length=80,
        error_messages={
            "required": _("Give the search a name."),
            "max_length": _("Write at most %(limit_value)d characters."),
        },
    )
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=Frequency.choices,
        initial=Frequency.DAILY,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often you want to hear of it.")},
    )


class GuestSearchForm(SearchForm):
    """The same for a reader without an account, by address; the name is not theirs to type.

    What a stranger types must not go to somebody else's address.
    """

    name = None  # type: ignore[assignment]  # how a form drops a field
    address = EmailField(
        label=_("E-mail address"),
        help_text=_("We first send a link there; only with it do the mails begin."),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("Type an e-mail address such as name@example.cn."),
        },
    )
    field_order = ["address", "frequency"]


class TopicsForm(forms.Form):
    """How often to hear of each topic that fits the enterprise."""

    use_required_attribute = False

    def __init__(self, *args: Any, chosen: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in CLAIMABLE_KINDS:
            self.fields[topic.value] = forms.ChoiceField(
                label=capfirst(topic.label),
                choices=AlertChoice.Frequency.choices,
                initial=chosen.get(topic.value, AlertChoice.Frequency.INSTANT),
                error_messages={"required": _("Choose how often you want to hear of it.")},
            )
