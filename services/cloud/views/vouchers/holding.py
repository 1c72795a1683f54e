"""A voucher: where it stands, and what the enterprise does with it until it is paid."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, parking
from services.cloud import deadlines, voucher_words, vouchers
from services.cloud.actions import applying, using
from services.cloud.forms.vouchers import AnswerForm, ClaimForm, ContractForm
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import Onboarding, Voucher, VoucherState
from services.cloud.views.vouchers.papers import papers_of
from services.cloud.views.vouchers.shared import (
    GET_POST,
    act_on,
    attempt,
    mine,
    summary,
    to_page,
    to_write,
    was_parked,
)
from services.cloud.voucher_words import yuan


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a voucher: its code in large figures, where it stands, days left, what to do next."""
    voucher = mine(request, reference)
    if voucher.state == VoucherState.DRAFT:
        return HttpResponseRedirect(reverse("cloud:voucher_quote", args=[voucher.reference]))
    return _page(request, voucher)


def _page(request: HttpRequest, voucher: Voucher, form: Form | None = None) -> HttpResponse:
    today = calendar.today()
    may_write = vouchers.may_write(voucher, request.user)
    is_returned = voucher.state == VoucherState.RETURNED
    claim = getattr(voucher, "claim", None)
    context = {
        "voucher": voucher,
        "rows": summary(voucher),
        "face": yuan(voucher.amount_fen),
        "verified": yuan(voucher.verified_fen),
        "due_back": yuan((voucher.verified_fen or 0) - voucher.recovered_fen),
        "days_left": voucher.days_left(today),
        "steps": voucher_words.steps(voucher),
        "papers": papers_of(voucher, claim),
        "claim": claim,
        "invoice": yuan(claim.invoice_fen) if claim else "",
        "form": form or (AnswerForm() if is_returned and may_write else None),
        "may_write": may_write,
        "may_extend": may_write and applying.may_extend(voucher, today),
        "may_withdraw": may_write and voucher.state in VOUCHER.transitions["withdraw"].sources,
        "plan": _plan(voucher, request.user),
        "appeal_until": deadlines.to_appeal(_rejected_on(voucher)) if voucher.state == "rejected" else None,
        "nav": "cloud",
    }
    return render(request, "cloud/vouchers/detail.html", context)


def _plan(voucher: Voucher, user: Any) -> Onboarding | None:
    """Return the plan of the purchase, where real use is proved."""
    if voucher.product_id is None or voucher.used_at is None:
        return None
    mine = Onboarding.objects.for_member(user)
    plans = mine.filter(enterprise=voucher.enterprise_id, product=voucher.product_id)
    return plans.order_by("-pk").first()


def _rejected_on(voucher: Voucher) -> Any:
    last = next((step for step in reversed(voucher_words.steps(voucher)) if step.at), None)
    return calendar.day_of(last.at) if last and last.at else calendar.today()


@parking.keeps_typed
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer what the county asked."""
    voucher = to_write(request, reference)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: applying.resubmit(
                voucher, answer=data["answer"], upload=data["quote_file"], by=request.user
            ),
        ):
            messages.success(request, _("Your answer is with the county."))
            return to_page(voucher)
    return _page(request, mine(request, reference), form)


@require_http_methods(GET_POST)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then take the application or the unused voucher back."""
    voucher = to_write(request, reference)
    if voucher.state not in VOUCHER.transitions["withdraw"].sources:
        return to_page(voucher)
    if request.method == "POST":
        return act_on(request, voucher, lambda: applying.withdraw(voucher, by=request.user), _("Withdrawn."))
    return render(request, "cloud/vouchers/withdraw.html", {"voucher": voucher, "nav": "cloud"})


@require_POST
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the one extension."""
    voucher = to_write(request, reference)
    return act_on(request, voucher, lambda: applying.extend(voucher, by=request.user), _("Extended."))


@parking.keeps_typed
@require_http_methods(GET_POST)
def use(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the contract with the provider."""
    voucher = to_write(request, reference)
    if voucher.state != VoucherState.ISSUED:
        return to_page(voucher)
    typed = parking.typed(request, request.path)
    form = ContractForm(request.POST) if request.method == "POST" else ContractForm(initial=typed)
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(form, lambda: using.use(voucher, form.contract(), by=request.user)):
        messages.success(request, _("The contract is recorded. Keep the voucher page for the claim."))
        return to_page(voucher)
    context = {"voucher": voucher, "form": form, "journey": True, "nav": "cloud", **was_parked(request)}
    return render(request, "cloud/vouchers/use.html", context)


@parking.keeps_typed
@require_http_methods(GET_POST)
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Claim payment with the three papers, for the first time or again."""
    voucher = to_write(request, reference)
    if voucher.state not in {VoucherState.IN_USE, VoucherState.CLAIM_RETURNED}:
        return to_page(voucher)
    return claim_page(request, voucher, back=reverse("cloud:voucher", args=[voucher.reference]))


def claim_page(request: HttpRequest, voucher: Voucher, *, back: str) -> HttpResponse:
    """Show or take the claim of a voucher; the door has scoped it."""
    before = getattr(voucher, "claim", None)
    if request.method == "POST":
        form = ClaimForm(request.POST, request.FILES, has_papers=before is not None)
        if form.is_valid() and attempt(form, lambda: using.claim(voucher, form.claim(), by=request.user)):
            messages.success(request, _("The claim has arrived. The city checks it and writes to you."))
            return HttpResponseRedirect(back)
    else:
        names = ("invoice_number", "invoice_on", "invoice_fen", "paid_on", "used_from", "used_to")
        initial = {name: getattr(before, name) for name in names} if before else {}
        initial |= parking.typed(request, request.path)
        form = ClaimForm(initial=initial, has_papers=before is not None)
    context = {
        "voucher": voucher,
        "form": form,
        "before": before,
        "back": back,
        "journey": True,
        "nav": "cloud",
        **was_parked(request),
    }
    return render(request, "cloud/vouchers/claim.html", context)
