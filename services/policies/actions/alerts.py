"""Tell followers what became of a notice: once for each version published, and once for its end."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from services.policies import comparing
from services.policies.actions import searches
from services.policies.models import NoticeTelling, NoticeVersion, PolicyNotice, State

Event = NoticeTelling.Event


@transaction.atomic
def tell_next(*, at: datetime) -> NoticeTelling | None:
    """Tell of one event nobody was told of yet; None when there is none.

    The ledger row, the findings and the letters are one transaction: after a crash nothing of it stands and
    the next tick does it all. Two workers take different events. An event that was overtaken by a later one,
    or whose notice is still to be verified, is marked and told to nobody.
    """
    telling = _claim()
    if telling is None:
        return None
    notice = PolicyNotice.objects.prefetch_related("items").get(pk=telling.notice_id)
    if telling.event == Event.PUBLISHED and _is_present(notice, telling.version):
        telling.found = searches.hold_searches(notice, at=at, is_new=is_news(notice))
    telling.save(update_fields=["found", "told"])
    return telling


def _claim() -> NoticeTelling | None:
    """Take the oldest event without a ledger row, by writing the row that only one can write."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM)
        found = cursor.fetchone()
    return NoticeTelling.objects.get(pk=found[0]) if found else None


# A row another worker is writing is waited for and then left out; the next turn takes the next event.
_CLAIM = """
INSERT INTO policies_noticetelling (notice_id, version, event, found, told)
SELECT notice_id, version, event, 0, 0 FROM (
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


def _is_present(notice: PolicyNotice, version: int) -> bool:
    return notice.state == State.PUBLISHED and notice.version == version and not notice.to_be_verified


def is_news(notice: PolicyNotice) -> bool:
    """Tell whether the present version says something else that matters than the one before it."""
    new, *before = NoticeVersion.objects.filter(notice=notice).order_by("-number")[:2]
    if not before:
        return True
    return any(change.is_material for change in comparing.changes(before[0].snapshot, new.snapshot))
