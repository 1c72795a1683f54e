"""Find public notices: the page, the exact count and all facets from one statement (`one_pass`).

What does not depend on the page is remembered in this process with the mark of the contents
(`ContentMark`): the statement then counts nothing anew, and a page far down begins at a remembered row
instead of counting its way there.

Where a long Chinese word has few hits, every text is looked at afterwards; where it has many, those of the
page are. A row that only seemed to hold it makes the pass run again over all texts. So what is shown always
contains what was asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.cache import caches

from enterprises.models import EnterpriseFacet
from services.policies import indexing, one_pass, synonyms, terms
from services.policies.matching import ranked
from services.policies.models import PolicyItem, PolicyNotice
from services.policies.one_pass import ANCHOR_EVERY, Anchor, Asked, Count, Found, Remembered
from services.policies.query import PAGE_SIZE, SOON_DAYS, Fit, Query, Sort, Status

__all__ = ["PAGE_SIZE", "SOON_DAYS", "Count", "Fit", "Page", "Query", "Sort", "Status", "find"]

# What lists, files and feeds show of a notice: whatever else they asked for would be a query for each row.
_SHOWN = (
    "slug",
    "state",
    "kind",
    "level",
    "region",
    "title_zh",
    "title_en",
    "issuer_zh",
    "issuer_en",
    "document_number",
    "summary_zh",
    "summary_en",
    "issued_on",
    "issued_precision",
    "effective_to",
    "is_ended",
    "to_be_verified",
    "published_at",
)


@dataclass(frozen=True)
class Page:
    """One page of what was found.

    `facets` counts, for every value of a filter, what choosing only it in that filter would give. `dropping`
    is filled when nothing was found: how many there would be without one of the conditions, most first.
    `contents` is what the lists stood at (`indexing.contents`) before the notices were read.
    """

    query: Query
    total: int
    notices: list[PolicyNotice]
    facets: Mapping[str, list[Count]]
    terms: tuple[terms.Term, ...]
    dropping: list[Count] = field(default_factory=list)
    contents: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def is_beyond_last(self) -> bool:
        return self.query.page > self.pages


def find(
    query: Query, on: date, facets: Sequence[EnterpriseFacet] = (), hidden: frozenset[int] = frozenset()
) -> Page:
    """Search on the day `on`; `facets` say of whom it is known what fits (`Visitor.facets`).

    `hidden` are the items the reader has dismissed.

    Three statements. One more where a long word was met only in pieces, or the synonyms of a word have
    changed since this process last looked.
    """
    asked = _read(query, on, facets, hidden)
    found, ids, contents = _answer(asked)
    again = _read(query, on, facets, hidden)
    if again.terms != asked.terms:
        found, ids, contents = _answer(again)
    return Page(
        query,
        found.total,
        _in_order(ids),
        found.facets,
        again.terms,
        [] if found.total else _what_to_drop(again, found),
        contents,
    )


def top(
    query: Query,
    on: date,
    most: int,
    facets: Sequence[EnterpriseFacet] = (),
    hidden: frozenset[int] = frozenset(),
) -> tuple[int, list[PolicyNotice]]:
    """Return how many notices there are and the first `most` of them, whatever page was asked for."""
    asked = replace(_read(replace(query, page=1), on, facets, hidden), most=most)
    answer = one_pass.ask(asked)
    if not answer.is_exact:
        answer = one_pass.ask(asked, exactly=True)
    return answer.found.total, _in_order(answer.found.first)


def _read(query: Query, on: date, facets: Sequence[EnterpriseFacet], hidden: frozenset[int]) -> Asked:
    return Asked(query, terms.read(query.text, synonyms.known().alike), on, facets, hidden)


def _in_order(ids: Sequence[int]) -> list[PolicyNotice]:
    if not ids:
        return []
    found = PolicyNotice.objects.only(*_SHOWN).with_items().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


# --- asking and remembering ------------------------------------------------------------


def _answer(asked: Asked) -> tuple[Found, list[int], str]:
    """Return what was counted, the notices of the page, and what the lists stood at."""
    key = _key(asked)
    remembered: Remembered | None = caches["pages"].get(key)
    anchor = _anchor(asked, remembered.found) if remembered else None
    known = remembered if anchor or not asked.is_deep else None
    answer = one_pass.ask(asked, known=known, anchor=anchor)
    if anchor and answer.is_new:
        # The contents have changed since the row was remembered at which this page began.
        answer = one_pass.ask(asked)
    if not answer.is_exact:
        answer = one_pass.ask(asked, exactly=True)
    if answer.sets is not None:
        synonyms.remember(answer.words_mark, answer.sets)
    if answer.is_new and answer.mark and (not asked.is_deep or asked.has_anchors):
        caches["pages"].set(key, Remembered(answer.mark, answer.found))
    first = answer.found.first[asked.skip : asked.skip + PAGE_SIZE]
    contents = indexing.contents_at(answer.mark, answer.words_mark, asked.on)
    return answer.found, answer.page if asked.is_deep else first, contents


def _anchor(asked: Asked, remembered: Found) -> Anchor | None:
    if not asked.is_deep or not asked.has_anchors or not remembered.anchors:
        return None
    place = min(asked.skip // ANCHOR_EVERY, len(remembered.anchors) - 1)
    return Anchor(*remembered.anchors[place], asked.skip - place * ANCHOR_EVERY)


def _key(asked: Asked) -> str:
    """Name what was asked apart from the page; whoever it is known of is told by their facts only."""
    reader = sorted(ranked(asked.facets, asked.on, asked.hidden)[1].items()) if asked.facets else []
    whole = repr((asked.on, replace(asked.query, page=1), synonyms.known().mark, reader))
    return f"found:{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()}"


def _what_to_drop(asked: Asked, found: Found) -> list[Count]:
    counts = [Count(name, count) for name, count in found.without.items()]
    if asked.terms:
        without = replace(asked, query=asked.query.without("text"), terms=())
        counts.append(Count("text", one_pass.ask(without).found.total))
    return sorted((item for item in counts if item.count), key=lambda item: -item.count)


def next_closing(items: Iterable[PolicyItem], ends_on: date | None, on: date) -> date | None:
    """Give the next last day among items that can still be claimed on the day `on`; None without one."""
    last_days = [min(filter(None, (item.closes_on, ends_on)), default=None) for item in items]
    return min((day for day in last_days if day and day >= on), default=None)
