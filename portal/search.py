"""Search across everything: policies, services, help; one box, answers by kind.

Policies are searched by their own room. What is small (services, platforms, help …) is read whole and tried
by the same rules, so a word means the same everywhere and what is found is also what is marked. Where a kind
has no hit, the titles nearest in spelling are offered, and said to be only near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core import calendar, misses, text
from core import spelling as typed
from portal.findable import KINDS, Kind, Thing
from services.policies import rows, spelling, synonyms, terms, visitor
from services.policies import search as policies
from services.policies.query import Query, Sort
from services.policies.rows import Row
from services.requests import triage

LONGEST = 100
SHOWN = 5

Pieces = list[terms.Piece]


@dataclass(frozen=True)
class Hit:
    """One thing found, the searched words in its title and in the line about it apart."""

    thing: Thing
    title: Pieces
    about: Pieces


@dataclass(frozen=True)
class Found:
    """The hits of a small kind. `is_near` says that none holds the words and these only look like them.

    `url` leads to all `total` of them; here may be only the first.
    """

    kind: Kind
    url: str
    hits: list[Hit]
    total: int = 0

    @property
    def is_near(self) -> bool:
        return not self.total


@dataclass(frozen=True)
class Notices:
    """The best notices, as the reader's own list would show them, and how many there are in all.

    `is_near` says that none holds the words and those shown are only spelled much like them.
    """

    total: int = 0
    rows: Sequence[Row] = ()
    all_url: str = ""
    is_near: bool = False


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found by kind, or all of one (`in`); a reference leads to its request. Open to all."""
    words = text.normal(text.printable(request.GET.get("q", "")))[:LONGEST]
    reference = triage.tidy_reference(words)
    if reference:
        return HttpResponseRedirect(f"{reverse('requests:track')}?{urlencode({'reference': reference})}")
    asked = terms.read(words, synonyms.fresh().alike)
    notices = _notices(words, visitor.of_request(request)) if asked else Notices()
    read = [(kind, kind.read()) for kind in KINDS]
    alone = next((kind for kind in KINDS if kind.key == request.GET.get("in")), None)
    others = [_small(kind, things, words, asked, None if kind is alone else SHOWN) for kind, things in read]
    total = notices.total + sum(found.total for found in others)
    if asked and not total:
        misses.note("everything", words)
    context = {
        "words": words,
        "notices": notices,
        "others": [found for found in others if found.hits],
        "alone": alone if any(found.kind is alone and found.total for found in others) else None,
        "total": total,
        "suggestions": [thing.title for kind, things in read if kind.has_names for thing in things],
    }
    return render(request, "portal/search.html", context)


def _notices(words: str, reader: visitor.Visitor) -> Notices:
    today = calendar.today()
    query = Query(text=words, sort=Sort.BEST)
    total, found = policies.top(query, today, SHOWN)
    if not total:
        alike = spelling.near(words)
        return Notices(rows=rows.build(alike, reader, today), is_near=bool(alike))
    asked = terms.read(words, synonyms.known().alike)
    address = f"{reverse('policies:list')}?{urlencode({'q': words, 'sort': Sort.BEST})}"
    return Notices(total, rows.build(found, reader, today, asked=asked), address)


def _small(
    kind: Kind, things: list[Thing], words: str, asked: Sequence[terms.Term], most: int | None
) -> Found:
    """Try every thing; those whose title holds the words come first. Without words nothing is found."""
    found = [thing for thing in things if asked and _holds(_whole(thing), asked)]
    found.sort(key=lambda thing: not _holds(thing.title, asked))
    shown = found[:most] or nearest(words, things)
    hits = [Hit(thing, _marked(thing.title, asked), _marked(thing.about, asked)) for thing in shown]
    address = f"{reverse('search')}?{urlencode({'q': words, 'in': kind.key})}"
    return Found(kind, address, hits, len(found))


def _whole(thing: Thing) -> str:
    return " ".join((thing.title, thing.about, *thing.facts, thing.also))


def _holds(whole: str, asked: Iterable[terms.Term]) -> bool:
    return all(any(piece.is_hit for piece in terms.marked(whole, (term,))) for term in asked)


def _marked(words: str, asked: Sequence[terms.Term]) -> Pieces:
    return terms.marked(words, tuple(asked))


def nearest(words: str, things: Iterable[Thing], most: int = 3) -> list[Thing]:
    """Return the things whose titles are spelled most like the words, nearest first; often none."""
    folded = text.folded(words)
    slips = [(typed.slips_if_near(folded, [text.folded(thing.title)]), thing) for thing in things]
    near = [(count, thing) for count, thing in slips if count is not None]
    return [thing for _count, thing in sorted(near, key=lambda pair: pair[0])[:most]]
