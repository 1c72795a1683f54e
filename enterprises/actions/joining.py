"""Ask the owners of an enterprise to be let in; they answer."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises.actions.membership import add_member
from enterprises.lifecycle import JOIN
from enterprises.models import Enterprise, JoinRequest
from enterprises.notifications import JOIN_ASKED, JOIN_SETTLED, post

JOIN_DAYS = 30


def ask_to_join(uscc: str, *, note: str = "", by: Any) -> JoinRequest:
    """Ask the owners behind a credit code; any signed-in person may. It can be answered for 30 days.

    A code nobody has registered, or one the person acts for already, is kept in the same way and told to
    nobody: which codes are taken stays unknown. Asked again while the first is open, the first one stands.
    """
    with transaction.atomic():
        JoinRequest.objects.filter(
            uscc=uscc, asked_by=by, state=JoinRequest.State.OPEN, expires_at__lte=calendar.now()
        ).update(state=JoinRequest.State.WITHDRAWN)
        row, is_new = JoinRequest.objects.get_or_create(
            uscc=uscc,
            asked_by=by,
            state=JoinRequest.State.OPEN,
            defaults={
                "enterprise": _askable(uscc, by),
                "note": note,
                "expires_at": calendar.now() + timedelta(days=JOIN_DAYS),
            },
        )
        if is_new:
            _tell_owners(row)
    return row


def _askable(uscc: str, by: Any) -> Enterprise | None:
    found = Enterprise.objects.filter(uscc=uscc).first()
    if found is None or found.memberships.current().filter(user=by).exists():
        return None
    return found


def _tell_owners(row: JoinRequest) -> None:
    event = audit.record(row, "asked", by=row.asked_by)
    if row.enterprise is None:
        return
    for owner in row.enterprise.memberships.owners().select_related("user"):
        context = {"name": row.enterprise.name, "person": str(row.asked_by), "note": row.note}
        post(JOIN_ASKED, row.enterprise, owner.user, event, context=context)


def accept_join(row: JoinRequest, role: str, *, by: Any) -> JoinRequest:
    """Let the person in with this role and tell them; an owner may.

    Raises TransitionRefused when it is no longer open, MembershipRefused (already_member).
    """
    with transaction.atomic():
        settled = _settle(row, "accept", by)
        if settled.enterprise is not None:
            add_member(settled.enterprise, settled.asked_by, role, by=by)
    return settled


def refuse_join(row: JoinRequest, *, by: Any) -> JoinRequest:
    """Turn the person down and tell them; an owner may. Raises TransitionRefused like `accept_join`."""
    with transaction.atomic():
        settled = _settle(row, "refuse", by)
        # The person has no part in the enterprise: the letter names the code they typed, and no more.
        post(JOIN_SETTLED, None, settled.asked_by, _last_event(settled), context={"code": settled.uscc})
    return settled


def withdraw_join(row: JoinRequest, *, by: Any) -> JoinRequest:
    """Take back one's own request. Raises TransitionRefused when it is no longer open."""
    return _settle(row, "withdraw", by)


def _settle(row: JoinRequest, verb: str, by: Any) -> JoinRequest:
    if not JoinRequest.objects.open().filter(pk=row.pk).exists():
        raise TransitionRefused("state", verb, row.state)
    return JOIN.apply(row, verb, by=by, settled_at=calendar.now())


def _last_event(row: JoinRequest) -> Any:
    return audit.history(row).order_by("-pk")[0]
