"""Scores are exact, bounded, monotone and independent of order, and equal to a slow reading of the rule."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessments import scoring
from services.assessments.frameworks import loader
from services.assessments.frameworks.schema import NOT_APPLICABLE, UNSURE, Framework, Item, Kind, Total

# Scenes and questions of the same part that only some enterprises are asked, by answers of several steps.
MIXED = loader.load(
    """
portal: {code: mixed, total: sum, minutes: 1, source: {zh: 甲, en: A}}
edition: '1'
title: {zh: 混, en: Mixed}
overall_level:
  levels:
  - {level: 1, title: {zh: 一, en: One}, min_score: '10/3', min_scenes: 1, scene_level: 1}
  - {level: 2, title: {zh: 二, en: Two}, above: 6, min_scenes: 2, min_constrained_scenes: 1, scene_level: 2}
dimensions:
- id: d
  title: {zh: 维, en: Part}
  indicators:
  - id: g
    title: {zh: 组, en: Group}
    questions:
    - id: a
      title: {zh: 甲, en: A}
      type: multi
      options: [{id: X, label: {zh: 无, en: None}, points: 0, exclusive: true}, {id: Y, label: {zh: 一, en: One}, points: 3}, {id: Z, label: {zh: 二, en: Two}, points: '1/3'}]
- id: e
  title: {zh: 二维, en: Second part}
  worth: 7
  indicators:
  - id: h
    title: {zh: 组, en: Group}
    questions:
    - id: b
      title: {zh: 乙, en: B}
      type: single
      only_if: {item: a, options: [Y, Z]}
      options: [{id: X, label: {zh: 无, en: None}, points: 0}, {id: Y, label: {zh: 一, en: One}, points: 5}]
    - id: c
      title: {zh: 丙, en: C}
      type: single
      options: [{id: X, label: {zh: 无, en: None}, points: 0}, {id: Y, label: {zh: 一, en: One}, points: 2}]
- id: s
  title: {zh: 场景, en: Scenes}
  scored: false
  groups:
  - id: t
    title: {zh: 场景, en: Scenes}
    only_if: {item: b, options: [Y]}
    scenes:
    - {id: s1, title: {zh: 一, en: One}, constrained: true, levels: [{level: 0, label: {zh: 零, en: "Not"}}, {level: 1, label: {zh: 一, en: Some}}, {level: 2, label: {zh: 二, en: Full}}]}
  - id: u
    title: {zh: 场景, en: More scenes}
    scenes:
    - {id: s2, title: {zh: 二, en: Two}, levels: [{level: 0, label: {zh: 零, en: "Not"}}, {level: 1, label: {zh: 一, en: Some}}, {level: 2, label: {zh: 二, en: Full}}]}
