"""Take what an enterprise thinks of a policy, and answer it in public or set it aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from enterprises.models import Enterprise
from services.policies import notifications
from services.policies.lifecycle import OPINION
from services.policies.models import Opinion, OpinionAnswer, PolicyNotice


@dataclass(frozen=True)
class PublicAnswer:
    """What is published: what was said, summed up, and the answer; the English of both may be empty."""

    said_zh: str
    answer_zh: str
    said_en: str = ""
    answer_en: str = ""


@transaction.atomic
def give_opinion(notice: PolicyNotice, enterprise: Enterprise, *, topic: str, text: str, by: Any) -> Opinion:
    """Take an opinion for those who make policy; whoever may write for the enterprise gives it.

    Raises ValidationError while an earlier one of the same topic waits for its answer.
    """
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(
                notice=notice, enterprise=enterprise, author=by, topic=topic, text=text
            )
    except IntegrityError as error:
        raise ValidationError(
            {"topic": _("Your enterprise has said something about this already; it waits for its answer.")}
        ) from error
    audit.record(opinion, "give", by=by, after=opinion.state)
    return opinion


@transaction.atomic
def answer_opinion(
    opinion: Opinion, published: PublicAnswer, *, with_others: bool = False, by: Any
) -> OpinionAnswer:
    """Publish an answer on the page of the notice and tell whoever is answered.

    `with_others` answers every other waiting opinion of the same topic on the notice with it.
    """
    answer = OpinionAnswer.objects.create(
        notice=opinion.notice,
        topic=opinion.topic,
        said_zh=published.said_zh,
        said_en=published.said_en,
        answer_zh=published.answer_zh,
        answer_en=published.answer_en,
        answered_by=by,
    )
    others = Opinion.objects.beside(opinion).order_by("pk").select_for_update() if with_others else []
    for one in (opinion, *others):
        settled = OPINION.apply(one, "answer", by=by, settled_at=timezone.now(), answer=answer)
        notifications.tell_of_answer(settled)
    return answer


@transaction.atomic
def set_aside_opinion(opinion: Opinion, *, reason: str, by: Any) -> Opinion:
    """Close an opinion without a public answer; whoever gave it is told the reason."""
    settled = OPINION.apply(opinion, "set_aside", by=by, reason=reason, settled_at=timezone.now())
    notifications.tell_of_answer(settled, reason=reason)
    return settled
