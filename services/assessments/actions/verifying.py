"""Record what an expert found on a visit, beside what the enterprise said of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from enterprises.models import Fact
from services.assessments import results, scoring
from services.assessments.actions.filling import record_result
from services.assessments.models import Assessment, State, Verification


def verify(
    assessment: Assessment, *, visited_on: date, scenes: Mapping[str, Mapping[str, str]], by: Any
) -> Verification:
    """Keep the levels an expert gave, each with its reason; the enterprise's own result stays as it is.

    The fact of the question bank is recorded from staff, on the day of the visit: it outweighs what the
    enterprise finds by itself, now and later. Raises ValidationError for a round that is not finished, a
    visit in the future, no scene at all, a level that does not exist, or a level without a reason.
    """
    _check(assessment, visited_on, scenes)
    given = {**assessment.answers, **{scene: [graded["level"]] for scene, graded in scenes.items()}}
    if any(scoring.problems(assessment.framework, given)):
        raise ValidationError(_("This level does not exist."))
    not_asked = frozenset((assessment.result or {}).get("hidden", ()))
    result = results.compute(assessment.framework, given, not_asked)
    with transaction.atomic():
        row = Verification.objects.create(
            assessment=assessment,
            scenes={scene: dict(graded) for scene, graded in scenes.items()},
            result=result,
            score=Decimal(result["score"]),
            level=result["level"],
            visited_on=visited_on,
            verified_by=by,
        )
        record_result(assessment, result, source=Fact.Source.STAFF, on=visited_on, by=by)
        audit.record(
            assessment,
            "verify",
            by=by,
            data={"level": result["level"], "self_level": assessment.level, "scenes": sorted(scenes)},
        )
    return row


def _check(assessment: Assessment, visited_on: date, scenes: Mapping[str, Mapping[str, str]]) -> None:
    if assessment.state != State.FINISHED:
        raise ValidationError(_("Only a finished round can be verified."))
    if visited_on > calendar.today():
        raise ValidationError({"visited_on": _("The visit cannot lie in the future.")})
    if not scenes:
        raise ValidationError(_("Grade at least one scene."))
    if any(not graded["reason"].strip() for graded in scenes.values()):
        raise ValidationError(_("Give a reason for every level."))
    not_asked = (assessment.result or {}).get("hidden", [])
    if set(scenes) - {scene.id for scene in assessment.framework.scenes if scene.id not in not_asked}:
        raise ValidationError(_("This scene does not belong to the question bank."))
