"""Offer the notices that may have been meant where none holds the words: titles and numbers spelled alike.

The index gives those whose titles hold the words but for a part; the slips in that part are then counted. A
document number is read without its brackets and with a slip in the agency: another year or number is another
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Any

from django.db.models.expressions import RawSQL

from core import spelling, text
from services.policies import terms
from services.policies.models import PolicyNotice

_LONGEST = 40
# So many of the newest that the index gives are looked at; so many ways to leave out a part are tried.
_LOOKED_AT = 100
_MOST_WAYS = 60
# Up to so many characters one or two are left out in turn; of a longer run, a third.
_SHORT_RUN = 8
# An English word is looked for by its beginning, three letters short.
_SHORTEST, _ENDING = 3, 3

_NUMBER = re.compile(
    r"(?P<agency>[^\W\d_]{2,12})\s*[〔\[(【〖{<《]?\s*(?P<year>(?:19|20)[0-9]{2})\s*[〕\])】〗}>》]?"
    r"[\s年第,.、/–—-]*(?P<number>[0-9]{1,5})\s*号?"
)
_HELD = "SELECT notice_id FROM policies_noticesearch WHERE tsv @@ %s::tsquery"
_NEWEST = f"{_HELD} ORDER BY listed_on DESC, notice_id DESC LIMIT {_LOOKED_AT}"

Run = tuple[bool, str]


def near(words: str, most: int = 3) -> list[PolicyNotice]:
    """Return the public notices whose number or title is spelled most like the words, with items; often none.

    For words that no notice holds. At most four queries.
    """
    folded = text.folded(words)[:_LONGEST]
    number = _NUMBER.fullmatch(folded)
    slips = _by_number(**number.groupdict()) if number else _by_title(folded)
    found = sorted(slips, key=lambda pk: (slips[pk], -pk))[:most]
    notices = PolicyNotice.objects.defer("body_zh", "targets").prefetch_related("items").in_bulk(found)
    return [notices[pk] for pk in found]


def _by_number(agency: str, year: str, number: str) -> dict[int, int]:
    ending = f"〔{year}〕{int(number)}号"
    parts = " | ".join(map(terms.quoted, terms.pieces(agency, 2)))
    held = f"{terms.quoted(year)} & {terms.quoted(str(int(number)))} & ({parts})"
    rows = PolicyNotice.objects.public().filter(
        pk__in=RawSQL(_HELD, [held]),  # noqa: S611 - our own constant
        document_number_key__endswith=ending,
    )
    return _near_enough(agency, rows.values_list("pk", "document_number_key"), _agency)


def _agency(key: str) -> str:
    return text.folded(key.partition("〔")[0])


def _by_title(folded: str) -> dict[int, int]:
    runs = text.runs(folded, is_folded=True)
    return _meeting(folded, _ways(runs)) or _meeting(folded, _looser_ways(runs))


def _meeting(folded: str, ways: Iterator[str]) -> dict[int, int]:
    held = " | ".join(f"({way})" for way in dict.fromkeys(islice(ways, _MOST_WAYS)))
    if not held:
        return {}
    rows = PolicyNotice.objects.public().filter(pk__in=RawSQL(_NEWEST, [held]))  # noqa: S611 - our own constant
    return _near_enough(folded, rows.values_list("pk", "title_zh", "title_en"), terms.fold)


def _near_enough(words: str, rows: Any, read: Callable[[str], str]) -> dict[int, int]:
    """Give the slips of the rows (number, texts …) that may have been meant."""
    slips = {pk: spelling.slips_if_near(words, map(read, filter(None, texts))) for pk, *texts in rows}
    return {pk: count for pk, count in slips.items() if count is not None}


# --- what the index is asked -------------------------------------------------------------


def _ways(runs: list[Run]) -> Iterator[str]:
    """Give the tsqueries that the words meet without a part: one run in turn is read less exactly."""
    for place, run in enumerate(runs):
        others = [piece for other in runs[:place] + runs[place + 1 :] for piece in _pieces(other)]
        for parts in _without_a_part(run):
            pieces = others + [piece for part in parts for piece in _pieces((run[0], part))]
            if pieces:
                yield " & ".join(dict.fromkeys(map(terms.titled, pieces)))
        if not run[0] and run[1].isalpha() and len(run[1]) >= _SHORTEST + 2:
            beginning = run[1][: max(_SHORTEST, len(run[1]) - _ENDING)]
            yield " & ".join(dict.fromkeys([*map(terms.titled, others), f"{terms.titled(beginning)}:*"]))


def _looser_ways(runs: list[Run]) -> Iterator[str]:
    """Give the tsqueries met where one part of a long run stands as it was typed, and slips elsewhere."""
    for is_chinese, words in runs:
        if is_chinese and len(words) > _SHORT_RUN:
            yield from map(terms.titled, terms.pieces(words, terms.LONGEST_PIECE))


def _without_a_part(run: Run) -> Iterator[tuple[str, ...]]:
    """Give what stays of a run when a part is left out in turn; a word of another script goes as a whole."""
    is_chinese, words = run
    length = len(words)
    if not is_chinese or length < _SHORTEST:
        yield ()
        return
    for start, end in _parts(length):
        yield tuple(filter(None, (words[:start], words[end:])))


def _parts(length: int) -> list[tuple[int, int]]:
    if length == _SHORTEST:
        return [(1, 2)]  # two neighbours alone stand in too many titles
    if length > _SHORT_RUN:
        return list(pairwise(length * n // 3 for n in range(4)))
    return [(place, place + width) for width in (1, 2) for place in range(length - width + 1)]


def _pieces(run: Run) -> list[str]:
    is_chinese, words = run
    return terms.pieces(words, min(len(words), terms.LONGEST_PIECE)) if is_chinese else [words]
