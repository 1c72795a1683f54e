"""The verbs of the desk: take, assign, ask for papers, go on, reply, note, resolve, refuse."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, wake
from core.lifecycle import TransitionRefused
from services.catalogue.models import Offering
from services.requests import notifications, parties, sla, staffing, thread
from services.requests.actions import involving
from services.requests.actions.row import locked_row, moment, needs_triage, why_not
from services.requests.lifecycle import REQUEST
from services.requests.models import Message, ServiceRequest, State
from services.requests.staffing import NobodyThere
from services.requests.thread import Side


@transaction.atomic
def take(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Take up a new request oneself; the owner is told who has it."""
    row = REQUEST.apply(service_request, "take", by=by, holder=by)
    thread.hand_to(row, by, by=by)
    notifications.tell_who_has_it(row, moment(row))
    return row


@transaction.atomic
def assign(service_request: ServiceRequest, to: Any, *, by: Any, anyway: bool = False) -> ServiceRequest:
    """Give a request to a member of staff in whose scope it lies; while they are away, to who stands in.

    Raises ValidationError for someone out of scope, and for someone who is away or has no room, naming who
    has; `anyway` overrules absence and room.
    """
    if to not in parties.may_hold(service_request):
        raise ValidationError({"to": _("This person does not work for this region and group.")})
    fresh = locked_row(service_request)
    try:
        taker = staffing.place(fresh, to, calendar.today(), anyway=anyway)
    except NobodyThere as refused:
        raise ValidationError({"to": why_not(refused)}) from refused
    was_new = fresh.state == State.SUBMITTED
    verb = "hand_over" if fresh.state == State.WAITING else "assign"
    data = {"to": taker.pk} if taker == to else {"to": taker.pk, "instead_of": to.pk}
    row = REQUEST.apply(fresh, verb, by=by, data=data, holder=taker)
    thread.hand_to(row, taker, by=by)
    if taker != by:
        notifications.tell_staff(
            notifications.ASSIGNED, row, [taker], moment(row), instead_of="" if taker == to else str(to)
        )
    if was_new:
        notifications.tell_who_has_it(row, moment(row))
    return row


@transaction.atomic
def release(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Let a question through that was held back as perhaps spam: it is routed like any other.

    Raises TransitionRefused when somebody has let it through already. Real spam is returned with a reason.
    """
    row = locked_row(service_request)
    if not row.is_suspect:
        raise TransitionRefused("state", "release", row.state)
    row.is_suspect = False
    row.save(update_fields=["is_suspect"])
    audit.record(row, "release", by=by, data={"suspicion": row.suspicion})
    wake.knock("requests.route_new")
    return row


@transaction.atomic
def ask_for_papers(
    service_request: ServiceRequest, asks: list[str], text: str = "", *, by: Any
) -> ServiceRequest:
    """Ask for everything missing in one message; the clock stands until the owner has answered."""
    fresh = locked_row(service_request)
    at = calendar.now()
    changes = sla.paused(fresh, at, calendar.present())
    row = REQUEST.apply(fresh, "ask", by=by, **changes, **_holder_unless_held(fresh, by))
    _hold_if_new(fresh, row, by)
    thread.say(row, Side.STAFF, text, by=by, asks=asks)
    notifications.tell_owner(notifications.ASKED, row, moment(row), asks=asks, text=text)
    return row


@transaction.atomic
def resume(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Go on without what was asked for; the clock runs again."""
    fresh, day = locked_row(service_request), calendar.day_of(calendar.now())
    return REQUEST.apply(fresh, "resume", by=by, **sla.resumed(fresh, day, calendar.present()))


@transaction.atomic
def reply(service_request: ServiceRequest, text: str, *, by: Any) -> Message:
    """Write to the enterprise; whoever answers a new request takes it up with that."""
    needs_triage(by)
    row = locked_row(service_request)
    if row.state == State.SUBMITTED:
        row = REQUEST.apply(row, "take", by=by, holder=by)
        thread.hand_to(row, by, by=by)
    elif not thread.can_be_written_to(row):
        raise TransitionRefused("state", "reply", row.state)
    message = thread.say(row, Side.STAFF, text, by=by)
    audit.record(row, "reply", by=by, data={"message": message.pk})
    notifications.tell_owner(notifications.REPLIED, row, f"message {message.pk}", text=text)
    return message


@transaction.atomic
def note(service_request: ServiceRequest, text: str, *, by: Any) -> Message:
    """Write an internal note, which the enterprise never sees."""
    needs_triage(by)
    row = locked_row(service_request)
    message = thread.say_internally(row, text, by=by)
    audit.record(row, "note", by=by, data={"message": message.pk})
    return message


@transaction.atomic
def resolve(service_request: ServiceRequest, outcome: str, *, by: Any) -> ServiceRequest:
    """Close a request as done with an outcome the owner reads; they may reopen it for some days."""
    row = REQUEST.apply(service_request, "resolve", by=by, outcome=outcome, resolved_at=calendar.now())
    thread.say(row, Side.STAFF, outcome, by=by)
    involving.end_all(row)
    notifications.tell_owner(
        notifications.RESOLVED, row, moment(row), text=outcome, reopen_days=settings.REOPEN_DAYS
    )
    return row


@transaction.atomic
def refuse(
    service_request: ServiceRequest, reason: str, next_offering: Offering | None = None, *, by: Any
) -> ServiceRequest:
    """Return a request with a reason in words and what to try instead."""
    row = REQUEST.apply(
        service_request,
        "refuse",
        by=by,
        reason=reason,
        refusal_reason=reason,
        next_offering=next_offering,
        **sla.STOPPED,
    )
    thread.say(row, Side.STAFF, reason, by=by)
    thread.let_go(row)
    involving.end_all(row)
    notifications.tell_owner(
        notifications.REFUSED,
        row,
        moment(row),
        text=reason,
        next_zh=next_offering.name_zh if next_offering else "",
        next_en=next_offering.name_en if next_offering else "",
    )
    return row


def _hold_if_new(before: ServiceRequest, row: ServiceRequest, by: Any) -> None:
    if before.holder_id is None and row.holder_id is not None:
        thread.hand_to(row, by, by=by)


def _holder_unless_held(row: ServiceRequest, by: Any) -> dict[str, Any]:
    return {} if row.holder_id else {"holder": by}
