"""What else waits for an enterprise beside its requests: vouchers, needs, answers, and events that are over.

Rows have the shape of `services.requests.page.list_row`, with the one action that is next.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from core import calendar
from enterprises.models import Enterprise, JoinRequest
from services.cloud.models import Voucher, VoucherState
from services.industry.models import AnswerState, Booking, Need, NeedState, Occasion

SHOWN = 5
_OF_A_VOUCHER = (VoucherState.RETURNED, VoucherState.CLAIM_RETURNED, VoucherState.ISSUED)


def beside_requests(user: Any, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Return what waits for somebody who writes for this enterprise, up to five of a kind; four queries."""
    return [
        *_people(user, enterprise),
        *_vouchers(user, enterprise),
        *_needs(user, enterprise),
        *_feedback(user, enterprise),
    ]


def coming(user: Any, enterprise: Enterprise) -> list[Booking]:
    """Return the bookings that are still ahead, the next first; one query."""
    rows = Booking.objects.for_member(user).filter(enterprise=enterprise).active()
    ahead = rows.filter(occasion__in=Occasion.objects.public(), occasion__ends_at__gt=Now())
    return list(ahead.select_related("occasion").order_by("occasion__starts_at", "pk")[:SHOWN])


def _people(user: Any, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Return who asks to be let in, for the owners."""
    mine = enterprise.memberships.owners().filter(user=user)
    rows = enterprise.join_requests.open().filter(Exists(mine)).select_related("asked_by").order_by("pk")
    return [_person(row) for row in rows[:SHOWN]]


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


def _vouchers(user: Any, enterprise: Enterprise) -> list[dict[str, Any]]:
    rows = Voucher.objects.for_member(user).filter(enterprise=enterprise, state__in=_OF_A_VOUCHER)
    ordered = rows.select_related("product", "programme").order_by("due_on", "valid_to", "pk")
    return [_voucher(row) for row in ordered[:SHOWN]]


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


def _needs(user: Any, enterprise: Enterprise) -> list[dict[str, Any]]:
    answered = Q(state=NeedState.PUBLISHED, answers__state=AnswerState.PASSED_ON)
    rows = Need.objects.for_member(user).filter(enterprise=enterprise)
    waiting = rows.filter(Q(state=NeedState.RETURNED) | answered).distinct()
    return [_need(row) for row in waiting.order_by("-pk")[:SHOWN]]


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


def _feedback(user: Any, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Ask for a word about events of which the enterprise was asked already."""
    rows = Booking.objects.for_member(user).filter(enterprise=enterprise).booked()
    asked = rows.filter(asked_at__isnull=False, rating=None, occasion__in=Occasion.objects.public())
    there = asked.exclude(attended=False).filter(occasion__ends_at__lte=Now())
    ordered = there.select_related("occasion").order_by(F("occasion__ends_at").desc(), "pk")
    return [_word_about(row) for row in ordered[:SHOWN]]


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
