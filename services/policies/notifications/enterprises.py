"""What enterprises are told of items that fit them: a new one, and those that fit after a change of facts."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.urls import reverse

from core import calendar
from enterprises.models import Enterprise, Membership
from notifications import outbox
from notifications.outbox import Letter
from services.policies import alerting
from services.policies.models import AlertChoice, AlertDue, ItemMark, PolicyItem
from services.policies.notifications import words
from services.policies.notifications.kinds import MATCHED, REMATCHED

WRITERS = (Membership.Role.OWNER, Membership.Role.EDITOR)


def tell_matched(item: PolicyItem) -> int:
    """Tell owners and editors of every enterprise newly matched to this version; return new letters.

    One statement in the database. The key is item, version, enterprise and reader, so a replay tells nobody.
    What is granted without application has a letter of its own (`actions.offer`). Who met an earlier
    version hears of the change instead (`actions.tell_next`), who dismissed the item of nothing, and who
    wants this topic daily or weekly in the letter of that morning.
    """
    if alerting.is_offered(item):
        return 0
    now = calendar.now()
    values: dict[str, Any] = {
        "key": f"i{item.pk}v{item.version}e",
        "slug": item.notice.slug,
        "url": reverse("policies:detail", args=[item.notice.slug]),
        "context": json.dumps({**words.item_context(item), **words.reasons(item)}, ensure_ascii=False),
        "item": item.pk,
        "version": item.version,
        "topic": item.kind,
        "is_urgent": alerting.is_urgent(item, calendar.day_of(now)),
        "daily": alerting.due_on("daily", now),
        "weekly": alerting.due_on("weekly", now),
        "writers": list(WRITERS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED_LATER, values)
    names = ("key", "slug", "url", "context", "topic", "item", "version", "writers", "is_urgent")
    return outbox.post_select(MATCHED, _MATCHED_READERS, [values[name] for name in names])


_MATCHED_READERS = """
SELECT %s || found.enterprise_id AS key, reader.id AS recipient_id, found.enterprise_id, reader.language,
  %s AS subject_code, %s AS url, %s::jsonb || jsonb_build_object('enterprise', enterprise.name) AS context
FROM policies_match AS found
JOIN enterprises_enterprise AS enterprise ON enterprise.id = found.enterprise_id
JOIN enterprises_membership AS membership
  ON membership.enterprise_id = found.enterprise_id AND membership.ended_at IS NULL
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
LEFT JOIN policies_alertchoice AS choice ON choice.user_id = reader.id AND choice.topic = %s
WHERE found.item_id = %s AND found.item_version = %s AND membership.role = ANY(%s)
  AND (choice.frequency IS NULL OR choice.frequency = 'instant'
    OR choice.frequency IN ('daily', 'weekly') AND %s)
  AND NOT EXISTS (
    SELECT FROM policies_itemmark AS mark WHERE mark.standing = 'dismissed'
      AND mark.item_id = found.item_id AND mark.enterprise_id = found.enterprise_id)
  AND (found.item_version = 1 OR NOT EXISTS (
    SELECT FROM policies_match AS earlier WHERE earlier.enterprise_id = found.enterprise_id
      AND earlier.item_id = found.item_id AND earlier.item_version < found.item_version))
"""
# Few have chosen, so their choices are where it begins.
_MATCHED_LATER = """
INSERT INTO policies_alertdue (user_id, enterprise_id, item_id, item_version, due_on, letter)
SELECT reader.id, found.enterprise_id, found.item_id, found.item_version,
  CASE choice.frequency WHEN 'daily' THEN %(daily)s::date ELSE %(weekly)s::date END, ''
FROM policies_alertchoice AS choice
JOIN accounts_user AS reader ON reader.id = choice.user_id AND reader.is_active
JOIN enterprises_membership AS membership ON membership.user_id = reader.id AND membership.ended_at IS NULL
JOIN policies_match AS found ON found.enterprise_id = membership.enterprise_id
WHERE choice.topic = %(topic)s AND choice.frequency IN ('daily', 'weekly') AND NOT %(is_urgent)s
  AND found.item_id = %(item)s AND found.item_version = %(version)s AND membership.role = ANY(%(writers)s)
  AND NOT EXISTS (
    SELECT FROM policies_itemmark AS mark WHERE mark.standing = 'dismissed'
      AND mark.item_id = found.item_id AND mark.enterprise_id = found.enterprise_id)
  AND (found.item_version = 1 OR NOT EXISTS (
    SELECT FROM policies_match AS earlier WHERE earlier.enterprise_id = found.enterprise_id
      AND earlier.item_id = found.item_id AND earlier.item_version < found.item_version))
ON CONFLICT DO NOTHING
"""


def tell_rematched(enterprise: Enterprise, item_ids: list[int], *, seen: datetime) -> int:
    """Tell an enterprise's owners and editors which items fit since its facts changed, in one letter each.

    Items of notices still to be verified and those dismissed are left out; of a topic a reader wants daily or
    weekly they hear in the letter of that morning. `seen` is the time of the change, the letter's key.
    """
    items = PolicyItem.objects.filter(pk__in=item_ids, notice__to_be_verified=False).select_related("notice")
    dismissed = ItemMark.objects.dismissed().filter(enterprise=enterprise).exclude(item=None)
    wanted = items.exclude(pk__in=dismissed.values("item")).order_by("closes_on", "pk")
    found = [item for item in wanted if not alerting.is_offered(item)]
    if not found:
        return 0
    members = Membership.objects.current().filter(
        enterprise=enterprise, role__in=WRITERS, user__is_active=True
    )
    readers = [membership.user for membership in members.select_related("user").order_by("pk")]
    chosen = {
        (choice.user_id, choice.topic): choice.frequency
        for choice in AlertChoice.objects.filter(user__in=readers)
    }
    now = calendar.now()
    letters, ledger = [], []
    for reader in readers:
        at_once, later = alerting.sorted_by_choice(found, chosen, reader.pk, now)
        ledger += [_due(reader, enterprise, item, day) for item, day in later]
        if at_once:
            letter = _rematched(enterprise, reader, at_once, seen)
            letters.append(letter)
            ledger += [_due(reader, enterprise, item, now, letter) for item in at_once]
    AlertDue.objects.bulk_create(ledger, ignore_conflicts=True)
    return outbox.post_many(REMATCHED, letters)


def _rematched(enterprise: Enterprise, reader: Any, items: list[PolicyItem], seen: datetime) -> Letter:
    return Letter(
        key=f"e{enterprise.pk}:{seen.isoformat()}",
        recipient=reader,
        enterprise_id=enterprise.pk,
        url=reverse("policies:since"),
        context=words.several(enterprise, items),
    )


def _due(
    reader: Any, enterprise: Enterprise, item: PolicyItem, when: date | datetime, letter: Letter | None = None
) -> AlertDue:
    """Make the ledger row of one match: told now by `letter`, or waiting for the day `when`."""
    told_at = when if isinstance(when, datetime) else None
    return AlertDue(
        user=reader,
        enterprise=enterprise,
        item=item,
        item_version=item.version,
        due_on=calendar.day_of(told_at) if told_at else when,
        told_at=told_at,
        letter=letter.columns(REMATCHED)["dedupe_key"] if letter else "",
    )
