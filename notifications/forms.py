"""The form of what a person wants to be told about, how often, and when not."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notifications import ways
from notifications.kinds import Kind, every_kind
from notifications.models import Frequency, Preference

HOURS = [("", _("No quiet hours")), *((f"{hour:02}:00", f"{hour:02}:00") for hour in range(24))]


class PreferencesForm(forms.Form):
    """One choice for each channel and kind that can reach this person, and their quiet hours."""

    use_required_attribute = False

    begins = forms.ChoiceField(label=_("From"), choices=HOURS, required=False)
    ends = forms.ChoiceField(label=_("Until"), choices=HOURS, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [kind for kind in every_kind() if kind.concerns(user)]
        self.channels = ways.open_to(user)
        chosen = {(row.kind, row.channel): row.choice for row in Preference.objects.filter(user=user)}
        for channel in self.channels:
            for kind in ways.kinds_of(channel, self.offered):
                self.fields[_name(channel, kind)] = _choice(channel, kind, chosen)
        begins, ends = ways.quiet_hours(user)
        self.fields["begins"].initial = f"{begins:%H:%M}" if begins else ""
        self.fields["ends"].initial = f"{ends:%H:%M}" if ends else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("begins")) != bool(cleaned.get("ends")):
            missing = "begins" if cleaned.get("ends") else "ends"
            self.add_error(
                missing, ValidationError(_("Quiet hours need both a beginning and an end."), "both")
            )
        return cleaned

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return each channel's label with its fields, in the order of the page."""
        return [
            (ways.LABELS[channel], [self[_name(channel, kind)] for kind in kinds])
            for channel in self.channels
            for kinds in [ways.kinds_of(channel, self.offered)]
            if kinds
        ]

    @property
    def always(self) -> list[str]:
        """Return the labels of what is always sent; mails about the account (secret kinds) are one matter."""
        kinds = [kind for kind in self.offered if not kind.can_be_stopped and not kind.secret]
        return list(dict.fromkeys(str(kind.label) for kind in kinds))

    @property
    def choices(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each channel with what was chosen for its kinds; only of a valid form."""
        for channel in self.channels:
            kinds = ways.kinds_of(channel, self.offered)
            yield channel, {kind.code: self.cleaned_data[_name(channel, kind)] for kind in kinds}

    @property
    def quiet(self) -> tuple[time | None, time | None]:
        """Return the quiet hours chosen; only of a valid form."""
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        return (time.fromisoformat(begins), time.fromisoformat(ends)) if begins else (None, None)


def _name(channel: str, kind: Kind) -> str:
    return f"{channel}-{kind.code}"


def _choice(channel: str, kind: Kind, chosen: dict[tuple[str, str], str]) -> forms.ChoiceField:
    """Ask for one kind by one channel; what may not be chosen (any more) begins at the default."""
    allowed = ways.frequencies(channel, kind)
    now = chosen.get((kind.code, channel), ways.DEFAULTS[channel])
    return forms.ChoiceField(
        label=str(kind.label),
        choices=[(choice, Frequency(choice).label) for choice in allowed],
        initial=now if now in allowed else ways.DEFAULTS[channel],
    )
