"""What readers are told who reported an error or gave an opinion."""

from __future__ import annotations

from django.urls import reverse

from notifications import outbox
from notifications.outbox import Letter
from services.policies.models import ErrorReport, Opinion
from services.policies.notifications import words
from services.policies.notifications.kinds import OPINION_ANSWERED, REPORT_ANSWERED


def thank_for_report(report: ErrorReport, *, reason: str) -> int:
    """Tell whoever reported an error what became of it; one without an address is told nothing."""
    if not report.reporter and not report.email:
        return 0
    letter = Letter(
        key=f"r{report.pk}",
        recipient=report.reporter,
        address="" if report.reporter else report.email,
        language=report.language,
        subject_code=report.notice.slug,
        url=reverse("policies:detail", args=[report.notice.slug]),
        context={
            **words.titles(report.notice),
            "is_corrected": report.state == ErrorReport.State.CORRECTED,
            "reason": reason,
        },
    )
    return outbox.post(REPORT_ANSWERED, letter)


def tell_of_answer(opinion: Opinion, *, reason: str = "") -> int:
    """Tell whoever gave an opinion that it was answered in public, or why it was set aside."""
    if opinion.author is None:
        return 0
    answer = opinion.answer
    letter = Letter(
        key=f"o{opinion.pk}",
        recipient=opinion.author,
        enterprise_id=opinion.enterprise_id,
        subject_code=opinion.notice.slug,
        url=reverse("policies:opinion", args=[opinion.notice.slug]),
        context={
            **words.titles(opinion.notice),
            "answer_zh": answer.answer_zh if answer else "",
            "answer_en": (answer.answer_en or answer.answer_zh) if answer else "",
            "reason": reason,
        },
    )
    return outbox.post(OPINION_ANSWERED, letter)
