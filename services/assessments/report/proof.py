"""Proof that a report was issued here: a code that depends on what the report says."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from services.assessments.models import Assessment


def verification_code(assessment: Assessment) -> str:
    """Return the reference with six signs that depend on what the report says."""
    at = assessment.finished_at.isoformat() if assessment.finished_at else ""
    told = f"{assessment.reference}|{assessment.level}|{assessment.score:.4f}|{assessment.version.digest}"
    told += f"|{assessment.enterprise.uscc}|{at}"
    key = f"assessments.report:{settings.SECRET_KEY}".encode()
    return f"{assessment.reference}-{hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:6].upper()}"


def verified(code: str) -> Assessment | None:
    """Return the finished round a verification code belongs to; None for a code that is not ours."""
    tidy = code.strip().upper().replace(" ", "")
    reference, _dash, _signs = tidy.rpartition("-")
    row = (
        Assessment.objects.finished()
        .filter(reference=reference)
        .select_related("version", "enterprise")
        .first()
    )
    if row is None or not hmac.compare_digest(verification_code(row).encode(), tidy.encode()):
        return None
    return row
