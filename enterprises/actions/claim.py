"""Settle whose enterprise it is when a credit code was registered twice."""

from typing import Any

from django.db import transaction

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises.actions.membership import add_member, end_memberships
from enterprises.lifecycle import CLAIM
from enterprises.models import Claim, Membership
from enterprises.notifications import CLAIM_SETTLED, post


def accept_claim(
    claim: Claim,
    *,
    reason: str,
    by: Any,
    role: str = Membership.Role.EDITOR,
    ends_others: bool = False,
) -> Claim:
    """Give the claimant access and tell them; staff with `enterprises.settle_claim` may, not the claimant.

    Without another owner the claimant becomes owner whatever the role. `ends_others` takes access from
    everybody else, for a code that a stranger had registered.
    """
    with transaction.atomic():
        settled = _settle(claim, "accept", reason, by)
        enterprise = settled.enterprise
        if ends_others:
            end_memberships(enterprise, enterprise.memberships.exclude(user=settled.claimant), by=by)
        if not enterprise.memberships.owners().exists():
            role = Membership.Role.OWNER
        if not enterprise.memberships.current().filter(user=settled.claimant).exists():
            add_member(enterprise, settled.claimant, role, by=by)
        _tell(settled, accepted=True, reason=reason)
    return settled


def refuse_claim(claim: Claim, *, reason: str, by: Any) -> Claim:
    """Turn the claim down and tell the claimant why; the same people may as for accepting."""
    with transaction.atomic():
        settled = _settle(claim, "refuse", reason, by)
        _tell(settled, accepted=False, reason=reason)
    return settled


def withdraw_claim(claim: Claim, *, by: Any) -> Claim:
    """Take one's own claim back; nobody is told. For a claimant whose account closes."""
    if by.pk != claim.claimant_id:
        raise TransitionRefused("permission", "withdraw", claim.state)
    return CLAIM.apply(claim, "withdraw", by=by, settled_at=calendar.now())


def _settle(claim: Claim, verb: str, reason: str, by: Any) -> Claim:
    if by.pk == claim.claimant_id:
        raise TransitionRefused("permission", verb, claim.state)
    return CLAIM.apply(claim, verb, by=by, reason=reason, settled_at=calendar.now())


def _tell(claim: Claim, *, accepted: bool, reason: str) -> None:
    event = audit.history(claim).latest("pk")
    context = {"name": claim.answers.get("name", ""), "accepted": accepted, "reason": reason}
    post(CLAIM_SETTLED, claim.enterprise if accepted else None, claim.claimant, event, context=context)
