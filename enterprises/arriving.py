"""What somebody finds on arriving: invitations, what they asked for, what is known of their enterprise."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core import nested
from enterprises.models import Claim, Enterprise, Fact, Invitation, JoinRequest

_INVITING = (
    "id", "key", "enterprise__id", "enterprise__name", "invited_by__id", "invited_by__name",
    "invited_by__email", "invited_by__closed_at",
)  # fmt: skip
_ASKED = ("id", "key", "uscc", "asked_at", "expires_at")
_CLAIMED = ("id", "answers", "claimed_at")
_KNOWN = ("id", "code", "value", "precision", "source", "on", "expires_on")


@dataclass(frozen=True)
class Arrival:
    """Invitations, requests to join and claims that are open; `facts` are the current ones."""

    invitations: list[Invitation]
    asked: list[JoinRequest]
    claims: list[Claim]
    facts: list[Fact]


def of(user: User, enterprise: Enterprise | None) -> Arrival:
    """Return what a signed-in person finds, with the facts of the enterprise they act for; one query."""
    invited = Invitation.objects.waiting_for(user).order_by("pk")
    asked = JoinRequest.objects.open().filter(asked_by=user).order_by("pk")
    claimed = Claim.objects.filter(claimant=user, state=Claim.State.OPEN).order_by("pk")
    known = Fact.objects.current().filter(enterprise=enterprise)
    parts = {
        "seen_invitations": nested.gathered(invited, *_INVITING),
        "seen_asked": nested.gathered(asked, *_ASKED),
        "seen_claims": nested.gathered(claimed, *_CLAIMED),
        "seen_facts": nested.gathered(known, *_KNOWN),
    }
    found: dict[str, Any] = dict(User.objects.filter(pk=user.pk).values(**parts).get())
    return Arrival(
        nested.rows(Invitation, found["seen_invitations"]),
        nested.rows(JoinRequest, found["seen_asked"]),
        nested.rows(Claim, found["seen_claims"]),
        nested.rows(Fact, found["seen_facts"]),
    )
