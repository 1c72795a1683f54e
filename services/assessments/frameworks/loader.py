"""Read a question bank from YAML; every fault is told with its line.

A file holds the official texts as they were found (see the sources in it) and a block `portal` with what the
portal adds. Pure: takes text, gives a `Framework`, or raises `FrameworkError` with all faults found.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from services.assessments.frameworks.reader import Reader
from services.assessments.frameworks.schema import Framework
from services.assessments.frameworks.values import Fault, Place

DATA = Path(__file__).parent / "data"
LONGEST = 400_000


class FrameworkError(ValueError):
    """The file is not a question bank; `faults` are in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: fault.line)
        super().__init__("; ".join(map(str, self.faults)))


def shipped() -> list[str]:
    """Return the texts of the question banks that come with the portal, oldest edition first."""
    return [path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.yaml"))]


@lru_cache(maxsize=64)
def load(text: str) -> Framework:
    """Read one question bank; raises FrameworkError naming every fault that was found."""
    data, lines = _parse(text)
    reader = Reader(lines)
    framework = reader.framework(data)
    if reader.faults or framework is None:
        raise FrameworkError(reader.faults)
    return framework


def _parse(text: str) -> tuple[Any, dict[Place, int]]:
    if len(text) > LONGEST:
        raise FrameworkError([Fault(1, "", "too_long")])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise FrameworkError([Fault(mark.line + 1 if mark else 1, "", "not_yaml")]) from error
    lines: dict[Place, int] = {}
    try:
        _note_lines(node, (), lines, depth=0)
    except RecursionError as error:
        raise FrameworkError([Fault(1, "", "not_yaml")]) from error
    return data, lines


def _note_lines(node: Any, place: Place, lines: dict[Place, int], *, depth: int) -> None:
    if node is None or depth > 20:
        return
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _note_lines(value, (*place, key.value), lines, depth=depth + 1)
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines, depth=depth + 1)
