"""The map of scenes, and what the next level asks for with what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from services.assessments import wording
from services.assessments.frameworks.schema import NOT_APPLICABLE, UNSURE, Framework, Item, Kind, Level
from services.assessments.report.shapes import Need, Scene


def scene_groups(
    framework: Framework, answers: Mapping[str, list[str]], result: Mapping[str, Any]
) -> list[tuple[str, tuple[Scene, ...]]]:
    return [
        (
            wording.say(group.title),
            tuple(_scene(item, answers.get(item.id, []), result["scenes"][item.id]) for item in scenes),
        )
        for dimension in framework.dimensions
        for group in dimension.groups
        if (scenes := [item for item in group.items if _is_shown(item, result)])
    ]


def _is_shown(item: Item, result: Mapping[str, Any]) -> bool:
    return item.kind is Kind.SCENE and item.id not in result.get("hidden", ())


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


def next_level(framework: Framework, level: int | None) -> str:
    """Name the level above; '' at the top."""
    following = _following(framework, level)
    return wording.say(following.title) if following else ""


def needs(framework: Framework, result: Mapping[str, Any]) -> list[Need]:
    """List the conditions of the next level with what there is."""
    following = _following(framework, result["level"])
    if following is None:
        return []
    return [*_of_the_score(following, result), *_of_the_scenes(framework, following, result)]


def _following(framework: Framework, level: int | None) -> Level | None:
    return next((one for one in framework.levels if one.level == (level or 0) + 1), None)


def _of_the_score(level: Level, result: Mapping[str, Any]) -> Iterator[Need]:
    score = Decimal(result["score"])
    if level.min_score is not None:
        told = gettext("a score of at least %(bound)s: you have %(score)s")
        yield Need(
            told % {"bound": level.min_score, "score": wording.points(score)}, score >= level.min_score
        )
    elif level.above is not None:
        told = gettext("a score above %(bound)s: you have %(score)s")
        yield Need(told % {"bound": level.above, "score": wording.points(score)}, score > level.above)


def _of_the_scenes(framework: Framework, level: Level, result: Mapping[str, Any]) -> Iterator[Need]:
    reached = [item for item in framework.scenes if result["scenes"][item.id] >= level.scene_level]
    have, key = len(reached), sum(item.constrained for item in reached)
    if level.min_scenes:
        told = gettext("%(need)s scenes at level %(level)s or higher: you have %(have)s")
        values = {"need": level.min_scenes, "level": level.scene_level, "have": have}
        yield Need(told % values, have >= level.min_scenes)
    if level.min_constrained:
        told = gettext("%(need)s of them key scenes: you have %(have)s")
        yield Need(told % {"need": level.min_constrained, "have": key}, key >= level.min_constrained)
