"""Look at a notice before it goes on: what must be put right, and what the author should look at again.

Returns codes; `wording` says them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core import text
from core.criteria import CriteriaError, Kind, Op
from enterprises.criteria import gates, read_criteria
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice, State


@dataclass(frozen=True)
class Finding:
    """One remark: its code, the item it is about (None: the notice), a detail such as an address."""

    code: str
    item: PolicyItem | None = None
    detail: str = ""


def errors(notice: PolicyNotice) -> list[Finding]:
    """Name what keeps a notice from review, approval and publication."""
    found = []
    if not notice.summary_zh.strip():
        found.append(Finding("summary_missing"))
    if notice.effective_from and notice.effective_to and notice.effective_to < notice.effective_from:
        found.append(Finding("ends_before_it_starts"))
    for item in notice.items.all():
        found.extend(_item_errors(item))
    return found


def warnings(notice: PolicyNotice, on: date) -> list[Finding]:
    """Name what may be a slip: a taken document number, no items, a closed window, nobody reached."""
    found = [Finding("duplicate_number", detail=other.slug) for other in same_number(notice)]
    items = list(notice.items.all())
    if notice.kind in CLAIMABLE_KINDS and not items:
        found.append(Finding("no_items"))
    for item in items:
        found.extend(_item_warnings(item, on))
    return found


def same_number(notice: PolicyNotice) -> list[PolicyNotice]:
    """Return other notices with the same document number, whatever brackets were typed."""
    key = text.document_number(notice.document_number)
    if not key:
        return []
    same = PolicyNotice.objects.filter(document_number_key=key).exclude(pk=notice.pk)
    return list(same.exclude(state=State.REPEALED).order_by("pk"))


def _item_errors(item: PolicyItem) -> list[Finding]:
    found = []
    if item.opens_on and item.closes_on and item.closes_on < item.opens_on:
        found.append(Finding("closes_before_it_opens", item))
    try:
        read_criteria(item.criteria)
    except CriteriaError as error:
        found.append(Finding("criteria_unreadable", item, str(error.position)))
    return found


def _item_warnings(item: PolicyItem, on: date) -> list[Finding]:
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError:
        return []
    deciding = gates(criteria)
    found = []
    if item.closes_on and item.closes_on < on:
        found.append(Finding("already_closed", item))
    if not [criterion for criterion in criteria if criterion.kind is Kind.GATE]:
        found.append(Finding("no_gate", item))
    if any(gate.op is Op.UNSTATED for gate in deciding):
        found.append(Finding("never_announced", item))
    return found
