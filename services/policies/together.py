"""Show what can be claimed together: the ties of items on their pages, a reader's best combination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from enterprises import wording as fact_wording
from services.policies import combining, fitting, indexing, rows, sorting, wording
from services.policies.combining import Option, Rules
from services.policies.fitting import Found
from services.policies.models import ItemRelation, NoticeRelation, PolicyItem, PolicyNotice, State
from services.policies.rows import Link
from services.policies.sorting import Group
from services.policies.visitor import Visitor

# So many items that fit, those that close first, are combined.
MOST = 60

_Kind = ItemRelation.Kind


@dataclass(frozen=True)
class Tie:
    """One line on an item: how it stands to another, and where that is written."""

    words: str
    other: Link
    source: str = ""
    is_warning: bool = False


def ties(items: Iterable[PolicyItem]) -> Mapping[int, list[Tie]]:
    """Give the ties of each item to items of published notices, both ways; one query."""
    numbers = {item.pk for item in items if item.pk}
    found: dict[int, list[Tie]] = defaultdict(list)
    for relation in ItemRelation.objects.among(numbers) if numbers else []:
        for mine, other, words in (
            (relation.item, relation.other, _outward(relation.kind)),
            (relation.other, relation.item, _inward(relation)),
        ):
            if mine.pk in numbers and other.notice.state == State.PUBLISHED:
                found[mine.pk].append(_tie(relation, other, words))
    return found


def _tie(relation: ItemRelation, other: PolicyItem, words: str) -> Tie:
    link = Link(other.title, rows.page_url(other.notice))
    return Tie(words, link, relation.source, relation.kind in {_Kind.EXCLUDES, _Kind.LOCAL})


def _outward(kind: str) -> str:
    return {
        _Kind.EXCLUDES: gettext("Cannot be combined with"),
        _Kind.STACKS: gettext("Can be combined with"),
        _Kind.NEEDS: gettext("Only together with"),
        _Kind.LOCAL: gettext("Local rules in the place of"),
    }[_Kind(kind)]


def _inward(relation: ItemRelation) -> str:
    if relation.kind == _Kind.LOCAL:
        region = fact_wording.region_name(str(relation.region_id))
        return gettext("In %(region)s these rules apply instead") % {"region": region}
    return gettext("Is needed for") if relation.kind == _Kind.NEEDS else _outward(relation.kind)


def related(notice: PolicyNotice) -> list[Tie]:
    """Give the notices this one implements, replaces in part or belongs with, both ways; one query."""
    kinds = NoticeRelation.Kind
    outward = {
        kinds.IMPLEMENTS: gettext("Implements"),
        kinds.REPLACES: gettext("Replaces in part"),
        kinds.RELATED: gettext("See also"),
    }
    inward = outward | {
        kinds.IMPLEMENTS: gettext("Is implemented by"),
        kinds.REPLACES: gettext("Is replaced in part by"),
    }
    found = []
    for relation in NoticeRelation.objects.shown().of(notice).order_by("kind", "pk"):
        is_mine = relation.notice_id == notice.pk
        other = relation.other if is_mine else relation.notice
        words = (outward if is_mine else inward)[kinds(relation.kind)]
        found.append(Tie(words, Link(other.title, rows.page_url(other))))
    return found


@dataclass(frozen=True)
class Advice:
    """The best combination for a reader: what to claim, by its last day, and what it rules out."""

    chosen: list[Found]
    left_out: list[Found]
    total: str
    is_exact: bool
    # More items fit than were combined.
    is_cut: bool


def advise(reader: Visitor, on: date) -> Advice:
    """Combine the items that fit a reader; three queries."""
    found = sorting.sort(reader, on, limit=MOST)
    items = fitting.load(found.first(Group.MET))
    plan = combining.best(
        [Option(pk, item.max_fen, indexing.last_day(item, item.notice)) for pk, item in items.items()],
        _rules(items),
    )
    return Advice(
        [fitting.found(items[pk], reader, on) for pk in plan.chosen],
        [fitting.found(items[pk], reader, on) for pk in plan.left_out],
        wording.amount(plan.total_fen) if plan.total_fen else "",
        plan.is_exact,
        found.count(Group.MET) > len(items),
    )


def _rules(items: Mapping[int, PolicyItem]) -> Rules:
    excludes: set[frozenset[int]] = set()
    needs: dict[int, frozenset[int]] = {}
    for relation in ItemRelation.objects.among(items) if items else []:
        if relation.kind == _Kind.EXCLUDES:
            excludes.add(frozenset({relation.item_id, relation.other_id}))
        elif relation.kind == _Kind.NEEDS:
            needs[relation.item_id] = needs.get(relation.item_id, frozenset()) | {relation.other_id}
    return Rules(frozenset(excludes), needs)
