"""Question banks are read whole, or refused with the line of every fault."""

from fractions import Fraction

import pytest
import yaml

from services.assessments.frameworks import loader
from services.assessments.frameworks.loader import FrameworkError
from services.assessments.frameworks.schema import Framework, Kind
from services.assessments.frameworks.values import Fault

BANKS = {framework.code: framework for framework in map(loader.load, loader.shipped())}
SMALL = """
portal:
  code: small
  total: sum
  minutes: 1
  source: {zh: 甲, en: A}
edition: '1'
title: {zh: 小, en: Small}
overall_level:
  levels:
  - level: 1
    title: {zh: 一, en: One}
    min_score: 1
dimensions:
- id: d
  title: {zh: 维, en: Part}
  indicators:
  - id: g
    title: {zh: 组, en: Group}
    questions:
    - id: q
      title: {zh: 问, en: Question}
      type: single
      options:
      - {id: A, label: {zh: 否, en: Worse}, points: 0}
      - {id: B, label: {zh: 是, en: Better}, points: 1}
"""


def faults_of(text: str) -> list[Fault]:
    with pytest.raises(FrameworkError) as refused:
        loader.load(text)
    return refused.value.faults


def line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if piece in line)


def test_four_question_banks_come_with_the_portal() -> None:
    assert sorted((code, bank.edition, len(bank.items)) for code, bank in BANKS.items()) == [
        ("cloud", "2026.2", 13),
        ("dma", "2023", 26),
        ("miit", "2024", 31),
        ("quick", "2026.2", 16),
    ]


def test_the_miit_indicators_have_the_points_of_the_source() -> None:
    bank = BANKS["miit"]

    assert [float(one.max_points) for one in bank.dimensions] == [50, 0, 30, 20]
    assert [float(item.max_points) for item in bank.items.values() if item.kind is not Kind.SCENE] == [
        8, 6, 6, 10, 10, 5, 5, 7.5, 7.5, 7.5, 7.5, 7, 7, 3, 3,
    ]  # fmt: skip
    assert sum(scene.constrained for scene in bank.scenes) == 10
    rule = [(one.level, one.min_score, one.min_scenes, one.min_constrained) for one in bank.levels]
    assert rule == [
        (0, None, 0, 0), (1, 20, 6, 3), (2, 40, 6, 3), (3, 60, 8, 5), (4, 80, 10, 6),
    ]  # fmt: skip


@pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
def test_no_page_asks_more_than_eight_questions(bank: Framework) -> None:
    assert max(len(section.items) for section in bank.sections) <= 8
    assert [item for section in bank.sections for item in (one.id for one in section.items)] == list(
        bank.items
    )


@pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
def test_every_question_has_something_that_helps_with_it(bank: Framework) -> None:
    assert set(bank.remedies) == {
        item.id for item in bank.items.values() if item.kind is Kind.SCENE or item.max_points
    }
    assert {remedy.effort for remedy in bank.remedies.values()} <= {1, 2, 3}


@pytest.mark.parametrize(
    ("percent", "option"), [(0, "A"), (10, "A"), (Fraction("10.0001"), "B"), (20, "B"), (60, "D"), (100, "E")]
)
def test_a_share_falls_into_the_bin_whose_upper_bound_is_closed(percent: Fraction, option: str) -> None:
    found = BANKS["miit"].items["q02"].bin_of(Fraction(percent))

    assert found is not None
    assert found.id == option


def test_a_sound_text_is_read() -> None:
    assert loader.load(SMALL).items["q"].by_id["B"].points == 1


