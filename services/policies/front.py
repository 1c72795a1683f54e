"""What the home page shows of policies, each in one query; `on` is today where it is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.text import capfirst

from core import calendar
from enterprises.models import Region, region_prefix
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
    return _newest(PolicyNotice.objects.in_force_on(on or calendar.today()), n)


def newest_at(region: Region, n: int, on: date | None = None) -> list[Newest]:
    """Like `newest`, of those that hold in a region: its own, and those of every level above it."""
    prefix = region_prefix(region.code)
    above = [f"{prefix[:2]}0000", f"{prefix[:4]}00".ljust(6, "0"), region.code, "000000"]
    notices = PolicyNotice.objects.in_force_on(on or calendar.today())
    return _newest(notices.filter(Q(region_id__in=above) | Q(region__code__startswith=prefix)), n)


def _newest(notices: QuerySet[PolicyNotice], n: int) -> list[Newest]:
    ordered = notices.defer("body_zh", "targets")
    ordered = ordered.order_by(F("search_row__dated_on").desc(nulls_last=True), "-pk")
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
