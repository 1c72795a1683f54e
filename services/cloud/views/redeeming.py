"""Vouchers for the provider: those issued to its products, redeeming one by its code, claiming payment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import calendar, disclosing, limits, parking
from core.lifecycle import TransitionRefused
from core.verbs import blame
from services.cloud import voucher_words
from services.cloud.actions import using
from services.cloud.forms.vouchers import RedeemForm
from services.cloud.models import Listing, Voucher, VoucherState
from services.cloud.views.vouchers.holding import claim_page

ROWS_A_PAGE = 20
# So many wrong codes an hour; a code has 60 bits, this is for typing slips.
TRIES = {"times": 20, "seconds": 3600}


@require_safe
def provider_vouchers(request: HttpRequest) -> HttpResponse:
    """List the vouchers of customers and take a code; whoever speaks for no provider gets a 404."""
    return _page(request, RedeemForm(initial=parking.typed(request, reverse("cloud:redeem"))))


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest) -> HttpResponse:
    """Record the contract a customer's voucher is used for; the code is the customer's consent."""
    listings = _listings(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("cloud:provider_vouchers"))
    form = RedeemForm(request.POST)
    if not form.is_valid() or not _redeem(request, form, listings[0]):
        return _page(request, form)
    messages.success(request, _("The contract is recorded; your customer is told."))
    return HttpResponseRedirect(reverse("cloud:provider_vouchers"))


def _redeem(request: HttpRequest, form: RedeemForm, listing: Listing) -> bool:
    """Use the voucher of the code; what is wrong becomes an error of the form."""
    if not limits.allow(f"redeem:{listing.pk}", **TRIES):
        form.add_error("code", _("Too many codes were tried. Try again in an hour, or ask your customer."))
        return False
    voucher = Voucher.objects.for_provider_of(request.user).filter(code=form.cleaned_data["code"]).first()
    if voucher is None:
        form.add_error("code", _("There is no voucher with this code for one of your products."))
        return False
    try:
        using.use(voucher, form.contract(), by=request.user)
    except ValidationError as error:
        blame(form, error)
    except TransitionRefused:
        form.add_error("code", _("This voucher has been used already."))
    return form.is_valid()


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def provider_claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Claim payment for a customer's voucher."""
    rows = Voucher.objects.for_provider_of(request.user).select_related(
        "programme", "price", "product__provider"
    )
    voucher = get_object_or_404(rows, reference=reference)
    back = reverse("cloud:provider_vouchers")
    if voucher.state not in {VoucherState.IN_USE, VoucherState.CLAIM_RETURNED}:
        return HttpResponseRedirect(back)
    _disclose(request, voucher)
    return claim_page(request, voucher, back=back)


def _disclose(request: HttpRequest, voucher: Voucher) -> None:
    if voucher.product:
        provider = voucher.product.provider_id
        disclosing.say(request, voucher, enterprise=voucher.enterprise_id, provider=provider)


def _listings(request: HttpRequest) -> list[Listing]:
    rows = list(Listing.objects.represented_by(request.user).select_related("provider"))
    if not rows:
        raise Http404
    return rows


def _page(request: HttpRequest, form: RedeemForm) -> HttpResponse:
    listings = _listings(request)
    rows = (
        Voucher.objects.for_provider_of(request.user)
        .select_related("enterprise", "product", "programme")
        .order_by("-issued_at", "-pk")
    )
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for voucher in page:
        _disclose(request, voucher)
    today = calendar.today()
    context = {
        "providers": [listing.provider.name for listing in listings],
        "page": page,
        "rows": [_row(voucher, today) for voucher in page],
        "form": form,
        "nav": "cloud",
    }
    return render(request, "cloud/vouchers/provider.html", context)


def _row(voucher: Voucher, today: Any) -> dict[str, Any]:
    may_claim = voucher.state in {VoucherState.IN_USE, VoucherState.CLAIM_RETURNED}
    return {
        "row": voucher,
        "face": voucher_words.yuan(voucher.amount_fen),
        "left": voucher.days_left(today) if voucher.state == VoucherState.ISSUED else None,
        "claim_url": reverse("cloud:provider_claim", args=[voucher.reference]) if may_claim else "",
    }
