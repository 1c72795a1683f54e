"""The thread of a request: who said what, and who held it meanwhile."""

from typing import Any

from core import calendar
from services.requests.models import Assignment, Message, ServiceRequest, State

Side = Message.Side


def say(
    row: ServiceRequest,
    side: Message.Side,
    text: str,
    *,
    by: Any,
    asks: list[str] | None = None,
    basket: str | None = None,
) -> Message:
    """Add a message that both sides read; the staff's first one is the first reply the clock waits for.

    What waits in `basket` goes with it; None sends no files.
    """
    at = calendar.now()
    message = Message.objects.create(
        service_request=row, side=side, author=by, text=text, asks=asks or [], written_at=at
    )
    if basket is not None:
        row.attachments.in_basket(basket).update(message=message, basket="")
    row.last_message_at, row.last_message_by_staff = at, side == Side.STAFF
    fields = ["last_message_at", "last_message_by_staff"]
    if side == Side.STAFF and row.first_replied_at is None:
        row.first_replied_at = at
        fields.append("first_replied_at")
    row.save(update_fields=fields)
    return message


def say_internally(row: ServiceRequest, text: str, *, by: Any) -> Message:
    """Add a note of the staff, which the enterprise never sees."""
    return Message.objects.create(
        service_request=row, side=Side.STAFF, author=by, is_internal=True, text=text
    )


def hand_to(row: ServiceRequest, holder: Any, *, by: Any) -> None:
    """Record that `holder` has the request from now on."""
    let_go(row)
    Assignment.objects.create(service_request=row, holder=holder, assigned_by=by)


def let_go(row: ServiceRequest) -> None:
    row.assignments.filter(ended_at=None, state=Assignment.State.HELD).update(ended_at=calendar.now())


def can_be_written_to(row: ServiceRequest) -> bool:
    """Tell whether staff may still write to the enterprise: until it is closed, returned or withdrawn."""
    return row.is_open or row.state == State.RESOLVED


def papers_asked_for(row: ServiceRequest) -> list[str]:
    """Return what the enterprise still has to hand in, item by item; empty unless the request waits."""
    if row.state != State.WAITING:
        return []
    asked = row.messages.exclude(asks=[]).order_by("-id").first()
    return list(asked.asks) if asked else []
