"""Search across everything: policies, services, help; one box, answers by kind.

Policies are searched by their own room. What is small (services, platforms, help …) is read whole and tried
by the same rules, so a word means the same everywhere and what is found is also what is marked. Where a small
kind has no hit, the titles nearest in spelling are offered, and said to be only near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import calendar, misses, text
from portal.pages import HELP
from services.catalogue import listing
from services.cloud.models import CloudProduct
from services.industry.models import Park, Platform, Solution
from services.policies import rows, synonyms, terms, visitor
from services.policies import search as policies
from services.policies.query import Query, Sort
from services.policies.rows import Row
from services.requests import triage

LONGEST = 100
SHOWN = 5
# Titles whose spelling agrees by this share are near enough to be what was meant.
NEAR = 0.6

Pieces = list[terms.Piece]


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, its title and a line about it, with the searched words apart."""

    url: str
    title: Pieces
    about: Pieces
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The hits of a small kind. `is_near` says that none holds the words and these only look like them."""

    key: str
    heading: str | Promise
    hits: list[Hit]
    is_near: bool = False

    @property
    def total(self) -> int:
        return 0 if self.is_near else len(self.hits)


@dataclass(frozen=True)
class Notices:
    """The best notices, as the reader's own list would show them, and how many there are in all."""

    total: int = 0
    rows: Sequence[Row] = ()
    all_url: str = ""


@dataclass(frozen=True)
class Thing:
    """Something of a small kind, as it is searched."""

    url: str
    title: str
    about: str
    facts: tuple[str, ...] = ()
    also: str = ""


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found by kind. A reference number leads to its request's tracking page. Open to all."""
    words = text.normal(text.printable(request.GET.get("q", "")))[:LONGEST]
    reference = triage.tidy_reference(words)
    if reference:
        return HttpResponseRedirect(f"{reverse('requests:track')}?{urlencode({'reference': reference})}")
    asked = terms.read(words, synonyms.fresh().alike)
    notices = _notices(words, visitor.of_request(request)) if asked else Notices()
    kinds = [(key, heading, read()) for key, heading, read in SMALL]
    others = [_small(key, heading, things, words, asked) for key, heading, things in kinds]
    total = notices.total + sum(found.total for found in others)
    if asked and not total:
        misses.note("everything", words)
    context = {
        "words": words,
        "notices": notices,
        "others": [found for found in others if found.hits],
        "total": total,
        "suggestions": [thing.title for _key, _heading, things in kinds for thing in things],
    }
    return render(request, "portal/search.html", context)


def _notices(words: str, reader: visitor.Visitor) -> Notices:
    today = calendar.today()
    query = Query(text=words, sort=Sort.BEST)
    total, found = policies.top(query, today, SHOWN)
    asked = terms.read(words, synonyms.known().alike)
    address = f"{reverse('policies:list')}?{urlencode({'q': words, 'sort': Sort.BEST})}"
    return Notices(total, rows.build(found, reader, today, asked=asked), address)


def _services() -> list[Thing]:
    return [
        Thing(
            reverse("catalogue:detail", args=[row.slug]),
            row.name,
            row.description,
            (row.provider.name, gettext("free of charge") if row.is_free else row.price_note),
            f"{row.name_zh} {row.name_en} {row.description_zh} {row.description_en} {row.deliverable}",
        )
        for row in listing.listed()
    ]


def _products() -> list[Thing]:
    return [
        Thing(
            reverse("cloud:product", args=[row.slug]),
            row.name,
            row.summary,
            (row.provider.name,),
            f"{row.name_zh} {row.name_en} {row.summary_zh} {row.summary_en}",
        )
        for row in CloudProduct.objects.listed().select_related("provider").order_by("slug")
    ]


def _solutions() -> list[Thing]:
    return [
        Thing(
            reverse("industry:solution", args=[row.slug]),
            row.name,
            row.summary,
            also=f"{row.name_zh} {row.name_en} {row.summary_zh} {row.summary_en}",
        )
        for row in Solution.objects.public()
    ]


def _platforms() -> list[Thing]:
    return [
        Thing(
            reverse("industry:platform", args=[row.slug]),
            row.name,
            row.about,
            tuple(filter(None, (row.operator, row.city))),
            f"{row.name_zh} {row.name_en} {row.about_zh} {row.about_en}",
        )
        for row in Platform.objects.public()
        if isinstance(row, Platform)
    ]


def _parks() -> list[Thing]:
    return [
        Thing(
            reverse("industry:park", args=[row.slug]),
            row.name,
            row.about,
            also=f"{row.name_zh} {row.name_en} {row.about_zh} {row.about_en}",
        )
        for row in Park.objects.public()
    ]


def _help() -> list[Thing]:
    return [
        Thing(reverse("help_page", args=[page.slug]), str(page.title), str(page.summary)) for page in HELP
    ]


SMALL: tuple[tuple[str, str | Promise, Callable[[], list[Thing]]], ...] = (
    ("services", _("Services"), _services),
    ("products", _("Cloud products"), _products),
    ("solutions", _("Solutions"), _solutions),
    ("platforms", _("Industrial Internet platforms"), _platforms),
    ("parks", _("Parks and zones"), _parks),
    ("help", _("Help"), _help),
)


def _small(
    key: str, heading: str | Promise, things: list[Thing], words: str, asked: Sequence[terms.Term]
) -> Found:
    """Try every thing; those whose title holds the words come first. Without words nothing is found."""
    found = [thing for thing in things if asked and _holds(_whole(thing), asked)]
    found.sort(key=lambda thing: not _holds(thing.title, asked))
    near = [] if found else nearest(words, things)
    hits = [
        Hit(thing.url, _marked(thing.title, asked), _marked(thing.about, asked), thing.facts)
        for thing in (found or near)
    ]
    return Found(key, heading, hits, is_near=not found)


def _whole(thing: Thing) -> str:
    return " ".join((thing.title, thing.about, *thing.facts, thing.also))


def _holds(whole: str, asked: Iterable[terms.Term]) -> bool:
    return all(any(piece.is_hit for piece in terms.marked(whole, (term,))) for term in asked)


def _marked(words: str, asked: Sequence[terms.Term]) -> Pieces:
    return terms.marked(words, tuple(asked))


def nearest(words: str, things: Iterable[Thing], most: int = 3) -> list[Thing]:
    """Return the things whose titles are spelled most like the words, nearest first; often none."""
    folded = text.folded(words)
    likeness = [(_likeness(folded, text.folded(thing.title)), thing) for thing in things]
    near = sorted((pair for pair in likeness if pair[0] >= NEAR), key=lambda pair: -pair[0])
    return [thing for _share, thing in near[:most]]


def _likeness(words: str, title: str) -> float:
    """Tell which share of the words stands in the title in the same order (0 to 1); one character
    says nothing."""
    if len(words) < 2:
        return 0.0
    blocks = SequenceMatcher(None, words, title, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(words)
