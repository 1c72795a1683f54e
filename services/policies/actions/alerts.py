"""Tell followers what became of a notice: once for each version published, and once for its end."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from core import calendar
from enterprises.models import Membership
from services.policies import alerting, change_alerts, notifications, telling
from services.policies.actions import searches
from services.policies.models import (
    AlertDue,
    ItemMark,
    NoticeTelling,
    NoticeVersion,
    PolicyItem,
    PolicyNotice,
    State,
)

Event = NoticeTelling.Event
# Readers of one morning's turn; the next turn takes the rest.
TURN = 500


@transaction.atomic
def tell_next(*, at: datetime) -> NoticeTelling | None:
    """Tell of one event nobody was told of yet; None when there is none.

    The ledger row, the findings and the letters are one transaction: after a crash nothing of it stands and
    the next tick does it all. Two workers take different events. What is still to be verified is told only
    to those who saved it; what was taken out of force before it was told of is marked and told to nobody.
    """
    event = _claim()
    if event is None:
        return None
    notice = PolicyNotice.objects.prefetch_related("items").get(pk=event.notice_id)
    on = calendar.day_of(at)
    if event.event != Event.PUBLISHED:
        event.told = change_alerts.tell_ended(notice, event.event, on)
    elif notice.state == State.PUBLISHED:
        version = NoticeVersion.objects.get(notice=notice, number=event.version)
        event.told = change_alerts.tell_corrected(notice, version, on)
        event.is_held = version.number == notice.version and not notice.to_be_verified
        if event.is_held:
            event.found = searches.hold_searches(notice, at=at, is_new=_is_news(version))
    event.save(update_fields=["found", "told", "is_held"])
    return event


def _is_news(version: NoticeVersion) -> bool:
    """Tell whether a version, or one before it that no search was held against, says something new.

    Of several versions between two ticks only the last is held; each of them counts.
    """
    held = dict(
        NoticeTelling.objects.filter(notice=version.notice_id, event=Event.PUBLISHED).values_list(
            "version", "is_held"
        )
    )
    versions = NoticeVersion.objects.filter(notice=version.notice_id, number__lte=version.number)
    for one in versions.only("number", "is_material"):
        if one.number == 1 or one.is_material:
            return True
        if held.get(one.number - 1, True):
            return False
    return False


def _claim() -> NoticeTelling | None:
    """Take the oldest event without a ledger row, by writing the row that only one can write."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM)
        found = cursor.fetchone()
    return NoticeTelling.objects.get(pk=found[0]) if found else None


# A row another worker is writing is waited for and then left out; the next turn takes the next event.
_CLAIM = """
INSERT INTO policies_noticetelling (notice_id, version, event, found, told, is_held)
SELECT notice_id, version, event, 0, 0, true FROM (
  SELECT notice_id, number AS version, 'published' AS event, published_at AS since FROM policies_noticeversion
  UNION ALL
  SELECT id, version, state, published_at FROM policies_policynotice WHERE state IN ('superseded', 'repealed')
) AS happened
WHERE NOT EXISTS (
  SELECT FROM policies_noticetelling AS told WHERE told.notice_id = happened.notice_id
    AND told.version = happened.version AND told.event = happened.event)
ORDER BY since, notice_id, version LIMIT 1
ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def send_match_digests(*, day: date) -> int:
    """Write what fits and is due by `day`, one letter a reader and enterprise; return the rows settled.

    Takes up to TURN readers; a second worker waits for the first and finds the rest. What closed, was taken
    out of force, dismissed, or is no longer the reader's business is settled without a letter.
    """
    due = AlertDue.objects.filter(due_on__lte=day, told_at=None)
    readers = list(due.order_by("user").values_list("user", flat=True).distinct()[:TURN])
    rows = list(due.filter(user__in=readers).order_by("pk").select_for_update(of=("self",)))
    loaded = AlertDue.objects.filter(pk__in=[row.pk for row in rows]).order_by("item__closes_on", "pk")
    pairs: dict[tuple[int, int], list[AlertDue]] = {}
    for row in _still_wanted(loaded, day).select_related("user", "enterprise", "item__notice"):
        pairs.setdefault((row.user_id, row.enterprise_id), []).append(row)
    letters, now = telling.tell_match_digests(pairs), calendar.now()
    for row in rows:
        row.letter = letters.get((row.user_id, row.enterprise_id), "")
        row.told_at = now
    AlertDue.objects.bulk_update(rows, ["letter", "told_at"], batch_size=1000)
    return len(rows)


def _still_wanted(rows: QuerySet[AlertDue], day: date) -> QuerySet[AlertDue]:
    writes = Membership.objects.current().filter(
        user=OuterRef("user"), enterprise=OuterRef("enterprise"), role__in=notifications.WRITERS
    )
    dismissed = ItemMark.objects.dismissed().filter(enterprise=OuterRef("enterprise"), item=OuterRef("item"))
    return rows.filter(
        Exists(writes),
        ~Exists(dismissed),
        user__is_active=True,
        item__in=PolicyItem.objects.open_on(day).values("pk"),
        item_version=F("item__version"),
    )


@transaction.atomic
def remind(*, on: date) -> int:
    """Remind of the last days that come near on the day `on`; return the letters. Once for each."""
    numbers = alerting.due_reminders(on)
    return telling.remind(numbers, on) if numbers else 0
