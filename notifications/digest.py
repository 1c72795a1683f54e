"""Several messages in one mail.

A delivery that waits for a digest is *held*: its `due_at` says when. What is due is bound together by one
statement, which writes a notification of the kind DIGEST with a delivery of its own and points the members
to it. From then on that delivery goes the way of every other (lease, retry, give up), and its members end as
it ends, with its Message-ID. Nothing is counted by days: a tick that was missed is made up by the next.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation

from core import wake
from notifications.channels import NotWanted
from notifications.kinds import KindNotKnown, find
from notifications.models import Delivery
from notifications.notifications import DIGEST
from notifications.outbox import DELIVER
from notifications.texts import Words, language_of
from notifications.wanted import check_wanted

# So many readers are bound together in one statement.
BATCH = 2000
# A mail names so many; the inbox has them all.
NAMED = 30

_BIND = """
WITH reader AS (
    SELECT DISTINCT told.recipient_id, member.channel
    FROM notifications_delivery AS member
    JOIN notifications_notification AS told ON told.id = member.notification_id
    WHERE member.state = 'held' AND member.digest_id IS NULL AND member.due_at <= statement_timestamp()
    LIMIT %s
), due AS (
    SELECT member.id, member.channel, told.recipient_id
    FROM notifications_delivery AS member
    JOIN notifications_notification AS told ON told.id = member.notification_id
    JOIN reader ON reader.recipient_id = told.recipient_id AND reader.channel = member.channel
    WHERE member.state = 'held' AND member.digest_id IS NULL AND member.due_at <= statement_timestamp()
    FOR UPDATE OF member SKIP LOCKED
), mail AS (
    SELECT due.recipient_id, due.channel, min(due.id) AS first FROM due GROUP BY 1, 2
), written AS (
    INSERT INTO notifications_notification
        (kind, recipient_id, address, language, subject_code, url, context, in_inbox, dedupe_key)
    SELECT %s, mail.recipient_id, '', person.language, '', %s, '{}'::jsonb, false,
           %s || ':' || mail.first || ':' || mail.channel
    FROM mail JOIN accounts_user AS person ON person.id = mail.recipient_id
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING id, recipient_id, dedupe_key
), sent AS (
    INSERT INTO notifications_delivery (notification_id, channel, state, attempts, is_bulk, message_id, error)
    SELECT written.id, mail.channel, 'pending', 0, true, '', ''
    FROM written
    JOIN mail ON written.recipient_id = mail.recipient_id
             AND written.dedupe_key LIKE '%%:' || mail.first || ':' || mail.channel
    RETURNING id, notification_id, channel
)
UPDATE notifications_delivery AS member SET digest_id = sent.id
FROM due, written, sent
WHERE member.id = due.id AND due.recipient_id = written.recipient_id AND due.channel = sent.channel
  AND sent.notification_id = written.id
"""


@dataclass(frozen=True)
class Line:
    """What a digest says of one message."""

    subject: str
    link: str


def bind_due(*, batch: int = BATCH) -> int:
    """Bind held messages that are due into one mail for each reader and channel; return how many were bound.

    One statement, any number of times at once: a message is in one digest at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [batch, DIGEST.code, reverse("notifications:inbox"), DIGEST.code])
        bound: int = cursor.rowcount
    if bound:
        wake.knock(DELIVER)
    return bound


def fill(delivery: Delivery) -> None:
    """Give a digest its words, having dropped members that have lost their point.

    Raises NotWanted when none is left.
    """
    notification = delivery.notification
    with translation.override(language_of(notification)):
        lines = [line for member in members(delivery) for line in [_line(member)] if line]
    if not lines:
        raise NotWanted("nothing of it is still due")
    notification.context = {
        "count": len(lines),
        "lines": lines[:NAMED],
        "more": max(0, len(lines) - NAMED),
    }


def members(delivery: Delivery) -> list[Delivery]:
    """Return what a digest tells, in the order it was written."""
    held = Delivery.objects.filter(digest=delivery.pk, state=Delivery.State.HELD)
    return list(held.select_related("notification__recipient", "notification__text_version").order_by("id"))


def follow(delivery: Delivery, state: str, error: str) -> None:
    """Let the members of a digest end as it has ended; call inside the transaction that marks it."""
    Delivery.objects.filter(digest=delivery.pk, state=Delivery.State.HELD).update(
        state=state, error=error[:300], message_id=delivery.message_id, done_at=Now()
    )


def _line(member: Delivery) -> Line | None:
    """Return what is said of one member; None when it is dropped, or this release does not know its kind."""
    notification = member.notification
    try:
        kind = find(notification.kind)
    except KindNotKnown:
        return None
    try:
        check_wanted(member, kind)
    except NotWanted as reason:
        Delivery.objects.filter(pk=member.pk, state=Delivery.State.HELD).update(
            state=Delivery.State.DROPPED, error=str(reason)[:300], done_at=Now()
        )
        return None
    words = Words(notification, in_mail=True)
    return Line(words.subject, words.context["link"])
