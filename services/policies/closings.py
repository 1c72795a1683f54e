"""Last days of what can be claimed: of everybody's list, or of what fits an enterprise.

A day is the item's own last day, or that of the notice where it ends before. Only items of notices in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from core.criteria import Verdict
from enterprises.models import EnterpriseFacet
from services.policies import matching, rows, synonyms, wording
from services.policies.models import ItemMark, PolicyItem, PolicyNotice
from services.policies.one_pass import FIT_RANKS
from services.policies.query import Fit, Query

# So far ahead last days are looked for.
YEARS_AHEAD = 3
# So many are shown at once, in a month or in a feed.
MOST = 500


@dataclass(frozen=True)
class Closing:
    """One item with its last day, in the reader's language."""

    key: str
    version: int
    day: date
    days_left: int
    title: str
    of: str
    url: str
    issuer: str
    kind: str
    benefit: str
    published_at: datetime


def items(
    query: Query, on: date, facets: Sequence[EnterpriseFacet] = (), hidden: Collection[int] = ()
) -> QuerySet[PolicyItem]:
    """Return the items with a last day that meet the words and filters; state, order and page say nothing.

    What fits is asked of `facets`, and then only of last days still to come and not of items in `hidden`.
    """
    found = PolicyItem.objects.published().filter(
        compiled__is_open=True,
        compiled__closes_on__isnull=False,
        compiled__closes_on__lt=date(on.year + YEARS_AHEAD, on.month, 1),
    )
    chosen = {
        "notice__search_row__area__in": [int(code) for code in query.areas],
        "notice__search_row__kind__in": query.kinds,
        "notice__search_row__level__in": query.levels,
        "notice__search_row__issuer__name_zh__in": query.issuers,
    }
    found = found.filter(**{name: values for name, values in chosen.items() if values})
    if query.since:
        found = found.filter(notice__search_row__listed_on__gte=query.since_day(on))
    if query.text:
        found = found.filter(notice__in=PolicyNotice.objects.search(query.text, synonyms.fresh().alike))
    if query.fits and facets:
        found = found.filter(pk__in=_fitting(query.fits, on, facets, hidden))
    return found


def _fitting(
    fits: Iterable[str], on: date, facets: Sequence[EnterpriseFacet], hidden: Collection[int]
) -> list[int]:
    ranks = [FIT_RANKS[Fit(fit)] for fit in fits]
    end = date(on.year + YEARS_AHEAD, on.month, 1)
    return matching.fitting(facets, on, ranks, closing_before=end, hidden=hidden)


def between(found: QuerySet[PolicyItem], first: date, end: date, on: date) -> list[Closing]:
    """Return the closings from `first` to before `end`, nearest first; one query."""
    chosen = found.filter(compiled__closes_on__gte=first, compiled__closes_on__lt=end)
    return closings(chosen.order_by("compiled__closes_on", "pk")[:MOST], on)


def from_day(found: QuerySet[PolicyItem], first: date, on: date) -> list[Closing]:
    """Return the closings from `first` on, nearest first; one query."""
    return between(found, first, date.max, on)


def by_month(found: QuerySet[PolicyItem]) -> dict[date, int]:
    """Count the closings of every month that has some, by its first day; one query."""
    months = found.annotate(month=TruncMonth("compiled__closes_on")).values("month").order_by("month")
    return dict(months.annotate(n=Count("pk")).values_list("month", "n"))


def closings(found: QuerySet[PolicyItem], on: date) -> list[Closing]:
    """Word items that have a last day."""
    loaded = found.select_related("notice", "compiled").defer(
        "notice__body_zh", "notice__targets", "criteria"
    )
    return of_items(loaded, on)


def _closing(item: PolicyItem, day: date, on: date) -> Closing:
    notice = item.notice
    return Closing(
        key=f"{notice.slug}.{item.pk}",
        version=item.version,
        day=day,
        days_left=(day - on).days,
        title=item.title,
        of="" if notice.title == item.title else notice.title,
        url=rows.page_url(notice),
        issuer=notice.issuer,
        kind=notice.get_kind_display(),
        benefit=wording.benefit(item),
        published_at=notice.published_at or notice.created_at,
    )


def fitting_items(facet: EnterpriseFacet, on: date, most: int = MOST) -> list[PolicyItem]:
    """Return what fits an enterprise today and it has not dismissed, nearest last day first; two queries."""
    met = [fit.item_id for fit in matching.items_for(facet, on, worst=Verdict.MET, limit=most)]
    hidden = ItemMark.objects.hidden_from(facet.pk)
    loaded = PolicyItem.objects.published().exclude(pk__in=hidden).select_related("notice", "compiled")
    found = loaded.defer("notice__body_zh", "notice__targets", "criteria").in_bulk(met)
    return [found[pk] for pk in met if pk in found]


def of_items(found: Iterable[PolicyItem], on: date) -> list[Closing]:
    """Word those of the loaded items that have a last day."""
    dated = ((item, item.compiled.closes_on) for item in found)
    return [_closing(item, day, on) for item, day in dated if day]


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
