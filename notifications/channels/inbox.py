"""The in-site inbox: the same row as the mail, so both agree; read or unread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template import TemplateDoesNotExist
from django.utils import translation

from notifications import addresses
from notifications.kinds import KindNotKnown, find
from notifications.models import Notification
from notifications.texts import Words


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
    """Return the lines of this person's own notifications, without asking the database again."""
    lines = []
    for notification in notifications:
        # Its reader is the person signed in; fetching them once more would cost a query a line.
        notification.recipient = user
        lines.append(entry(notification))
    return [line for line in lines if line is not None]


def entry(notification: Notification) -> Entry | None:
    """Return a notification as its reader sees it; None while this release does not know its kind."""
    try:
        label = str(find(notification.kind).label)
        words = Words(notification)
        subject, body = words.subject, words.body
    except (KindNotKnown, TemplateDoesNotExist):
        return None
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
