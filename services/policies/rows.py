"""Make the finished rows of the public list: words, marks, days left, and why a notice fits the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from core import addresses
from core.criteria import Criterion, Decision, Verdict
from enterprises import facts
from enterprises.criteria import gates
from services.policies import inheriting, near_miss, search, step_words, terms, wording
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice
from services.policies.near_miss import Step, Way
from services.policies.visitor import Visitor

NEAR = "near"


@dataclass(frozen=True)
class Deadline:
    """What the days-left badge shows; without `is_shown` there is nothing to claim, so no badge."""

    is_shown: bool = False
    closes_on: date | None = None
    days_left: int | None = None
    not_known: bool = False


@dataclass(frozen=True)
class Link:
    label: str
    url: str = ""


@dataclass(frozen=True)
class FitLine:
    """Whether a notice fits, the conditions that decide, and the facts still needed with their forms.

    `verdict` is met, unknown, not_met or near: not met, but one step away, which `text` then says.
    """

    verdict: str
    text: str
    missing: tuple[Link, ...] = ()

    @property
    def is_near(self) -> bool:
        return self.verdict == NEAR


@dataclass(frozen=True)
class Row:
    slug: str
    url: str
    title: list[terms.Piece]
    summary: list[terms.Piece]
    is_only_chinese: bool
    issuer: str
    number: list[terms.Piece]
    dated: str
    standing: str
    standing_tone: str
    kind: str
    benefit: str
    to_be_verified: bool
    deadline: Deadline
    fit: FitLine | None
    apply_url: str


def build(
    notices: list[PolicyNotice],
    visitor: Visitor,
    on: date,
    *,
    asked: tuple[terms.Term, ...] = (),
    came_from: str = "",
) -> list[Row]:
    """Make the rows of notices whose items are loaded; `came_from` is the query string to return to."""
    return [_row(notice, visitor, on, asked, came_from) for notice in notices]


def _row(
    notice: PolicyNotice, visitor: Visitor, on: date, asked: tuple[terms.Term, ...], came_from: str
) -> Row:
    items = notice.its_items
    has_ended = notice.state != PolicyNotice.State.PUBLISHED or notice.has_ended(on)
    standing, tone = wording.standing(notice, on)
    return Row(
        slug=notice.slug,
        url=page_url(notice, came_from),
        title=terms.marked(notice.title, asked),
        summary=terms.marked(notice.summary, asked),
        is_only_chinese=wording.is_english() and not notice.title_en,
        issuer=notice.issuer,
        number=terms.marked(notice.document_number, asked),
        dated=wording.day(notice.issued_on, notice.issued_precision),
        standing=standing,
        standing_tone=tone,
        kind=wording.option("kind", notice.kind),
        benefit=next(filter(None, map(wording.benefit, items)), ""),
        to_be_verified=notice.to_be_verified,
        deadline=deadline(notice, items, on),
        fit=best_fit(items, visitor, on) if visitor.is_known and not has_ended else None,
        apply_url="" if has_ended else next((item.apply_url for item in items if item.apply_url), ""),
    )


def page_url(notice: PolicyNotice, came_from: str = "") -> str:
    # As `reverse` would say, which takes longer for each row than to draw it.
    url = f"{addresses.of('policies:list')}{notice.slug}/"
    return f"{url}?{urlencode({'from': came_from})}" if came_from else url


def deadline(notice: PolicyNotice, items: list[PolicyItem], on: date) -> Deadline:
    """Find the next last day of what can be claimed; else what was the last one, else that none is known."""
    if not items:
        return Deadline()
    following = search.next_closing(items, notice.effective_to, on)
    if following:
        return Deadline(True, following, (following - on).days)
    last = max((item.closes_on for item in items if item.closes_on), default=notice.effective_to)
    if last and all(item.closes_on for item in items):
        return Deadline(True, last, (last - on).days)
    if notice.state != PolicyNotice.State.PUBLISHED or notice.has_ended(on):
        return Deadline(notice.effective_to is not None, notice.effective_to, -1)
    if any(item.is_open_all_year or _is_automatic(item) for item in items):
        return Deadline(True)
    return Deadline(True, not_known=notice.kind in CLAIMABLE_KINDS)


def _is_automatic(item: PolicyItem) -> bool:
    return item.delivery == PolicyItem.Delivery.NO_APPLICATION


def best_fit(items: list[PolicyItem], visitor: Visitor, on: date) -> FitLine | None:
    """Say how the best fitting item of a notice stands to the reader; None when nothing can be claimed."""
    lines = []
    for item in items:
        decision = visitor.decide(inheriting.shown_criteria(item), on)
        last_day = min(filter(None, (item.closes_on, item.notice.effective_to)), default=None)
        lines.append(fit_line(decision, visitor, on, near_miss.step(decision, on, last_day)))
    order = [Verdict.MET, Verdict.UNKNOWN, NEAR, Verdict.NOT_MET]
    return min(lines, key=lambda line: order.index(line.verdict), default=None)


def fit_line(decision: Decision, visitor: Visitor, on: date, step: Step | None = None) -> FitLine:
    """Name the conditions that make the verdict, and link the facts that are missing; or say the one step."""
    if step:
        return FitLine(NEAR, step_words.say(step, on), _ways_there(step))
    asking = {reason.criterion: reason.verdict for reason in decision.reasons}
    decisive = [one for one in gates(asking) if asking[one] is decision.verdict]
    missing = tuple(supply_link(code, visitor) for code in decision.asks)
    if decision.verdict is Verdict.NOT_MET or not missing:
        return FitLine(decision.verdict.value, _requirements(decisive))
    told = gettext("%(conditions)s. Still needed:") % {"conditions": _requirements(decisive)}
    return FitLine(decision.verdict.value, told, missing)


def _ways_there(step: Step) -> tuple[Link, ...]:
    """Link the page on which a level is assessed anew."""
    if step.way not in {Way.LEVEL, Way.READINESS}:
        return ()
    url = facts.supply_url(step.fact)
    return (Link(wording.fact_label(step.fact), url),) if url else ()


def _requirements(criteria: list[Criterion]) -> str:
    if not criteria:
        return gettext("open to every enterprise")
    return " · ".join(dict.fromkeys(wording.requirement(criterion) for criterion in criteria))


def supply_link(code: str, visitor: Visitor) -> Link:
    """Link a missing fact to the form that supplies it: the questions for a guest, else its own."""
    if visitor.is_guest:
        return Link(wording.fact_label(code), _asked_at(code))
    return Link(wording.fact_label(code), facts.supply_url(code) or "")


def _asked_at(code: str) -> str:
    """Give the page that asks a guest for one fact; a level must be assessed."""
    if facts.kind_of(code).type is facts.FactType.LEVEL:
        return facts.supply_url(code) or ""
    return f"{reverse('policies:quiz')}?{urlencode({'ask': code})}"


def ask_url(label: str, path: str) -> str:
    """Give the address of a question, open to everybody, that says which page it was begun from."""
    return f"{reverse('requests:ask')}?{urlencode({'source_label': label, 'source_url': path})}"
