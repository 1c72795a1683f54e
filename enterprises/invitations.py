"""The token of an invitation: 256 random bits, known to the mail alone; we keep its hash."""

import hashlib
import secrets
from typing import Any

from core import text
from enterprises.models import Invitation


class InvitationRefused(Exception):
    """The invitation cannot be accepted: other_address, closed (accepted, revoked or expired)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Invitation | None:
    """Return the invitation this token belongs to, open or not."""
    return (
        Invitation.objects.filter(token_hash=hash_of(token))
        .select_related("enterprise", "invited_by")
        .first()
    )


def is_meant_for(invitation: Invitation, user: Any) -> bool:
    """Tell whether the signed-in person has the address that was invited."""
    return text.email(user.email) == text.email(invitation.email)


def masked(address: str) -> str:
    """Show enough of an address to recognise one's own: "w…@example.cn"."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"
