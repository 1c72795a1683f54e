"""Fill in an assessment together, declare it true, and finish it for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises import facts
from enterprises.actions import record_fact
from enterprises.models import Enterprise, Fact, Membership
from services.assessments import answers as answering
from services.assessments import benchmark, notifications, results, scoring
from services.assessments.actions.evidencing import forget_evidence
from services.assessments.frameworks.schema import Section
from services.assessments.lifecycle import ASSESSMENT
from services.assessments.models import Answer, Assessment, FrameworkVersion, SectionOwner, State
from services.assessments.scoring import Problem


@dataclass(frozen=True)
class Reply:
    """One answer as a form gives it: options chosen, and the figures it was worked out from."""

    options: tuple[str, ...]
    figures: dict[str, str] = field(default_factory=dict)


class AnswersRefused(ValueError):
    """Answers that cannot be taken; `problems` says which and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.item} {problem.code}" for problem in problems))
        self.problems = problems


class AnotherWindow(ValueError):
    """The same person has changed this section since the form was shown; `at` says when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(str(at))
        self.at = at


class NotReady(ValueError):
    """It cannot be finished: answers are open, or the declaration is missing (`open` is empty then)."""

    def __init__(self, still_open: list[str]) -> None:
        super().__init__(", ".join(still_open) or "not declared")
        self.open = still_open


def start(enterprise: Enterprise, version: FrameworkVersion, *, by: Any) -> Assessment:
    """Begin a round, or return the one already begun by the enterprise, whatever its edition."""
    with transaction.atomic():
        Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        begun = Assessment.objects.drafts().filter(enterprise=enterprise, code=version.code).first()
        if begun is not None:
            return begun
        assessment = Assessment.objects.create(
            enterprise=enterprise, version=version, code=version.code, started_by=by
        )
        audit.record(assessment, "start", by=by, after=State.DRAFT, data={"version": version.pk})
    return assessment


def save_section(
    assessment: Assessment,
    section: Section,
    replies: Mapping[str, Reply],
    *,
    by: Any,
    seen: datetime | None = None,
) -> int:
    """Keep what `by` answered on one page and return how many answers changed.

    An empty reply takes the person's earlier answer back. `seen` is when the person's newest answer of this
    section stood as the form was shown: what was changed since, in another window, is not overwritten.
    Raises AnswersRefused, AnotherWindow, or TransitionRefused when the round is no draft any more.
    """
    _refuse_problems(assessment, section, replies)
    with transaction.atomic():
        _lock_draft(assessment)
        mine = {row.item: row for row in assessment.answer_rows.filter(respondent=by)}
        _refuse_another_window(section, mine, seen, replies)
        changed = [item for item, reply in replies.items() if _differs(mine.get(item), reply)]
        taken_back = [item for item in changed if not replies[item].options]
        assessment.answer_rows.filter(respondent=by, item__in=taken_back).delete()
        Answer.objects.bulk_create(
            _rows(assessment, replies, set(changed) - set(taken_back), by),
            update_conflicts=True,
            unique_fields=["assessment", "item", "respondent"],
            update_fields=["options", "figures", "answered_at"],
        )
    return len(changed)


def _refuse_problems(assessment: Assessment, section: Section, replies: Mapping[str, Reply]) -> None:
    given = {item: reply.options for item, reply in replies.items()}
    found = list(scoring.problems(assessment.framework, given))
    here = {item.id for item in section.items}
    found += [Problem(item, "unknown_item") for item in given if item not in here]
    if found:
        raise AnswersRefused(found)


def _lock_draft(assessment: Assessment) -> None:
    """Take the row, so that finishing and answering follow each other."""
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if locked.state != State.DRAFT:
        raise TransitionRefused("state", "answer", locked.state)


def _refuse_another_window(
    section: Section, mine: Mapping[str, Answer], seen: datetime | None, replies: Mapping[str, Reply]
) -> None:
    items = {item.id for item in section.items}
    newest = max((row.answered_at for item, row in mine.items() if item in items), default=None)
    if newest is None or (seen is not None and newest <= seen):
        return
    if any(_differs(mine.get(item), reply) for item, reply in replies.items()):
        raise AnotherWindow(newest)


def _differs(row: Answer | None, reply: Reply) -> bool:
    if row is None:
        return bool(reply.options)
    return sorted(row.options) != sorted(reply.options) or row.figures != reply.figures


def _rows(
    assessment: Assessment, replies: Mapping[str, Reply], items: Iterable[str], by: Any
) -> list[Answer]:
    now = calendar.now()
    return [
        Answer(
            assessment=assessment,
            item=item,
            respondent=by,
            options=list(replies[item].options),
            figures=replies[item].figures,
            answered_at=now,
        )
        for item in sorted(items)
    ]


def give_section(assessment: Assessment, section: Section, to: Any, *, by: Any) -> None:
    """Make a colleague's answers count in a section and tell them; None leaves it to whoever answers last.

    Raises ValueError when the person does not write for the enterprise.
    """
    with transaction.atomic():
        _lock_draft(assessment)
        if to is None:
            assessment.section_owners.filter(section=section.id).delete()
        else:
            _refuse_outsider(assessment, to)
            SectionOwner.objects.update_or_create(
                assessment=assessment, section=section.id, defaults={"user": to}
            )
            if to != by:
                notifications.tell_section_given(assessment, section, to, by=by)
        audit.record(
            assessment,
            "give_section",
            by=by,
            data={"section": section.id, "to": getattr(to, "pk", None)},
        )


def _refuse_outsider(assessment: Assessment, person: Any) -> None:
    current = Membership.objects.current().filter(enterprise=assessment.enterprise_id, user=person)
    if not any(membership.may_write for membership in current):
        raise ValueError("this person does not write for the enterprise")


def finish(assessment: Assessment, *, declared: bool, by: Any) -> Assessment:
    """Score the round, pin answers and result, record the fact, and tell owners and editors.

    Raises NotReady while an answer is open or the declaration is missing, TransitionRefused for a round that
    is no draft.
    """
    with transaction.atomic():
        Enterprise.objects.select_for_update(of=("self",)).get(pk=assessment.enterprise_id)
        collected = answering.collect(assessment)
        still_open = collected.open_items()
        if still_open or not declared:
            raise NotReady(still_open)
        result = results.compute(assessment.framework, collected.answers, collected.barred)
        return settle(assessment, collected.answers, result, by=by)


def settle(
    assessment: Assessment, given: dict[str, list[str]], result: dict[str, Any], *, by: Any
) -> Assessment:
    """Bring a draft to its end with these answers; called inside the transaction that has locked it."""
    now = calendar.now()
    earlier = Assessment.objects.finished().filter(enterprise=assessment.enterprise_id, code=assessment.code)
    benchmark.forget(earlier.filter(is_latest=True).first())
    rounds = earlier.aggregate(last=Max("round"))["last"] or 0
    earlier.filter(is_latest=True).update(is_latest=False)
    finished = ASSESSMENT.apply(
        assessment,
        "finish",
        by=by,
        data={"level": result["level"], "score": result["score"]},
        finished_at=now,
        declared_by=by,
        answers=given,
        result=result,
        score=Decimal(result["score"]),
        level=result["level"],
        round=rounds + 1,
        is_latest=True,
        **benchmark.place_of(assessment.enterprise),
    )
    benchmark.count(finished)
    record_result(finished, result, source=Fact.Source.ASSESSMENT, on=calendar.today(), by=by)
    notifications.tell_finished(finished)
    return finished


def record_result(
    assessment: Assessment, result: Mapping[str, Any], *, source: str, on: date, by: Any
) -> None:
    """Record what a result says of the enterprise, if its question bank names a fact and nothing is open."""
    code = assessment.framework.fact
    if not code or result["level"] is None:
        return
    value: Any = result["level"]
    if code == facts.CLOUD_READINESS:
        value = int(Decimal(result["score"]).quantize(Decimal(1), ROUND_HALF_UP))
    record_fact(assessment.enterprise, code, value, source=source, on=on, by=by)


def discard(assessment: Assessment, *, by: Any) -> Assessment:
    """Drop a draft; its answers and evidence are erased, the row stays as history."""
    with transaction.atomic():
        dropped = ASSESSMENT.apply(assessment, "discard", by=by)
        dropped.answer_rows.all().delete()
        forget_evidence(dropped)
    return dropped


def take_over_check(
    enterprise: Enterprise, version: FrameworkVersion, given: Mapping[str, list[str]], *, by: Any
) -> Assessment:
    """Keep the quick check of a visitor who has signed up since as a finished round of the enterprise.

    Raises AnswersRefused for answers the question bank does not know, NotReady for incomplete ones.
    """
    found = list(scoring.problems(version.framework, given))
    if found:
        raise AnswersRefused(found)
    result = results.compute(version.framework, given)
    if result["open"]:
        raise NotReady(result["open"])
    with transaction.atomic():
        draft = start(enterprise, version, by=by)
        return settle(draft, {item: list(chosen) for item, chosen in given.items()}, result, by=by)
