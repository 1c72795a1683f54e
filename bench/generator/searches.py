"""Draw saved searches of readers with an account, compiled as saving one does it."""

from collections.abc import Iterator
from random import Random
from typing import Any

from django.utils import timezone

from bench.generator import texts
from bench.generator.rows import FIRST, copy, key
from services.policies import alerting
from services.policies.models import Kind, Level
from services.policies.query import Query

# So many different ones; the readers share them.
PATTERNS = 200
_SEARCH = """id key user_id address language name query frequency areas kinds levels states issuers vector
    patterns confirmed_at"""
_AREAS = ("370000", "370100", "370200", "370300", "370600", "370700")


def fill(count: int) -> None:
    """Write one search for each of the first `count` owners of enterprises, all told at once."""
    draw = Random(texts.SEED)
    compiled = [alerting.compile_query(_query(draw)) for _ in range(PATTERNS)]
    copy("policies_savedsearch", _SEARCH, _rows(count, compiled))


def _query(draw: Random) -> Query:
    """Draw words in half of the searches, a long one among them, and one or two filters."""
    marker = draw.choice(texts.MARKERS)
    words = draw.choice(["", "", draw.choice(marker[:2]), f"{draw.choice(texts.CHARACTERS)}项目"])
    return Query(
        text=words,
        areas=tuple(draw.sample(_AREAS, draw.choice((0, 1, 2)))),
        kinds=tuple(draw.sample(Kind.values, draw.choice((0, 1, 2)))),
        levels=tuple(draw.sample(Level.values, draw.choice((0, 0, 1)))),
    )


def _rows(count: int, compiled: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    now = timezone.now().isoformat()
    for number in range(FIRST, FIRST + count):
        asked = compiled[number % len(compiled)]
        yield (
            *(number, key(number), number, "", "zh-hans", f"搜索{number}", "", "instant"),
            *(_array(asked[name]) for name in ("areas", "kinds", "levels", "states", "issuers")),
            asked["vector"],
            _array(asked["patterns"]),
            now,
        )


def _array(values: list[Any] | None) -> str | None:
    return None if values is None else "{" + ",".join(map(str, values)) + "}"
