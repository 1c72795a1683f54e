"""Let a local variant stand in the place of the item it is made of, and only where it applies.

A reviewer ties a local item to its template with the region of the local rules (`ItemRelation`, kind local).
While the local notice is published, its region is taken out of the template: for matching, for reasons and
for questions alike, even after the local window has closed, for the local rules still stand there. What a
draft leaves empty is taken from the template.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.criteria import EVERYTHING, CriteriaError, Criterion, Kind, Op, Span, merged
from enterprises import facts
from enterprises.classification import regions
from enterprises.criteria import read_criteria, write_criteria
from services.policies.lifecycle import EDITABLE_STATES
from services.policies.models import ItemRelation, PolicyItem, State

# What a variant takes over from its template as long as it says nothing of its own.
INHERITED = (
    "max_fen", "rate_percent", "pool_fen", "amount_note_zh", "amount_note_en", "is_open_all_year", "opens_on",
    "closes_on", "window_note_zh", "window_note_en", "apply_url",
)  # fmt: skip
# No region has this code, so nobody lies inside.
_NOWHERE = Span(0, 0)


def criteria_of(item: PolicyItem) -> tuple[Criterion, ...]:
    """Read the criteria of an item as they apply; raises CriteriaError. No query."""
    criteria = read_criteria(item.criteria)
    return without(criteria, item.replaced_in) if item.replaced_in else criteria


def shown_criteria(item: PolicyItem) -> tuple[Criterion, ...]:
    """Read the criteria of an item for a page: what cannot be read counts as not stated, never as a no.

    A release that no longer knows a fact, say, then hides neither this item nor the others beside it.
    """
    try:
        return criteria_of(item)
    except CriteriaError:
        return (Criterion("", Op.UNSTATED),)


def without(criteria: tuple[Criterion, ...], codes: Iterable[str]) -> tuple[Criterion, ...]:
    """Take regions out of the place gate; without such a gate there is one then: everywhere else."""
    taken = [regions.span(code) for code in codes]
    asked = next((one for one in criteria if _is_place(one)), None)
    where = asked or Criterion(facts.REGION, Op.WITHIN, (regions.span(regions.COUNTRY),))
    left = tuple(_left(merged(where.values), merged(taken))) or (_NOWHERE,)
    chinese, english = _notes(where, taken)
    gate = replace(where, values=left, note_zh=chinese, note_en=english)
    if asked is None:
        return gate, *criteria
    return tuple(gate if one is asked else one for one in criteria)


def _is_place(criterion: Criterion) -> bool:
    return criterion.kind is Kind.GATE and criterion.fact == facts.REGION and criterion.op is Op.WITHIN


def _left(where: Iterable[Span], taken: Iterable[Span]) -> Iterable[Span]:
    for span in where:
        low = span.low
        for hole in taken:
            if hole.high < low or hole.low > span.high:
                continue
            if hole.low > low:
                yield Span(low, hole.low - 1)
            low = hole.high + 1
        if low <= span.high:
            yield Span(low, span.high)


def _notes(where: Criterion, taken: list[Span]) -> tuple[str, str]:
    whole = any(span.contains(EVERYTHING) for span in where.values)
    asked = [regions.COUNTRY] if whole else [span.code for span in where.values]
    names, local = ([regions.names(code) for code in codes] for codes in (asked, [one.code for one in taken]))
    zh = f"{'、'.join(name[0] for name in names)}（{'、'.join(name[0] for name in local)}另有规定）"
    en = f"{' or '.join(name[1] for name in names)}, except {' and '.join(name[1] for name in local)}"
    return zh, f"{en}: other rules there"


def is_replaced(item: PolicyItem, region: str | None) -> bool:
    """Tell whether local rules stand in the place of an item in the whole of a region."""
    if not region or not item.replaced_in:
        return False
    return any(regions.span(code).contains(regions.span(region)) for code in item.replaced_in)


# --- keeping it true ------------------------------------------------------------------


def templates_of(items: Iterable[PolicyItem]) -> list[PolicyItem]:
    """Return the items that any of these stands or stood in the place of, with their notices."""
    ties = ItemRelation.objects.filter(kind=ItemRelation.Kind.LOCAL, item__in=[item.pk for item in items])
    return list(PolicyItem.objects.filter(pk__in=ties.values("other")).select_related("notice"))


def note_where(template: PolicyItem) -> bool:
    """Write down where published local rules stand in the place of an item; False when nothing changed."""
    ties = ItemRelation.objects.filter(
        kind=ItemRelation.Kind.LOCAL, other=template, is_valid=True, item__notice__state=State.PUBLISHED
    )
    codes = sorted(set(ties.values_list("region", flat=True)))
    if codes == template.replaced_in:
        return False
    template.replaced_in = codes
    template.save(update_fields=["replaced_in"])
    return True


def fill(item: PolicyItem, template: PolicyItem, region: str) -> bool:
    """Give a draft item what it leaves empty from its template; False where the notice is out of hand."""
    if item.notice.state not in EDITABLE_STATES:
        return False
    taken: dict[str, Any] = {
        name: getattr(template, name)
        for name in INHERITED
        if not getattr(item, name) and getattr(template, name)
    }
    if not item.criteria:
        here = Criterion(facts.REGION, Op.WITHIN, (regions.span(region),))
        rest = [one for one in read_criteria(template.criteria) if not _is_place(one)]
        taken["criteria"] = write_criteria([here, *rest])
    for name, value in taken.items():
        setattr(item, name, value)
    item.save(update_fields=list(taken))
    return bool(taken)