@pytest.mark.parametrize(
    ("change", "line", "place", "code"),
    [
        (("points: 1}", "points: many}"), "points: many", "options.1.points", "not_a_number"),
        (("points: 1}", "points: 1/0}"), "points: 1/0", "options.1.points", "not_a_number"),
        (("en: Better", "en: ''"), "en: ''", "options.1.label.en", "missing"),
        (("{id: B,", "{id: A,"), "options:", "options", "twice"),
        (("type: single", "type: guess"), "type: guess", "questions.0.type", "not_known"),
        (("- id: g", "- id: d"), "- id: d\n", "indicators.0.id", "twice"),
        (("minutes: 1", "minutes: -1"), "minutes: -1", "portal.minutes", "not_a_number"),
        (("total: sum", "total: product"), "total: product", "portal.total", "not_known"),
    ],
)
def test_a_fault_is_told_with_its_line(change: tuple[str, str], line: str, place: str, code: str) -> None:
    text = SMALL.replace(*change)

    (fault,) = faults_of(text)

    assert fault.code == code
    assert fault.place.endswith(place)
    if not line.endswith("\n"):
        assert fault.line == line_of(text, line)


CONDITIONAL = (
    SMALL
    + """
- id: e
  title: {zh: 二维, en: Second part}
  indicators:
  - id: h
    title: {zh: 组, en: Group}
    only_if: {item: q, options: [B]}
    questions:
    - id: r
      title: {zh: 再问, en: More}
      type: single
      options:
      - {id: A, label: {zh: 否, en: Worse}, points: 0}
      - {id: B, label: {zh: 是, en: Better}, points: 1}
  - id: i
    title: {zh: 组, en: Group}
    questions:
    - id: t
      title: {zh: 也问, en: Also}
      type: single
      options:
      - {id: A, label: {zh: 否, en: Worse}, points: 0}
      - {id: B, label: {zh: 是, en: Better}, points: 1}
"""
)


def test_a_group_hands_its_condition_to_its_items() -> None:
    bank = loader.load(CONDITIONAL)

    assert [(item.id, item.only_if[0].item, item.only_if[0].options) for item in bank.conditional] == [
        ("r", "q", ("B",))
    ]
    assert [[section.id for section in stage] for stage in bank.stages] == [["d"], ["e"]]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("only_if: {item: q,", "only_if: {item: nobody,", "not_known"),
        ("only_if: {item: q,", "only_if: {item: t,", "not_before"),
        ("options: [B]}", "options: [Z]}", "not_known"),
        ("options: [B]}", "options: []}", "missing"),
        ("only_if: {item: q,", "only_if: {", "missing"),
        ("only_if: {item: q,", "only_if: {other: 1, item: q,", "not_known"),
        ("only_if: {item: q,", "only_if: {facts: [{fact: region}], item: q,", "bad_criterion"),
        ("only_if: {item: q,", "only_if: {facts: 7, item: q,", "bad_criterion"),
    ],
)
def test_a_condition_that_cannot_hold_is_told_with_its_line(before: str, after: str, code: str) -> None:
    text = CONDITIONAL.replace(before, after)

    found = faults_of(text)

    assert [(fault.line, fault.code) for fault in found][:1] == [(line_of(text, "only_if"), code)]


def test_a_scored_part_asks_something_of_everybody() -> None:
    text = CONDITIONAL.replace("    - id: t\n", "    - id: t\n      only_if: {item: q, options: [B]}\n")

    assert [(fault.line, fault.code) for fault in faults_of(text)] == [
        (line_of(text, "- id: e"), "never_asked")
    ]


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = SMALL.replace("points: 1}", "points: x}").replace("zh: 小, ", "")

    assert [fault.code for fault in faults_of(text)] == ["missing", "not_a_number"]


@pytest.mark.parametrize(
    "text", ["", "- a", "portal: [", "a: &a [*a]", "portal: {}", "!!python/object:os.system {}", "7" * 5000]
)
def test_what_is_no_question_bank_is_refused(text: str) -> None:
    assert faults_of(text)


def test_a_text_that_is_far_too_long_is_not_even_read() -> None:
    assert faults_of("x" * 400_001) == [Fault(1, "", "too_long")]


def test_levels_must_rise() -> None:
    data = yaml.safe_load(SMALL)
    data["overall_level"]["levels"].append({"level": 2, "title": {"zh": "二", "en": "Two"}, "min_score": 1})

    assert [fault.code for fault in faults_of(yaml.safe_dump(data, allow_unicode=True))] == [
        "levels_not_rising"
    ]
