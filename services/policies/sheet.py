"""Make the finished page of one notice: what it says, what can be claimed, whether the reader qualifies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from core import nested, richtext
from core.criteria import Criterion, Decision, Kind, Reason, Verdict
from enterprises import wording as fact_wording
from services.policies import (
    attachments,
    claiming,
    indexing,
    inheriting,
    near_miss,
    rows,
    step_words,
    together,
    wording,
)
from services.policies.attachments import Shown
from services.policies.claiming import Paper
from services.policies.models import NoticeAttachment, PolicyItem, PolicyNotice
from services.policies.rows import Deadline, Link
from services.policies.together import Tie
from services.policies.visitor import NOBODY, Visitor


@dataclass(frozen=True)
class Term:
    """One line of a table: a word and what stands beside it."""

    label: str
    value: str
    lang: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One condition: what is asked, how the reader stands to it, on which fact, and what is missing."""

    requirement: str
    kind: str
    verdict: str = ""
    verdict_label: str = ""
    why: str = ""
    fact: str = ""
    origin: str = ""
    missing: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One item as the page shows it."""

    item: PolicyItem
    terms: list[Term]
    deadline: Deadline
    lines: list[Line]
    verdict: str = ""
    step: str = ""
    is_unstated: bool = False
    ties: tuple[Tie, ...] = ()
    papers: tuple[Paper, ...] = ()

    @property
    def gates(self) -> list[Line]:
        """Give the conditions that decide."""
        return [line for line in self.lines if line.kind == Kind.GATE]

    @property
    def bonuses(self) -> list[Line]:
        """Give what raises the amount and never decides."""
        return [line for line in self.lines if line.kind == Kind.BONUS]

    @property
    def discretionary(self) -> list[Line]:
        """Give what only the authority can judge."""
        return [line for line in self.lines if line.kind == Kind.DISCRETIONARY]


@dataclass(frozen=True)
class Sheet:
    """Everything the page of a notice shows; no query is made for it beside those of `in_full`."""

    notice: PolicyNotice
    on: date
    visitor: Visitor
    claims: list[Claim]
    replaces: list[PolicyNotice] = field(default_factory=list)
    related: list[Tie] = field(default_factory=list)
    attachments: list[Shown] = field(default_factory=list)

    @cached_property
    def standing(self) -> tuple[str, str]:
        return wording.standing(self.notice, self.on)

    @cached_property
    def has_ended(self) -> bool:
        return self.notice.state == PolicyNotice.State.PUBLISHED and self.notice.has_ended(self.on)

    @property
    def body(self) -> SafeString:
        return richtext.shown(self.notice.body_zh)

    @property
    def is_only_chinese(self) -> bool:
        return wording.is_english() and not (self.notice.title_en and self.notice.summary_en)

    @property
    def title_lang(self) -> str:
        return "zh-Hans" if wording.is_english() and not self.notice.title_en else ""

    @property
    def summary_lang(self) -> str:
        return "zh-Hans" if wording.is_english() and not self.notice.summary_en else ""

    @cached_property
    def terms(self) -> list[Term]:
        """Give the table of the document in the order offices use."""
        notice = self.notice
        foreign = "zh-Hans" if wording.is_english() else ""
        found = [
            Term(gettext("Issuer"), notice.issuer, "" if notice.issuer_en else foreign),
            Term(gettext("Document number"), notice.document_number, foreign),
            Term(gettext("Issued on"), wording.day(notice.issued_on, notice.issued_precision)),
            Term(
                gettext("In force from"), wording.day(notice.effective_from, notice.effective_from_precision)
            ),
            Term(gettext("In force until"), wording.day(notice.effective_to)),
            Term(gettext("Where it applies"), fact_wording.region_name(notice.region_id)),
            Term(gettext("Issued at"), capfirst(notice.get_level_display())),
            Term(gettext("Kind"), capfirst(notice.get_kind_display())),
            Term(gettext("Last found right on"), wording.day(notice.confirmed_on)),
            Term(gettext("Whom to ask"), notice.contact, phones=phones(notice.contact)),
        ]
        return [term for term in found if term.value]

    @cached_property
    def provenance(self) -> list[Term]:
        notice = self.notice
        found = [
            Term(gettext("Kind of source"), wording.source_text(notice.source_quality)),
            Term(gettext("Evidence"), wording.source_text(notice.evidence)),
            Term(gettext("Confidence"), wording.confidence(notice.confidence)),
        ]
        return [term for term in found if term.value]

    @cached_property
    def sources(self) -> list[Link]:
        """Give where the notice was found; a source without an address has no link."""
        return [_source(text) for text in dict.fromkeys(self.notice.sources)]

    @property
    def original_url(self) -> str:
        return next((source.url for source in self.sources if source.url), "")


def _source(text: str) -> Link:
    """Link the address a source begins with; a remark behind it is said in the reader's language."""
    if not text.startswith(("http://", "https://")):
        return Link(wording.source_text(text))
    address, _, remark = text.partition(" ")
    return Link(f"{address} {wording.source_text(remark)}".strip(), address)


