"""Look at a notice before it goes on: what must be put right, and what the author should look at again.

Gives codes with the field they are about; `remarks` says them. An error keeps a notice from review, approval
and publication; a warning is shown beside the editor and on the review page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core import text
from core.criteria import CriteriaError, Criterion, Kind, Op, Span, asks_for_nothing
from core.models import StoredFile
from enterprises import facts, zones
from enterprises import wording as fact_wording
from enterprises.classification import regions
from enterprises.criteria import SIZES, gates, read_criteria
from services.policies import matching, prose
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice, State
from services.policies.prose import Figures

Scan = StoredFile.Scan
# A sentence of a plain summary beyond so many characters, or English words, is hard to follow.
LONGEST_ZH, LONGEST_EN = 80, 35


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One remark: its code, the item it is about (None: the notice), the form field, and what was found.

    `said` and `ruled` hold what the prose names and what the rule asks for, both in the unit of the field.
    """

    code: str
    item: PolicyItem | None = None
    detail: str = ""
    field: str = ""
    severity: Severity = Severity.WARNING
    said: tuple[Any, ...] = ()
    ruled: Any = None


def findings(notice: PolicyNotice, on: date) -> list[Finding]:
    """Name everything worth a look, errors first."""
    return [*errors(notice), *warnings(notice, on)]


def errors(notice: PolicyNotice) -> list[Finding]:
    """Name what keeps a notice from review, approval and publication."""
    found = []
    if not notice.summary_zh.strip():
        found.append(_error("summary_missing", field="summary_zh"))
    if notice.corrects_id and not notice.correction_note_zh.strip():
        found.append(_error("correction_unexplained", field="correction_note_zh"))
    if notice.effective_from and notice.effective_to and notice.effective_to < notice.effective_from:
        found.append(_error("ends_before_it_starts", field="effective_to"))
    found.extend(_error("attachment_blocked", detail=name) for name in _scanned(notice, Scan.INFECTED))
    for item in notice.items.all():
        found.extend(_item_errors(item))
    return found


def warnings(notice: PolicyNotice, on: date) -> list[Finding]:
    """Name what may be a slip: blocks left empty, a taken number, a closed window, prose unlike the rule."""
    found = [
        Finding("duplicate_number", detail=other.slug, field="document_number")
        for other in same_number(notice)
    ]
    items = list(notice.items.all())
    if notice.kind in CLAIMABLE_KINDS:
        found.extend(_missing_blocks(notice, items))
    if notice.effective_to and notice.effective_to < on:
        found.append(Finding("already_ended", field="effective_to"))
    found.extend(_hard_to_read(notice))
    found.extend(_left_behind(notice))
    found.extend(Finding("attachment_waiting", detail=name) for name in _scanned(notice, Scan.PENDING))
    for item in items:
        found.extend(_item_warnings(notice, item, on))
    found.extend(_prose_warnings(notice, items))
    return found


def same_number(notice: PolicyNotice) -> list[PolicyNotice]:
    """Return other notices with the same document number, whatever brackets were typed."""
    key = text.document_number(notice.document_number)
    if not key:
        return []
    same = PolicyNotice.objects.filter(document_number_key=key, corrects=None).exclude(pk=notice.pk)
    over = (State.REPEALED, State.DISCARDED)
    return list(same.exclude(state__in=over).exclude(pk=notice.corrects_id or 0).order_by("pk"))


def _hard_to_read(notice: PolicyNotice) -> Iterator[Finding]:
    """Name the longest sentence of a plain summary that is too long to be read in one go."""
    for field, ends, most, measure in (
        ("summary_zh", r"[。！？；\n]", LONGEST_ZH, len),
        ("summary_en", r"[.!?;](?:\s|$)|\n", LONGEST_EN, lambda sentence: len(sentence.split())),
    ):
        sentences = [one.strip() for one in re.split(ends, getattr(notice, field))]
        longest = max(sentences, key=measure)
        if measure(longest) > most:
            yield Finding("hard_to_read", detail=f"{longest[:30]}…", field=field)