"""  # noqa: E501 - a question a line
)
BANKS = {framework.code: framework for framework in map(loader.load, loader.shipped())} | {"mixed": MIXED}
MIIT, DMA = BANKS["miit"], BANKS["dma"]
BARRED = (frozenset[str](), frozenset({"c13", "k07", "s2"}))
EVERY = pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)


def draw(bank: Framework, chance: random.Random, *, open_share: float = 0.0) -> dict[str, list[str]]:
    """Answer every item at random."""
    return {item.id: draw_one(item, chance, open_share) for item in bank.items.values()}


def draw_one(item: Item, chance: random.Random, open_share: float) -> list[str]:
    if chance.random() < open_share:
        return [UNSURE]
    if item.kind is Kind.SCENE and chance.random() < 0.1:
        return [NOT_APPLICABLE]
    if item.kind is not Kind.MULTI:
        return [chance.choice(item.options).id]
    alone = [option.id for option in item.options if option.exclusive]
    others = [option.id for option in item.options if not option.exclusive]
    chosen = [option for option in others if chance.random() < 0.5]
    return chosen or [alone[0]]


def is_asked(bank: Framework, item: Item, answers: dict[str, list[str]], barred: frozenset[str]) -> bool:
    """Read the conditions of one item word by word, those of the items it looks at included."""
    if item.id in barred:
        return False
    for condition in item.only_if:
        other = bank.items.get(condition.item)
        if other is None:
            continue
        if not is_asked(bank, other, answers, barred) or not set(answers[other.id]) & set(condition.options):
            return False
    return True


def slow(
    bank: Framework, answers: dict[str, list[str]], barred: frozenset[str] = frozenset()
) -> tuple[Fraction, int | None]:
    """Read the rule word by word, with fractions and no shortcuts."""
    asked = [item for item in bank.items.values() if is_asked(bank, item, answers, barred)]
    dimensions = []
    for dimension in bank.dimensions:
        if dimension.scored:
            here = [item for item in asked if item.id in {one.id for one in dimension.items}]
            points = [
                option.points
                for item in here
                for option in item.options
                if option.id in answers.get(item.id, [])
            ]
            possible = sum((item.max_points for item in here), Fraction(0))
            dimensions.append(sum(points, Fraction(0)) / possible * dimension.max_points)
    total = sum(dimensions, Fraction(0))
    if bank.total is Total.MEAN:
        total /= len(dimensions)
    if any(not answers.get(item.id) or UNSURE in answers[item.id] for item in asked):
        return total, None
    reached = {
        scene.id: 0
        if scene not in asked or answers[scene.id] == [NOT_APPLICABLE]
        else int(answers[scene.id][0])
        for scene in bank.scenes
    }
    level = 0
    for step in bank.levels:
        scenes = [scene for scene in bank.scenes if reached[scene.id] >= step.scene_level]
        holds = (
            (step.min_score is None or total >= step.min_score)
            and (step.above is None or total > step.above)
            and len(scenes) >= step.min_scenes
            and sum(scene.constrained for scene in scenes) >= step.min_constrained
        )
        if holds:
            level = max(level, step.level)
    return total, level


@pytest.mark.parametrize("vector", MIIT.vectors, ids=lambda vector: vector.id)
def test_the_worked_examples_of_the_miit_indicators(vector: Any) -> None:
    found = scoring.score(MIIT, vector.answers)

    assert (found.total, found.level) == (vector.score, vector.level)


@EVERY
def test_ten_thousand_random_answers_score_as_the_slow_reading_does(bank: Framework) -> None:
    chance = random.Random(20260101)
    for number in range(10_000 // len(BANKS)):
        answers = draw(bank, chance, open_share=0.02 if number % 4 == 0 else 0.0)
        found = scoring.score(bank, answers, BARRED[number % 2])
        assert (found.total, found.level) == slow(bank, answers, BARRED[number % 2])


@EVERY
def test_a_score_stays_within_its_bounds(bank: Framework) -> None:
    chance = random.Random(7)
    for _number in range(300):
        found = scoring.score(bank, draw(bank, chance))
        assert 0 <= found.total <= bank.max_score
        assert all(
            0 <= found.points(number) <= dimension.max_points
            for number, dimension in enumerate(bank.scored_dimensions)
        )


@EVERY
def test_a_better_answer_never_lowers_score_or_level(bank: Framework) -> None:
    chance = random.Random(11)
    looked_at = {one.item for item in bank.conditional for one in item.only_if}
    for _number in range(300):
        answers = draw(bank, chance)
        item = chance.choice([item for item in bank.items.values() if item.id not in looked_at])
        before = scoring.score(bank, answers)
        after = scoring.score(bank, {**answers, item.id: better(item, answers[item.id])})
        assert after.hidden == before.hidden
        assert after.total >= before.total
        assert (after.level or 0) >= (before.level or 0)


def better(item: Item, chosen: list[str]) -> list[str]:
    """Give the best answer to one item."""
    if item.kind is Kind.MULTI:
        return [option.id for option in item.options if not option.exclusive]
    if item.kind is Kind.SCENE:
        return [item.options[-1].id]
    return [max(item.options, key=lambda option: option.points).id]


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_answers_and_options_does_not_matter(chance: random.Random) -> None:
    answers = draw(MIIT, chance)
    items = list(answers)
    chance.shuffle(items)
    turned = {item: sorted(answers[item], reverse=True) for item in items}

    assert scoring.score(MIIT, turned) == scoring.score(MIIT, answers)


def test_one_answer_that_is_not_sure_leaves_the_level_open_and_keeps_the_points() -> None:
    best = dict(MIIT.vectors[1].answers)

    found = scoring.score(MIIT, {**best, "q12": (UNSURE,)})

    assert (found.level, found.open, found.total) == (None, ("q12",), 93)


def test_a_scene_that_does_not_apply_counts_as_level_zero_and_is_named() -> None:
    best = dict(MIIT.vectors[1].answers)

    found = scoring.score(MIIT, {**best, "sc02": (NOT_APPLICABLE,)})

    assert (found.level, found.not_applicable, found.scenes[1]) == (4, ("sc02",), 0)


@pytest.mark.parametrize(
    ("score", "more", "level"),
    [(0, 0, 1), (25, 0, 1), (25, 1, 2), (50, 0, 2), (50, 1, 3), (75, 0, 3), (75, 1, 4)],
)
def test_a_band_takes_in_its_upper_bound(score: int, more: int, level: int) -> None:
    compiled = scoring.Scorer(DMA)

    assert compiled._level(score * compiled.scale + more, [], []) == level


def test_what_is_not_asked_counts_nothing_and_may_stay_unanswered() -> None:
    found = scoring.score(MIXED, {"a": ["X"], "b": ["Y"], "c": ["Y"], "s1": ["2"], "s2": ["1"]})

    assert (found.total, found.level, found.scenes) == (7, 1, (0, 1))
    assert (found.hidden, found.open) == (("b", "s1"), ())


def test_an_answer_to_what_is_not_asked_calls_for_nothing() -> None:
    answers = {"a": ["Y"], "b": ["Y"]}

    assert scoring.hidden_items(MIXED, answers) == frozenset()
    assert scoring.hidden_items(MIXED, answers, frozenset({"b"})) == {"b", "s1"}


def test_an_open_answer_leaves_what_depends_on_it_for_later() -> None:
    found = scoring.score(MIXED, {"a": [UNSURE], "c": ["Y"], "s2": ["1"]})

    assert (found.open, found.hidden, found.level) == (("a",), ("b", "s1"), None)


@pytest.mark.parametrize(
    ("answers", "item", "code"),
    [
        ({"q99": ["A"]}, "q99", "unknown_item"),
        ({"q02": ["Z"]}, "q02", "unknown_option"),
        ({"q02": ["A", "B"]}, "q02", "several"),
        ({"q01": ["A", "B"]}, "q01", "exclusive"),
        ({"q01": ["B", UNSURE]}, "q01", "exclusive"),
        ({"q01": ["B", "B"]}, "q01", "twice"),
        ({"q02": [NOT_APPLICABLE]}, "q02", "unknown_option"),
        ({"sc01": ["5"]}, "sc01", "unknown_option"),
        ({"q02": ["9" * 5000]}, "q02", "unknown_option"),
    ],
)
def test_answers_that_cannot_be_taken_are_named(answers: dict[str, list[str]], item: str, code: str) -> None:
    assert [(found.item, found.code) for found in scoring.problems(MIIT, answers)] == [(item, code)]


@pytest.mark.parametrize("answers", [{}, {"q01": ["B", "C"]}, {"sc01": [NOT_APPLICABLE]}, {"q01": [UNSURE]}])
def test_sound_and_open_answers_are_no_problem(answers: dict[str, list[str]]) -> None:
    assert list(scoring.problems(MIIT, answers)) == []


def test_an_option_of_another_edition_cannot_be_scored() -> None:
    with pytest.raises(scoring.AnswerError):
        scoring.score(MIIT, {"q02": ["Z"]})
