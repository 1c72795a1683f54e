"""What else waits for an enterprise beside its requests: vouchers, needs, answers, and events that are over.

Rows have the shape of `services.requests.page.list_row`, with the one action that is next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from core import calendar, nested
from enterprises.models import Enterprise, JoinRequest
from services.cloud.models import Voucher, VoucherState
from services.industry.models import Answer, AnswerState, Booking, Need, NeedState, Occasion

SHOWN = 5
_OF_A_VOUCHER = (VoucherState.RETURNED, VoucherState.CLAIM_RETURNED, VoucherState.ISSUED)
_OCCASION = ("occasion__id", "occasion__slug", "occasion__title_zh", "occasion__title_en")


def columns(user: Any, enterprise: Enterprise) -> dict[str, ArraySubquery]:
    """Return what `beside_requests` and `coming` are made of, to be read in one query with whatever else."""
    return {
        "seen_people": _people(user, enterprise),
        "seen_vouchers": _vouchers(user, enterprise),
        "seen_needs": _needs(user, enterprise),
        "seen_feedback": _feedback(user, enterprise),
        "seen_bookings": _coming(user, enterprise),
    }


def beside_requests(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what waits for somebody who writes for the enterprise of these columns, up to five of a kind."""
    return [
        *map(_person, nested.rows(JoinRequest, found["seen_people"])),
        *map(_voucher, nested.rows(Voucher, found["seen_vouchers"])),
        *map(_need, nested.rows(Need, found["seen_needs"])),
        *map(_word_about, nested.rows(Booking, found["seen_feedback"])),
    ]


def coming(found: Mapping[str, Any]) -> list[Booking]:
    """Return the bookings that are still ahead, the next first."""
    return nested.rows(Booking, found["seen_bookings"])


def _coming(user: Any, enterprise: Enterprise) -> ArraySubquery:
    rows = Booking.objects.for_member(user).filter(enterprise=enterprise).active()
    ahead = rows.filter(occasion__in=Occasion.objects.public(), occasion__ends_at__gt=Now())
    ordered = ahead.order_by("occasion__starts_at", "pk")[:SHOWN]
    return nested.gathered(ordered, "id", "state", "attendee_name", *_OCCASION, "occasion__starts_at")


def _people(user: Any, enterprise: Enterprise) -> ArraySubquery:
    """Return who asks to be let in, for the owners."""
    mine = enterprise.memberships.owners().filter(user=user)
    rows = enterprise.join_requests.open().filter(Exists(mine)).order_by("pk")
    person = ("asked_by__id", "asked_by__name", "asked_by__email", "asked_by__closed_at")
    return nested.gathered(rows[:SHOWN], "id", "key", "state", "expires_at", *person)


def _person(row: JoinRequest) -> dict[str, Any]:
    return {
        "subject": _("%(person)s asks to act for you") % {"person": row.asked_by},
        "reference": "",
        "offering": _("Members"),
        "state": "waiting",
        "state_label": row.get_state_display(),
        "until": f"{calendar.day_of(row.expires_at)}",
        "action": _("Answer"),
        "action_url": reverse("enterprises:join_request", args=[row.key]),
    }


def _vouchers(user: Any, enterprise: Enterprise) -> ArraySubquery:
    rows = Voucher.objects.for_member(user).filter(enterprise=enterprise, state__in=_OF_A_VOUCHER)
    ordered = rows.order_by("due_on", "valid_to", "pk")[:SHOWN]
    product = ("product__id", "product__name_zh", "product__name_en")
    programme = ("programme__id", "programme__title_zh", "programme__title_en")
    return nested.gathered(ordered, "id", "reference", "state", "due_on", "valid_to", *product, *programme)


def _voucher(row: Voucher) -> dict[str, Any]:
    last_day = row.valid_to if row.state == VoucherState.ISSUED else row.due_on
    actions = {
        VoucherState.RETURNED: _("Supply what is missing"),
        VoucherState.CLAIM_RETURNED: _("Mend the claim"),
        VoucherState.ISSUED: _("Use the voucher"),
    }
    return {
        "subject": row.product.name if row.product else row.programme.title,
        "reference": row.reference,
        "offering": _("Cloud voucher"),
        "state": row.state,
        "state_label": row.get_state_display(),
        "until": f"{last_day}" if last_day else "",
        "action": actions[VoucherState(row.state)],
        "action_url": reverse("cloud:voucher", args=[row.reference]),
    }


def _needs(user: Any, enterprise: Enterprise) -> ArraySubquery:
    passed_on = Exists(Answer.objects.filter(need=OuterRef("pk"), state=AnswerState.PASSED_ON))
    rows = Need.objects.for_member(user).filter(enterprise=enterprise)
    waiting = rows.filter(Q(state=NeedState.RETURNED) | Q(passed_on, state=NeedState.PUBLISHED))
    ordered = waiting.order_by("-pk")[:SHOWN]
    return nested.gathered(ordered, "id", "reference", "title", "state", "open_until")


def _need(row: Need) -> dict[str, Any]:
    was_returned = row.state == NeedState.RETURNED
    page = "industry:change" if was_returned else "industry:need"
    return {
        "subject": row.title,
        "reference": row.reference,
        "offering": _("Board of needs"),
        "state": "waiting",
        "state_label": row.get_state_display(),
        "until": f"{row.open_until}",
        "action": _("Change it and send it again") if was_returned else _("Answer what was offered"),
        "action_url": reverse(page, args=[row.reference]),
    }


def _feedback(user: Any, enterprise: Enterprise) -> ArraySubquery:
    """Ask for a word about events of which the enterprise was asked already."""
    rows = Booking.objects.for_member(user).filter(enterprise=enterprise).booked()
    asked = rows.filter(asked_at__isnull=False, rating=None, occasion__in=Occasion.objects.public())
    there = asked.exclude(attended=False).filter(occasion__ends_at__lte=Now())
    ordered = there.order_by(F("occasion__ends_at").desc(), "pk")[:SHOWN]
    return nested.gathered(ordered, "id", "key", *_OCCASION)


def _word_about(row: Booking) -> dict[str, Any]:
    return {
        "subject": row.occasion.title,
        "reference": "",
        "offering": _("Event"),
        "state": "resolved",
        "state_label": _("over"),
        "until": "",
        "action": _("Say what it was worth"),
        "action_url": reverse("industry:feedback", args=[row.occasion.slug, row.key]),
    }
