"""What the page of a notice shows of opinions: the public answers, never an enterprise's own words."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, QuerySet

from services.policies.models import OpinionAnswer, PolicyNotice

SHOWN = 20


def with_answers(notices: QuerySet[PolicyNotice]) -> QuerySet[PolicyNotice]:
    """Read with each notice whether opinions on it were answered, so that most pages ask no more."""
    return notices.annotate(has_answers=Exists(OpinionAnswer.objects.filter(notice=OuterRef("pk"))))


def answers(notice: PolicyNotice) -> Sequence[OpinionAnswer]:
    """Return the newest public answers, each with its `number` of opinions; takes a row of `with_answers`."""
    if not notice.has_answers:  # type: ignore[attr-defined]
        return []
    return list(notice.opinion_answers.annotate(number=Count("opinions")).order_by("-pk")[:SHOWN])
