"""The two pages of an application: the quotation, then everything once more with the declarations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import calendar, once, parking
from enterprises import condition_words
from services.cloud import vouchers
from services.cloud.actions import applying
from services.cloud.forms.vouchers import QuoteForm, SubmitForm
from services.cloud.models import CloudProduct, Voucher, VoucherState
from services.cloud.views.vouchers.shared import GET_POST, attempt, summary, to_page, to_write, was_parked
from services.cloud.voucher_words import yuan


@parking.keeps_typed
@require_http_methods(GET_POST)
def quote(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the quotation of a draft."""
    voucher = to_write(request, reference)
    if voucher.state != VoucherState.DRAFT:
        return to_page(voucher)
    form = _quote_form(request, voucher)
    sent = request.method == "POST" and form.is_valid()
    if sent and (done := attempt(form, lambda: applying.save_quote(voucher, form.quote(), by=request.user))):
        return HttpResponseRedirect(reverse("cloud:voucher_check", args=[done.reference]))
    context = {
        "voucher": voucher,
        "form": form,
        "paper": voucher.quote_file,
        "prices": _prices(form.fields["product"].queryset),  # type: ignore[attr-defined]  # a field of choices
        "journey": True,
        "nav": "cloud",
        **was_parked(request),
    }
    return render(request, "cloud/vouchers/quote.html", context)


def _quote_form(request: HttpRequest, voucher: Voucher) -> QuoteForm:
    products = CloudProduct.objects.listed().select_related("provider").order_by("name_zh")
    has_paper = voucher.quote_file is not None
    if request.method == "POST":
        return QuoteForm(request.POST, request.FILES, products=products, has_paper=has_paper)
    chosen = voucher.product.slug if voucher.product else request.GET.get("product", "")[:80]
    initial = {
        "product": chosen,
        "quantity": voucher.quantity,
        "quote_number": voucher.quote_number,
        "quoted_on": voucher.quoted_on,
        "quote_fen": voucher.quote_fen,
    }
    initial |= parking.typed(request, request.path)
    return QuoteForm(initial=initial, products=products, has_paper=has_paper)


def _prices(products: Any) -> list[dict[str, str]]:
    today = calendar.today()
    found = []
    for product in products.prefetch_related("prices"):
        price = product.price_on(today)
        if price:
            unit = price.get_unit_display()
            found.append({"name": product.name, "unit": unit, "yuan": yuan(price.yearly_fen)})
    return found


@require_http_methods(GET_POST)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything once more with the declarations, and submit once."""
    voucher = to_write(request, reference)
    if voucher.state != VoucherState.DRAFT:
        return to_page(voucher)
    if voucher.product is None or voucher.price is None or voucher.quote_fen is None:
        return HttpResponseRedirect(reverse("cloud:voucher_quote", args=[voucher.reference]))
    form = SubmitForm(request.POST) if request.method == "POST" else SubmitForm()
    token = request.POST.get("form_token", "")[:64] or once.new_token()
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(form, lambda: _submit_once(request, voucher, form, token)):
        return to_page(voucher)
    worth = vouchers.face_value(
        voucher.quote_fen,
        eligible_percent=voucher.price.eligible_percent,
        rate_percent=voucher.programme.rate_percent,
        cap_fen=voucher.programme.cap_fen,
    )
    context = {
        "voucher": voucher,
        "rows": summary(voucher, change=reverse("cloud:voucher_quote", args=[voucher.reference])),
        "worth": yuan(worth),
        "after": yuan(voucher.quote_fen - worth),
        "conditions": condition_words.lines(
            vouchers.judge(voucher.programme, voucher.enterprise, calendar.today())
        ),
        "form": form,
        "form_token": token,
        "journey": True,
        "nav": "cloud",
    }
    return render(request, "cloud/vouchers/check.html", context)


def _submit_once(request: HttpRequest, voucher: Voucher, form: SubmitForm, token: str) -> Voucher:
    data = form.cleaned_data
    once.only(
        token,
        purpose="cloud.submit",
        owner=str(request.user.pk),
        act=lambda: (
            applying.submit(
                voucher, no_contract=data["no_contract"], truthful=data["truthful"], by=request.user
            ).reference
        ),
    )
    return voucher
