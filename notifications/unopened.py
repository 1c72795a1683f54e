"""Who opens nothing that a deadline hangs on, though the mails go out: they are called instead.

The last three messages about something that ends soon were sent at least three days ago, none of them was
opened, and their reader has not signed in since the first. What came before a call that was made does not
count again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from core import calendar
from notifications.kinds import every_kind
from notifications.models import Notification

IN_A_ROW = 3
DAYS = timedelta(days=3)

_FIND = """
SELECT candidate.recipient_id, last.enterprise_id, last.codes
FROM (
    SELECT DISTINCT recipient_id FROM notifications_notification
    WHERE id > %(after)s AND id <= %(upto)s AND kind = ANY(%(kinds)s) AND read_at IS NULL
      AND recipient_id IS NOT NULL AND in_inbox
) AS candidate
JOIN accounts_user AS reader ON reader.id = candidate.recipient_id AND reader.is_active
LEFT JOIN LATERAL (
    SELECT max(done_at) AS at FROM notifications_contacttask WHERE recipient_id = reader.id
) AS called ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS number, bool_and(told.read_at IS NULL AND told.was_sent) AS is_unopened,
           min(told.created_at) AS since,
           (array_agg(told.enterprise_id ORDER BY told.id DESC))[1] AS enterprise_id,
           string_agg(DISTINCT NULLIF(told.subject_code, ''), ', ') AS codes
    FROM (
        SELECT id, read_at, created_at, enterprise_id, subject_code, EXISTS (
            SELECT FROM notifications_delivery AS sent
            WHERE sent.notification_id = notice.id AND sent.channel = 'email' AND sent.state = 'sent'
        ) AS was_sent
        FROM notifications_notification AS notice
        WHERE recipient_id = candidate.recipient_id AND id <= %(upto)s AND kind = ANY(%(kinds)s)
          AND (called.at IS NULL OR created_at > called.at)
        ORDER BY id DESC LIMIT %(in_a_row)s
    ) AS told
) AS last
WHERE last.number = %(in_a_row)s AND last.is_unopened
  AND (reader.last_login IS NULL OR reader.last_login < last.since)
ORDER BY candidate.recipient_id
"""


@dataclass(frozen=True)
class Silent:
    """One reader who opened none of them: for which enterprise the last was, and what they were about."""

    recipient_id: int
    enterprise_id: int | None
    codes: str


def newest_to_judge() -> int:
    """Return the number of the newest message that has lain for long enough; 0 without one."""
    lain = Notification.objects.filter(created_at__lte=calendar.now() - DAYS)
    return lain.aggregate(newest=Max("pk"))["newest"] or 0


def silent(*, after: int, upto: int) -> list[Silent]:
    """Return the readers with something unopened among the messages numbered over `after`, up to `upto`."""
    kinds = [kind.code for kind in every_kind() if kind.ends_soon]
    values: dict[str, Any] = {"after": after, "upto": upto, "kinds": kinds, "in_a_row": IN_A_ROW}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        return [Silent(person, enterprise, codes or "") for person, enterprise, codes in cursor.fetchall()]
