"""What the page of a notice shows of opinions: the public answers, never an enterprise's own words."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet

from core import nested
from services.policies.models import OpinionAnswer, PolicyNotice

SHOWN = 20
_COLUMNS = ("id", "topic", "said_zh", "said_en", "answer_zh", "answer_en", "answered_at")


def with_answers(notices: QuerySet[PolicyNotice]) -> QuerySet[PolicyNotice]:
    """Read with each notice the newest public answers to opinions on it; `answers` gives them."""
    newest = OpinionAnswer.objects.filter(notice=OuterRef("pk")).order_by("-pk")
    counted = newest.annotate(number=Count("opinions"))[:SHOWN]
    return notices.annotate(answers=nested.gathered(counted, *_COLUMNS, "number"))


def answers(notice: PolicyNotice) -> list[OpinionAnswer]:
    """Return the answers of a notice of `with_answers`, each with its `number` of opinions; no query."""
    found = notice.answers  # type: ignore[attr-defined]  # gathered with it
    rows = nested.rows(OpinionAnswer, found)
    for row, columns in zip(rows, found, strict=True):
        row.number = columns["number"]  # type: ignore[attr-defined]  # read by the page
    return rows
