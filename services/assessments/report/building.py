"""The report of one round: everything a page, a shared link or a PDF shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from enterprises import facts
from enterprises.models import Fact
from services.assessments import answers as answering
from services.assessments import benchmark, recommendations, results, wording
from services.assessments.benchmark import Average
from services.assessments.frameworks.schema import Framework
from services.assessments.models import Assessment, FrameworkVersion, State
from services.assessments.recommendations import Step, Unlocked
from services.assessments.report.proof import verification_code
from services.assessments.report.rounds import is_before, round_rows, rounds_of
from services.assessments.report.scenes import needs, next_level, scene_groups
from services.assessments.report.shapes import Gap, Report, Verified
from services.assessments.scales import of_result


def build(assessment: Assessment, *, with_advice: bool = True) -> Report:
    """Put a report together. A draft gives an interim one, without level while an answer is open.

    `with_advice` leaves out the next steps and policies, which are the enterprise's own affair.
    """
    framework = assessment.framework
    answers, result = _answers_and_result(assessment)
    rounds = rounds_of(assessment)
    average = (
        benchmark.average(assessment.version, _place(assessment)) if result["level"] is not None else None
    )
    before = next((row for row in rounds if is_before(row, assessment)), None)
    earlier = _dimensions(before)
    return replace(
        _of_answers(assessment, answers, result),
        chart=of_result(
            framework,
            result,
            averages=average.points if average else None,
            before=earlier if set(earlier) == set(result["dimensions"]) else None,
        ),
        average=average,
        average_text=_average_text(assessment, average),
        steps=tuple(_steps(assessment, framework, answers, result)) if with_advice else (),
        unlocked=_unlocked(assessment, framework, result) if with_advice else None,
        rounds=tuple(round_rows(rounds, assessment)),
        code=verification_code(assessment) if assessment.state == State.FINISHED else "",
        is_interim=assessment.state != State.FINISHED,
        verified=_verified(assessment, framework, result),
        counting=_counting(assessment, result) if with_advice else "",
    )


def sample(version: FrameworkVersion) -> Report | None:
    """Return the report of invented works: a worked example in the lower half, so that there is much to do.

    None for a question bank without such an example. It has no code, no average and no rounds.
    """
    levels = [level.level for level in version.framework.levels]
    low = levels[len(levels) // 2 - 1] if levels else 0
    found = next((one for one in version.framework.vectors if one.level == low), None)
    if found is None:
        return None
    answers = {item: list(chosen) for item, chosen in found.answers.items()}
    result = results.compute(version.framework, answers)
    invented = Assessment(version=version, code=version.code)
    steps = recommendations.best_steps(version.framework, answers, result)
    return replace(_of_answers(invented, answers, result), steps=tuple(steps))


def _of_answers(
    assessment: Assessment, answers: Mapping[str, list[str]], result: Mapping[str, Any]
) -> Report:
    """Say what follows from the answers alone."""
    framework = assessment.framework
    return Report(
        assessment=assessment,
        title=assessment.version.title,
        level=wording.level(framework, result["level"]),
        level_number=result["level"],
        score=wording.points(result["score"]),
        max_score=wording.points(results.four_places(framework.max_score)),
        chart=of_result(framework, result),
        groups=tuple(scene_groups(framework, answers, result)),
        next_level=next_level(framework, result["level"]),
        needs=tuple(needs(framework, result)),
        open=tuple(wording.say(framework.items[item].title) for item in result["open"]),
        not_asked=tuple(wording.say(framework.items[item].title) for item in result.get("hidden", ())),
        not_applicable=tuple(wording.say(framework.items[item].title) for item in result["not_applicable"]),
        note=wording.say(framework.note),
        ceiling=wording.say(framework.ceiling),
        source=wording.say(framework.source),
    )


def _answers_and_result(assessment: Assessment) -> tuple[Mapping[str, list[str]], dict[str, Any]]:
    if assessment.state == State.FINISHED and assessment.result is not None:
        return assessment.answers, assessment.result
    collected = answering.collect(assessment)
    given = collected.answers
    return given, results.compute(assessment.framework, given, collected.barred)


def _dimensions(row: Assessment | None) -> dict[str, str]:
    return row.result["dimensions"] if row is not None and row.result is not None else {}


def _place(assessment: Assessment) -> dict[str, str]:
    if assessment.state == State.FINISHED:
        return {"sector": assessment.sector, "size": assessment.size, "region": assessment.region}
    return benchmark.place_of(assessment.enterprise)


def _average_text(assessment: Assessment, average: Average | None) -> str:
    if average is None:
        return gettext(
            "No average is shown: fewer than %(count)s comparable enterprises have finished this assessment."
        ) % {"count": benchmark.SMALLEST}
    told = ngettext(
        "Average of %(count)s enterprise: %(who)s.",
        "Average of %(count)s enterprises: %(who)s.",
        average.enterprises,
    ) % {"count": average.enterprises, "who": average.step.label}
    return f"{told} {_place_among(assessment, average)}".strip()


def _place_among(assessment: Assessment, average: Average) -> str:
    """Say what share of the same enterprises has a lower score; '' for an interim report."""
    if assessment.score is None:
        return ""
    percent = benchmark.percent_below(assessment.version, average, _place(assessment), assessment.score)
    return gettext("Your score is higher than that of %(percent)s %% of them.") % {"percent": percent}


def _counting(assessment: Assessment, result: Mapping[str, Any]) -> str:
    """Say which level policies count where an expert's visit outweighs what the round found."""
    framework = assessment.framework
    seen = assessment.enterprise.facts.current().filter(code=framework.fact, source=Fact.Source.STAFF).first()
    if seen is None or framework.fact != facts.DIGITAL_LEVEL or seen.value == result["level"]:
        return ""
    told = gettext(
        "Policies count “%(level)s”, which an expert saw on %(day)s. It stays beside your own result"
        " until another visit; ask for one when things have changed."
    )
    return told % {"level": wording.level(framework, seen.value), "day": seen.on.isoformat()}


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
    told = ngettext(
        "On %(day)s an expert looked at %(count)s scene. With what was seen the result is: %(level)s."
        " Your own result stays beside it.",
        "On %(day)s an expert looked at %(count)s scenes. With what was seen the result is: %(level)s."
        " Your own result stays beside it.",
        len(visit.scenes),
    ) % {
        "day": visit.visited_on.isoformat(),
        "count": len(visit.scenes),
        "level": wording.level(framework, visit.level),
    }
    return Verified(told, gaps)


def _steps(
    assessment: Assessment, framework: Framework, answers: Mapping[str, list[str]], result: Mapping[str, Any]
) -> list[Step]:
    return recommendations.best_steps(
        framework,
        answers,
        result,
        source_label=recommendations.source_label(assessment),
        source_url=reverse("assessments:result", args=[assessment.reference]),
    )


def _unlocked(assessment: Assessment, framework: Framework, result: Mapping[str, Any]) -> Unlocked | None:
    if result["level"] is None:
        return None
    return recommendations.unlocked(assessment.enterprise, framework, result["level"])
