"""Take single values out of plain data; a value that does not fit is noted as a fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.assessments.frameworks.schema import Words

Place = tuple[Any, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong: the line (from 1), the place in the file, and a code.

    Codes: not_yaml, too_long, missing, not_a_list, not_a_map, not_text, not_a_number, not_known, twice,
    levels_not_rising, option_scale, not_before (a condition looks at an item of the same or a later page),
    never_asked (a scored part whose questions may all be left out), bad_criterion.
    """

    line: int
    place: str
    code: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.code}"


class Values:
    """Reads value after value and collects faults instead of stopping at the first.

    A value that does not fit is read as an empty one. `lines` gives the line of each place in the file.
    """

    def __init__(self, lines: dict[Place, int]) -> None:
        self.lines = lines
        self.faults: list[Fault] = []
        self.ids: set[str] = set()

    def fault(self, place: Place, code: str) -> None:
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        self.faults.append(Fault(self.lines.get(known, 1), ".".join(map(str, place)), code))

    def map(self, data: Any, place: Place) -> dict[str, Any]:
        if isinstance(data, dict):
            return data
        self.fault(place, "missing" if data is None else "not_a_map")
        return {}

    def rows(self, data: dict[str, Any], key: str, place: Place) -> Iterator[tuple[Any, Place]]:
        found = data.get(key)
        if not isinstance(found, list) or not found:
            self.fault((*place, key), "missing" if not found else "not_a_list")
            return
        for number, row in enumerate(found):
            yield row, (*place, key, number)

    def text(self, data: dict[str, Any], key: str, place: Place) -> str:
        found = data.get(key)
        if isinstance(found, str | int) and not isinstance(found, bool) and str(found).strip():
            return str(found).strip()
        self.fault((*place, key), "missing" if found in (None, "") else "not_text")
        return ""

    def words(self, data: dict[str, Any], key: str, place: Place) -> Words:
        pair = self.map(data.get(key), (*place, key))
        return (
            Words(self.text(pair, "zh", (*place, key)), self.text(pair, "en", (*place, key)))
            if pair
            else Words("", "")
        )

    def words_or_none(self, data: dict[str, Any], key: str, place: Place) -> Words | None:
        return self.words(data, key, place) if data.get(key) else None

    def number(self, value: Any, place: Place) -> Fraction:
        try:
            if isinstance(value, bool) or value is None:
                raise TypeError
            found = Fraction(str(value))
            if abs(found) > 10**6 or found.denominator > 10**6:
                raise ValueError
        except (TypeError, ValueError, ZeroDivisionError):
            self.fault(place, "missing" if value is None else "not_a_number")
            return Fraction(0)
        return found

    def count(self, data: dict[str, Any], key: str, place: Place) -> int:
        found = self.number(data.get(key, 0), (*place, key))
        if found.denominator != 1 or found < 0:
            self.fault((*place, key), "not_a_number")
        return int(found)

    def new_id(self, data: dict[str, Any], place: Place) -> str:
        found = self.text(data, "id", place)
        if found in self.ids:
            self.fault((*place, "id"), "twice")
        self.ids.add(found)
        return found

    def known(self, choices: Callable[[Any], Any], value: Any, place: Place, otherwise: Any) -> Any:
        try:
            return choices(value)
        except ValueError:
            self.fault(place, "missing" if value is None else "not_known")
            return otherwise
