"""Tracking without sign-in: by reference and contact, or by the signed link of a mail."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import limits, once
from core.lifecycle import TransitionRefused
from services.requests import actions, notifications, page, triage
from services.requests.forms import MessageForm, ReopenForm, TrackForm, supply_form
from services.requests.models import ServiceRequest, State
from services.requests.views import openings
from services.requests.views.sending import say_too_late, send_once, too_late, was_sent
from services.requests.views.uploading import basket_of, receive

TRIES = {"times": 10, "seconds": 3600}
LINK_SECONDS = 90 * 24 * 3600


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Look a request up; a wrong reference and a wrong contact get the same answer."""
    if request.method != "POST":
        return _track_page(request, TrackForm(initial={"reference": request.GET.get("reference", "")[:40]}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _track_page(request, form)
    refused = _refused(request, form)
    if refused is not None:
        return _track_page(request, form, 429, retry_at=refused.retry_at)
    row = form.found()
    if row is None:
        form.add_error(
            None, _("No request has this reference together with this contact. Please compare both.")
        )
        return _track_page(request, form)
    return HttpResponseRedirect(reverse("requests:tracked", args=[notifications.tracking_key(row)]))


@login_not_required
@never_cache
@require_safe
def tracked(request: HttpRequest, key: str) -> HttpResponse:
    """Show where a request stands; what was said is shown only for a question asked without account."""
    return _page(request, _row(key), key)


@login_not_required
@never_cache
@require_safe
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm a question that was asked without an account."""
    row = _row(key)
    context = {
        "row": row,
        "clock": page.clock(row),
        "detail_url": reverse("requests:tracked", args=[key]),
        "mailed_to": row.contact_email,
        "journey": True,
    }
    return render(request, "requests/done.html", context)


@login_not_required
@never_cache
@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    """Take a message, or the answer to what was asked for, from someone without an account."""
    row = own_question(key)
    return _send_with_files(
        request, row, key, "write", partial(_form, row), lambda form, basket: _write(row, form, basket)
    )


@login_not_required
@never_cache
@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Open the question again, for someone without an account."""
    row = own_question(key)
    return _send_with_files(
        request,
        row,
        key,
        "reopen",
        ReopenForm,
        lambda form, basket: actions.reopen(row, form.cleaned_data["text"], by=None, basket=basket),
    )


@login_not_required
@never_cache
@require_POST
def rate(request: HttpRequest, key: str) -> HttpResponse:
    """Take the rating of someone without an account."""
    row = own_question(key)
    form = openings.rate_form(row)(request.POST)
    if not form.is_valid():
        return _page(request, row, key, form, "rate")
    return _act(request, row, key, "rate", form, lambda: openings.rate(row, form, by=None))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once, then take the question back."""
    row, back = own_question(key), reverse("requests:tracked", args=[key])
    if request.method == "POST":
        try:
            send_once(request, f"requests.withdraw.{row.reference}", lambda: actions.withdraw(row, by=None))
            messages.success(request, _("Your request is withdrawn."))
        except TransitionRefused as refused:
            say_too_late(request, refused)
        return HttpResponseRedirect(back)
    if not row.is_open:
        return HttpResponseRedirect(back)
    context = {"row": row, "form_token": once.new_token(), "back_url": back}
    return render(request, "requests/withdraw.html", context)


def _refused(request: HttpRequest, form: TrackForm) -> limits.Allowed | None:
    """Count this try, for the visitor's address and for the reference; return the limit it ran into."""
    reference = triage.tidy_reference(form.cleaned_data["reference"])
    keys = [f"track:{limits.client_address(request)}", *([f"track:{reference}"] if reference else [])]
    tries = [limits.allow(key, **TRIES) for key in keys]
    return next((tried for tried in tries if not tried.ok), None)


def _track_page(request: HttpRequest, form: TrackForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "requests/track.html", {"form": form, **more}, status=status)


def _row(key: str) -> ServiceRequest:
    """Return the request a signed key opens; a forged or old key is a 404."""
    try:
        reference = signing.loads(key, salt=notifications.TRACKING, max_age=LINK_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    rows = ServiceRequest.objects.submitted().select_related(
        "enterprise", "offering", "holder", "next_offering"
    )
    return get_object_or_404(rows, reference=reference).kept


def own_question(key: str) -> ServiceRequest:
    """Return a question asked without an account; everything else is written to only after sign-in."""
    row = _row(key)
    if not row.is_anonymous:
        raise Http404
    return row


def _form(row: ServiceRequest, *data: Any, **kwargs: Any) -> Any:
    if row.state == State.WAITING:
        return supply_form(row, *data, **kwargs)
    return MessageForm(*data, **kwargs)


def _write(row: ServiceRequest, form: Any, basket: str) -> Any:
    if row.state == State.WAITING:
        return actions.supply(row, form.written(), by=None, basket=basket).pk
    return actions.write(row, form.cleaned_data["text"], by=None, basket=basket).pk


def _send_with_files(
    request: HttpRequest,
    row: ServiceRequest,
    key: str,
    verb: str,
    make_form: Callable[..., Any],
    act: Callable[[Any, str], Any],
) -> HttpResponse:
    """Keep the files, then carry out the verb once with the words; else show all of it again."""
    basket = basket_of(request)
    if was_sent(request, f"requests.{verb}.{row.reference}"):
        return _sent(request, key, verb)
    got = receive(request, row, make_form, basket)
    if not got.is_to_be_sent:
        return _page(request, row, key, got.form, verb, got.status)
    return _act(request, row, key, verb, got.form, lambda: act(got.form, basket))


def _act(
    request: HttpRequest, row: ServiceRequest, key: str, verb: str, form: Any, act: Callable[[], Any]
) -> HttpResponse:
    try:
        send_once(request, f"requests.{verb}.{row.reference}", act)
    except TransitionRefused as refused:
        row.refresh_from_db()
        form.add_error(None, too_late(refused))
        return _page(request, row, key, form, verb)
    return _sent(request, key, verb)


def _sent(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    messages.success(request, openings.SENT[verb])
    return HttpResponseRedirect(reverse("requests:tracked", args=[key]))


def _page(
    request: HttpRequest, row: ServiceRequest, key: str, sent: Any = None, verb: str = "", status: int = 200
) -> HttpResponse:
    may_write = row.is_anonymous and row.is_open
    forms = {name: make() for name, make in _settled_verbs(row).items()}
    if sent is not None:
        forms[verb] = sent
    context = {
        **page.of(row, lambda paper: reverse("requests:tracked_file", args=[key, paper.file.key])),
        "key": key,
        "form": sent,
        "forms": forms,
        "answer": forms.get("write") or _form(row) if may_write else None,
        "may_write": may_write,
        "reopen_days": settings.REOPEN_DAYS,
        "form_token": request.POST.get("form_token") or once.new_token(),
    }
    return render(request, "requests/tracked.html", context, status=status)


def _settled_verbs(row: ServiceRequest) -> dict[str, Callable[..., Any]]:
    """Return the forms that rate and open again what is done, where this page may show them."""
    return openings.open_verbs(row) if row.is_anonymous and not row.is_open else {}
