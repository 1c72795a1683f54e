"""Say how far it is proven that the people behind an enterprise may speak for it."""

from typing import Any

from django.db import transaction

from core import audit, calendar
from enterprises.lifecycle import PROOF, PROOF_VERBS
from enterprises.models import Enterprise
from enterprises.notifications import PROOF_CHANGED, post


def set_proof_level(enterprise: Enterprise, level: str, *, reason: str, by: Any) -> Enterprise:
    """Set the proof level and tell the owners; the papers handed in are settled with that.

    Staff with `enterprises.set_proof_level` may.

    Raises `core.lifecycle.TransitionRefused` without a reason, without the permission, or when the
    enterprise has that level already.
    """
    with transaction.atomic():
        locked = PROOF.apply(enterprise, PROOF_VERBS[level], by=by, reason=reason)
        locked.licences.waiting().update(settled_at=calendar.now())
        event = audit.history(locked).latest("pk")
        for membership in locked.memberships.owners().select_related("user"):
            post(
                PROOF_CHANGED,
                locked,
                membership.user,
                event,
                context={"name": locked.name, "level": level, "reason": reason},
            )
    return locked
