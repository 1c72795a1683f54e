"""Who acts for an enterprise: roles change hands, and somebody always owns it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from core import audit, calendar
from enterprises.lifecycle import PROOF
from enterprises.models import Enterprise, Membership, MembershipQuerySet
from enterprises.notifications import MANDATE_ENDS, MEMBER_ADDED, MEMBER_REMOVED, post, post_once

Role = Membership.Role


class MembershipRefused(Exception):
    """The change would break a rule: last_owner, already_member, not_a_member, other_enterprise, agent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


MANDATE_DAYS = 366
REMINDED_DAYS = 14


@dataclass(frozen=True)
class Mandate:
    """For whom an agent works, and the last day on which they may act."""

    agency: str
    last_day: date

    def columns(self) -> dict[str, Any]:
        return {
            "agency": self.agency,
            "mandate_ends_at": calendar.start_of(self.last_day + timedelta(days=1)),
        }


def add_member(
    enterprise: Enterprise, user: Any, role: str, *, by: Any, agency: str = "", until: datetime | None = None
) -> Membership:
    """Let a person act for the enterprise from now on; tell them and the owners.

    For actions that have made sure of the right to do so: an accepted invitation, an accepted claim. An
    agent acts for an `agency`, `until` the end of the mandate. Raises MembershipRefused (already_member).
    """
    with transaction.atomic():
        _lock(enterprise)
        if enterprise.memberships.current().filter(user=user).exists():
            raise MembershipRefused("already_member")
        if enterprise.proof_level == Enterprise.Proof.IMPORTED:
            PROOF.apply(enterprise, "confirm_address", by=by)
        _close(enterprise.memberships.lapsed().filter(user=user).select_related("user", "enterprise"))
        membership = Membership.objects.create(
            enterprise=enterprise, user=user, role=role, agency=agency, mandate_ends_at=until
        )
        event = audit.record(membership, "added", by=by, after=role)
        readers = {owner.user for owner in enterprise.memberships.owners().select_related("user")}
        for reader in readers | {user}:
            context = {"name": enterprise.name, "member": str(user), "role": role, "is_you": reader == user}
            post(MEMBER_ADDED, enterprise, reader, event, context=context)
    return membership


def change_role(membership: Membership, role: str, *, by: Any) -> Membership:
    """Give a member another role; an owner may.

    Raises MembershipRefused (last_owner, not_a_member, agent: who acts by a mandate owns nothing).
    """
    with transaction.atomic():
        locked = _locked(membership)
        if locked.role == role:
            return locked
        if role == Role.OWNER and locked.is_agent:
            raise MembershipRefused("agent")
        if locked.role == Role.OWNER:
            _keep_an_owner(locked)
        before, locked.role = locked.role, Role(role)
        locked.save(update_fields=["role"])
        audit.record(locked, "role_changed", by=by, before=before, after=role)
    return locked


def remove_member(membership: Membership, *, by: Any) -> Membership:
    """End a membership and tell the person; an owner may. Access is gone at their next request.

    Raises MembershipRefused (last_owner, not_a_member).
    """
    with transaction.atomic():
        locked = _locked(membership)
        if locked.role == Role.OWNER:
            _keep_an_owner(locked)
        _end(locked, "removed", by)
    return locked


def leave(membership: Membership, *, by: Any, heir: Membership | None = None) -> Membership:
    """End one's own membership; an owner may name an `heir`, who owns the enterprise from then on.

    Raises MembershipRefused (last_owner, not_a_member, other_enterprise, agent).
    """
    if membership.user_id != by.pk:
        raise MembershipRefused("not_a_member")
    with transaction.atomic():
        locked = _locked(membership)
        if heir is not None and locked.role == Role.OWNER:
            transfer_ownership(locked, to=heir, by=by)
            locked.refresh_from_db(fields=["role"])
        if locked.role == Role.OWNER:
            _keep_an_owner(locked)
        _end(locked, "left", by)
    return locked


def transfer_ownership(membership: Membership, *, to: Membership, by: Any) -> Membership:
    """Make another member the owner and oneself an editor; the owner of `membership` may.

    Returns the new owner's membership. Raises MembershipRefused (not_a_member, other_enterprise).
    """
    if membership.enterprise_id != to.enterprise_id or membership.user_id == to.user_id:
        raise MembershipRefused("other_enterprise")
    with transaction.atomic():
        heir = change_role(to, Role.OWNER, by=by)
        change_role(membership, Role.EDITOR, by=by)
    return heir


