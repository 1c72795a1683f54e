"""Show what can be claimed together: the ties of items on their pages, a reader's best combination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext

from core import nested
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
_NOTICE = ("id", "slug", "title_zh", "title_en")
_ITEM = ("id", "title_zh", "title_en", "notice__id", "notice__slug", "notice__state")


@dataclass(frozen=True)
class Tie:
    """One line on an item: how it stands to another, and where that is written."""

    words: str
    other: Link
    source: str = ""
    is_warning: bool = False


def with_ties(items: QuerySet[PolicyItem]) -> QuerySet[PolicyItem]:
    """Read with each item how it stands to others; `ties` gives it in words."""
    relations = ItemRelation.objects.of(OuterRef("pk")).order_by("pk")
    columns = (*_side("item", _ITEM), *_side("other", _ITEM))
    return items.annotate(ties=nested.gathered(relations, "id", "kind", "source", "region_id", *columns))


def _side(name: str, columns: Iterable[str]) -> Iterable[str]:
    return (f"{name}__{column}" for column in columns)


def ties(item: PolicyItem) -> list[Tie]:
    """Give the ties of an item of `with_ties` to items of published notices, both ways; no query."""
    relations = nested.rows(ItemRelation, item.ties)  # type: ignore[attr-defined]  # gathered with it
    found = (_tie(relation, is_mine=relation.item_id == item.pk) for relation in relations)
    return [tie for tie in found if tie]


def _tie(relation: ItemRelation, *, is_mine: bool) -> Tie | None:
    other = relation.other if is_mine else relation.item
    if other.notice.state != State.PUBLISHED:
        return None
    words = _outward(relation.kind) if is_mine else _inward(relation)
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


def with_related(notices: QuerySet[PolicyNotice]) -> QuerySet[PolicyNotice]:
    """Read with each notice how it stands to others; `related` gives it in words."""
    relations = NoticeRelation.objects.shown().of(OuterRef("pk")).order_by("kind", "pk")
    columns = (*_side("notice", _NOTICE), *_side("other", _NOTICE))
    return notices.annotate(related=nested.gathered(relations, "id", "kind", *columns))


def related(notice: PolicyNotice) -> list[Tie]:
    """Give how a notice of `with_related` stands to others, in either direction; no query."""
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
    for relation in nested.rows(NoticeRelation, notice.related):  # type: ignore[attr-defined]  # gathered with it
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
