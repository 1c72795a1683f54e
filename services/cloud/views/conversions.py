"""Conversion projects for the enterprise: schemes and my projects, the project, and each step of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, confirming, files, parking
from core.confirming import Question
from enterprises.access import MemberRequest, PortalRequest, needs_writer
from services.cloud import conversion_words
from services.cloud.access import writes_for
from services.cloud.actions import conversions
from services.cloud.forms.conversions import AcceptanceForm, FilingForm, IntentForm, InvoiceForm
from services.cloud.lifecycle.conversions import CONVERSION
from services.cloud.models import Conversion, ConversionScheme, ConversionState
from services.cloud.models.conversions import TAKES_INVOICES
from services.cloud.views import trying
from services.cloud.voucher_words import yuan

GET_POST = ["GET", "HEAD", "POST"]
S = ConversionState


@login_not_required
@require_safe
def start(request: PortalRequest) -> HttpResponse:
    """Show the schemes with their rules and, to a member, what hinders and the own projects."""
    enterprise = request.enterprise
    today = calendar.today()
    mine = Conversion.objects.for_member(request.user).filter(enterprise=enterprise) if enterprise else None
    schemes = ConversionScheme.objects.taking_projects(today).select_related("region")
    context = {
        "schemes": [_scheme(row, enterprise, today) for row in schemes],
        "rows": mine.select_related("scheme") if mine is not None else [],
        "enterprise": enterprise,
        "may_write": bool(request.membership and request.membership.may_write),
        "nav": "cloud",
    }
    return render(request, "cloud/conversions/start.html", context)


def _scheme(row: ConversionScheme, enterprise: Any, today: Any) -> dict[str, Any]:
    return {
        "row": row,
        "rate": f"{row.rate_percent.normalize():f}",
        "cap": yuan(row.cap_fen),
        "hindrance": conversions.hindrance(row, enterprise, today) if enterprise else "",
    }


@parking.keeps_typed
@require_http_methods(GET_POST)
@needs_writer
def begin(request: MemberRequest, scheme: str) -> HttpResponse:
    """Ask what is to be better, and begin a project."""
    row = get_object_or_404(ConversionScheme.objects.taking_projects(calendar.today()), slug=scheme)
    if request.method == "POST":
        form = IntentForm(request.POST)
        if form.is_valid():
            goal = form.cleaned_data["goal"]
            begun = _try(
                form, lambda: conversions.intend(row, request.enterprise, goal=goal, by=request.user)
            )
            if begun:
                return _to(begun)
    else:
        form = IntentForm(initial=_typed(request))
    return render(request, "cloud/conversions/begin.html", {"form": form, "scheme": row, "nav": "cloud"})


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a project: where it stands, what is next, its papers and its list; every member reads it."""
    row = _mine(request, reference)
    level = conversions.level_of(row.enterprise)
    context = {
        "row": row,
        "level": level,
        "can_keep": conversions.can_keep(row, level),
        "steps": conversion_words.steps(row),
        "spending": _list(row),
        "listed": yuan(conversions.listed_fen(row)),
        "contract": yuan(row.contract_fen),
        "contract_url": _file_url(row, row.contract_file) if row.contract_file else "",
        "spent": yuan(row.spent_fen),
        "reward": yuan(row.reward_fen),
        "takes_invoices": row.state in TAKES_INVOICES,
        "may_write": writes_for(row.enterprise_id, request.user),
        "may_withdraw": row.state in CONVERSION.transitions["withdraw"].sources,
        "nav": "cloud",
    }
    return render(request, "cloud/conversions/detail.html", context)


def _list(row: Conversion) -> list[dict[str, Any]]:
    return [
        {"row": one, "yuan": yuan(one.amount_fen), "url": _file_url(row, one.invoice_file)}
        for one in row.spending.select_related("invoice_file")
    ]


def _file_url(row: Conversion, stored: Any) -> str:
    if not stored.may_be_opened:
        return ""
    return reverse("cloud:conversion_file", args=[row.reference, stored.key])


