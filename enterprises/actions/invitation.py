"""Invite someone by mail to act for an enterprise; the right person accepts, once, in time."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core import audit, calendar, text
from enterprises import invitations
from enterprises.actions.membership import Mandate, MembershipRefused, add_member
from enterprises.invitations import InvitationRefused
from enterprises.models import Enterprise, Invitation, Membership
from enterprises.notifications import post_invitation

VALID_DAYS = 14


def invite(
    enterprise: Enterprise, email: str, role: str, *, by: Any, mandate: Mandate | None = None
) -> Invitation:
    """Write an invitation and mail its link; an owner may. It is valid for 14 days.

    An open invitation to the same address is replaced, so that only the newest link works. The person
    needs no account yet. With a `mandate` the person will act as an agent. Raises MembershipRefused
    (already_member, agent: a mandate makes no owner).
    """
    if mandate and role == Membership.Role.OWNER:
        raise MembershipRefused("agent")
    address = text.email(email)
    if enterprise.memberships.current().filter(user__email__iexact=address).exists():
        raise MembershipRefused("already_member")
    token = invitations.new_token()
    with transaction.atomic():
        Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        enterprise.invitations.open().filter(email=address).update(revoked_at=Now())
        invitation = Invitation.objects.create(
            enterprise=enterprise,
            email=address,
            role=role,
            token_hash=invitations.hash_of(token),
            invited_by=by,
            expires_at=calendar.now() + timedelta(days=VALID_DAYS),
            **(mandate.columns() if mandate else {}),
        )
        audit.record(invitation, "invited", by=by, after=role, data={"enterprise": enterprise.pk})
        post_invitation(invitation, token)
    return invitation


def revoke_invitation(invitation: Invitation, *, by: Any) -> bool:
    """Make an open invitation worthless; an owner may. Return False when it was no longer open."""
    with transaction.atomic():
        open_one = Invitation.objects.open().filter(pk=invitation.pk)
        revoked = bool(open_one.update(revoked_at=Now()))
        if revoked:
            audit.record(invitation, "revoked", by=by)
    return revoked


def accept_invitation(invitation: Invitation, *, by: Any) -> Membership:
    """Make `by` a member in the invited role and return the membership.

    Only the person with the invited address may. Raises InvitationRefused (other_address, closed). Who is
    a member already keeps the present role.
    """
    if not invitations.is_meant_for(invitation, by):
        raise InvitationRefused("other_address")
    with transaction.atomic():
        locked = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("enterprise")
            .get(pk=invitation.pk)
        )
        if not Invitation.objects.valid().filter(pk=locked.pk).exists():
            raise InvitationRefused("closed")
        locked.accepted_at = calendar.now()
        locked.save(update_fields=["accepted_at"])
        audit.record(locked, "accepted", by=by)
        present = locked.enterprise.memberships.current().filter(user=by).first()
        return present or add_member(
            locked.enterprise, by, locked.role, by=by, agency=locked.agency, until=locked.mandate_ends_at
        )