def change_mandate(membership: Membership, last_day: date, *, by: Any) -> Membership:
    """Move the last day of a mandate, at most a year ahead; an owner may.

    Raises MembershipRefused (not_a_member, agent: the person acts by no mandate), ValueError for a day that
    has passed or lies further ahead.
    """
    today = calendar.day_of(calendar.now())
    if not today <= last_day <= today + timedelta(days=MANDATE_DAYS):
        raise ValueError("the last day of a mandate lies between today and a year from now")
    with transaction.atomic():
        locked = _locked(membership)
        if not locked.is_agent:
            raise MembershipRefused("agent")
        before = locked.mandate_ends_at
        locked.mandate_ends_at = Mandate(locked.agency, last_day).columns()["mandate_ends_at"]
        locked.save(update_fields=["mandate_ends_at"])
        audit.record(
            locked,
            "mandate_changed",
            by=by,
            before=before.isoformat() if before else "",
            after=locked.mandate_ends_at.isoformat(),
        )
    return locked


def end_mandates() -> int:
    """Close the mandates that have run out, and say of others that they soon will; return how many ended.

    Access ended with the mandate itself; this keeps the rows and the people in the picture. May run twice or
    late: rows are found by state, and each letter is told once.
    """
    soon = calendar.now() + timedelta(days=REMINDED_DAYS)
    people = Membership.objects.select_related("user", "enterprise")
    for membership in people.current().filter(mandate_ends_at__lte=soon).order_by("pk"):
        _tell_mandate(membership, is_over=False)
    with transaction.atomic():
        rows = people.lapsed().select_for_update(of=("self",), skip_locked=True)
        return _close(rows.order_by("pk"))


def _close(lapsed: Iterable[Membership]) -> int:
    """End mandates as of the moment they ran out."""
    count = 0
    for membership in lapsed:
        membership.ended_at = membership.mandate_ends_at
        membership.save(update_fields=["ended_at"])
        audit.record(membership, "mandate_ended", by=None, before=membership.role)
        _tell_mandate(membership, is_over=True)
        count += 1
    return count


def _tell_mandate(membership: Membership, *, is_over: bool) -> None:
    enterprise, ends = membership.enterprise, membership.mandate_ends_at
    if ends is None:
        return
    last_day = str(membership.mandate_last_day)
    owners = [owner.user for owner in enterprise.memberships.owners().select_related("user")]
    for reader in dict.fromkeys([membership.user, *owners]):
        context = {
            "name": enterprise.name,
            "member": str(membership.user),
            "agency": membership.agency,
            "last_day": last_day,
            "is_you": reader == membership.user,
            "is_over": is_over,
        }
        key = f"{membership.pk}-{last_day}-{'over' if is_over else 'soon'}-{reader.pk}"
        post_once(MANDATE_ENDS, enterprise, reader, key, context=context)


def end_memberships(enterprise: Enterprise, memberships: MembershipQuerySet, *, by: Any) -> int:
    """End several memberships at once, owners included; for staff who settle a claim."""
    _lock(enterprise)
    ended = list(memberships.current().select_related("user", "enterprise"))
    for membership in ended:
        _end(membership, "removed", by)
    return len(ended)


def _lock(enterprise: Enterprise) -> None:
    """Take the enterprise's row: two owners who leave at once must not leave it without one."""
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)


def _locked(membership: Membership) -> Membership:
    _lock(membership.enterprise)
    current = (
        Membership.objects.current().select_related("user", "enterprise").filter(pk=membership.pk).first()
    )
    if current is None:
        raise MembershipRefused("not_a_member")
    return current


def _keep_an_owner(membership: Membership) -> None:
    if not membership.enterprise.memberships.owners().exclude(pk=membership.pk).exists():
        raise MembershipRefused("last_owner")


def _end(membership: Membership, verb: str, by: Any) -> None:
    membership.ended_at = calendar.now()
    membership.save(update_fields=["ended_at"])
    event = audit.record(membership, verb, by=by, before=membership.role)
    if verb == "removed":
        context = {"name": membership.enterprise.name}
        post(MEMBER_REMOVED, None, membership.user, event, context=context)
