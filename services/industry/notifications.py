"""What this room tells, and when it is no longer true."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import audit, calendar
from enterprises.access import reader_still_acts
from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter
from services.industry.models import Answer, Booking, Need

name_topic("industry", _("Events, needs and solutions"))


def still_comes(notification: Notification) -> bool:
    """Tell whether the place is still held, and the event still ahead and not called off."""
    ahead = Booking.objects.booked().filter(
        key=notification.subject_code,
        occasion__called_off_at=None,
        occasion__starts_at__gt=calendar.now(),
    )
    return reader_still_acts(notification) and ahead.exists()


def is_still_unrated(notification: Notification) -> bool:
    unrated = Booking.objects.booked().filter(key=notification.subject_code, rating=None)
    return reader_still_acts(notification) and unrated.exclude(attended=False).exists()


BOOKED = declare(
    Kind(
        "industry.booked",
        _("A place at an event, or on its waiting list"),
        can_be_stopped=False,
        still_due=reader_still_acts,
    )
)
MOVED_UP = declare(
    Kind(
        "industry.moved_up",
        _("A place has become free for you"),
        can_be_stopped=False,
        still_due=still_comes,
    )
)
REMINDER = declare(
    Kind("industry.reminder", _("An event is tomorrow"), can_wait=False, still_due=still_comes)
)
CALLED_OFF = declare(
    Kind(
        "industry.called_off",
        _("An event is called off"),
        can_be_stopped=False,
        still_due=reader_still_acts,
    )
)
NEED_PUBLISHED = declare(
    Kind("industry.need_published", _("Your need stands on the board"), still_due=reader_still_acts)
)
NEED_RETURNED = declare(
    Kind(
        "industry.need_returned",
        _("Your need is returned to you"),
        can_be_stopped=False,
        still_due=reader_still_acts,
    )
)
NEED_ANSWERED = declare(
    Kind("industry.need_answered", _("An answer to your need"), still_due=reader_still_acts)
)
NEED_RUN_OUT = declare(
    Kind("industry.need_run_out", _("Your need has left the board"), still_due=reader_still_acts)
)
WELCOMED = declare(Kind("industry.answer_welcomed", _("An enterprise welcomes an answer"), audience="staff"))
FEEDBACK = declare(Kind("industry.feedback", _("What was the event worth?"), still_due=is_still_unrated))


def tell_booked(booking: Booking) -> None:
    _tell(BOOKED, booking, has_place=booking.has_place)


def tell_moved_up(booking: Booking) -> None:
    _tell(MOVED_UP, booking)


def tell_reminder(booking: Booking) -> None:
    _tell(REMINDER, booking)


def tell_called_off(booking: Booking) -> None:
    _tell(CALLED_OFF, booking, reason=booking.occasion.called_off_reason)


def ask_what_it_was_worth(booking: Booking) -> None:
    _tell(FEEDBACK, booking, page="industry:feedback", parts=(booking.occasion.slug, str(booking.key)))


def _tell(
    kind: Kind,
    booking: Booking,
    *,
    page: str = "industry:occasion",
    parts: tuple[str, ...] = (),
    **context: Any,
) -> None:
    occasion, reader = booking.occasion, booking.booked_by
    with translation.override(reader.language):
        url = reverse(page, args=parts or (occasion.slug,))
    letter = Letter(
        key=f"{booking.key}",
        recipient=reader,
        subject_code=str(booking.key),
        enterprise_id=booking.enterprise_id,
        url=url,
        context={
            "title_zh": occasion.title_zh,
            "title_en": occasion.title_en or occasion.title_zh,
            "venue_zh": occasion.venue_zh,
            "venue_en": occasion.venue_en or occasion.venue_zh,
            "starts": f"{occasion.starts_at.astimezone(calendar.zone()):%Y-%m-%d %H:%M}",
            "attendee": booking.attendee_name,
            **context,
        },
    )
    outbox.post(kind, letter)


def tell_of_need(kind: Kind, need: Need, *, key: str = "", **context: Any) -> None:
    """Tell whoever posted a need; by default once for each event of its history."""
    reader = need.posted_by
    with translation.override(reader.language):
        url = reverse("industry:need", args=[need.reference])
    number = key or str(audit.history(need).values_list("pk", flat=True).first())
    letter = Letter(
        key=f"{need.reference}:{number}",
        recipient=reader,
        subject_code=need.reference,
        enterprise_id=need.enterprise_id,
        url=url,
        context={"reference": need.reference, "title": need.title, **context},
    )
    outbox.post(kind, letter)


def tell_welcomed(answer: Answer) -> None:
    """Tell the member of staff who passed the answer on that the contact may be handed over."""
    need = answer.need
    letter = Letter(
        key=f"{answer.key}",
        recipient=answer.passed_on_by,
        subject_code=need.reference,
        url=reverse("admin:industry_need_change", args=[need.pk]),
        context={
            "reference": need.reference,
            "title": need.title,
            "provider_zh": answer.provider.name_zh,
            "provider_en": answer.provider.name_en or answer.provider.name_zh,
        },
    )
    outbox.post(WELCOMED, letter)
