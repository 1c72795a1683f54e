"""From answers to a score and a level: pure, exact, and independent of the order of the answers.

Points are whole numbers of the smallest common unit of a question bank, so that 20,000 assessments a second
are scored without a rounding. Compare before rounding; round only to show.

A question that is not asked counts nothing, neither for nor against: the points of its part are those of the
questions asked, brought to what the part is worth. A scene that is not asked is at level 0, as one that does
not apply. So with conditions, too, a score stays within its bounds and depends on no order, and a better
answer never lowers it as long as it leaves the same questions to be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import NamedTuple

from services.assessments.frameworks.schema import (
    NOT_APPLICABLE,
    UNSURE,
    Condition,
    Framework,
    Item,
    Kind,
    Level,
    Total,
)

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Problem:
    """An answer that cannot be taken: unknown_item, unknown_option, twice, exclusive or several."""

    item: str
    code: str
    option: str = ""


class AnswerError(ValueError):
    """Answers that do not belong to this question bank."""


class Score(NamedTuple):
    """What the answers are worth. `level` is None while an answer is open; `units` / `scale` is the score."""

    units: int
    scale: int
    level: int | None
    dimensions: tuple[int, ...]
    dimension_scale: int
    scenes: tuple[int, ...]
    open: tuple[str, ...]
    not_applicable: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def total(self) -> Fraction:
        return Fraction(self.units, self.scale)

    def points(self, dimension: int) -> Fraction:
        """Give the points of the scored dimension with this number."""
        return Fraction(self.dimensions[dimension], self.dimension_scale)


def problems(framework: Framework, answers: Answers) -> Iterator[Problem]:
    """Yield every answer that cannot be taken; an empty answer is merely open."""
    for name, chosen in answers.items():
        item = framework.items.get(name)
        if item is None:
            yield Problem(name, "unknown_item")
        else:
            yield from problems_of(item, chosen)


def problems_of(item: Item, chosen: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the answer to one item."""
    special = {UNSURE, NOT_APPLICABLE} if item.kind is Kind.SCENE else {UNSURE}
    for option in dict.fromkeys(chosen):
        if option not in item.by_id and option not in special:
            yield Problem(item.id, "unknown_option", option[:20])
    if len(set(chosen)) < len(chosen):
        yield Problem(item.id, "twice")
    elif len(chosen) > 1 and item.kind is not Kind.MULTI:
        yield Problem(item.id, "several")
    elif len(chosen) > 1:
        alone = [
            name for name in chosen if name in special or (name in item.by_id and item.by_id[name].exclusive)
        ]
        if alone:
            yield Problem(item.id, "exclusive", alone[0])


def hidden_items(
    framework: Framework, answers: Answers, barred: AbstractSet[str] = frozenset()
) -> frozenset[str]:
    """Name the items that are not asked: `barred` by the facts, or not called for by an earlier answer.

    An answer to an item that is itself not asked calls for nothing.
    """
    hidden = set(barred)
    for item in framework.conditional:
        if any(not _is_called_for(one, answers, hidden) for one in item.only_if if one.item):
            hidden.add(item.id)
    return frozenset(hidden)


def _is_called_for(condition: Condition, answers: Answers, hidden: AbstractSet[str]) -> bool:
    given = () if condition.item in hidden else answers.get(condition.item, ())
    return any(option in condition.options for option in given)


@lru_cache(maxsize=64)
def scorer(key: _Key) -> Scorer:
    """Return the compiled rules of a question bank."""
    return Scorer(key.framework)


@dataclass(frozen=True)
class _Key:
    """Name a question bank by its identity, so that compiled rules are found without hashing its texts."""

    framework: Framework

    def __hash__(self) -> int:
        return id(self.framework)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.framework is self.framework


def score(framework: Framework, answers: Answers, barred: AbstractSet[str] = frozenset()) -> Score:
    """Score answers; raises AnswerError for an item or option the question bank does not have.

    `barred` names the items the facts of the enterprise leave out (`conditions.barred`).
    """
    return scorer(_Key(framework)).score(answers, barred)


