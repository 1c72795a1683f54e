"""Narrow a list by what a visitor chose, and count what each other choice would give.

Works on loaded rows (a catalogue has hundreds, not thousands): one query serves list, counts and chosen
conditions. Values of one facet are alternatives, facets narrow each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

Values = Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class Facet:
    """One condition: its name in the address, its legend, its values with words, how a row answers."""

    name: str
    legend: str | Promise
    words: dict[str, str | Promise]
    values_of: Values


@dataclass(frozen=True)
class Option:
    value: str
    label: str | Promise
    count: int
    checked: bool


@dataclass(frozen=True)
class FacetView:
    """A facet as the page shows it, zero counts last."""

    name: str
    legend: str | Promise
    options: list[Option]


@dataclass(frozen=True)
class Condition:
    """One chosen value with the address of the list without it."""

    label: str | Promise
    url: str


@dataclass(frozen=True)
class Choice:
    """What a visitor chose, as read from the address; unknown values are left out."""

    facets: tuple[Facet, ...]
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict, facets: tuple[Facet, ...]) -> "Choice":
        return cls(
            facets, {facet.name: frozenset(query.getlist(facet.name)) & set(facet.words) for facet in facets}
        )

    def narrow(self, rows: list[Any], without: str = "") -> list[Any]:
        """Return the rows that meet every facet but `without`."""
        asked = [facet for facet in self.facets if facet.name != without and self.chosen.get(facet.name)]
        return [row for row in rows if all(self.chosen[f.name] & set(f.values_of(row)) for f in asked)]

    def without(self, name: str, value: str) -> "Choice":
        return replace(self, chosen={**self.chosen, name: self.chosen[name] - {value}})

    @property
    def query(self) -> str:
        """Return the choice as the query string of an address, always in the same order."""
        query = QueryDict(mutable=True)
        for facet in self.facets:
            query.setlist(facet.name, [v for v in facet.words if v in self.chosen.get(facet.name, ())])
        return query.urlencode()

    def of(self, name: str) -> frozenset[str]:
        """Return what was chosen of one facet."""
        return self.chosen.get(name, frozenset())

    @property
    def is_empty(self) -> bool:
        return not any(self.chosen.values())


def views(rows: list[Any], choice: Choice) -> list[FacetView]:
    """Return the facets with the number of rows each value gives beside the other choices."""
    return [_view(facet, choice.narrow(rows, without=facet.name), choice) for facet in choice.facets]


def _view(facet: Facet, rows: list[Any], choice: Choice) -> FacetView:
    options = [
        Option(
            value,
            label,
            sum(value in facet.values_of(row) for row in rows),
            value in choice.chosen[facet.name],
        )
        for value, label in facet.words.items()
    ]
    return FacetView(facet.name, facet.legend, sorted(options, key=lambda option: option.count == 0))


def conditions(choice: Choice, path: str) -> list[Condition]:
    """Return the chosen values, each with the address of the list without it."""
    return [
        Condition(facet.words[value], f"{path}?{choice.without(facet.name, value).query}")
        for facet in choice.facets
        for value in facet.words
        if value in choice.chosen[facet.name]
    ]


def best_to_drop(rows: list[Any], choice: Choice, path: str) -> tuple[Condition, int] | None:
    """Name the one condition whose removal gives most rows, with that number; None when none helps."""
    tries = [
        (Condition(facet.words[value], f"{path}?{fewer.query}"), len(fewer.narrow(rows)))
        for facet in choice.facets
        for value in facet.words
        if value in choice.chosen[facet.name]
        for fewer in [choice.without(facet.name, value)]
    ]
    best = max(tries, key=lambda tried: tried[1], default=None)
    return best if best and best[1] else None
