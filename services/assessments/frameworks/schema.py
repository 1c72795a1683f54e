"""What a question bank is: dimensions, groups, items, options and the rule that turns points into a level.

Pure: texts come in both languages and are worded by whoever shows them. Points are exact fractions, so that
nothing is rounded before it is compared.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from core.criteria import Criterion

# Answers that no question bank lists: open, and "we do not do this" (scenes only, counts as level 0).
UNSURE, NOT_APPLICABLE = "?", "-"
# A dimension with more items than this is asked group by group.
ITEMS_A_PAGE = 8


class Kind(StrEnum):
    SINGLE = "single"
    MULTI = "multi"
    SCENE = "scene"


class Total(StrEnum):
    """How the dimensions make the total score."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def say(self, language: str | None) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class Option:
    """One answer. `above` (open) and `upto` (closed) are per cent: the share that leads to this answer."""

    id: str
    label: Words
    points: Fraction
    exclusive: bool = False
    above: Fraction | None = None
    upto: Fraction | None = None


@dataclass(frozen=True)
class Input:
    """A number an enterprise may give instead of choosing a bin; the portal then finds the bin."""

    id: str
    label: Words
    unit: str


@dataclass(frozen=True)
class Condition:
    """When an item is asked: `item` was answered with one of `options`, and the facts may meet `criteria`.

    `item` is '' where only facts decide. The criteria hold their values as written; they speak of the facts
    of the enterprise in the language of policies. `line` is where the condition stands in its file.
    """

    item: str = ""
    options: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Item:
    """One question or one business scene; a scene's options are its levels, without points.

    `only_if` must hold altogether for the item to be asked; none means that everybody is asked.
    """

    id: str
    title: Words
    kind: Kind
    options: tuple[Option, ...]
    hint: Words | None = None
    constrained: bool = False
    confidence: str = ""
    inputs: tuple[Input, ...] = ()
    share: tuple[str, str] | None = None
    only_if: tuple[Condition, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}

    @property
    def max_points(self) -> Fraction:
        points = [option.points for option in self.options]
        return sum(points, Fraction(0)) if self.kind is Kind.MULTI else max(points)

    def bin_of(self, percent: Fraction) -> Option | None:
        """Find the answer a share belongs to; the first bin takes in its lower end."""
        for option in self.options:
            if option.upto is not None and percent <= option.upto:
                return option
        return None


@dataclass(frozen=True)
class Group:
    id: str
    title: Words
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Dimension:
    """Part of a question bank. An unscored one holds scenes, whose levels are counted, or plain questions.

    `worth` is what the part counts, whichever of its questions are asked; None: what they have together.
    """

    id: str
    title: Words
    scored: bool
    groups: tuple[Group, ...]
    worth: Fraction | None = None

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @cached_property
    def max_points(self) -> Fraction:
        if self.worth is not None:
            return self.worth
        return sum((item.max_points for item in self.items), Fraction(0)) if self.scored else Fraction(0)


@dataclass(frozen=True)
class Level:
    """One step of the rule: the score (at least `min_score`, or more than `above`) and the scenes it asks."""

    level: int
    title: Words
    min_score: Fraction | None = None
    above: Fraction | None = None
    min_scenes: int = 0
    min_constrained: int = 0
    scene_level: int = 0


@dataclass(frozen=True)
class Section:
    """What is asked on one page."""

    id: str
    title: Words
    dimension: Dimension
    groups: tuple[Group, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)

    def without(self, hidden: Container[str]) -> Section:
        """Return the section as it is asked when these items are not; groups without items are left out."""
        asked = (
            replace(group, items=tuple(item for item in group.items if item.id not in hidden))
            for group in self.groups
        )
        return replace(self, groups=tuple(group for group in asked if group.items))


@dataclass(frozen=True)
class Remedy:
    """What helps with a weak item: a capability of the catalogue; `effort` from 1 (weeks) to 3 (a year)."""

    capability: str
    effort: int


@dataclass(frozen=True)
class Vector:
    """A worked example that the question bank brings along; it is run before the bank is taken in."""

    id: str
    answers: dict[str, tuple[str, ...]]
    score: Fraction
    level: int


@dataclass(frozen=True)
class Framework:
    """One edition of a question bank.

    `fact` names what a finished assessment records of the enterprise; `replaces` maps an item to the one of
    an earlier edition that asked the same.
    """

    code: str
    edition: str
    title: Words
    dimensions: tuple[Dimension, ...]
    levels: tuple[Level, ...]
    total: Total
    minutes: int
    source: Words
    note: Words | None = None
    ceiling: Words | None = None
    fact: str = ""
    guests: bool = False
    replaces: dict[str, str] = field(default_factory=dict)
    remedies: dict[str, Remedy] = field(default_factory=dict)
    vectors: tuple[Vector, ...] = ()

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.id: item for dimension in self.dimensions for item in dimension.items}

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._sections())

    @cached_property
    def conditional(self) -> tuple[Item, ...]:
        """Return the items that are not asked of everybody, in their order."""
        return tuple(item for item in self.items.values() if item.only_if)

    @cached_property
    def stages(self) -> tuple[tuple[Section, ...], ...]:
        """Gather the sections that can stand on one page: what depends on an answer stands on a later one."""
        stages: list[list[Section]] = [[]]
        for section in self.sections:
            here = {item.id for earlier in stages[-1] for item in earlier.items}
            asked_before = {one.item for item in section.items for one in item.only_if}
            if here & asked_before:
                stages.append([])
            stages[-1].append(section)
        return tuple(map(tuple, stages))

    @cached_property
    def scenes(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items.values() if item.kind is Kind.SCENE)

    @property
    def scored_dimensions(self) -> tuple[Dimension, ...]:
        return tuple(dimension for dimension in self.dimensions if dimension.scored)

    @property
    def max_score(self) -> Fraction:
        most = [dimension.max_points for dimension in self.scored_dimensions]
        return sum(most, Fraction(0)) / (len(most) if self.total is Total.MEAN else 1)

    def level_of(self, number: int) -> Level:
        return next(level for level in self.levels if level.level == number)

    def section(self, id: str) -> Section | None:
        return next((section for section in self.sections if section.id == id), None)

    def _sections(self) -> Iterator[Section]:
        for dimension in self.dimensions:
            if len(dimension.items) <= ITEMS_A_PAGE:
                yield Section(dimension.id, dimension.title, dimension, dimension.groups)
                continue
            for group in dimension.groups:
                yield Section(f"{dimension.id}-{group.id}", group.title, dimension, (group,))