class Scorer:
    """The rules of one question bank, laid out for speed."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        scored = framework.scored_dimensions
        self.unit = lcm(
            *(option.points.denominator for item in framework.items.values() for option in item.options),
            *(dimension.max_points.denominator for dimension in scored),
        )
        self.dimension_count = len(scored)
        self.questions = [
            (item.id, number, {option.id: int(option.points * self.unit) for option in item.options})
            for number, dimension in enumerate(scored)
            for item in dimension.items
        ]
        self.scenes = [
            (item.id, item.constrained, {option.id: int(option.id) for option in item.options})
            for item in framework.scenes
        ]
        self.unscored = [
            item.id
            for dimension in framework.dimensions
            if not dimension.scored
            for item in dimension.items
            if item.kind is not Kind.SCENE
        ]
        self.most = {item.id: int(item.max_points * self.unit) for one in scored for item in one.items}
        self.worth = [int(dimension.max_points * self.unit) for dimension in scored]
        self.asks_everything = not framework.conditional and not any(one.worth for one in scored)
        self.scale = self.unit * (len(scored) if framework.total is Total.MEAN else 1)
        self.levels = sorted(framework.levels, key=lambda level: -level.level)
        self.steps = [self._step(level) for level in self.levels]

    def _step(self, level: Level) -> tuple[int, int, int, int, int]:
        """Give (level, least units, scene level, scenes, constrained scenes); 'above' excludes its bound."""
        least = -1
        if level.min_score is not None:
            least = ceil(level.min_score * self.scale)
        elif level.above is not None:
            least = floor(level.above * self.scale) + 1
        return level.level, least, level.scene_level, level.min_scenes, level.min_constrained

    def score(self, answers: Answers, barred: AbstractSet[str] = frozenset()) -> Score:
        if not self.asks_everything:
            return self._score_asked(answers, hidden_items(self.framework, answers, barred))
        still_open: list[str] = []
        dimensions = self._points(answers, still_open)
        scenes, constrained, not_applicable = self._levels(answers, still_open)
        units = sum(dimensions)
        level = None if still_open else self._level(units, scenes, constrained)
        return Score(
            units,
            self.scale,
            level,
            tuple(dimensions),
            self.unit,
            tuple(scenes),
            tuple(still_open),
            tuple(not_applicable),
        )

    def _score_asked(self, answers: Answers, hidden: AbstractSet[str]) -> Score:
        """Score where not everything is asked: the points of a part are brought to what it is worth."""
        asked = {name: chosen for name, chosen in answers.items() if name not in hidden}
        still_open: list[str] = [name for name in self.unscored if not _is_settled(asked.get(name))]
        got = self._points(asked, still_open)
        scenes, constrained, not_applicable = self._levels(asked, still_open)
        still_open = [name for name in still_open if name not in hidden]
        possible = [0] * self.dimension_count
        for name, dimension, _points in self.questions:
            possible[dimension] += 0 if name in hidden else self.most[name]
        finer = lcm(*possible)
        dimensions = [
            points * worth * (finer // most)
            for points, worth, most in zip(got, self.worth, possible, strict=True)
        ]
        total = Fraction(sum(dimensions), self.scale * finer)
        return Score(
            sum(dimensions),
            self.scale * finer,
            None if still_open else self._level_at(total, scenes, constrained),
            tuple(dimensions),
            self.unit * finer,
            tuple(scenes),
            tuple(still_open),
            tuple(not_applicable),
            tuple(name for name in self.framework.items if name in hidden),
        )

    def _level_at(self, total: Fraction, scenes: list[int], constrained: list[int]) -> int:
        """Find the level of a total that may be finer than the unit of the question bank."""
        for rule, step in zip(self.levels, self.steps, strict=True):
            enough = rule.min_score is None or total >= rule.min_score
            if enough and (rule.above is None or total > rule.above) and _suffice(step, scenes, constrained):
                return rule.level
        return 0

    def _points(self, answers: Answers, still_open: list[str]) -> list[int]:
        dimensions = [0] * self.dimension_count
        for name, dimension, points in self.questions:
            chosen = answers.get(name)
            if not chosen or chosen[0] == UNSURE:
                still_open.append(name)
                continue
            try:
                for option in chosen:
                    dimensions[dimension] += points[option]
            except KeyError as error:
                raise AnswerError(f"{name}: {error}") from error
        return dimensions

    def _levels(self, answers: Answers, still_open: list[str]) -> tuple[list[int], list[int], list[str]]:
        scenes: list[int] = []
        constrained: list[int] = []
        not_applicable: list[str] = []
        for name, is_constrained, levels in self.scenes:
            chosen = answers.get(name)
            if not chosen or chosen[0] == UNSURE:
                still_open.append(name)
                reached = 0
            elif chosen[0] == NOT_APPLICABLE:
                not_applicable.append(name)
                reached = 0
            else:
                try:
                    reached = levels[chosen[0]]
                except KeyError as error:
                    raise AnswerError(f"{name}: {error}") from error
            scenes.append(reached)
            if is_constrained:
                constrained.append(reached)
        return scenes, constrained, not_applicable

    def _level(self, units: int, scenes: list[int], constrained: list[int]) -> int:
        for step in self.steps:
            if units >= step[1] and _suffice(step, scenes, constrained):
                return step[0]
        return 0


def _suffice(step: tuple[int, int, int, int, int], scenes: list[int], constrained: list[int]) -> bool:
    """Tell whether the scenes are what a step of the rule asks for."""
    _level, _least, scene_level, many, bound = step
    if many and sum(reached >= scene_level for reached in scenes) < many:
        return False
    return not bound or sum(reached >= scene_level for reached in constrained) >= bound


def _is_settled(chosen: Sequence[str] | None) -> bool:
    return bool(chosen and chosen[0] != UNSURE)
