"""What the pages of a voucher share: fetching it, carrying an action out, saying what it is for."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import parking
from services.cloud import vouchers
from services.cloud.actions import applying
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import Voucher
from services.cloud.views import trying
from services.cloud.voucher_words import yuan

GET_POST = ["GET", "HEAD", "POST"]


def summary(voucher: Voucher, change: str = "") -> list[dict[str, Any]]:
    """List what a voucher is for; `change` is the page where it can be changed."""
    product = voucher.product
    return [
        {"label": _("Programme"), "value": voucher.programme.title},
        {"label": _("Product"), "value": product.name if product else "", "url": change},
        {"label": _("Provider"), "value": product.provider.name if product else ""},
        {"label": _("Quantity"), "value": voucher.quantity, "url": change},
        {"label": _("List price for the first year (yuan)"), "value": yuan(voucher.list_price_fen)},
        {"label": _("Quoted price (yuan)"), "value": yuan(voucher.quote_fen), "url": change},
        {
            "label": _("Quotation"),
            "value": " · ".join(filter(None, [voucher.quote_number, applying.day_words(voucher.quoted_on)])),
            "url": change,
        },
    ]


def was_parked(request: HttpRequest) -> dict[str, bool]:
    """Tell whether the form shows what was typed before the session ended."""
    return {"kept": request.method != "POST" and bool(parking.typed(request, request.path))}


def mine(request: HttpRequest, reference: str) -> Voucher:
    """Return a voucher of an enterprise this person acts for; everybody else's does not exist (404)."""
    rows = Voucher.objects.for_member(request.user).select_related(
        "programme", "enterprise", "product__provider", "price", "fund", "quote_file"
    )
    return get_object_or_404(rows, reference=reference)


def to_write(request: HttpRequest, reference: str) -> Voucher:
    """Return it to an owner or editor; refuse a viewer with 403."""
    voucher = mine(request, reference)
    if not vouchers.may_write(voucher, request.user):
        raise PermissionDenied
    return voucher


def to_page(voucher: Voucher) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("cloud:voucher", args=[voucher.reference]))


def attempt(form: Form, act: Any) -> Any:
    """Carry an action out; what it refuses becomes an error of the form. Return its row, or None."""
    moved_on = _("This voucher has moved on in the meantime. Open it again to see where it is.")
    return trying.attempt(form, act, moved_on=moved_on)


def act_on(request: HttpRequest, voucher: Voucher, act: Any, done: str) -> HttpResponse:
    """Carry an action out and say how it went on the voucher's page."""
    trying.carry_out(request, voucher, act, lifecycle=VOUCHER, done=done)
    return to_page(voucher)
