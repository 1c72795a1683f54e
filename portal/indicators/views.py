"""The open book, as a page, as CSV and as xlsx, for everybody: what is promised and what was measured."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext
from django.views.decorators.http import require_safe

from core import money, sheets
from core.charts import BarChart, bar_chart
from core.tiles import TileMap, short_name, tile_map
from portal.indicators import open_book as book_of
from portal.indicators import tables
from portal.indicators.definitions import PLAN_SLUG
from portal.indicators.open_book import Book, Cloud, Figures
from services.catalogue.share import PROMISED_PERCENT, free_share
from services.policies.models import PolicyNotice
from services.requests import effects


@login_not_required
@require_safe
def open_book(request: HttpRequest) -> HttpResponse:
    """Show the whole book."""
    book = book_of.read()
    return render(request, "indicators/open.html", _context(book))


@login_not_required
@require_safe
def as_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Give one table as CSV; 404 for a table there is not."""
    found = _table(table)
    return _file(sheets.csv(found.columns, found.rows), sheets.CSV, f"{table}.csv")


@login_not_required
@require_safe
def as_xlsx(request: HttpRequest, table: str) -> HttpResponse:
    """Give one table as xlsx; 404 for a table there is not."""
    found = _table(table)
    return _file(sheets.xlsx(str(found.title), found.columns, found.rows), sheets.XLSX, f"{table}.xlsx")


def _table(name: str) -> tables.Table:
    if name not in tables.TABLES:
        raise Http404
    return tables.TABLES[name](book_of.read())


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="open-{name}"'},
    )


def _context(book: Book) -> dict[str, Any]:
    share = free_share()
    return {
        "book": book,
        "share": share,
        "promised": PROMISED_PERCENT,
        "paid": _paid(book.cloud),
        "figures": _row_of_figures(book.total),
        "chart": _chart(book) if book.months else None,
        "tables": [_shown(name, make(book)) for name, make in tables.TABLES.items() if name != "plan"],
        "map": _map(book),
        "effects": _effects(effects.figures()),
        "plan_notice": PolicyNotice.objects.public().filter(slug=PLAN_SLUG).first(),
    }


def _paid(cloud: Cloud) -> dict[str, Any]:
    """Word the money of vouchers that were paid; {} while there are too few of them."""
    if not cloud.invoiced_fen:
        return {}
    return {
        "invoiced": money.in_yuan(cloud.invoiced_fen),
        "covered": money.in_yuan(cloud.covered_fen or 0),
        "percent": cloud.covered_percent,
    }


def _row_of_figures(total: Figures) -> list[dict[str, Any]]:
    return [
        {"label": _("Requests received"), "value": total.received, "unit": ""},
        {"label": _("Completed"), "value": total.resolved, "unit": ""},
        {"label": _("On time"), "value": total.on_time_percent, "unit": "%"},
        {"label": _("Free, of those completed"), "value": total.free_percent, "unit": "%"},
        {"label": _("Median first reply"), "value": total.median_days, "unit": _days(total.median_days)},
        {"label": _("Satisfaction"), "value": total.stars, "unit": _("of 5")},
    ]


def _effects(found: effects.Figures) -> list[dict[str, Any]]:
    """Return what services led to; [] while too few enterprises have answered to be shown."""
    if not found.is_enough:
        return []
    obtained = found.obtained.total
    return [
        {"label": _("Answered, of those asked"), "value": f"{found.answered} / {found.asked}", "unit": ""},
        {
            "label": _("Money obtained"),
            "value": None if obtained is None else money.in_wan(obtained),
            "unit": _("× 10,000 yuan"),
        },
        {"label": _("Digital level has risen"), "value": found.rose.total, "unit": _("times")},
        {"label": _("New jobs"), "value": found.jobs.total, "unit": ""},
    ]


def _days(number: int | None) -> str:
    return npgettext("unit", "working day", "working days", number or 0)


def _chart(book: Book) -> BarChart:
    return bar_chart(
        [(f"{month.month}", (row.received or 0, row.resolved or 0)) for month, row in book.months],
        series=(_("Received"), _("Completed")),
        title=_("Requests by month"),
        unit=_("Number of requests, the last thirteen months"),
        label_heading=_("Month"),
    )


def _shown(name: str, table: tables.Table) -> dict[str, Any]:
    return {
        "name": name,
        "title": table.title,
        "columns": table.columns,
        "rows": [(row[: table.head], row[table.head :]) for row in table.rows],
        "head": table.head,
        "note": tables.NOTES.get(name, ""),
        "csv_url": reverse("indicators:csv", args=[name]),
        "xlsx_url": reverse("indicators:xlsx", args=[name]),
    }


def _map(book: Book) -> TileMap:
    return tile_map(
        {row.region.code: row.enterprises for row in book.cities},
        {row.region.code: short_name(row.region.name) for row in book.cities},
        title=_("One square a city; west is left, north is up"),
        unit=_("Number of enterprises; below five: <5"),
        hidden="<5",
    )
