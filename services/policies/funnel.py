"""How far a notice came: who met its conditions, was told, opened, asked, saved, applied, or why not.

Counts enterprises, except `read`, which counts how often the page was opened by anybody, and `asked`, which
counts requests begun from it. The caller suppresses small cells.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.db import connection
from django.urls import reverse
from django.utils import translation

from services.policies.models import PolicyNotice


@dataclass(frozen=True)
class Funnel:
    """Numbers of one notice, all versions together; `dismissed` counts by `ItemMark.Reason`.

    `saved` counts whoever has it on the list now, those who applied or obtained included; `applied` includes
    those who obtained. Of what needs no application, an offer counts as told, a consent as applied, and what
    the authority granted as obtained.
    """

    matched: int
    told: int
    opened: int
    asked: int
    read: int
    saved: int
    applied: int
    obtained: int
    dismissed: dict[str, int] = field(default_factory=dict)


_COUNTED = ("matched", "told", "opened", "asked", "read", "saved", "applied", "obtained")
# Of these, what is measured for the board of policy: all but the openings of a page by anybody.
COUNTED = tuple(name for name in _COUNTED if name != "read")


def of(notice: PolicyNotice) -> Funnel:
    """Count for one notice in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"notice": notice.pk, "pages": _pages(notice)})
        *numbers, dismissed = cursor.fetchone()
    counted = dict(zip(_COUNTED, numbers, strict=True))
    return Funnel(**counted, dismissed=json.loads(dismissed or "{}"))


def _pages(notice: PolicyNotice) -> list[str]:
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(reverse("policies:detail", args=[notice.slug]))
    return found


# A letter is found by its key, which is indexed: that of one item version (`notifications.tell_matched`), or
# the one kept with the matches that went together.
_COUNT = """
WITH matched AS (
  SELECT found.enterprise_id, found.item_id, found.item_version
  FROM policies_match AS found JOIN policies_policyitem AS item ON item.id = found.item_id
  WHERE item.notice_id = %(notice)s
), letters AS (
  SELECT matched.enterprise_id, 'policies.matched:i' || item_id || 'v' || item_version || 'e'
    || matched.enterprise_id || ':u' || membership.user_id AS dedupe_key
  FROM matched JOIN enterprises_membership AS membership ON membership.enterprise_id = matched.enterprise_id
  UNION
  SELECT matched.enterprise_id, 'policies.benefit_offered:b' || benefit.id || 'v' || matched.item_version
    || ':u' || membership.user_id
  FROM matched JOIN policies_benefit AS benefit USING (item_id, enterprise_id)
  JOIN enterprises_membership AS membership USING (enterprise_id)
  UNION
  SELECT due.enterprise_id, due.letter FROM policies_alertdue AS due
  JOIN policies_policyitem AS item ON item.id = due.item_id
  WHERE item.notice_id = %(notice)s AND due.told_at IS NOT NULL
), told AS (
  SELECT letters.enterprise_id, notification.read_at FROM letters
  JOIN notifications_notification AS notification USING (dedupe_key)
), marks AS (
  SELECT enterprise_id, standing, reason FROM policies_itemmark WHERE notice_id = %(notice)s
), went AS (
  SELECT enterprise_id, standing = 'obtained' AS is_obtained FROM marks
  WHERE standing IN ('applied', 'obtained')
  UNION ALL
  SELECT enterprise_id, state = 'granted' FROM policies_benefit
  JOIN policies_policyitem AS item ON item.id = item_id
  WHERE item.notice_id = %(notice)s AND state IN ('agreed', 'sent', 'granted', 'refused')
)
SELECT (SELECT count(DISTINCT enterprise_id) FROM matched),
  (SELECT count(DISTINCT enterprise_id) FROM told),
  (SELECT count(DISTINCT enterprise_id) FROM told WHERE read_at IS NOT NULL),
  (SELECT count(*) FROM service_requests_servicerequest
   WHERE source_url = ANY(%(pages)s) AND state <> 'draft'),
  (SELECT coalesce(sum(times), 0) FROM policies_noticereading WHERE notice_id = %(notice)s),
  (SELECT count(DISTINCT enterprise_id) FROM marks WHERE standing <> 'dismissed'),
  (SELECT count(DISTINCT enterprise_id) FROM went),
  (SELECT count(DISTINCT enterprise_id) FROM went WHERE is_obtained),
  (SELECT jsonb_object_agg(reason, number) FROM (
     SELECT reason, count(DISTINCT enterprise_id) AS number FROM marks WHERE standing = 'dismissed'
     GROUP BY reason) AS reasons)
"""
