"""Programmes that take applications, my vouchers, and the beginning of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from core import calendar
from enterprises import condition_words
from enterprises.access import MemberRequest, PortalRequest, needs_writer
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise
from services.cloud import vouchers
from services.cloud.actions import applying
from services.cloud.models import CloudProduct, Programme, Voucher, VoucherState
from services.cloud.voucher_words import yuan


@login_not_required
@require_safe
def start(request: PortalRequest) -> HttpResponse:
    """Show the programmes with their rules; to a member also whether they fit, and the own vouchers."""
    enterprise = request.enterprise
    today = calendar.today()
    rows = (
        Voucher.objects.for_member(request.user)
        .filter(enterprise=enterprise)
        .select_related("programme", "product")
        if enterprise
        else []
    )
    context = {
        "programmes": [_programme(row, enterprise, today) for row in vouchers.open_programmes(today)],
        "rows": [_row(row, today) for row in rows],
        "enterprise": enterprise,
        "may_write": bool(request.membership and request.membership.may_write),
        "product": request.GET.get("product", "")[:80],
        "nav": "cloud",
    }
    return render(request, "cloud/vouchers/start.html", context)


def _programme(programme: Programme, enterprise: Enterprise | None, today: Any) -> dict[str, Any]:
    funds = list(programme.funds.all())
    decision = vouchers.judge(programme, enterprise, today) if enterprise else None
    return {
        "row": programme,
        "rate": f"{programme.rate_percent.normalize():f}",
        "cap": yuan(programme.cap_fen),
        "left": yuan(sum(fund.available_fen for fund in funds)),
        "is_waiting": all(fund.available_fen < programme.smallest_fen for fund in funds),
        "days_left": (programme.closes_on - today).days,
        "conditions": condition_words.lines(decision) if decision else [],
        "told": condition_words.told(read_criteria(programme.criteria)),
        "hindrance": applying.hindrance(programme, enterprise, today) if enterprise else "",
    }


def _row(voucher: Voucher, today: Any) -> dict[str, Any]:
    return {
        "row": voucher,
        "url": reverse("cloud:voucher", args=[voucher.reference]),
        "face": yuan(voucher.amount_fen),
        "left": voucher.days_left(today) if voucher.state == VoucherState.ISSUED else None,
    }


@login_not_required
@require_safe
def apply(request: HttpRequest) -> HttpResponse:
    """Lead from a product to the programmes, the product chosen."""
    query = urlencode({"product": request.GET.get("product", "")[:80]})
    return HttpResponseRedirect(f"{reverse('cloud:vouchers')}?{query}")


@needs_writer
@require_POST
def begin(request: MemberRequest, programme: str) -> HttpResponse:
    """Begin an application, or go on with the draft there is."""
    row = get_object_or_404(Programme.objects.public(), slug=programme)
    try:
        voucher = applying.start(row, request.enterprise, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("cloud:vouchers"))
    chosen = request.POST.get("product", "")[:80]
    query = (
        f"?product={chosen}" if chosen and CloudProduct.objects.listed().filter(slug=chosen).exists() else ""
    )
    return HttpResponseRedirect(reverse("cloud:voucher_quote", args=[voucher.reference]) + query)
