"""Try the outside addresses of published notices once a day, and tell publishers of dead ones."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import connection, transaction
from django.db.models import F, Q

from core import calendar
from services.policies import links, notifications
from services.policies.links import Admit
from services.policies.models import LinkState

# One tick tries so many; the next takes the rest.
AT_ONCE = 20
FAILURES_TOLD = 2


@transaction.atomic
def gather_links() -> int:
    """Note the addresses of all published notices, and forget those that stand nowhere any more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        cursor.execute(_GATHER)
        return cursor.rowcount


_STANDING = """
  SELECT notice.id AS notice_id, split_part(source, ' ', 1) AS url
  FROM policies_policynotice AS notice CROSS JOIN unnest(notice.sources) AS source
  WHERE notice.state = 'published' AND source ~ '^https?://'
  UNION
  SELECT notice.id, item.apply_url
  FROM policies_policyitem AS item JOIN policies_policynotice AS notice ON notice.id = item.notice_id
  WHERE notice.state = 'published' AND item.withdrawn_at IS NULL AND item.apply_url <> ''
"""
_GATHER = f"""
INSERT INTO policies_linkstate (notice_id, url, failures, error)
SELECT notice_id, url, 0, '' FROM ({_STANDING}) AS standing
ON CONFLICT (notice_id, url) DO NOTHING
"""  # noqa: S608 - only constants of this module
_FORGET = f"""
DELETE FROM policies_linkstate AS link
WHERE NOT EXISTS (SELECT FROM ({_STANDING}) AS standing
                  WHERE standing.notice_id = link.notice_id AND standing.url = link.url)
"""  # noqa: S608 - only constants of this module


def check_links(on: date, *, admit: Admit = links.is_public) -> int:
    """Try addresses not tried since `on` began, at most twenty; return how many.

    The rows are marked as tried first: a worker that dies leaves them to the next day, and two workers never
    try the same. No transaction is open while the network is waited for.
    """
    chosen = _claim(on)
    for link in chosen:
        _note(link, links.probe(link.url, admit=admit))
    return len(chosen)


@transaction.atomic
def _claim(on: date) -> list[LinkState]:
    begin = datetime.combine(on, time.min, tzinfo=calendar.zone())
    waiting = LinkState.objects.filter(Q(tried_at=None) | Q(tried_at__lt=begin))
    ordered = waiting.order_by(F("tried_at").asc(nulls_first=True), "pk")
    chosen = list(ordered.select_for_update(skip_locked=True)[:AT_ONCE])
    LinkState.objects.filter(pk__in=[link.pk for link in chosen]).update(tried_at=calendar.now())
    return chosen


@transaction.atomic
def _note(link: LinkState, error: str) -> None:
    locked = LinkState.objects.select_for_update(of=("self",)).select_related("notice").filter(pk=link.pk)
    found = locked.first()
    if found is None:
        return
    found.error = error
    found.failures = min(found.failures + 1, 1000) if error else 0
    if not error:
        found.told_at = None
    elif found.failures >= FAILURES_TOLD and found.told_at is None:
        found.told_at = calendar.now()
        notifications.tell_of_dead_link(found)
    found.save(update_fields=["error", "failures", "told_at"])
