"""The in-site inbox: the same row as the mail, so both agree; read or unread."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from notifications import addresses
from notifications.kinds import KindNotKnown, find
from notifications.models import Notification
from notifications.texts import Words

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One line of the inbox in the language of the page."""

    number: int
    subject: str
    body: str
    label: str
    url: str
    at: datetime
    is_read: bool


def unread(user: Any) -> int:
    """Count what this person has not read yet; one query."""
    return Notification.objects.for_user(user).unread().count()


def entries(notifications: Iterable[Notification], user: Any) -> list[Entry]:
    """Return the lines of this person's own notifications, without their texts and without a query."""
    lines = []
    for notification in notifications:
        # Its reader is the person signed in; fetching them once more would cost a query a line.
        notification.recipient = user
        lines.append(entry(notification, in_full=False))
    return [line for line in lines if line is not None]


def entry(notification: Notification, *, in_full: bool = True) -> Entry | None:
    """Return a notification as its reader sees it; None while this release does not know its kind.

    One whose text cannot be rendered is shown by the name of its kind: it must not hide the others.
    """
    try:
        label = str(find(notification.kind).label)
    except KindNotKnown:
        return None
    subject, body = _words_of(notification, label, in_full)
    return Entry(
        number=notification.pk,
        subject=subject,
        body=body,
        label=label,
        url=addresses.in_language(notification.url, translation.get_language() or "")
        if notification.url
        else "",
        at=notification.created_at,
        is_read=notification.read_at is not None,
    )


def _words_of(notification: Notification, label: str, in_full: bool) -> tuple[str, str]:
    words = Words(notification)
    try:
        return words.subject, words.body if in_full else ""
    except Exception:
        logger.exception("notification %s cannot be put into words", notification.pk)
        return label, ""
