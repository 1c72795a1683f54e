"""Show a reader what can be claimed in groups: fits, one step away, cannot tell yet, may fit (ask).

The groups are made by `sorting` in the database; only the items shown are loaded and explained here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.criteria import Kind
from services.policies import indexing, inheriting, near_miss, rows, sorting, wording
from services.policies.models import PolicyItem
from services.policies.rows import Deadline, FitLine
from services.policies.sorting import Group
from services.policies.visitor import Visitor

# So many of each group are shown; the counts tell of all.
SHOWN = 10
# So many candidates, the nearest last day first, are looked at for one step.
TRIED = 60


@dataclass(frozen=True)
class Found:
    """One item with why it fits or what is missing."""

    title: str
    url: str
    issuer: str
    benefit: str
    to_be_verified: bool
    is_only_chinese: bool
    deadline: Deadline
    fit: FitLine
    # What the authority looks at beside the conditions; then nobody but the authority can say yes.
    has_discretion: bool


@dataclass(frozen=True)
class Outcome:
    """The groups with their full counts, and how many items do not fit.

    The count of `near` is of those found among the candidates that close first.
    """

    met: list[Found] = field(default_factory=list)
    near: list[Found] = field(default_factory=list)
    open: list[Found] = field(default_factory=list)
    may: list[Found] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def unsure(self) -> list[Found]:
        """Give what cannot be told: a fact is missing, or the source does not say who qualifies."""
        return [*self.open, *self.may][:SHOWN]


def outcome(reader: Visitor, on: date) -> Outcome:
    """Sort what can be claimed on the day `on` or later; two statements, whatever the number of items."""
    sorted_ = sorting.sort(reader, on, limit=TRIED)
    wanted = {group: sorted_.first(group)[:SHOWN] for group in (Group.MET, Group.OPEN, Group.MAY)}
    wanted[Group.NEAR] = sorted_.first(Group.NEAR)
    items = load(pk for ids in wanted.values() for pk in ids)
    shown = {
        group: [found(items[pk], reader, on) for pk in ids if pk in items] for group, ids in wanted.items()
    }
    near = [one for one in shown[Group.NEAR] if one.fit.is_near]
    return Outcome(
        shown[Group.MET],
        near[:SHOWN],
        shown[Group.OPEN],
        shown[Group.MAY],
        counts={
            "met": sorted_.count(Group.MET),
            "near": len(near),
            "open": sorted_.count(Group.OPEN),
            "may": sorted_.count(Group.MAY),
            "unsure": sorted_.count(Group.OPEN) + sorted_.count(Group.MAY),
            "not": sorted_.count(Group.NOT) + sorted_.count(Group.NEAR) - len(near),
        },
    )


def load(numbers: Iterable[int]) -> Mapping[int, PolicyItem]:
    """Load items with their notices, without the long texts; one query."""
    items = PolicyItem.objects.select_related("notice").defer("notice__body_zh", "notice__targets")
    return items.in_bulk(list(numbers))


def found(item: PolicyItem, reader: Visitor, on: date) -> Found:
    criteria = inheriting.shown_criteria(item)
    decision = reader.decide(criteria, on)
    step = near_miss.step(decision, on, indexing.last_day(item, item.notice))
    return Found(
        item.title,
        rows.page_url(item.notice),
        item.notice.issuer,
        wording.benefit(item),
        item.notice.to_be_verified,
        wording.is_english() and not item.title_en,
        rows.deadline(item.notice, [item], on),
        rows.fit_line(decision, reader, on, step),
        any(criterion.kind is Kind.DISCRETIONARY for criterion in criteria),
    )
