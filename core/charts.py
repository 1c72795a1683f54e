"""Bars worked out as plain numbers, so that a template can draw them as SVG.

Attributes only, no style: the content policy allows nothing inline. Values are printed on the bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from core.rows import clauses, listed

WIDTH = 440
HEIGHT = 210
BASE = 178
TOP = 26
GAP = 3


@dataclass(frozen=True)
class Bar:
    """One bar; `middle` and `value_y` place its number."""

    series: int
    value: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def value_y(self) -> int:
        return self.y - 5


@dataclass(frozen=True)
class Tick:
    """The label under one group of bars."""

    x: int
    label: str


@dataclass(frozen=True)
class BarChart:
    """Groups of bars on a 440-wide box, and the same numbers as rows of a table."""

    title: str
    unit: str
    description: str
    label_heading: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    label_size: int = 15
    value_size: int = 14
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE

    @property
    def tick_y(self) -> int:
        return self.base + 22

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw: no groups, or only zeros."""
        return not any(bar.value for bar in self.bars)


def bar_chart(
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    series: Sequence[str],
    title: str,
    unit: str = "",
    description: str = "",
    label_heading: str = "",
) -> BarChart:
    """Lay out one group of bars per row (label, one value per series); two series at most.

    The description defaults to the numbers in a sentence, so that a reader of the picture's
    text alternative is told them all.
    """
    if not 1 <= len(series) <= 2:
        raise ValueError("one or two series; three are not told apart by outline")
    crowded = len(rows) > 8
    return BarChart(
        title=title,
        unit=unit,
        description=description or _numbers_in_words(rows, series),
        label_heading=label_heading,
        series=tuple(series),
        rows=tuple((label, tuple(values)) for label, values in rows),
        bars=tuple(_bars(rows, len(series))),
        ticks=tuple(Tick(_group_middle(index, len(rows)), label) for index, (label, _) in enumerate(rows)),
        label_size=11 if crowded else 15,
        value_size=10 if crowded else 14,
    )


def _group_middle(index: int, groups: int) -> int:
    return round((index + 0.5) * WIDTH / groups)


def _bars(rows: Sequence[tuple[str, Sequence[int]]], series: int) -> list[Bar]:
    highest = max((value for _, values in rows for value in values), default=0) or 1
    width = min(64, round(WIDTH / max(len(rows), 1) * 0.8 / series))
    bars = []
    for index, (_, values) in enumerate(rows):
        left = _group_middle(index, len(rows)) - (width * series + GAP * (series - 1)) // 2
        for number, value in enumerate(values):
            height = round(value / highest * (BASE - TOP))
            bars.append(Bar(number, value, left + number * (width + GAP), BASE - height, width, height))
    return bars


def _numbers_in_words(rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str]) -> str:
    return clauses(
        label + gettext(": ") + listed(f"{name} {value}" for name, value in zip(series, values, strict=True))
        for label, values in rows
    )
