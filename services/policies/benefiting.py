"""Benefits without application as their owner's pages show them; decides nothing, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from core import money
from enterprises.models import Enterprise
from services.policies import handing, marking, rows, wording
from services.policies.handing import Handed
from services.policies.models import Benefit, PolicyItem
from services.policies.rows import Deadline

State = Benefit.State
_TONES = {State.OFFERED: "soon", State.AGREED: "info", State.SENT: "info", State.GRANTED: "ok"}


@dataclass(frozen=True)
class Row:
    """One benefit in the list."""

    title: str
    url: str
    issuer: str
    gives: str
    label: str
    tone: str
    deadline: Deadline
    waits: bool


@dataclass(frozen=True)
class Step:
    """One thing that happened, with its time or day."""

    words: str
    at: datetime | date


@dataclass(frozen=True)
class Page:
    """One benefit in full: what is handed over (as agreed, else as it would be now) and what happened.

    `seen` marks the list shown, for the form that agrees to it. `is_open` tells whether the item can still be
    claimed.
    """

    benefit: Benefit
    row: Row
    notice_url: str
    lines: list[Handed]
    seen: str
    is_open: bool
    steps: list[Step]
    amount: str

    @property
    def may_agree(self) -> bool:
        return self.is_open and self.benefit.state in {State.OFFERED, State.DECLINED}

    @property
    def may_decline(self) -> bool:
        return self.benefit.state == State.OFFERED

    @property
    def may_revoke(self) -> bool:
        return self.benefit.state == State.AGREED


def of_enterprise(enterprise: Enterprise) -> QuerySet[Benefit]:
    """Return the benefits of an enterprise, what waits for its consent first; dismissed items left out."""
    place = Case(When(state=State.OFFERED, then=Value(0)), default=Value(1))
    found = Benefit.objects.filter(enterprise=enterprise).select_related("item__notice", "enterprise")
    is_hidden = {"state__in": [State.OFFERED, State.DECLINED], "item__in": marking.hidden_items(enterprise)}
    return found.exclude(**is_hidden).order_by(place, "-offered_at", "-pk")


def waiting(enterprise: Enterprise, on: date) -> QuerySet[Benefit]:
    """Return what waits for the consent of an enterprise and can still be had."""
    return of_enterprise(enterprise).claimable_on(on).filter(state=State.OFFERED)  # type: ignore[attr-defined]  # a QuerySet of our own


def rows_of(benefits: Iterable[Benefit], on: date) -> list[Row]:
    """Make the lines of the list; item, notice and enterprise come loaded."""
    return [_row(benefit, on) for benefit in benefits]


def _row(benefit: Benefit, on: date) -> Row:
    item = benefit.item
    return Row(
        item.title,
        reverse("policies:benefit", args=[benefit.key]),
        item.notice.issuer,
        wording.benefit(item),
        capfirst(benefit.get_state_display()),
        _TONES.get(State(benefit.state), ""),
        rows.deadline(item.notice, [item], on),
        benefit.state == State.OFFERED,
    )


def page(benefit: Benefit, on: date) -> Page:
    """Make the page of one benefit; three queries."""
    item = benefit.item
    stored: list[dict[str, Any]] = benefit.agreed or handing.data(benefit.enterprise, item.handed)
    return Page(
        benefit,
        _row(benefit, on),
        rows.page_url(item.notice),
        handing.shown(stored),
        handing.fingerprint(stored),
        PolicyItem.objects.open_on(on).filter(pk=item.pk).exists(),
        _steps(benefit),
        "" if benefit.granted_fen is None else money.in_yuan(benefit.granted_fen),
    )


def _steps(benefit: Benefit) -> list[Step]:
    found = [
        (gettext("Found to fit you, and told"), benefit.offered_at),
        (gettext("You agreed"), benefit.agreed_at),
        (gettext("Handed to the authority"), benefit.batch.sent_at if benefit.batch else None),
        (capfirst(benefit.get_state_display()), benefit.settled_on),
    ]
    return [Step(words, at) for words, at in found if at]
