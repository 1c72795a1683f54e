"""Sort what can be claimed by a guest's three answers: fits, may fit, needs more facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.criteria import Verdict
from enterprises.criteria import read_criteria
from services.policies import rows, visitor, wording
from services.policies.matching import Gate, ItemFit
from services.policies.models import PolicyItem
from services.policies.rows import Deadline, FitLine
from services.policies.visitor import Visitor

# So many of each group are shown; the counts tell of all.
SHOWN = 10


@dataclass(frozen=True)
class Found:
    """One item with why it fits or what is missing."""

    title: str
    url: str
    issuer: str
    benefit: str
    to_be_verified: bool
    deadline: Deadline
    fit: FitLine
    # What the authority looks at beside the conditions; then nobody but the authority can say yes.
    has_discretion: bool


@dataclass(frozen=True)
class Outcome:
    """The three groups with their full counts, and how many items do not fit."""

    met: list[Found] = field(default_factory=list)
    may: list[Found] = field(default_factory=list)
    open: list[Found] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)


def outcome(answers: Mapping[str, Any], on: date) -> Outcome:
    """Judge all items that can be claimed on the day `on`, in two statements (three for a band)."""
    reader = visitor.of_answers(answers)
    groups: dict[str, list[ItemFit]] = {"met": [], "may": [], "open": [], "not": []}
    for fit in reader.fits(on):
        groups[_group(fit)].append(fit)
    shown = {name: [fit.item_id for fit in fits[:SHOWN]] for name, fits in groups.items() if name != "not"}
    items = (
        PolicyItem.objects.select_related("notice")
        .defer("notice__body_zh", "notice__targets")
        .in_bulk([pk for ids in shown.values() for pk in ids])
    )
    return Outcome(
        **{name: [_found(items[pk], reader, on) for pk in ids] for name, ids in shown.items()},
        counts={name: len(fits) for name, fits in groups.items()},
    )


def _group(fit: ItemFit) -> str:
    if fit.verdict is Verdict.NOT_MET:
        return "not"
    if fit.verdict is Verdict.MET:
        return "met"
    return "may" if fit.unknown == Gate.UNSTATED else "open"


def _found(item: PolicyItem, reader: Visitor, on: date) -> Found:
    criteria = read_criteria(item.criteria)
    return Found(
        item.title,
        rows.page_url(item.notice),
        item.notice.issuer,
        wording.benefit(item),
        item.notice.to_be_verified,
        rows.deadline(item.notice, [item], on),
        rows.fit_line(reader.decide(criteria, on), reader),
        any(criterion.kind == "discretionary" for criterion in criteria),
    )
