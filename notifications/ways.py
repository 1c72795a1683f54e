"""Which ways lead to a person, and what they may choose for each: channels, frequencies, quiet hours."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.conf import settings
from django.utils.translation import pgettext_lazy

from notifications.kinds import Kind
from notifications.models import Frequency, QuietHours
from notifications.texting import mobile

EMAIL, SMS = "email", "sms"
LABELS = {EMAIL: pgettext_lazy("told", "By e-mail"), SMS: pgettext_lazy("told", "By text message")}
# What holds for somebody who has chosen nothing.
DEFAULTS: dict[str, str] = {EMAIL: Frequency.INSTANT, SMS: Frequency.NEVER}


def open_to(user: Any) -> list[str]:
    """Return the channels this person may choose from; text messages need a mobile number of their own."""
    return [EMAIL, SMS] if settings.SMS_URL and mobile(user.phone) else [EMAIL]


def in_use(channels: Iterable[str]) -> list[str]:
    """Return which of these channels this deployment has."""
    return [channel for channel in channels if channel != SMS or settings.SMS_URL]


def kinds_of(channel: str, kinds: Iterable[Kind]) -> list[Kind]:
    """Return which of these kinds leave a choice for a channel."""
    return [kind for kind in kinds if len(frequencies(channel, kind)) > 1]


def frequencies(channel: str, kind: Kind) -> tuple[str, ...]:
    """Return what may be chosen for a kind by a channel; () when it does not go that way.

    A text message is sent at once or not at all, and only to those who want it.
    """
    if channel not in kind.channels:
        return ()
    return (Frequency.INSTANT, Frequency.NEVER) if channel == SMS else kind.frequencies


def quiet_hours(user: Any) -> tuple[time | None, time | None]:
    """Return when this person is not to be mailed: their own choice, or what holds for staff."""
    chosen = QuietHours.objects.filter(user=user).first()
    if chosen is not None:
        return chosen.begins, chosen.ends
    return settings.STAFF_QUIET_HOURS if user.is_staff else (None, None)
