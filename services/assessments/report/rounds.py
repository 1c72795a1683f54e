"""The rounds beside each other; an older edition's round is shown by both rules, each labelled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from core import calendar
from services.assessments import conditions, results, scoring, wording
from services.assessments.frameworks.schema import Framework
from services.assessments.models import Assessment, FrameworkVersion, State
from services.assessments.report.shapes import Round

SHOWN_ROUNDS = 6


def rounds_of(assessment: Assessment) -> list[Assessment]:
    """Return the finished rounds of this question bank, the newest first; one query."""
    rows = Assessment.objects.finished().filter(enterprise=assessment.enterprise_id, code=assessment.code)
    return list(rows.select_related("version").order_by("-round")[:SHOWN_ROUNDS])


def is_before(row: Assessment, assessment: Assessment) -> bool:
    return assessment.round is None or (row.round or 0) < assessment.round


def round_rows(rounds: list[Assessment], assessment: Assessment) -> list[Round]:
    if len(rounds) < 2 and assessment.state == State.FINISHED:
        return []
    return [
        _round(row, rounds[number + 1] if number + 1 < len(rounds) else None, assessment.version)
        for number, row in enumerate(rounds)
    ]


def _round(row: Assessment, earlier: Assessment | None, present: FrameworkVersion) -> Round:
    score = Decimal(row.score or 0)
    change = ""
    if earlier is not None and earlier.version_id == row.version_id:
        difference = results.one_place(score) - results.one_place(Decimal(earlier.score or 0))
        change = f"{difference:+.1f}".removesuffix(".0") if difference else "0"
    return Round(
        number=row.round or 0,
        at=row.finished_at or row.started_at,
        edition=row.version.edition,
        level=wording.level(row.framework, row.level),
        score=wording.points(score),
        change=change,
        reference=row.reference,
        by_present_rule=_by_rule_of(present, row),
    )


def _by_rule_of(present: FrameworkVersion, row: Assessment) -> str:
    """Score an old round by another edition and say so; '' when it is the same one."""
    if row.version_id == present.pk:
        return ""
    found = rescored(present.framework, row)
    if found is None:
        return gettext("cannot be scored by the %(edition)s edition: it asks other questions") % {
            "edition": present.edition
        }
    return gettext("by the %(edition)s edition: %(score)s, %(level)s") % {
        "edition": present.edition,
        "score": wording.points(found["score"]),
        "level": wording.level(present.framework, found["level"]),
    }


def rescored(framework: Framework, row: Assessment) -> dict[str, Any] | None:
    """Score the answers of a round by another edition, by its mapped items; None when one is missing.

    What that edition would not have asked, by the facts known when the round was finished, may be missing.
    """
    given = {item: row.answers.get(framework.replaces.get(item, item), []) for item in framework.items}
    barred = conditions.barred(framework, row.enterprise, calendar.day_of(row.finished_at or row.started_at))
    hidden = scoring.hidden_items(framework, given, barred)
    if not all(given[item] for item in framework.items if item not in hidden):
        return None
    if any(scoring.problems(framework, given)):
        return None
    return results.compute(framework, given, barred)
