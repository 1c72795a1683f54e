"""Count once a day, notice by notice, how far each came and whom which condition leaves out by itself."""

from __future__ import annotations

import time
from datetime import date, datetime
from datetime import time as clock

from django.db import connection, transaction

from core import calendar
from core.criteria import Op
from enterprises.criteria import write_criteria
from services.policies import funnel, reach
from services.policies.models import Barrier, NoticeMeasure, PolicyItem, PolicyNotice

# One tick counts for so long; the next one goes on. The last notice begun is always finished.
SECONDS = 15.0


@transaction.atomic
def gather_measures() -> int:
    """Note every published notice for counting, forget the others; return how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        cursor.execute(_GATHER)
        return cursor.rowcount


_GATHER = """
INSERT INTO policies_noticemeasure (notice_id)
SELECT id FROM policies_policynotice WHERE state = 'published' ON CONFLICT DO NOTHING
"""
_FORGET = """
DELETE FROM policies_noticemeasure WHERE NOT EXISTS (
  SELECT FROM policies_policynotice WHERE id = notice_id AND state = 'published')
"""


def measure_notices(on: date, *, seconds: float = SECONDS) -> int:
    """Count the notices not counted since `on` began, those counted longest ago first; return how many."""
    begin, done = time.monotonic(), 0
    while time.monotonic() - begin < seconds and measure_next(on):
        done += 1
    return done


@transaction.atomic
def measure_next(on: date) -> bool:
    """Count one notice that is due; False when there is none that nobody else is counting."""
    midnight = datetime.combine(on, clock.min, tzinfo=calendar.zone())
    due = NoticeMeasure.objects.due(midnight).select_for_update(skip_locked=True, of=("self",))
    found = due.select_related("notice").first()
    if found is None:
        return False
    counted = funnel.of(found.notice)
    for name in funnel.COUNTED:
        setattr(found, name, getattr(counted, name))
    found.measured_at = calendar.now()
    found.save()
    _note_barriers(found.notice, on)
    return True


def _note_barriers(notice: PolicyNotice, on: date) -> None:
    Barrier.objects.filter(item__notice=notice).delete()
    for item in PolicyItem.objects.open_on(on).filter(notice=notice):
        Barrier.objects.bulk_create(
            Barrier(item=item, place=place, gate=write_criteria([one.gate])[0], alone=one.alone)
            for place, one in enumerate(reach.of_item(item, on).barriers, start=1)
            if one.alone and one.gate.op is not Op.WITHIN
        )
