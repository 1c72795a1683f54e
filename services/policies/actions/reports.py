"""Take an error a reader reports, and settle it with a word of thanks."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from services.policies import notifications
from services.policies.lifecycle import REPORT
from services.policies.models import ErrorReport, PolicyNotice


@transaction.atomic
def report_error(
    notice: PolicyNotice, *, about: str, text: str, email: str, language: str, by: Any
) -> ErrorReport:
    """Take a report about one part of a public notice and tell its author; `by` is None for a visitor."""
    report = ErrorReport.objects.create(
        notice=notice, about=about, text=text, email=email, language=language, reporter=by
    )
    audit.record(report, "report", by=by, after=report.state)
    notifications.tell_of_report(report)
    return report


def settle_report(report: ErrorReport, *, by: Any) -> ErrorReport:
    """Say that what was reported is put right, and thank the reader; publish the correction first."""
    return _settle(report, "settle", by=by)


def decline_report(report: ErrorReport, *, reason: str, by: Any) -> ErrorReport:
    """Leave the notice as it is; the reader is told the reason."""
    return _settle(report, "decline", by=by, reason=reason)


@transaction.atomic
def _settle(report: ErrorReport, verb: str, *, by: Any, reason: str = "") -> ErrorReport:
    report = REPORT.apply(report, verb, by=by, reason=reason, settled_at=timezone.now())
    notifications.thank_for_report(report, reason=reason)
    return report