@require_POST
def assessed(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the level that is known today, before or after the conversion."""
    row = _to_write(request, reference)
    take = conversions.take_baseline if row.state == S.INTENDED else conversions.take_result
    return _act(request, row, lambda: take(row, by=request.user), _("The level is kept."))


@parking.keeps_typed
@require_http_methods(GET_POST)
def contract(request: HttpRequest, reference: str) -> HttpResponse:
    """File the contract with the declaration."""
    row = _to_write(request, reference)
    if row.state != S.BASELINE:
        return _to(row)
    has_paper = row.contract_file is not None
    if request.method == "POST":
        form = FilingForm(request.POST, request.FILES, has_paper=has_paper)
        if form.is_valid():
            truthful = form.cleaned_data["truthful"]
            if _try(form, lambda: conversions.file(row, form.filing(), truthful=truthful, by=request.user)):
                messages.success(request, _("Filed. The county checks it and writes to you."))
                return _to(row)
    else:
        names = ("contractor", "contract_number", "contract_on", "contract_fen")
        initial = {name: getattr(row, name) for name in names} | _typed(request)
        form = FilingForm(initial=initial, has_paper=has_paper)
    context = {"row": row, "form": form, "journey": True, "nav": "cloud", **_was_parked(request)}
    return render(request, "cloud/conversions/contract.html", context)


@parking.keeps_typed
@require_http_methods(GET_POST)
def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """Add an invoice to the spending list."""
    row = _to_write(request, reference)
    if row.state not in TAKES_INVOICES:
        return _to(row)
    typed = parking.typed(request, request.path)
    form = (
        InvoiceForm(request.POST, request.FILES) if request.method == "POST" else InvoiceForm(initial=typed)
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and _try(form, lambda: conversions.add_invoice(row, form.bought(), by=request.user)):
        messages.success(request, _("The invoice is on the list."))
        return HttpResponseRedirect(f"{_url(row)}#list")
    context = {"row": row, "form": form, "journey": True, "nav": "cloud", **_was_parked(request)}
    return render(request, "cloud/conversions/invoice.html", context)


@require_http_methods(GET_POST)
def remove(request: HttpRequest, reference: str, key: Any) -> HttpResponse:
    """Ask once, then take an invoice off the list."""
    row = _to_write(request, reference)
    if request.method != "POST":
        listed = row.spending.filter(key=key).first()
        if listed is None or row.state not in TAKES_INVOICES:
            return _to(row)
        question = Question(
            _("Take invoice %(number)s off the list?") % {"number": listed.invoice_number},
            _("%(amount)s yuan come off the sum. You can add the invoice again.")
            % {"amount": yuan(listed.amount_fen)},
            _("Take off the list"),
            f"{_url(row)}#list",
        )
        return confirming.ask(request, question)
    return _act(
        request,
        row,
        lambda: conversions.remove_invoice(row, key, by=request.user),
        _("The invoice is off the list."),
    )


@require_http_methods(GET_POST)
def acceptance(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the list once more with the declaration, and apply for acceptance."""
    row = _to_write(request, reference)
    if row.state != S.RESULT:
        return _to(row)
    form = AcceptanceForm(request.POST) if request.method == "POST" else AcceptanceForm()
    sent = request.method == "POST" and form.is_valid()
    if sent:
        truthful = form.cleaned_data["truthful"]
        if _try(form, lambda: conversions.apply(row, truthful=truthful, by=request.user)):
            messages.success(request, _("The application has arrived. The city checks it and writes to you."))
            return _to(row)
    context = {
        "row": row,
        "form": form,
        "spending": _list(row),
        "listed": yuan(conversions.listed_fen(row)),
        "journey": True,
        "nav": "cloud",
    }
    return render(request, "cloud/conversions/acceptance.html", context)


@require_POST
def reward(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the reward that was decided."""
    row = _to_write(request, reference)
    return _act(
        request,
        row,
        lambda: conversions.apply_for_reward(row, by=request.user),
        _("Finance has your application and pays within the days shown."),
    )


@require_http_methods(GET_POST)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then give the project up."""
    row = _to_write(request, reference)
    if row.state not in CONVERSION.transitions["withdraw"].sources:
        return _to(row)
    if request.method == "POST":
        return _act(request, row, lambda: conversions.withdraw(row, by=request.user), _("Withdrawn."))
    return render(request, "cloud/conversions/withdraw.html", {"row": row, "nav": "cloud"})


@require_safe
def own_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper of a project to whoever acts for the enterprise."""
    return files.serve(_paper(_mine(request, reference), file))


@require_safe
def desk_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper to the staff of the region who may see projects."""
    if not request.user.has_perm("cloud.view_conversion"):
        raise PermissionDenied
    row = get_object_or_404(Conversion.objects.in_scope_of(request.user), reference=reference)
    return files.serve(_paper(row, file))


def _paper(row: Conversion, key: str) -> Any:
    held = [row.contract_file, *(one.invoice_file for one in row.spending.select_related("invoice_file"))]
    found = next((stored for stored in held if stored and stored.key == key), None)
    if found is None:
        raise Http404
    return found


def _mine(request: HttpRequest, reference: str) -> Conversion:
    rows = Conversion.objects.for_member(request.user).select_related("scheme", "enterprise", "contract_file")
    return get_object_or_404(rows, reference=reference)


def _to_write(request: HttpRequest, reference: str) -> Conversion:
    row = _mine(request, reference)
    if not writes_for(row.enterprise_id, request.user):
        raise PermissionDenied
    return row


def _url(row: Conversion) -> str:
    return reverse("cloud:conversion", args=[row.reference])


def _to(row: Conversion) -> HttpResponseRedirect:
    return HttpResponseRedirect(_url(row))


def _typed(request: HttpRequest) -> dict[str, Any]:
    return parking.typed(request, request.path)


def _was_parked(request: HttpRequest) -> dict[str, bool]:
    return {"kept": request.method != "POST" and bool(_typed(request))}


def _try(form: Form, act: Any) -> Any:
    moved_on = _("This project has moved on in the meantime. Open it again to see where it is.")
    return trying.attempt(form, act, moved_on=moved_on)


def _act(request: HttpRequest, row: Conversion, act: Any, done: str) -> HttpResponse:
    trying.carry_out(request, row, act, lifecycle=CONVERSION, done=done)
    return _to(row)
