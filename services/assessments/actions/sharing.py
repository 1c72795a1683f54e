"""Let an adviser read one report by a link, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core import audit, calendar
from services.assessments.models import Assessment, Share, State

DAYS = (7, 30, 90)
MOST = 20


def share(assessment: Assessment, *, days: int, note: str = "", by: Any) -> Share:
    """Make a link to a finished report; raises ValueError for a draft or too many open links."""
    if assessment.state != State.FINISHED:
        raise ValueError("only a finished report is shared")
    with transaction.atomic():
        Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        if assessment.shares.filter(revoked_at=None, expires_at__gt=Now()).count() >= MOST:
            raise ValueError("too many open links")
        row = Share.objects.create(
            assessment=assessment, note=note, shared_by=by, expires_at=calendar.now() + timedelta(days=days)
        )
        audit.record(assessment, "share", by=by, data={"share": row.pk, "days": days})
    return row


def revoke(row: Share, *, by: Any) -> Share:
    """Close a link; closing twice changes nothing."""
    with transaction.atomic():
        if Share.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=Now()):
            audit.record(row.assessment, "revoke_share", by=by, data={"share": row.pk})
    row.refresh_from_db()
    return row
