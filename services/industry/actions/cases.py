"""The consent of the enterprise a case is about: recorded, and taken back at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.industry.actions import publishing
from services.industry.models import CaseStudy


@transaction.atomic
def record_consent(case: CaseStudy, *, consent_on: date, consent_by: str, by: Any) -> CaseStudy:
    """Record who agreed for the enterprise and on which day; a consent given again counts anew.

    Raises ValidationError for a day in the future.
    """
    if consent_on > calendar.today():
        raise ValidationError({"consent_on": _("The consent cannot lie in the future.")})
    locked = _locked(case)
    locked.consent_on, locked.consent_by = consent_on, consent_by
    locked.consent_recorded_by, locked.consent_withdrawn_at = by, None
    locked.save(update_fields=["consent_on", "consent_by", "consent_recorded_by", "consent_withdrawn_at"])
    audit.record(locked, "record_consent", by=by, detail={"consent_by": consent_by})
    return locked


@transaction.atomic
def withdraw_consent(case: CaseStudy, *, by: Any) -> CaseStudy:
    """Hide the case from this moment on; taking it back twice changes nothing.

    An owner may do it for the own enterprise, staff when the enterprise asks them to.
    """
    locked = _locked(case)
    if locked.has_consent:
        locked.consent_withdrawn_at = calendar.now()
        locked.save(update_fields=["consent_withdrawn_at"])
        audit.record(locked, "withdraw_consent", by=by)
    return locked


def publish_case(case: CaseStudy, *, by: Any) -> CaseStudy:
    """Publish a case; raises ValidationError without consent or figures, or by who sent it to review."""
    if not case.has_consent:
        raise ValidationError(_("The enterprise has not agreed: record its consent first."))
    if not case.figures.exists():
        raise ValidationError(_("A case shows at least one figure, before and after."))
    return publishing.publish(case, by=by)


def _locked(case: CaseStudy) -> CaseStudy:
    return CaseStudy.objects.select_for_update(of=("self",)).get(pk=case.pk)
