"""What authors and reviewers are told of their notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse

from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Letter
from services.policies import link_words
from services.policies.models import ErrorReport, LinkState, PolicyNotice
from services.policies.notifications import words
from services.policies.notifications.kinds import ERROR_REPORTED, IN_REVIEW, LINK_DEAD, LOOK_AGAIN


def reviewers() -> QuerySet[Any]:
    """Return the active staff whose roles let them review notices."""
    may = Q(groups__permissions__codename="review_notice") | Q(user_permissions__codename="review_notice")
    return get_user_model().objects.filter(may, is_active=True, is_staff=True).distinct().order_by("pk")


def tell_reviewers(notice: PolicyNotice, key: str, *, by: Any) -> int:
    """Tell every reviewer but the one who sent it that a notice waits."""
    return outbox.post_many(
        IN_REVIEW,
        [_letter(notice, key, reader) for reader in reviewers() if reader != by],
    )


def tell_author(kind: Kind, notice: PolicyNotice, key: str, *, reason: str = "") -> int:
    """Tell the author what became of a notice; one taken over from elsewhere has none."""
    if notice.author is None or not notice.author.is_active:
        return 0
    return outbox.post(kind, _letter(notice, key, notice.author, reason=reason))


def _letter(notice: PolicyNotice, key: str, reader: Any, *, reason: str = "") -> Letter:
    return Letter(
        key=key,
        recipient=reader,
        subject_code=notice.slug,
        url=reverse("admin:policies_policynotice_change", args=[notice.pk]),
        context={**words.titles(notice), "reason": reason},
    )


def tell_of_report(report: ErrorReport) -> int:
    """Tell the author of a notice that a reader found an error; without an active one, the reviewers."""
    author = report.notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    return outbox.post_many(
        ERROR_REPORTED,
        [
            Letter(
                key=f"r{report.pk}",
                recipient=reader,
                subject_code=report.notice.slug,
                url=reverse("admin:policies_errorreport_change", args=[report.pk]),
                context={**words.titles(report.notice), "text": report.text},
            )
            for reader in readers
        ],
    )


def tell_of_dead_link(link: LinkState) -> int:
    """Tell the author of a notice that one of its addresses is dead; without an active one, the reviewers."""
    author = link.notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    said = words.in_both("error", lambda: link_words.error(link.error))
    return outbox.post_many(
        LINK_DEAD,
        [
            Letter(
                key=f"l{link.pk}:{link.told_at:%Y-%m-%d}",
                recipient=reader,
                subject_code=link.notice.slug,
                url=reverse("admin:policies_policynotice_change", args=[link.notice_id]),
                context={**words.titles(link.notice), **said, "address": link.url},
            )
            for reader in readers
        ],
    )


def tell_to_look(notice: PolicyNotice, on: date) -> int:
    """Ask the author to see whether a notice is still right; without an active one, the reviewers."""
    author = notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    return outbox.post_many(
        LOOK_AGAIN, [_letter(notice, f"{notice.slug}:{on.isoformat()}", reader) for reader in readers]
    )
