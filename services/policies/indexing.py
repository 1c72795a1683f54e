"""Keep the rows that searches and matching are asked of true to a notice and its items.

One search row a public notice, one row of compiled criteria an item. Called by every action that publishes,
supersedes, repeals or imports; nothing else writes these rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils import timezone

from enterprises.criteria import read_criteria
from services.policies import matching, terms
from services.policies.models import (
    PUBLIC_STATES,
    ItemCriteria,
    NoticeSearch,
    PolicyItem,
    PolicyNotice,
    State,
)


def refresh(notice: PolicyNotice) -> None:
    """Rewrite the search row and the compiled criteria; a notice that is not public has no search row."""
    items = list(notice.items.all())
    for item in items:
        compile_item(item, notice)
    if notice.state in PUBLIC_STATES:
        _write_row(notice, items)
    else:
        NoticeSearch.objects.filter(pk=notice.pk).delete()


def compile_item(item: PolicyItem, notice: PolicyNotice) -> None:
    """Write the columns that matching reads; raises CriteriaError for criteria that cannot be read."""
    ItemCriteria.objects.update_or_create(
        item=item,
        defaults={
            "is_open": notice.state == State.PUBLISHED and not notice.is_ended,
            "opens_on": item.opens_on,
            "closes_on": last_day(item, notice),
            **matching.compile_criteria(read_criteria(item.criteria)),
        },
    )


def last_day(item: PolicyItem, notice: PolicyNotice) -> date | None:
    """Give the last day an item can be claimed: its own, or that of the notice if it ends before."""
    return min((day for day in (item.closes_on, notice.effective_to) if day), default=None)


def searchable_text(notice: PolicyNotice, items: Iterable[PolicyItem]) -> str:
    """Give all the words a notice is found by, folded; at most what one search vector can hold."""
    parts = [
        notice.title_zh,
        notice.document_number,
        notice.issuer_zh,
        notice.summary_zh,
        *(item.title_zh for item in items),
        notice.title_en,
        notice.issuer_en,
        notice.summary_en,
        *(item.title_en for item in items),
        terms.without_markup(notice.body_zh),
    ]
    return terms.fold("\n".join(dict.fromkeys(part for part in parts if part)))[: terms.LONGEST_TEXT]


def _write_row(notice: PolicyNotice, items: list[PolicyItem]) -> None:
    words = searchable_text(notice, items)
    closings = [last_day(item, notice) for item in items]
    NoticeSearch.objects.filter(pk=notice.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "notice": notice.pk,
                "dated_on": _dated_on(notice),
                "first_closes_on": min(filter(None, closings), default=None),
                "closes_on": None if not closings or None in closings else max(filter(None, closings)),
                "ends_on": notice.effective_to,
                **_place(notice.region_id),
                "is_ended": notice.is_ended or notice.state != State.PUBLISHED,
                "all_year": any(item.is_open_all_year for item in items),
                "kind": notice.kind,
                "level": notice.level,
                "text": words,
                "grams": sorted(terms.lexemes(words)),
                "english": " ".join(terms.english(words)),
            },
        )


_INSERT = """
INSERT INTO policies_noticesearch (notice_id, dated_on, first_closes_on, closes_on, ends_on, region, area,
  is_ended, is_open_all_year, kind, level, text, tsv)
VALUES (%(notice)s, %(dated_on)s, %(first_closes_on)s, %(closes_on)s, %(ends_on)s, %(region)s, %(area)s,
  %(is_ended)s, %(all_year)s, %(kind)s, %(level)s, %(text)s,
  array_to_tsvector(%(grams)s::text[]) || strip(to_tsvector('english', %(english)s)))
"""


def _dated_on(notice: PolicyNotice) -> date | None:
    """Give the date a notice is listed under; one taken over from elsewhere without a date has none."""
    if notice.issued_on or notice.effective_from or notice.to_be_verified:
        return notice.issued_on or notice.effective_from
    return timezone.localdate(notice.published_at)


def _place(region: str) -> dict[str, int]:
    code = int(region)
    return {"region": code, "area": code - code % 100}


def rebuild() -> int:
    """Rewrite the rows of all notices, for example after a change of the rules here; return how many."""
    notices = PolicyNotice.objects.prefetch_related("items").order_by("pk")
    for notice in notices.iterator(chunk_size=500):
        refresh(notice)
    return NoticeSearch.objects.count()
