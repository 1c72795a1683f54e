"""Have a place, wait for one, give it back; every verb first locks the occasion, so places are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises.models import Enterprise
from services.industry import notifications
from services.industry.lifecycle import BOOKING
from services.industry.models import Booking, BookingState, Occasion


@dataclass(frozen=True)
class Attendee:
    """Who comes."""

    name: str
    phone: str = ""


@transaction.atomic
def book(occasion: Occasion, attendee: Attendee, *, enterprise: Enterprise, by: Any) -> Booking:
    """Give a place, or one on the waiting list when none is left, and say which.

    Raises ValidationError when booking is closed, the person has a place, or the enterprise has all of its.
    """
    locked = lock(occasion)
    _check(locked, attendee, enterprise)
    has_place = locked.left > 0
    booking = Booking.objects.create(
        occasion=locked,
        enterprise=enterprise,
        booked_by=by,
        attendee_name=attendee.name,
        attendee_phone=attendee.phone,
        state=BookingState.BOOKED if has_place else BookingState.WAITING,
    )
    if has_place:
        _count(locked, 1)
    audit.record(booking, "book", by=by, after=booking.state)
    notifications.tell_booked(booking)
    return booking


@transaction.atomic
def cancel(booking: Booking, *, by: Any) -> Booking:
    """Give a place back; the first of the waiting list moves up at once and is told.

    Raises TransitionRefused for one that was cancelled before, and once the occasion has begun.
    """
    occasion = lock(booking.occasion)
    if calendar.now() >= occasion.starts_at:
        raise TransitionRefused("state", "cancel", booking.state)
    had_place = Booking.objects.get(pk=booking.pk).has_place
    cancelled = BOOKING.apply(booking, "cancel", by=by)
    if had_place:
        _count(occasion, -1)
        fill(occasion)
    return cancelled


@transaction.atomic
def rate(booking: Booking, rating: int, words: str = "", *, by: Any) -> Booking:
    """Say once what an occasion was worth, from 1 to 5, after its end."""
    row = Booking.objects.select_for_update(of=("self",)).select_related("occasion").get(pk=booking.pk)
    is_over = row.occasion.ends_at <= calendar.now()
    if not row.has_place or row.rating is not None or not is_over or row.attended is False:
        raise TransitionRefused("state", "rate", row.state)
    row.rating, row.rating_words, row.rated_at = rating, words, calendar.now()
    row.save(update_fields=["rating", "rating_words", "rated_at"])
    audit.record(row, "rate", by=by, data={"rating": rating})
    return row


def lock(occasion: Occasion) -> Occasion:
    """Return the occasion as it is now, held until the end of the transaction."""
    return Occasion.objects.select_for_update(of=("self",)).get(pk=occasion.pk)


def fill(locked: Occasion) -> int:
    """Let the waiting list move up into what is free; return how many did. The occasion must be locked."""
    moved = 0
    for booking in Booking.objects.filter(occasion=locked).in_line()[: max(locked.left, 0)]:
        _count(locked, 1)
        notifications.tell_moved_up(BOOKING.apply(booking, "move_up", by=None))
        moved += 1
    return moved


def _count(locked: Occasion, change: int) -> None:
    locked.taken += change
    locked.save(update_fields=["taken"])


def _check(occasion: Occasion, attendee: Attendee, enterprise: Enterprise) -> None:
    if not occasion.takes_bookings(calendar.now()):
        raise ValidationError(_("Booking is closed for this event."))
    ours = Booking.objects.filter(occasion=occasion, enterprise=enterprise).active()
    names = list(ours.values_list("attendee_name", flat=True))
    if attendee.name in names:
        raise ValidationError({"name": _("This person has been booked already.")})
    if len(names) >= occasion.per_enterprise:
        most = occasion.per_enterprise
        raise ValidationError(
            ngettext(
                "One enterprise can have %(most)s place at this event.",
                "One enterprise can have %(most)s places at this event.",
                most,
            )
            % {"most": most}
        )
