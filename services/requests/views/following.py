"""Following: the list of an owner, one request, and what its owner may do with it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import once, parking, text
from core.lifecycle import TransitionRefused
from services.requests import actions, page, parties, sharing, triage
from services.requests.forms import FollowForm, MessageForm, ReopenForm, supply_form
from services.requests.models import ServiceRequest
from services.requests.views import openings
from services.requests.views.openings import SENT, open_verbs, rate_form
from services.requests.views.sending import say_too_late, send_once, too_late, was_sent
from services.requests.views.uploading import basket_of, receive

PER_PAGE = 20
LONGEST_WORDS = 100


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests of the person's enterprises: drafts first, then what waits for them.

    `?q=` leaves those with this reference, or with these words in subject or service.
    """
    words = text.normal(text.printable(request.GET.get("q", "")))[:LONGEST_WORDS]
    rows = triage.looked_for(ServiceRequest.objects.for_member(request.user).waiting_first(), words)
    paginator = Paginator(rows.select_related("offering", "enterprise"), PER_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    if request.GET.get("page", str(shown.number)) != str(shown.number):
        kept = urlencode({**({"q": words} if words else {}), "page": shown.number})
        return HttpResponseRedirect(f"{request.path}?{kept}")
    context = {
        "page": shown,
        "rows": [page.list_row(row) for row in shown],
        "words": words,
        "nav": "enterprise",
    }
    return render(request, "requests/list.html", context)


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a request stands: timeline, thread, who has it, by when."""
    return _page(request, _row(request, reference))


@require_safe
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm what was submitted; this page can be opened again at any time."""
    row = _row(request, reference)
    context = {
        "row": row,
        "clock": page.clock(row),
        "detail_url": reverse("requests:detail", args=[row.reference]),
        "mailed_to": row.requester.email if row.requester else "",
        "provider": sharing.outside(row),
        "journey": True,
        "nav": "enterprise",
    }
    return render(request, "requests/done.html", context)


@parking.keeps_typed
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    row = _row(request, reference, to_write=True)
    return _send_with_files(
        request,
        row,
        "write",
        MessageForm,
        lambda form, basket: actions.write(row, form.cleaned_data["text"], by=request.user, basket=basket),
    )


@parking.keeps_typed
@require_POST
def supply(request: HttpRequest, reference: str) -> HttpResponse:
    row = _row(request, reference, to_write=True)
    return _send_with_files(
        request,
        row,
        "supply",
        partial(supply_form, row),
        lambda form, basket: actions.supply(row, form.written(), by=request.user, basket=basket),
    )


@parking.keeps_typed
@require_POST
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    row = _row(request, reference, to_write=True)
    return _send_with_files(
        request,
        row,
        "reopen",
        ReopenForm,
        lambda form, basket: actions.reopen(row, form.cleaned_data["text"], by=request.user, basket=basket),
    )


@parking.keeps_typed
@require_POST
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    row = _row(request, reference, to_write=True)
    form = rate_form(row)(request.POST)
    return _send(request, row, "rate", form, lambda: openings.rate(row, form, by=request.user))


@require_POST
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a colleague follow, or no longer; owners and editors may, and followers may leave."""
    removed = request.POST.get("remove", "")
    row = _row(request, reference)
    if not (parties.may_write(row, request.user) or actions.is_own_following(row, removed, request.user)):
        raise PermissionDenied
    if removed:
        actions.remove_follower(row, removed, by=request.user)
        return HttpResponseRedirect(reverse("requests:detail", args=[reference]))
    form = FollowForm(request.POST, row=row)
    if not form.is_valid():
        return _page(request, row, sent=form, verb="follow")
    actions.add_follower(row, form.cleaned_data["colleague"], by=request.user)
    messages.success(request, _("Your colleague follows this request from now on."))
    return HttpResponseRedirect(reverse("requests:detail", args=[reference]))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once on a page that names the request, then take it back."""
    row = _row(request, reference, to_write=True)
    if request.method == "POST":
        try:
            send_once(
                request, f"requests.withdraw.{reference}", lambda: actions.withdraw(row, by=request.user)
            )
            messages.success(request, _("Your request is withdrawn."))
        except TransitionRefused as refused:
            say_too_late(request, refused)
        return HttpResponseRedirect(reverse("requests:detail", args=[reference]))
    if not row.is_open:
        return HttpResponseRedirect(reverse("requests:detail", args=[reference]))
    context = {
        "row": row,
        "form_token": once.new_token(),
        "back_url": reverse("requests:detail", args=[reference]),
        "nav": "enterprise",
    }
    return render(request, "requests/withdraw.html", context)


def _rows(request: HttpRequest) -> QuerySet[ServiceRequest]:
    rows = ServiceRequest.objects.submitted().for_member(request.user)
    return rows.select_related(
        "enterprise", "offering__provider", "holder", "next_offering", "requester", "effect"
    )


def _row(request: HttpRequest, reference: str, *, to_write: bool = False) -> ServiceRequest:
    """Return a request this person may see; another's is a 404, a viewer's write a 403."""
    row = get_object_or_404(_rows(request), reference=reference).kept
    if to_write and not parties.may_write(row, request.user):
        raise PermissionDenied
    return row


def _send_with_files(
    request: HttpRequest,
    row: ServiceRequest,
    verb: str,
    make_form: Callable[..., Any],
    act: Callable[[Any, str], Any],
) -> HttpResponse:
    """Keep the files, then carry out the verb once with the words; else show all of it again."""
    basket = basket_of(request)
    if was_sent(request, f"requests.{verb}.{row.reference}"):
        return _sent(request, row, verb)
    got = receive(request, row, make_form, basket)
    if not got.is_to_be_sent:
        return _page(request, row, sent=got.form, verb=verb, status=got.status)
    return _act(request, row, verb, got.form, lambda: act(got.form, basket))


def _send(
    request: HttpRequest, row: ServiceRequest, verb: str, form: Any, act: Callable[[], Any]
) -> HttpResponse:
    """Carry out a verb once; a form that is wrong is shown again with what was typed."""
    if not form.is_valid():
        return _page(request, row, sent=form, verb=verb)
    return _act(request, row, verb, form, act)


def _act(
    request: HttpRequest, row: ServiceRequest, verb: str, form: Any, act: Callable[[], Any]
) -> HttpResponse:
    try:
        send_once(request, f"requests.{verb}.{row.reference}", act)
    except TransitionRefused as refused:
        row.refresh_from_db()
        form.add_error(None, too_late(refused))
        return _page(request, row, sent=form, verb=verb)
    return _sent(request, row, verb)


def _sent(request: HttpRequest, row: ServiceRequest, verb: str) -> HttpResponse:
    messages.success(request, SENT[verb])
    return HttpResponseRedirect(reverse("requests:detail", args=[row.reference]))


def _page(
    request: HttpRequest, row: ServiceRequest, sent: Any = None, verb: str = "", status: int = 200
) -> HttpResponse:
    may_write = parties.may_write(row, request.user)
    forms = _forms(request, row) if may_write else {}
    if may_write and row.enterprise_id:
        forms["follow"] = FollowForm(row=row)
    kept = any(form.initial for form in forms.values())
    if sent is not None:
        forms[verb] = sent
    context = {
        **page.of(row, lambda paper: reverse("requests:file", args=[row.reference, paper.file.key])),
        "forms": forms,
        "form": sent,
        "kept": kept and sent is None,
        "may_write": may_write,
        "followers": list(row.followers.select_related("user").order_by("pk")),
        "may_withdraw": may_write and row.is_open,
        "provider": sharing.outside(row) if may_write and row.is_open else None,
        "reopen_days": settings.REOPEN_DAYS,
        "form_token": request.POST.get("form_token") or once.new_token(),
        "nav": "enterprise",
    }
    return render(request, "requests/detail.html", context, status=status)


def _forms(request: HttpRequest, row: ServiceRequest) -> dict[str, Any]:
    """Return the forms open in the present state, begun with what was typed when a session had ended."""
    return {
        verb: make_form(initial=parking.typed(request, reverse(f"requests:{verb}", args=[row.reference])))
        for verb, make_form in open_verbs(row).items()
    }