def _left_behind(notice: PolicyNotice) -> Iterator[Finding]:
    """Name texts that a correction changes in one language only: the other goes on saying the old."""
    if not notice.corrects_id:
        return
    for name in ("title", "summary"):
        changed = {
            language: getattr(notice, f"{name}_{language}") != getattr(notice.corrects, f"{name}_{language}")
            for language in LANGUAGES
        }
        behind = next((language for language in LANGUAGES if not changed[language]), "")
        if any(changed.values()) and behind and getattr(notice, f"{name}_{behind}"):
            yield Finding(f"left_behind_{behind}", field=f"{name}_{behind}")


def _scanned(notice: PolicyNotice, scan: Scan) -> list[str]:
    """Name the attachments of which the scanner says this; a scan without a scanner is pending for ever."""
    return [row.file.name for row in notice.attachments.current() if row.file.scan == scan]


# --- errors ---------------------------------------------------------------------------


def _error(code: str, item: PolicyItem | None = None, detail: str = "", field: str = "") -> Finding:
    return Finding(code, item, detail, field, Severity.ERROR)


def _item_errors(item: PolicyItem) -> Iterator[Finding]:
    if item.opens_on and item.closes_on and item.closes_on < item.opens_on:
        yield _error("closes_before_it_opens", item, field="closes_on")
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError as error:
        yield _error("criteria_unreadable", item, str(error.position))
        return
    for field in contradictions(criteria):
        yield _error("contradiction", item, field=field)


def contradictions(criteria: tuple[Criterion, ...]) -> list[str]:
    """Name the fields whose conditions nobody can meet together."""
    compiled = matching.compile_criteria(criteria)
    ranges = {"revenue_min": "revenue_yuan", "employees_min": "employees", "years_min": "founded_years"}
    found = [
        field for field, column in ranges.items() if compiled[column] is not None and compiled[column].isempty
    ]
    return [*found, "sizes"] if compiled["sizes"] == 0 else found


# --- warnings --------------------------------------------------------------------------


def _missing_blocks(notice: PolicyNotice, items: list[PolicyItem]) -> Iterator[Finding]:
    """Who, what, how, by when, whom to ask: each block a reader looks for."""
    if not items:
        yield Finding("no_items")
    if not notice.summary_en.strip():
        yield Finding("no_english_summary", field="summary_en")
    if not notice.contact.strip():
        yield Finding("nobody_to_ask", field="contact")
    for item in items:
        if not (item.max_fen or item.rate_percent or item.amount_note_zh):
            yield Finding("no_benefit", item, field="max_fen")
        if not (item.closes_on or item.is_open_all_year or item.window_note_zh or notice.effective_to):
            yield Finding("no_window", item, field="closes_on")
        if item.delivery == PolicyItem.Delivery.APPLICATION and not (item.steps_zh or item.apply_url):
            yield Finding("no_steps", item, field="steps_zh")


def _item_warnings(notice: PolicyNotice, item: PolicyItem, on: date) -> Iterator[Finding]:
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError:
        return
    if item.closes_on and item.closes_on < on:
        yield Finding("already_closed", item, field="closes_on")
    deciding = gates(criteria)
    if not [criterion for criterion in criteria if criterion.kind is Kind.GATE]:
        yield Finding("no_gate", item)
    elif not [gate for gate in deciding if not _is_always_true(gate)]:
        yield Finding("always_true", item)
    if any(gate.op is Op.UNSTATED for gate in deciding):
        yield Finding("never_announced", item, field="unstated")
    if _lies_outside(notice, criteria):
        yield Finding("outside_its_region", item, field="regions")
    yield from _zone_warnings(item, deciding, max(on, item.opens_on or on))


