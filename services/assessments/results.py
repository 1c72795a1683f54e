"""The result of a round as it is stored: plain values, readable without its question bank."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from services.assessments import scoring
from services.assessments.frameworks.schema import Framework
from services.assessments.scoring import Answers

_FOUR = Decimal("0.0001")


def compute(framework: Framework, answers: Answers, barred: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Score answers into a result: score, level (None while open), points by dimension, levels by scene.

    Points are decimal text with four places; the level is decided before they are rounded. `hidden` names the
    items that were not asked: `barred` by the facts, or not called for by an answer.
    """
    scored = scoring.score(framework, answers, barred)
    return {
        "score": str(four_places(scored.total)),
        "level": scored.level,
        "dimensions": {
            dimension.id: str(four_places(scored.points(number)))
            for number, dimension in enumerate(framework.scored_dimensions)
        },
        "scenes": {item.id: reached for item, reached in zip(framework.scenes, scored.scenes, strict=True)},
        "open": list(scored.open),
        "not_applicable": list(scored.not_applicable),
        "hidden": list(scored.hidden),
    }


def four_places(number: Fraction) -> Decimal:
    """Round half up to four places, exactly."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(_FOUR, ROUND_HALF_UP)


def one_place(number: Decimal | str) -> Decimal:
    """Round half up to what pages show."""
    return Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_UP)
