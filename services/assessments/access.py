"""Who may read and who may answer: through membership of the enterprise, as everywhere."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from enterprises.models import Membership
from services.assessments.models import Assessment


def mine(user: Any, reference: str) -> Assessment:
    """Return an assessment of an enterprise this person acts for; everybody else's does not exist (404)."""
    rows = Assessment.objects.for_member(user).select_related("version", "enterprise")
    return get_object_or_404(rows, reference=reference)


def may_write(assessment: Assessment, user: Any) -> bool:
    """Tell whether `user` may answer, finish and share: owners and editors, not viewers."""
    current = Membership.objects.current().filter(enterprise=assessment.enterprise_id, user=user)
    return any(membership.may_write for membership in current)


def colleagues(assessment: Assessment) -> list[Any]:
    """Return the people who may answer for the enterprise, oldest membership first."""
    current = Membership.objects.current().filter(
        enterprise=assessment.enterprise_id,
        user__is_active=True,
        role__in=[Membership.Role.OWNER, Membership.Role.EDITOR],
    )
    return [membership.user for membership in current.select_related("user").order_by("began_at", "pk")]
