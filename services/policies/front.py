"""What the home page shows of policies, each in one query; `on` is today where it is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.text import capfirst

from core import calendar
from services.policies import rows, wording
from services.policies.models import PolicyItem, PolicyNotice


@dataclass(frozen=True)
class Closing:
    """An item that can still be claimed, and how long."""

    title: str
    url: str
    issuer: str
    benefit: str
    closes_on: date
    days_left: int


@dataclass(frozen=True)
class Newest:
    title: str
    url: str
    issuer: str
    kind: str
    dated: str


def closing_soon(n: int, on: date | None = None) -> list[Closing]:
    """Return the `n` open items with the nearest last day; those without one are not among them."""
    on = on or calendar.today()
    items = PolicyItem.objects.open_on(on).filter(closes_on__gte=on).select_related("notice")
    return [
        Closing(
            item.title,
            rows.page_url(item.notice),
            item.notice.issuer,
            wording.benefit(item),
            item.closes_on,
            (item.closes_on - on).days,
        )
        for item in items.order_by("closes_on", "pk")[:n]
        if item.closes_on
    ]


def newest(n: int, on: date | None = None) -> list[Newest]:
    """Return the `n` notices in force with the latest date of the document."""
    notices = PolicyNotice.objects.in_force_on(on or calendar.today()).defer("body_zh", "targets")
    ordered = notices.order_by(F("search_row__dated_on").desc(nulls_last=True), "-pk")
    return [
        Newest(
            notice.title,
            rows.page_url(notice),
            notice.issuer,
            capfirst(notice.get_kind_display()),
            wording.day(notice.issued_on, notice.issued_precision),
        )
        for notice in ordered[:n]
    ]


def in_force_count(on: date | None = None) -> int:
    """Count the published notices that are not known to have ended."""
    return PolicyNotice.objects.in_force_on(on or calendar.today()).count()
