"""Saved searches in words, for pages and mails; decides nothing, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from services.policies import wording
from services.policies.models import Frequency, SavedSearch
from services.policies.search import Query

LONGEST_NAME = 80


@dataclass(frozen=True)
class SearchRow:
    """One saved search with the address of its results and the choice of how often."""

    key: str
    name: str
    url: str
    frequency: str
    choices: list[tuple[str, Any]]


def conditions(query: Query) -> list[str]:
    """Name the conditions of a query, the words first; empty when it asks for everything."""
    named = [gettext("“%(words)s”") % {"words": query.text}] if query.text else []
    chosen = query.filters.items()
    return named + [wording.option(name, value) for name, values in chosen for value in values]


def name_of(query: Query) -> str:
    """Propose a name for a search: its conditions, cut to what a subject holds."""
    named = gettext(", ").join(conditions(query)) or gettext("All new policies")
    return named if len(named) <= LONGEST_NAME else f"{named[: LONGEST_NAME - 1]}…"


def rows(searches: Iterable[SavedSearch]) -> list[SearchRow]:
    return [
        SearchRow(
            str(search.key),
            search.name,
            f"{reverse('policies:list')}?{search.query}" if search.query else reverse("policies:list"),
            search.frequency,
            list(Frequency.choices),
        )
        for search in searches
    ]
