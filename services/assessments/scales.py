"""Bars on a common scale with a mark for the average, and the same numbers as a radar.

Plain numbers for a template to draw as SVG; values are printed beside the bars and stand in a table below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

from django.utils.translation import gettext

from core.rows import clauses
from services.assessments import wording
from services.assessments.frameworks.schema import Framework

# The label stands above its bar, so that it is never cut, in either language.
WIDTH, RIGHT = 440, 96
ROW, LABEL, THICK = 52, 24, 20
RADIUS, MIDDLE_X, MIDDLE_Y = 84, 220, 120


@dataclass(frozen=True)
class Bar:
    """One part: its share of the most that is possible, as drawn and as written."""

    label: str
    value: str
    most: str
    percent: int
    average: str
    average_percent: int | None
    before: str
    y: int
    length: int
    mark: int | None

    @property
    def label_y(self) -> int:
        return self.y - 7

    @property
    def value_y(self) -> int:
        return self.y + 15

    @property
    def mark_end(self) -> int:
        return self.y + THICK + 3

    @property
    def mark_begin(self) -> int:
        return self.y - 3


@dataclass(frozen=True)
class Axis:
    """One spoke of the radar with its label."""

    x: int
    y: int
    label_x: int
    label_y: int
    anchor: str
    label: str


@dataclass(frozen=True)
class Scales:
    """A chart of bars; `radar` is empty with fewer than three parts."""

    bars: tuple[Bar, ...]
    axes: tuple[Axis, ...]
    shape: str
    description: str
    has_average: bool
    has_before: bool
    width: int = WIDTH
    track: int = WIDTH - RIGHT
    thick: int = THICK
    middle_x: int = MIDDLE_X
    middle_y: int = MIDDLE_Y
    radius: int = RADIUS

    @property
    def height(self) -> int:
        return ROW * len(self.bars)

    @property
    def value_x(self) -> int:
        return self.track + 8


def of_result(
    framework: Framework,
    result: Mapping[str, Any],
    *,
    averages: Mapping[str, Decimal] | None = None,
    before: Mapping[str, str] | None = None,
) -> Scales:
    """Draw a result by its scored dimensions; `averages` and `before` are points by dimension."""
    track = WIDTH - RIGHT
    bars = []
    for number, dimension in enumerate(framework.scored_dimensions):
        most = Decimal(dimension.max_points.numerator) / dimension.max_points.denominator
        points = Decimal(result["dimensions"][dimension.id])
        average = (averages or {}).get(dimension.id)
        earlier = (before or {}).get(dimension.id)
        bars.append(
            Bar(
                label=wording.say(dimension.title),
                value=wording.points(points),
                most=wording.points(most),
                percent=round(points / most * 100),
                average="" if average is None else wording.points(average),
                average_percent=None if average is None else round(average / most * 100),
                before="" if earlier is None else wording.points(earlier),
                y=ROW * number + LABEL,
                length=round(points / most * track),
                mark=None if average is None else round(average / most * track),
            )
        )
    return Scales(
        bars=tuple(bars),
        axes=tuple(_axes(bars)),
        shape=_shape(bars),
        description=_description(bars),
        has_average=averages is not None,
        has_before=before is not None,
    )


def _spoke(number: int, many: int, length: float) -> tuple[int, int]:
    angle = 2 * pi * number / many - pi / 2
    return round(MIDDLE_X + cos(angle) * length), round(MIDDLE_Y + sin(angle) * length)


def _axes(bars: list[Bar]) -> list[Axis]:
    if len(bars) < 3:
        return []
    axes = []
    for number, bar in enumerate(bars):
        x, y = _spoke(number, len(bars), RADIUS)
        label_x, label_y = _spoke(number, len(bars), RADIUS + 14)
        side = label_x - MIDDLE_X
        anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
        axes.append(Axis(x, y, label_x, label_y + 4, anchor, bar.label))
    return axes


def _shape(bars: list[Bar]) -> str:
    corners = [_spoke(number, len(bars), RADIUS * bar.percent / 100) for number, bar in enumerate(bars)]
    return " ".join(f"{x},{y}" for x, y in corners)


def _description(bars: list[Bar]) -> str:
    told = gettext("%(label)s: %(value)s of %(most)s")
    return clauses(told % {"label": bar.label, "value": bar.value, "most": bar.most} for bar in bars)
