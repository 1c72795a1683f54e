"""The kinds of notification: each room declares its own, once, in its `notifications.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from notifications.models import Frequency, Notification

OWNER, STAFF, PUBLISHER, VISITOR, NOBODY = "owner", "staff", "publisher", "visitor", "nobody"
DESK = (STAFF, PUBLISHER)


def always(notification: Notification) -> bool:
    """Say that a notification is due however late it is sent."""
    return True


@dataclass(frozen=True)
class Kind:
    """What a room can tell.

    `code` is `<room>.<what>`; its texts are `templates/notifications/texts/<code>/subject.txt`,
    `body.txt` and, where wanted, `body.html`. `still_due` is asked just before sending: what has
    been withdrawn, unpublished or forgotten in the meantime is not sent. A `secret` kind holds a code or
    link in its context, which is erased once the message is sent, failed or dropped. `ends` is what the stop
    link of a mail ends instead of the whole kind, one subscription of several, say. `can_wait` lets its
    reader have it in a daily or weekly digest and after quiet hours; say no for what a deadline hangs on.
    What is secret or cannot be stopped never waits, whatever stands here. `ends_soon` says that something is
    lost unless the reader acts by a day: who opens three such in a row not at all is called. A kind
    `for_teams` may also be told by the robot of a group chat: its heading leaves the house, `still_due` is
    asked without a reader.
    """

    code: str
    label: str | Promise
    audience: str = OWNER
    channels: tuple[str, ...] = ("email",)
    in_inbox: bool = True
    can_be_stopped: bool = True
    secret: bool = False
    can_wait: bool = True
    ends_soon: bool = False
    for_teams: bool = False
    still_due: Callable[[Notification], bool] = always
    ends: Callable[[Notification], None] | None = None

    @property
    def topic(self) -> str:
        """Return the room this is about, by its code."""
        return self.code.partition(".")[0]

    @property
    def waits(self) -> bool:
        """Tell whether this kind may be held for a digest or for the end of quiet hours."""
        return self.can_wait and self.can_be_stopped and not self.secret

    @property
    def frequencies(self) -> tuple[str, ...]:
        """Return what a reader may choose for this kind; one choice is none."""
        together = (Frequency.DAILY, Frequency.WEEKLY) if self.waits else ()
        return (Frequency.INSTANT, *together, *((Frequency.NEVER,) if self.can_be_stopped else ()))

    def concerns(self, user: Any) -> bool:
        """Tell whether this kind can ever be sent to `user`, for the page of preferences."""
        return user.is_staff if self.audience in DESK else self.audience == OWNER


class KindNotKnown(LookupError):
    """No room has declared this kind; a row of it waits until a release knows it."""


_KINDS: dict[str, Kind] = {}
_TOPICS: dict[str, str | Promise] = {}


def declare(kind: Kind) -> Kind:
    """Register a kind under its code; raise ValueError for a taken code or a contradiction.

    A secret kind can neither be stopped (its reader asked for it) nor be read again in the inbox.
    """
    if kind.code in _KINDS and _KINDS[kind.code] != kind:
        raise ValueError(f"kind {kind.code} is declared twice")
    if kind.secret and (kind.can_be_stopped or kind.in_inbox):
        raise ValueError(f"kind {kind.code} is secret: it needs can_be_stopped=False and in_inbox=False")
    _KINDS[kind.code] = kind
    return kind


def find(code: str) -> Kind:
    """Return the kind with this code; raise KindNotKnown."""
    try:
        return _KINDS[code]
    except KeyError:
        raise KindNotKnown(code) from None


def every_kind() -> list[Kind]:
    """Return all declared kinds in order of their codes."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def name_topic(code: str, label: str | Promise) -> None:
    """Name what the kinds of a room are about, for the page where readers choose."""
    _TOPICS[code] = label


def topic_label(code: str) -> str:
    """Return the name of a topic; its code while no room has named it."""
    return str(_TOPICS.get(code, code))


def topics() -> list[str]:
    """Return the codes of all topics that kinds are declared for, those of the lower rooms first."""
    found = {kind.topic for kind in _KINDS.values()}
    return [code for code in _TOPICS if code in found] + sorted(found - set(_TOPICS))
