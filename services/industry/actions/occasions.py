"""What staff do with an event, and what the clock does: more places, calling off, attendance, reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.industry import notifications
from services.industry.actions.bookings import fill, lock
from services.industry.models import Booking, Occasion

REMIND_BEFORE = timedelta(hours=24)
# An answer is asked for within two weeks of the end, not later.
ASK_WITHIN = timedelta(days=14)
TURN = 200


@transaction.atomic
def change_seats(occasion: Occasion, *, seats: int, by: Any) -> Occasion:
    """Change the number of places; the waiting list moves up into new ones at once.

    Raises ValidationError when more are taken than there would be.
    """
    locked = lock(occasion)
    if seats < locked.taken:
        raise ValidationError({"seats": _("%(taken)s places are taken already.") % {"taken": locked.taken}})
    locked.seats = seats
    locked.save(update_fields=["seats"])
    audit.record(locked, "change_seats", by=by, data={"seats": seats})
    if not locked.is_called_off and calendar.now() < locked.starts_at:
        fill(locked)
    return locked


@transaction.atomic
def call_off(occasion: Occasion, *, reason: str, by: Any) -> Occasion:
    """Say that an event does not take place, and tell everybody who has a place or waits; once."""
    locked = lock(occasion)
    if locked.is_called_off or calendar.now() >= locked.ends_at:
        raise ValidationError(_("This is not possible at present."))
    locked.called_off_at, locked.called_off_reason = calendar.now(), reason
    locked.save(update_fields=["called_off_at", "called_off_reason"])
    audit.record(locked, "call_off", by=by, detail={"reason": reason})
    for booking in locked.bookings.active().select_related("booked_by"):
        notifications.tell_called_off(booking)
    return locked


@transaction.atomic
def keep_attendance(occasion: Occasion, *, present: Collection[str], by: Any) -> Occasion:
    """Record who came (keys of bookings); everybody else with a place did not. May be corrected later.

    Raises ValidationError before the event has begun.
    """
    locked = lock(occasion)
    if calendar.now() < locked.starts_at:
        raise ValidationError(_("Attendance is kept once the event has begun."))
    booked = locked.bookings.booked()
    booked.update(attended=False)
    came = booked.filter(key__in=present).update(attended=True)
    audit.record(locked, "keep_attendance", by=by, data={"came": came})
    return locked


def tend_occasions() -> int:
    """Remind those who have a place a day before, ask those who came afterwards; return how many letters."""
    return _remind() + _ask()


@transaction.atomic
def _remind() -> int:
    now = calendar.now()
    due = Booking.objects.booked().filter(
        reminded_at=None,
        occasion__called_off_at=None,
        occasion__starts_at__gt=now,
        occasion__starts_at__lte=now + REMIND_BEFORE,
    )
    rows = _claimed(due)
    for booking in rows:
        notifications.tell_reminder(booking)
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return len(rows)


@transaction.atomic
def _ask() -> int:
    now = calendar.now()
    due = (
        Booking.objects.booked()
        .exclude(attended=False)
        .filter(
            asked_at=None,
            rating=None,
            occasion__called_off_at=None,
            occasion__ends_at__lte=now,
            occasion__ends_at__gt=now - ASK_WITHIN,
        )
    )
    rows = _claimed(due)
    for booking in rows:
        notifications.ask_what_it_was_worth(booking)
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=now)
    return len(rows)


def _claimed(due: Any) -> list[Booking]:
    found = due.select_for_update(skip_locked=True, of=("self",)).select_related("occasion", "booked_by")
    return list(found.order_by("pk")[:TURN])
