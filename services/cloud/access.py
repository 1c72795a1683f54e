"""Who may read and who may change a plan: through membership of the enterprise, as everywhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from enterprises.models import Membership
from services.cloud.models import Onboarding


def own_plan(user: Any, reference: str) -> Onboarding:
    """Return a plan of an enterprise this person acts for; everybody else's does not exist (404)."""
    rows = Onboarding.objects.for_member(user).select_related("enterprise", "product__provider")
    return get_object_or_404(rows, reference=reference)


def plan_to_write(user: Any, reference: str) -> Onboarding:
    """Return the same to be changed; raise PermissionDenied for a viewer."""
    row = own_plan(user, reference)
    if not may_write(row, user):
        raise PermissionDenied
    return row


def may_write(onboarding: Onboarding, user: Any) -> bool:
    """Tell whether `user` may tick, hand in and rate: owners and editors, not viewers."""
    return writes_for(onboarding.enterprise_id, user)


def writes_for(enterprise_id: int, user: Any) -> bool:
    """Tell whether `user` is an owner or editor of the enterprise."""
    current = Membership.objects.current().filter(enterprise=enterprise_id, user=user)
    return any(membership.may_write for membership in current)
