"""Who acts for an enterprise: roles change hands, and somebody always owns it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from enterprises.lifecycle import PROOF
from enterprises.models import Enterprise, Membership, MembershipQuerySet
from enterprises.notifications import MEMBER_ADDED, MEMBER_REMOVED, post

Role = Membership.Role


class MembershipRefused(Exception):  # noqa: N818 - it reads as what happened
    """The change would break a rule: last_owner, already_member, not_a_member, other_enterprise."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_member(enterprise: Enterprise, user: Any, role: str, *, by: Any) -> Membership:
    """Let a person act for the enterprise from now on; tell them and the owners.

    For actions that have made sure of the right to do so: an accepted invitation, an accepted claim.
    Raises MembershipRefused (already_member).
    """
    with transaction.atomic():
        _lock(enterprise)
        if enterprise.memberships.current().filter(user=user).exists():
            raise MembershipRefused("already_member")
        if enterprise.proof_level == Enterprise.Proof.IMPORTED:
            PROOF.apply(enterprise, "confirm_address", by=by)
        membership = Membership.objects.create(enterprise=enterprise, user=user, role=role)
        event = audit.record(membership, "added", by=by, after=role)
        readers = {owner.user for owner in enterprise.memberships.owners().select_related("user")}
        for reader in readers | {user}:
            context = {"name": enterprise.name, "member": str(user), "role": role, "is_you": reader == user}
            post(MEMBER_ADDED, enterprise, reader, event, context=context)
    return membership


def change_role(membership: Membership, role: str, *, by: Any) -> Membership:
    """Give a member another role; an owner may. Raises MembershipRefused (last_owner, not_a_member)."""
    with transaction.atomic():
        locked = _locked(membership)
        if locked.role == role:
            return locked
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


def leave(membership: Membership, *, by: Any) -> Membership:
    """End one's own membership. Raises MembershipRefused (last_owner, not_a_member)."""
    if membership.user_id != by.pk:
        raise MembershipRefused("not_a_member")
    with transaction.atomic():
        locked = _locked(membership)
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
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    event = audit.record(membership, verb, by=by, before=membership.role)
    if verb == "removed":
        context = {"name": membership.enterprise.name}
        post(MEMBER_REMOVED, None, membership.user, event, context=context)