# A landline with area code, a mobile, a service number of five digits (12345), a 400 number.
_PHONE = re.compile(
    r"(?<![\d-])(?:\+86[ -]?)?(?:0\d{2,3}[- ]?\d{7,8}|1\d{2} ?\d{4} ?\d{4}|1\d{4}"
    r"|400[- ]?\d{3}[- ]?\d{4})(?![\d-])",
    re.ASCII,
)


def phones(contact: str) -> tuple[str, ...]:
    """Find the numbers in a line of contacts that a phone can dial; each is a link of its own."""
    return tuple(dict.fromkeys(match[0] for match in _PHONE.finditer(contact)))


def in_full(notices: QuerySet[PolicyNotice]) -> QuerySet[PolicyNotice]:
    """Read with each notice all that its page shows: items with ties and papers, other notices, attachments.

    Two queries, whatever belongs to a notice.
    """
    items = claiming.with_papers(together.with_ties(PolicyItem.objects.all()))
    replaced = PolicyNotice.objects.public().filter(superseded_by=OuterRef("pk")).order_by("pk")
    notices = attachments.with_files(together.with_related(notices)).select_related("superseded_by")
    return (
        notices.defer("superseded_by__body_zh")
        .prefetch_related(Prefetch("items", items, to_attr="loaded_items"))
        .annotate(replaces=nested.gathered(replaced, "id", "slug", "title_zh", "title_en"))
    )


def build(
    notice: PolicyNotice,
    visitor: Visitor,
    on: date,
    *,
    link: Callable[[NoticeAttachment], str] = attachments.public_url,
) -> Sheet:
    """Make the page of a notice of `in_full`; no query.

    `link` names the door by which the reader may open an attachment.
    """
    return Sheet(
        notice,
        on,
        visitor,
        [
            claim_of(
                item,
                notice,
                visitor,
                on,
                ties=together.ties(item),
                papers=claiming.papers(item, visitor, on),
            )
            for item in notice.its_items
        ],
        nested.rows(PolicyNotice, notice.replaces),  # type: ignore[attr-defined]  # gathered with it
        together.related(notice),
        attachments.of(notice, link),
    )


def of_rows(
    notice: PolicyNotice, items: Iterable[PolicyItem], on: date, files: Iterable[Shown] = ()
) -> Sheet:
    """Make the page of rows that need not be saved, such as a version as it was; no query."""
    return Sheet(
        notice, on, NOBODY, [claim_of(item, notice, NOBODY, on) for item in items], attachments=list(files)
    )


def claim_of(
    item: PolicyItem,
    notice: PolicyNotice,
    visitor: Visitor,
    on: date,
    *,
    ties: Iterable[Tie] = (),
    papers: Iterable[Paper] = (),
) -> Claim:
    """Make what the page says of one item; no query."""
    criteria = inheriting.shown_criteria(item)
    decision = visitor.decide(criteria, on) if visitor.is_known else None
    lines = _judged(decision, visitor) if decision else [_bare(criterion) for criterion in criteria]
    return Claim(
        item,
        _item_terms(item),
        rows.deadline(notice, [item], on),
        lines,
        decision.verdict.value if decision else "",
        _step(decision, item, notice, on) if decision else "",
        any(not criterion.fact and criterion.kind is Kind.GATE for criterion in criteria),
        tuple(ties),
        tuple(papers),
    )


def _step(decision: Decision, item: PolicyItem, notice: PolicyNotice, on: date) -> str:
    found = near_miss.step(decision, on, indexing.last_day(item, notice))
    return step_words.say(found, on) if found else ""


def _item_terms(item: PolicyItem) -> list[Term]:
    found = [
        Term(gettext("Amount per enterprise"), _at_most(item.max_fen)),
        Term(gettext("Rate"), "" if item.rate_percent is None else wording.percent(item.rate_percent)),
        Term(gettext("Total budget"), "" if item.pool_fen is None else wording.amount(item.pool_fen)),
        Term(gettext("Left of the budget"), wording.pool_left(item)),
        Term(gettext("About the amount"), item.amount_note),
        Term(gettext("How it is granted"), capfirst(item.get_delivery_display())),
        Term(gettext("Opens on"), wording.day(item.opens_on)),
        Term(gettext("Last day"), wording.day(item.closes_on)),
        Term(gettext("About the window"), item.window_note),
        Term(gettext("How to apply"), item.steps),
    ]
    return [term for term in found if term.value]


def _at_most(fen: int | None) -> str:
    return "" if fen is None else gettext("at most %(amount)s") % {"amount": wording.amount(fen)}


def _bare(criterion: Criterion) -> Line:
    return Line(wording.requirement(criterion), criterion.kind.value)


def _judged(decision: Decision, visitor: Visitor) -> list[Line]:
    return [_line(reason, visitor) for reason in decision.reasons]


def _line(reason: Reason, visitor: Visitor) -> Line:
    criterion = reason.criterion
    if criterion.kind is Kind.DISCRETIONARY:
        return _bare(criterion)
    return Line(
        wording.requirement(criterion),
        criterion.kind.value,
        reason.verdict.value,
        wording.verdict(reason.verdict),
        "" if reason.verdict is Verdict.MET else wording.why(reason),
        wording.fact_used(reason),
        wording.fact_origin(reason.fact),
        tuple(rows.supply_link(code, visitor) for code in reason.asks),
    )
