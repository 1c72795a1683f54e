"""What the system does by itself: close, count deadlines again. Safe to run twice, late or at once."""

import hashlib
from typing import Any

from django.db import transaction

from core import audit, calendar
from core.lifecycle import TransitionRefused
from core.models import Watermark
from services.requests import sla
from services.requests.lifecycle import REQUEST
from services.requests.models import ServiceRequest

CALENDAR = "requests.calendar"
CLOSE_AT_ONCE = 500
WARNINGS_AT_ONCE = 2000


def close_resolved() -> int:
    """Close what was done and can no longer be reopened; return how many."""
    ready = ServiceRequest.objects.ready_to_close(sla.reopen_limit(calendar.now())).order_by("id")
    return sum(_close(row) for row in ready[:CLOSE_AT_ONCE])


def follow_calendar() -> int:
    """Count open deadlines again when the working calendar has changed; return how many moved."""
    stamp = _calendar_stamp()
    with transaction.atomic():
        Watermark.objects.get_or_create(job=CALENDAR)
        seen = Watermark.objects.select_for_update().get(job=CALENDAR)
        if seen.period == stamp:
            return 0
        seen.period, seen.ran_at = stamp, calendar.now()
        seen.save(update_fields=["period", "ran_at"])
        return recount_deadlines()


@transaction.atomic
def recount_deadlines() -> int:
    """Count the deadlines of open requests by the present calendar; return how many moved."""
    working = calendar.present()
    rows = ServiceRequest.objects.open().select_for_update(of=("self",)).order_by("id")
    return sum(_move_deadline(row, sla.recounted(row, working)) for row in rows)


@transaction.atomic
def add_warnings() -> int:
    """Give running requests of before there were warnings the time of theirs; return how many."""
    rows = ServiceRequest.objects.without_warning().select_for_update(of=("self",), skip_locked=True)
    working, found = calendar.present(), list(rows.order_by("id")[:WARNINGS_AT_ONCE])
    for row in found:
        if row.clock_from is not None:
            row.warn_at = sla.running(row.clock_from, row.clock_days or 0, working)["warn_at"]
    ServiceRequest.objects.bulk_update(found, ["warn_at"])
    return len(found)


def _close(row: ServiceRequest) -> bool:
    try:
        REQUEST.apply(row, "close", by=None)
    except TransitionRefused:  # reopened since it was read
        return False
    return True


def _calendar_stamp() -> str:
    working = calendar.present()
    days = sorted(working.days_off), sorted(working.working_weekends), working.covered_until
    return hashlib.sha256(repr(days).encode()).hexdigest()[:40]


def _move_deadline(row: ServiceRequest, changes: dict[str, Any]) -> bool:
    if not changes:
        return False
    before = row.due_on_text
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    audit.record(row, "move_deadline", by=None, before=before, after=row.due_on_text)
    return True
