"""What an action that is only rehearsed would tell: the very letters it has written, put into words."""

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone, translation

from core.rehearsal import Rehearsal, Told
from notifications import robots
from notifications.models import Delivery, Notification, StoppedAddress
from notifications.texts import Words, language_of

SHOWN = 20
# Rows of this transaction alone: what others committed meanwhile is visible too, but no longer in progress.
_MINE = """
SELECT id FROM notifications_notification
WHERE id > %s AND pg_xact_status(
    (((pg_current_xact_id()::text::bigint >> 32) << 32) | xmin::text::bigint)::text::xid8) = 'in progress'
ORDER BY id
"""


def mark() -> int:
    """Return the number of the newest letter."""
    return Notification.objects.aggregate(newest=Max("pk"))["newest"] or 0


def hear(since: int) -> Rehearsal:
    """Return what this transaction has posted since; letters themselves are rendered for the first twenty."""
    with connection.cursor() as cursor:
        cursor.execute(_MINE, [since])
        numbers = [row[0] for row in cursor.fetchall()]
    letters = Notification.objects.filter(pk__in=numbers[:SHOWN]).select_related("recipient").order_by("pk")
    ways: dict[int, list[Delivery]] = {}
    for delivery in Delivery.objects.filter(notification__in=numbers[:SHOWN]).order_by("channel"):
        ways.setdefault(delivery.notification_id, []).append(delivery)
    return Rehearsal([_told(letter, ways.get(letter.pk, [])) for letter in letters], len(numbers))


def _told(letter: Notification, ways: list[Delivery]) -> Told:
    language = language_of(letter)
    address = letter.recipient.email if letter.recipient else letter.address
    if letter.is_for_robot:
        address = ""
    waits = [way.due_at for way in ways if way.due_at > timezone.now()]
    with translation.override(language):
        words = Words(letter)
        return Told(
            reader=str(letter.recipient or robots.of(letter.address) or letter.address),
            address=address,
            language=language,
            subject=words.subject,
            body=words.body,
            ways=tuple(way.channel for way in ways),
            stopped=_is_stopped(address, letter.kind),
            not_before=min(waits, default=None),
        )


def _is_stopped(address: str, kind: str) -> bool:
    stopped = Q(kind=kind) | Q(kind="")
    return StoppedAddress.objects.filter(stopped, address=address.lower()).exists()
