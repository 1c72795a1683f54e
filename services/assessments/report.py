"""The report of one round: everything a page, a shared link or a PDF shows, in the reader's language."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from services.assessments import answers as answering
from services.assessments import benchmark, recommendations, results, scoring, wording
from services.assessments.benchmark import Average
from services.assessments.frameworks.schema import NOT_APPLICABLE, UNSURE, Framework, Item
from services.assessments.models import Assessment, FrameworkVersion, State
from services.assessments.recommendations import Step, Unlocked
from services.assessments.scales import Scales, of_result

SHOWN_ROUNDS = 6


@dataclass(frozen=True)
class Scene:
    """One scene on the map: the level reached and the sentence that describes it, and the one above."""

    title: str
    level: int
    said: str
    next: str
    constrained: bool
    is_open: bool
    not_applicable: bool


@dataclass(frozen=True)
class Need:
    """One condition of the next level, and whether it is met."""

    text: str
    is_met: bool


@dataclass(frozen=True)
class Round:
    """One earlier or present round, beside the others."""

    number: int
    at: datetime
    edition: str
    level: str
    score: str
    change: str
    reference: str
    by_present_rule: str


@dataclass(frozen=True)
class Gap:
    """One scene where an expert saw another level than the enterprise."""

    title: str
    own: int
    verified: str
    reason: str


@dataclass(frozen=True)
class Verified:
    """The newest expert visit beside the self-assessment."""

    level: str
    score: str
    on: Any
    seen: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Report:
    assessment: Assessment
    title: str
    level: str
    level_number: int | None
    score: str
    max_score: str
    chart: Scales
    average: Average | None
    average_text: str
    groups: tuple[tuple[str, tuple[Scene, ...]], ...]
    next_level: str
    needs: tuple[Need, ...]
    steps: tuple[Step, ...]
    unlocked: Unlocked | None
    rounds: tuple[Round, ...]
    open: tuple[str, ...]
    not_applicable: tuple[str, ...]
    note: str
    ceiling: str
    source: str
    code: str
    is_interim: bool
    verified: Verified | None
    language: str = field(default="")


def build(assessment: Assessment, *, with_advice: bool = True) -> Report:
    """Put a report together. A draft gives an interim one, without level while an answer is open.

    `with_advice` leaves out the next steps and policies, which are the enterprise's own affair.
    """
    framework = assessment.framework
    answers, result = _answers_and_result(assessment)
    rounds = _rounds(assessment)
    average = (
        benchmark.average(assessment.version, _place(assessment)) if result["level"] is not None else None
    )
    before = next((row for row in rounds if _is_before(row, assessment)), None)
    earlier = _dimensions(before)
    return Report(
        assessment=assessment,
        title=assessment.version.title,
        level=wording.level(framework, result["level"]),
        level_number=result["level"],
        score=wording.points(result["score"]),
        max_score=wording.points(results.four_places(framework.max_score)),
        chart=of_result(
            framework,
            result,
            averages=average.points if average else None,
            before=earlier if set(earlier) == set(result["dimensions"]) else None,
        ),
        average=average,
        average_text=_average_text(average),
        groups=tuple(_scene_groups(framework, answers, result)),
        next_level=_next_level(framework, result["level"]),
        needs=tuple(_needs(framework, result)),
        steps=tuple(_steps(assessment, framework, answers, result)) if with_advice else (),
        unlocked=_unlocked(assessment, framework, result) if with_advice else None,
        rounds=tuple(_round_rows(rounds, assessment)),
        open=tuple(wording.say(framework.items[item].title) for item in result["open"]),
        not_applicable=tuple(wording.say(framework.items[item].title) for item in result["not_applicable"]),
        note=wording.say(framework.note),
        ceiling=wording.say(framework.ceiling),
        source=wording.say(framework.source),
        code=verification_code(assessment) if assessment.state == State.FINISHED else "",
        is_interim=assessment.state != State.FINISHED,
        verified=_verified(assessment, framework, result),
    )


def _answers_and_result(assessment: Assessment) -> tuple[Mapping[str, list[str]], dict[str, Any]]:
    if assessment.state == State.FINISHED and assessment.result is not None:
        return assessment.answers, assessment.result
    given = answering.collect(assessment).answers
    return given, results.compute(assessment.framework, given)


def _dimensions(row: Assessment | None) -> dict[str, str]:
    return row.result["dimensions"] if row is not None and row.result is not None else {}


def _place(assessment: Assessment) -> dict[str, str]:
    if assessment.state == State.FINISHED:
        return {"sector": assessment.sector, "size": assessment.size, "region": assessment.region}
    return benchmark.place_of(assessment.enterprise)


def _average_text(average: Average | None) -> str:
    if average is None:
        return gettext(
            "No average is shown: fewer than %(count)s comparable enterprises have finished this assessment."
        ) % {"count": benchmark.SMALLEST}
    return ngettext(
        "Average of %(count)s enterprise: %(who)s.",
        "Average of %(count)s enterprises: %(who)s.",
        average.enterprises,
    ) % {"count": average.enterprises, "who": average.step.label}


# --- scenes and the next level --------------------------------------------------------


def _scene_groups(
    framework: Framework, answers: Mapping[str, list[str]], result: Mapping[str, Any]
) -> list[tuple[str, tuple[Scene, ...]]]:
    return [
        (
            wording.say(group.title),
            tuple(_scene(item, answers.get(item.id, []), result["scenes"][item.id]) for item in group.items),
        )
        for dimension in framework.dimensions
        if not dimension.scored
        for group in dimension.groups
    ]


def _scene(item: Item, chosen: list[str], level: int) -> Scene:
    above = item.by_id.get(str(level + 1))
    return Scene(
        title=wording.say(item.title),
        level=level,
        said=wording.answer(item, chosen),
        next=wording.say(above.label) if above else "",
        constrained=item.constrained,
        is_open=not chosen or UNSURE in chosen,
        not_applicable=NOT_APPLICABLE in chosen,
    )


def _next_level(framework: Framework, level: int | None) -> str:
    following = [one for one in framework.levels if one.level == (level or 0) + 1]
    return wording.say(following[0].title) if following else ""


def _needs(framework: Framework, result: Mapping[str, Any]) -> list[Need]:
    """List the conditions of the next level with what there is."""
    following = next((one for one in framework.levels if one.level == (result["level"] or 0) + 1), None)
    if following is None:
        return []
    score = Decimal(result["score"])
    needs = []
    bound = following.min_score if following.min_score is not None else following.above
    if bound is not None:
        is_met = score >= bound if following.min_score is not None else score > bound
        told = gettext("a score of at least %(bound)s: you have %(score)s")
        if following.min_score is None:
            told = gettext("a score above %(bound)s: you have %(score)s")
        needs.append(Need(told % {"bound": bound, "score": wording.points(score)}, is_met))
    reached = [
        (item.constrained, result["scenes"][item.id] >= following.scene_level) for item in framework.scenes
    ]
    if following.min_scenes:
        have = sum(is_there for _constrained, is_there in reached)
        told = gettext("%(need)s scenes at level %(level)s or higher: you have %(have)s")
        values = {"need": following.min_scenes, "level": following.scene_level, "have": have}
        needs.append(Need(told % values, have >= following.min_scenes))
    if following.min_constrained:
        have = sum(is_there for constrained, is_there in reached if constrained)
        told = gettext("%(need)s of them key scenes: you have %(have)s")
        needs.append(
            Need(told % {"need": following.min_constrained, "have": have}, have >= following.min_constrained)
        )
    return needs


# --- the expert's view ------------------------------------------------------------------


def _verified(assessment: Assessment, framework: Framework, result: Mapping[str, Any]) -> Verified | None:
    visit = assessment.verifications.first()
    if visit is None:
        return None
    gaps = tuple(
        Gap(
            wording.say(framework.items[scene].title),
            result["scenes"][scene],
            graded["level"],
            graded["reason"],
        )
        for scene, graded in visit.scenes.items()
        if str(result["scenes"][scene]) != graded["level"]
    )
    return Verified(
        level=wording.level(framework, visit.level),
        score=wording.points(visit.score),
        on=visit.visited_on,
        seen=len(visit.scenes),
        gaps=gaps,
    )


# --- advice -----------------------------------------------------------------------------


def _steps(
    assessment: Assessment, framework: Framework, answers: Mapping[str, list[str]], result: Mapping[str, Any]
) -> list[Step]:
    return recommendations.best_steps(
        framework,
        answers,
        result,
        source_label=gettext("Assessment %(reference)s") % {"reference": assessment.reference},
        source_url=reverse("assessments:result", args=[assessment.reference]),
    )


def _unlocked(assessment: Assessment, framework: Framework, result: Mapping[str, Any]) -> Unlocked | None:
    if result["level"] is None:
        return None
    return recommendations.unlocked(assessment.enterprise, framework, result["level"])


# --- rounds -----------------------------------------------------------------------------


def _rounds(assessment: Assessment) -> list[Assessment]:
    """Return the finished rounds of this question bank, the newest first; one query."""
    rows = Assessment.objects.finished().filter(enterprise=assessment.enterprise_id, code=assessment.code)
    return list(rows.select_related("version").order_by("-round")[:SHOWN_ROUNDS])


def _is_before(row: Assessment, assessment: Assessment) -> bool:
    return assessment.round is None or (row.round or 0) < assessment.round


def _round_rows(rounds: list[Assessment], assessment: Assessment) -> list[Round]:
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
    """Score the answers of a round by another edition, by its mapped items; None when one is missing."""
    given = {item: row.answers.get(framework.replaces.get(item, item), []) for item in framework.items}
    if not all(given.values()) or any(scoring.problems(framework, given)):
        return None
    return results.compute(framework, given)


# --- proof that a report is ours ---------------------------------------------------------


def verification_code(assessment: Assessment) -> str:
    """Return the reference with six signs that depend on what the report says."""
    at = assessment.finished_at.isoformat() if assessment.finished_at else ""
    told = f"{assessment.reference}|{assessment.level}|{assessment.score:.4f}|{assessment.version.digest}"
    told += f"|{assessment.enterprise.uscc}|{at}"
    key = f"assessments.report:{settings.SECRET_KEY}".encode()
    return f"{assessment.reference}-{hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:6].upper()}"


def verified(code: str) -> Assessment | None:
    """Return the finished round a verification code belongs to; None for a code that is not ours."""
    tidy = code.strip().upper().replace(" ", "")
    reference, _dash, _signs = tidy.rpartition("-")
    row = (
        Assessment.objects.finished()
        .filter(reference=reference)
        .select_related("version", "enterprise")
        .first()
    )
    if row is None or not hmac.compare_digest(verification_code(row).encode(), tidy.encode()):
        return None
    return row
