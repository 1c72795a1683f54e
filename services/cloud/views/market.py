"""The cloud catalogue: start page, list, product, comparison of up to three. Open to everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import addresses, calendar, facets
from core.facets import Choice
from enterprises.access import PortalRequest
from services.cloud import comparing, estimating, offers, shelf, showing, vouchers
from services.cloud.estimating import Estimate, Wanted
from services.cloud.facets import FACETS
from services.cloud.forms.market import EstimateForm
from services.cloud.models import ConversionScheme, Programme
from services.cloud.offers import OfferWords

PER_PAGE = 20
SORTS = {
    "tier": _("best tier first"),
    "price": _("lowest cost first"),
    "exit": _("easiest to leave first"),
    "newest": _("newest on the list first"),
}


@login_not_required
@require_safe
def start(request: PortalRequest) -> HttpResponse:
    """Say what going to the cloud takes here, and lead to the first step."""
    rows = shelf.on_sale(calendar.today())
    context = {
        "nav": "cloud",
        "products": len(rows),
        "offers": bool(_offers(request, rows)),
        "schemes": ConversionScheme.objects.taking_projects(calendar.today()).exists(),
    }
    return render(request, "cloud/start.html", context)


@login_not_required
@require_safe
def products(request: PortalRequest) -> HttpResponse:
    """List what is on sale; the whole state of the page is in its address."""
    everything, choice = shelf.on_sale(calendar.today()), Choice.read(request.GET, FACETS)
    sort = request.GET.get("sort", "") if request.GET.get("sort", "") in SORTS else ""
    found = shelf.ordered(choice.narrow(everything), sort)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if request.GET.get("page", str(page.number)) != str(page.number):
        return HttpResponseRedirect(addresses.of_page(request, page.number))
    keep = [("sort", sort)] if sort else []
    found_offers = _offers(request, list(page))
    context = {
        "page": page,
        "rows": [showing.card(row, found_offers.get(row.product.slug)) for row in page],
        "count": len(found),
        "facets": facets.views(everything, choice),
        "chosen": [_kept(one, sort) for one in facets.conditions(choice, request.path)],
        "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
        "keep": keep,
        "kept_facets": [(facet.name, value) for facet in FACETS for value in sorted(choice.of(facet.name))],
        "sorts": [{"value": code, "label": label, "chosen": code == sort} for code, label in SORTS.items()],
        "most": comparing.MOST,
        "nav": "cloud",
    }
    return render(request, "cloud/products.html", context)


@login_not_required
@require_safe
def product(request: PortalRequest, slug: str) -> HttpResponse:
    """Show one product with its price history and exit terms; one no longer offered says so."""
    shown = shelf.one(slug, calendar.today())
    if shown is None:
        raise Http404
    running = vouchers.open_programmes(calendar.today())
    offer = _offers(request, [shown], running).get(slug)
    form = EstimateForm.read(request.GET)
    found = _estimates(request, [shown], form.wanted, running).get(slug)
    context = {"nav": "cloud", "form": form, "estimate": showing.estimate(found) if found else []}
    return render(request, "cloud/product.html", context | showing.page(shown, offer))


@login_not_required
@require_safe
def compare(request: PortalRequest) -> HttpResponse:
    """Put up to three products side by side, as named by `p` in the address."""
    asked = list(dict.fromkeys(request.GET.getlist("p")))
    rows = shelf.by_slugs(asked[:50], calendar.today())
    shown = rows[: comparing.MOST]
    form, running = EstimateForm.read(request.GET), vouchers.open_programmes(calendar.today())
    estimates = _estimates(request, shown, form.wanted, running)
    context = {
        "nav": "cloud",
        "form": form,
        "slugs": [row.product.slug for row in shown],
        "table": comparing.table(shown, _offers(request, shown, running), estimates),
        "columns": [_column(row, shown) for row in shown],
        "left_out": len(rows) - len(shown),
        "unknown": len(asked) - len(rows),
        "most": comparing.MOST,
    }
    return render(request, "cloud/compare.html", context)


def _offers(
    request: PortalRequest, rows: list[shelf.Shown], running: list[Programme] | None = None
) -> dict[str, OfferWords]:
    """Return what vouchers make of these prices for the enterprise at hand, or for a visitor."""
    today = calendar.today()
    running = vouchers.open_programmes(today) if running is None else running
    return offers.of(rows, request.enterprise, today, running)


def _estimates(
    request: PortalRequest, rows: list[shelf.Shown], wanted: Wanted, running: list[Programme]
) -> dict[str, Estimate]:
    """Reckon each product that has a price, with the voucher the enterprise at hand could have for it."""
    enterprise = request.enterprise
    worth = offers.worth(rows, enterprise, calendar.today(), running, count=wanted.count)
    return {
        row.product.slug: estimating.of(
            row.price,
            wanted,
            voucher_fen=worth.get(row.product.slug, 0),
            exit_fen=row.product.exit_fee_fen,
        )
        for row in rows
        if row.price is not None
    }


def _column(row: shelf.Shown, shown: list[shelf.Shown]) -> dict[str, Any]:
    others = [other.product.slug for other in shown if other is not row]
    query = "&".join(f"p={slug}" for slug in others)
    return {
        "name": row.product.name,
        "url": reverse("cloud:product", args=[row.product.slug]),
        "is_sample": row.product.is_sample,
        "without": f"{reverse('cloud:compare')}?{query}" if others else "",
    }


def _kept(condition: facets.Condition, sort: str) -> facets.Condition:
    return facets.Condition(condition.label, f"{condition.url}&sort={sort}") if sort else condition
