"""The form of what a person wants to be told about, how often, and when not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import kinds, ways
from notifications.kinds import Kind, every_kind
from notifications.models import Frequency, Preference

HOURS = [("", _("No quiet hours")), *((f"{hour:02}:00", f"{hour:02}:00") for hour in range(24))]


@dataclass(frozen=True)
class Way:
    """One channel of a topic: how it stands now, one choice for all of it (or None), and each by itself."""

    label: str | Promise
    now: str
    for_all: Any
    fields: list[Any]

    @property
    def is_open(self) -> bool:
        return any(field.errors for field in self.fields)


@dataclass(frozen=True)
class Topic:
    """What one room tells, by the channels that are open to this person."""

    label: str
    ways: list[Way]


class PreferencesForm(forms.Form):
    """One choice for each channel and kind that can reach this person, and their quiet hours.

    A choice for a whole topic outweighs what stands at its kinds, where they allow it.
    """

    use_required_attribute = False

    begins = forms.ChoiceField(label=_("From"), choices=HOURS, required=False)
    ends = forms.ChoiceField(label=_("Until"), choices=HOURS, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [kind for kind in every_kind() if kind.concerns(user)]
        self.channels = ways.open_to(user)
        chosen = {(row.kind, row.channel): row.choice for row in Preference.objects.filter(user=user)}
        for channel in self.channels:
            for topic, its_kinds in self._by_topic(channel):
                if len(its_kinds) > 1:
                    self.fields[_name_for_all(channel, topic)] = _choice_for_all(channel, its_kinds)
                for kind in its_kinds:
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
    def topics(self) -> list[Topic]:
        """Return the choices in the order of the page: by what it is about, then by channel."""
        found: dict[str, list[Way]] = {}
        for channel in self.channels:
            for topic, its_kinds in self._by_topic(channel):
                found.setdefault(topic, []).append(self._way(channel, topic, its_kinds))
        return [Topic(kinds.topic_label(code), found[code]) for code in kinds.topics() if code in found]

    @property
    def always(self) -> list[str]:
        """Return the labels of what is always sent; mails about the account (secret kinds) are one matter."""
        always = [kind for kind in self.offered if not kind.can_be_stopped and not kind.secret]
        return list(dict.fromkeys(str(kind.label) for kind in always))

    @property
    def choices(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each channel with what was chosen for its kinds; only of a valid form."""
        for channel in self.channels:
            yield channel, {kind.code: self._chosen(channel, kind) for kind in self._kinds_of(channel)}

    @property
    def quiet(self) -> tuple[time | None, time | None]:
        """Return the quiet hours chosen; only of a valid form."""
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        return (time.fromisoformat(begins), time.fromisoformat(ends)) if begins else (None, None)

    def _kinds_of(self, channel: str) -> list[Kind]:
        return ways.kinds_of(channel, self.offered)

    def _by_topic(self, channel: str) -> list[tuple[str, list[Kind]]]:
        """Return the kinds that leave a choice for a channel, by what they are about."""
        found: dict[str, list[Kind]] = {}
        for kind in self._kinds_of(channel):
            found.setdefault(kind.topic, []).append(kind)
        return list(found.items())

    def _way(self, channel: str, topic: str, its_kinds: list[Kind]) -> Way:
        fields = [self[_name(channel, kind)] for kind in its_kinds]
        for_all = self[_name_for_all(channel, topic)] if len(its_kinds) > 1 else None
        return Way(ways.LABELS[channel], _standing(fields), for_all, fields)

    def _chosen(self, channel: str, kind: Kind) -> str:
        for_all = self.cleaned_data.get(_name_for_all(channel, kind.topic), "")
        if for_all in ways.frequencies(channel, kind):
            return str(for_all)
        return str(self.cleaned_data[_name(channel, kind)])


def _standing(fields: list[Any]) -> str:
    """Say in a line how many kinds there are and what is chosen for them now."""
    chosen = {str(field.initial) for field in fields}
    count = ngettext("%(count)s kind of message", "%(count)s kinds of messages", len(fields)) % {
        "count": len(fields)
    }
    how = Frequency(chosen.pop()).label if len(chosen) == 1 else _("chosen one by one")
    return f"{count} · {how}"


def _name_for_all(channel: str, topic: str) -> str:
    return f"all-{channel}-{topic}"


def _choice_for_all(channel: str, its_kinds: list[Kind]) -> forms.ChoiceField:
    """Ask once for a whole topic; what a kind does not allow leaves it as it is."""
    allowed = {choice for kind in its_kinds for choice in ways.frequencies(channel, kind)}
    choices = [(choice.value, choice.label) for choice in Frequency if choice in allowed]
    return forms.ChoiceField(
        label=_("All of these"), choices=[("", _("as chosen one by one")), *choices], required=False
    )


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