def _zone_warnings(item: PolicyItem, deciding: list[Criterion], day: date) -> Iterator[Finding]:
    """Name zones that do not exist on the day `day`, or lie outside the regions asked for."""
    asked = [span for gate in deciding if gate.fact == facts.REGION for span in gate.values]
    for code in (code for gate in deciding if gate.fact == facts.ZONE for code in gate.values):
        zone = zones.table().get(code)
        if zone is None or not zone.counts(day):
            yield Finding("zone_not_there", item, fact_wording.zone_name(code), "zones")
        elif asked and zone.places and not _meet([place.span for place in zone.places], asked):
            yield Finding("zone_outside_regions", item, fact_wording.zone_name(code), "zones")


def _meet(some: list[Span], others: list[Span]) -> bool:
    return any(one.touches(other) for one in some for other in others)


def _is_always_true(gate: Criterion) -> bool:
    if gate.op in {Op.AT_LEAST, Op.YEARS_AT_LEAST}:
        return bool(gate.values[0] == 0)
    return asks_for_nothing(gate) or (gate.op is Op.ONE_OF and set(gate.values) >= set(SIZES))


def _lies_outside(notice: PolicyNotice, criteria: tuple[Criterion, ...]) -> bool:
    """Tell whether an item asks for a place where its notice does not apply."""
    if notice.region_id == regions.COUNTRY:
        return False
    own = regions.span(notice.region_id)
    asked = [span for one in criteria if one.fact == facts.REGION for span in one.values]
    return bool(asked) and not any(span.touches(own) for span in asked)


# --- prose against rule ------------------------------------------------------------------

LANGUAGES = ("zh", "en")


def _prose_warnings(notice: PolicyNotice, items: list[PolicyItem]) -> Iterator[Finding]:
    for language in LANGUAGES:
        summary = getattr(notice, f"summary_{language}")
        said = prose.figures(summary)
        for words in said.bare:
            yield Finding("unit_missing", detail=words, field=f"summary_{language}")
        if items and notice.kind in CLAIMABLE_KINDS:
            yield from _only_in_prose(said, items, language)
        for item in items:
            noted = " ".join(
                [summary, getattr(item, f"amount_note_{language}"), getattr(item, f"window_note_{language}")]
            )
            yield from _differences(prose.figures(noted), item, language)


def _only_in_prose(said: Figures, items: list[PolicyItem], language: str) -> Iterator[Finding]:
    """A figure in the summary that no item has a field for is told to people but not to the matching."""
    rules = [rule for item in items for rule in _ruled(item)]
    for about, found in (("amount", said.amounts), ("percent", said.percents), ("people", said.people)):
        if found and about not in {kind for kind, _, _ in rules}:
            yield Finding(f"only_in_prose_{about}", field=f"summary_{language}", said=tuple(sorted(found)))


def _differences(said: Figures, item: PolicyItem, language: str) -> Iterator[Finding]:
    named: dict[str, frozenset[Any]] = {
        "amount": said.amounts, "percent": said.percents, "people": said.people, "day": said.last_days,
        "revenue": said.amounts if said.speaks_of_revenue else frozenset(),
    }  # fmt: skip
    for about, field, ruled in _ruled(item):
        if named[about] and ruled not in named[about]:
            yield Finding(
                f"prose_differs_{about}", item, language, field, said=tuple(sorted(named[about])), ruled=ruled
            )


def _ruled(item: PolicyItem) -> Iterator[tuple[str, str, Any]]:
    """Give what the rule of an item says: kind of figure, field, value (amounts in fen)."""
    if item.max_fen is not None:
        yield "amount", "max_fen", item.max_fen
    if item.rate_percent is not None:
        yield "percent", "rate_percent", item.rate_percent.normalize()
    if item.closes_on is not None:
        yield "day", "closes_on", item.closes_on
    try:
        criteria = read_criteria(item.criteria)
    except CriteriaError:
        return
    for gate in gates(criteria):
        end = "min" if gate.op is Op.AT_LEAST else "max"
        if gate.fact == facts.EMPLOYEES:
            yield "people", f"employees_{end}", gate.values[0]
        elif gate.fact == facts.REVENUE:
            yield "revenue", f"revenue_{end}", int(gate.values[0] * facts.YUAN_PER_WAN * 100)
