"""Words that mean the same, as the desk keeps them and as searches use them.

Every process remembers the sets it has read, with the mark they had; `search` asks for the mark together with
its results and reads the sets again when it has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from services.policies import terms
from services.policies.models import ContentMark, SynonymSet

# What a search asks for beside its results: all sets in use, when their mark is not the known one.
SETS_SQL = "SELECT coalesce(json_agg(words), '[]') FROM policies_synonymset WHERE is_used"


class Known(NamedTuple):
    """The sets by their folded words, and the mark they were read under."""

    mark: UUID | None = None
    alike: terms.Alike = {}


class _Memory:
    """What this process last read; replaced whole, so a reader sees one state or the other."""

    known = Known()


def known() -> Known:
    return _Memory.known


def fresh() -> Known:
    """Return the sets as they are now: one query, two where they have changed."""
    mark = ContentMark.objects.values_list("words", flat=True).first()
    if mark == known().mark:
        return known()
    return remember(mark, SynonymSet.objects.filter(is_used=True).values_list("words", flat=True))


def remember(mark: UUID | None, sets: Iterable[Sequence[str]]) -> Known:
    """Keep what was read with its mark."""
    _Memory.known = Known(mark, by_word(sets))
    return _Memory.known


def by_word(sets: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Give for each word the others of all its sets, folded as searches are."""
    found: dict[str, dict[str, None]] = {}
    for words in sets:
        folded = [folded for word in words if (folded := terms.folded_query(word))]
        for word in folded:
            found.setdefault(word, {}).update(dict.fromkeys(other for other in folded if other != word))
    return {word: tuple(others) for word, others in found.items()}


def tidy(words: Iterable[str]) -> list[str]:
    """Squeeze blanks and leave out empty words and repetitions."""
    by_folded: dict[str, str] = {}
    for word in words:
        by_folded.setdefault(terms.folded_query(word), " ".join(word.split()))
    return [word for folded, word in by_folded.items() if folded]
