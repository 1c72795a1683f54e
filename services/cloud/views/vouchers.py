"""Vouchers for the enterprise: programmes and my vouchers, the way to one, and the voucher itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, files, once, parking
from core.lifecycle import TransitionRefused
from core.verbs import blame, refusal
from enterprises.access import MemberRequest, needs_writer
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise
from services.cloud import deadlines, voucher_words, vouchers
from services.cloud.actions import applying, using
from services.cloud.forms.vouchers import (
    AnswerForm,
    ClaimForm,
    ContractForm,
    QuoteForm,
    SubmitForm,
)
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import CloudProduct, Onboarding, Programme, Voucher, VoucherState

yuan = voucher_words.yuan
GET_POST = ["GET", "HEAD", "POST"]


# --- finding one ----------------------------------------------------------------------


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the programmes with their rules; to a member also whether they fit, and the own vouchers."""
    enterprise = request.enterprise  # type: ignore[attr-defined]
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
        "may_write": bool(enterprise and request.membership.may_write),  # type: ignore[attr-defined]
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
        "conditions": voucher_words.conditions(decision) if decision else [],
        "told": voucher_words.told(read_criteria(programme.criteria)),
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


# --- applying -------------------------------------------------------------------------


@parking.keeps_typed
@require_http_methods(GET_POST)
def quote(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the quotation of a draft."""
    voucher = _to_write(request, reference)
    if voucher.state != VoucherState.DRAFT:
        return _to(voucher)
    form = _quote_form(request, voucher)
    sent = request.method == "POST" and form.is_valid()
    if sent and (done := _try(form, lambda: applying.save_quote(voucher, form.quote(), by=request.user))):
        return HttpResponseRedirect(reverse("cloud:voucher_check", args=[done.reference]))
    context = {
        "voucher": voucher,
        "form": form,
        "paper": voucher.quote_file,
        "prices": _prices(form.fields["product"].queryset),  # type: ignore[attr-defined]
        "journey": True,
        "nav": "cloud",
        **_was_parked(request),
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


def _was_parked(request: HttpRequest) -> dict[str, bool]:
    return {"kept": request.method != "POST" and bool(parking.typed(request, request.path))}


@require_http_methods(GET_POST)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything once more with the declarations, and submit once."""
    voucher = _to_write(request, reference)
    if voucher.state != VoucherState.DRAFT:
        return _to(voucher)
    if voucher.product is None or voucher.price is None or voucher.quote_fen is None:
        return HttpResponseRedirect(reverse("cloud:voucher_quote", args=[voucher.reference]))
    form = SubmitForm(request.POST) if request.method == "POST" else SubmitForm()
    token = request.POST.get("form_token", "")[:64] or once.new_token()
    sent = request.method == "POST" and form.is_valid()
    if sent and _try(form, lambda: _submit_once(request, voucher, form, token)):
        return _to(voucher)
    worth = vouchers.face_value(
        voucher.quote_fen,
        eligible_percent=voucher.price.eligible_percent,
        rate_percent=voucher.programme.rate_percent,
        cap_fen=voucher.programme.cap_fen,
    )
    context = {
        "voucher": voucher,
        "rows": _summary(voucher, change=reverse("cloud:voucher_quote", args=[voucher.reference])),
        "worth": yuan(worth),
        "after": yuan(voucher.quote_fen - worth),
        "conditions": voucher_words.conditions(
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


def _summary(voucher: Voucher, change: str = "") -> list[dict[str, Any]]:
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


# --- the voucher ----------------------------------------------------------------------


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a voucher: its code in large figures, where it stands, days left, what to do next."""
    voucher = _mine(request, reference)
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
        "rows": _summary(voucher),
        "face": yuan(voucher.amount_fen),
        "verified": yuan(voucher.verified_fen),
        "due_back": yuan((voucher.verified_fen or 0) - voucher.recovered_fen),
        "days_left": voucher.days_left(today),
        "steps": voucher_words.steps(voucher),
        "papers": _papers(voucher, claim),
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


def _papers(voucher: Voucher, claim: Any) -> list[dict[str, Any]]:
    held = [(_("The quotation, unsigned"), voucher.quote_file)] if voucher.quote_file else []
    names = {"invoice": _("The invoice"), "payment": _("Proof of payment"), "usage": _("Record of use")}
    held += [(names[name], stored) for name, stored in (claim.papers if claim else [])]
    return [
        {
            "label": label,
            "name": stored.name,
            "scan": stored.scan,
            "url": reverse("cloud:voucher_file", args=[voucher.reference, stored.key])
            if stored.may_be_opened
            else "",
        }
        for label, stored in held
    ]


@parking.keeps_typed
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer what the county asked."""
    voucher = _to_write(request, reference)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        if _try(
            form,
            lambda: applying.resubmit(
                voucher, answer=data["answer"], upload=data["quote_file"], by=request.user
            ),
        ):
            messages.success(request, _("Your answer is with the county."))
            return _to(voucher)
    return _page(request, _mine(request, reference), form)


@require_http_methods(GET_POST)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then take the application or the unused voucher back."""
    voucher = _to_write(request, reference)
    if voucher.state not in VOUCHER.transitions["withdraw"].sources:
        return _to(voucher)
    if request.method == "POST":
        return _act(request, voucher, lambda: applying.withdraw(voucher, by=request.user), _("Withdrawn."))
    return render(request, "cloud/vouchers/withdraw.html", {"voucher": voucher, "nav": "cloud"})


@require_POST
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the one extension."""
    voucher = _to_write(request, reference)
    return _act(request, voucher, lambda: applying.extend(voucher, by=request.user), _("Extended."))


@parking.keeps_typed
@require_http_methods(GET_POST)
def use(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the contract with the provider."""
    voucher = _to_write(request, reference)
    if voucher.state != VoucherState.ISSUED:
        return _to(voucher)
    typed = parking.typed(request, request.path)
    form = ContractForm(request.POST) if request.method == "POST" else ContractForm(initial=typed)
    sent = request.method == "POST" and form.is_valid()
    if sent and _try(form, lambda: using.use(voucher, form.contract(), by=request.user)):
        messages.success(request, _("The contract is recorded. Keep the voucher page for the claim."))
        return _to(voucher)
    context = {"voucher": voucher, "form": form, "journey": True, "nav": "cloud", **_was_parked(request)}
    return render(request, "cloud/vouchers/use.html", context)


@parking.keeps_typed
@require_http_methods(GET_POST)
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Claim payment with the three papers, for the first time or again."""
    voucher = _to_write(request, reference)
    if voucher.state not in {VoucherState.IN_USE, VoucherState.CLAIM_RETURNED}:
        return _to(voucher)
    return claim_page(request, voucher, back=reverse("cloud:voucher", args=[voucher.reference]))


def claim_page(request: HttpRequest, voucher: Voucher, *, back: str) -> HttpResponse:
    """Show or take the claim of a voucher; the door has scoped it."""
    before = getattr(voucher, "claim", None)
    if request.method == "POST":
        form = ClaimForm(request.POST, request.FILES, has_papers=before is not None)
        if form.is_valid() and _try(form, lambda: using.claim(voucher, form.claim(), by=request.user)):
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
        **_was_parked(request),
    }
    return render(request, "cloud/vouchers/claim.html", context)


@require_safe
def own_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper of a voucher to whoever acts for the enterprise."""
    return files.serve(paper_of(_mine(request, reference), file))


@require_safe
def desk_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper to the staff who decide about vouchers of the region."""
    if not request.user.has_perm("cloud.view_voucherclaim"):
        raise PermissionDenied
    voucher = get_object_or_404(Voucher.objects.in_scope_of(request.user), reference=reference)
    return files.serve(paper_of(voucher, file))


def paper_of(voucher: Voucher, key: str) -> Any:
    """Return the stored file of a voucher with this key; raise Http404 for any other."""
    claim = getattr(voucher, "claim", None)
    held = [voucher.quote_file, *(stored for _name, stored in (claim.papers if claim else []))]
    found = next((stored for stored in held if stored and stored.key == key), None)
    if found is None:
        raise Http404
    return found


# --- what the pages share -------------------------------------------------------------


def _mine(request: HttpRequest, reference: str) -> Voucher:
    rows = Voucher.objects.for_member(request.user).select_related(
        "programme", "enterprise", "product__provider", "price", "fund", "quote_file"
    )
    return get_object_or_404(rows, reference=reference)


def _to_write(request: HttpRequest, reference: str) -> Voucher:
    voucher = _mine(request, reference)
    if not vouchers.may_write(voucher, request.user):
        raise PermissionDenied
    return voucher


def _to(voucher: Voucher) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("cloud:voucher", args=[voucher.reference]))


def _try(form: Form, act: Any) -> Any:
    """Carry an action out; what it refuses becomes an error of the form. Return its row, or None."""
    try:
        return act()
    except ValidationError as error:
        blame(form, error)
    except files.FileRefused as refused:
        form.add_error(None, refused.message)
    except TransitionRefused:
        form.add_error(
            None, _("This voucher has moved on in the meantime. Open it again to see where it is.")
        )
    return None


def _act(request: HttpRequest, voucher: Voucher, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except TransitionRefused as refused:
        messages.error(request, refusal(refused, voucher, VOUCHER))
    else:
        messages.success(request, done)
    return _to(voucher)
