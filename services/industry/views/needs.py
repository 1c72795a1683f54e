"""The board of needs: read by everybody, posted by enterprises, answered through staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, facets, once, parking, text
from core.facets import Choice, Facet
from core.lifecycle import TransitionRefused
from core.verbs import blame
from enterprises.access import MemberRequest, needs_writer
from services.industry import actions, directory
from services.industry.forms.needs import CloseForm, NeedForm
from services.industry.models import Answer, Need

PER_PAGE = 20


@login_not_required
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """List what stands on the board, and to members their own needs. Open to everybody."""
    everything = list(Need.objects.on_board(calendar.today()).select_related("region"))
    choice = Choice.read(request.GET, _facets(directory.city_names()))
    found = choice.narrow(everything)
    return render(
        request,
        "industry/needs.html",
        {
            "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "count": len(found),
            "facets": facets.views(everything, choice),
            "chosen": facets.conditions(choice, request.path),
            "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
            "mine": list(_ours(request)[:PER_PAGE]),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def need(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one need: to everybody what the board says, to its enterprise the answers too."""
    ours = _ours(request).filter(reference=reference).select_related("region", "enterprise").first()
    if ours is None:
        board = Need.objects.on_board(calendar.today()).select_related("region")
        shown = get_object_or_404(board, reference=reference)
        return render(request, "industry/need.html", {"need": shown, "nav": "industry"})
    return _own_page(request, ours, CloseForm())


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@needs_writer
def post(request: MemberRequest) -> HttpResponse:
    """Take a need of the own enterprise, once for each form."""
    if request.method != "POST":
        typed = parking.typed(request, request.path)
        return _form_page(request, NeedForm(initial={**_known(request), **typed}))

    def act(form: NeedForm) -> str:
        made = actions.post_need(form.text(), enterprise=request.enterprise, by=request.user)
        return made.reference

    return _take(request, None, act)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_writer
def change(request: MemberRequest, reference: str) -> HttpResponse:
    """Change a need that is not on the board, and hand it in again."""
    row = get_object_or_404(_ours(request), reference=reference)
    if not row.may_be_changed:
        raise Http404
    if request.method != "POST":
        names = [name for name in NeedForm.base_fields if name != "form_token"]
        return _form_page(request, NeedForm(initial={name: getattr(row, name) for name in names}), row)
    return _take(request, row, lambda form: actions.change_need(row, form.text(), by=request.user).reference)


@require_POST
@needs_writer
def close(request: MemberRequest, reference: str) -> HttpResponse:
    """Close a need of the own enterprise and say what became of it."""
    row = get_object_or_404(_ours(request).select_related("region"), reference=reference)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _own_page(request, row, form)
    try:
        actions.close_need(row, outcome=form.cleaned_data["outcome"], by=request.user)
        messages.success(request, _("The need is closed. Thank you for saying what became of it."))
    except TransitionRefused:
        messages.error(request, _("This need is closed already."))
    return HttpResponseRedirect(reverse("industry:need", args=[reference]))


@require_POST
@needs_writer
def answer(request: MemberRequest, reference: str, key: UUID, verb: str) -> HttpResponse:
    """Welcome or decline an answer to a need of the own enterprise."""
    row = get_object_or_404(
        Answer.objects.filter(need__in=_ours(request)), key=key, need__reference=reference
    )
    act = {"welcome": actions.welcome_answer, "decline": actions.decline_answer}.get(verb)
    if act is None:
        raise Http404
    try:
        act(row, by=request.user)
        messages.success(request, _("Saved. Our staff see to the rest."))
    except TransitionRefused:
        messages.error(request, _("You have decided about this answer already."))
    return HttpResponseRedirect(reverse("industry:need", args=[reference]))


def _ours(request: Any) -> Any:
    if request.enterprise is None:
        return Need.objects.none()
    return Need.objects.for_member(request.user).filter(enterprise=request.enterprise)


def _facets(names: dict[str, str]) -> tuple[Facet, ...]:
    cities: dict[str, str | Promise] = {**names}
    return (
        Facet("kind", gettext_lazy("What it is"), dict(Need.Kind.choices), lambda row: [row.kind]),
        Facet("city", pgettext_lazy("place", "Where"), cities, lambda row: [row.region_id]),
    )


def _known(request: MemberRequest) -> dict[str, Any]:
    """Fill in what is known of the person and the enterprise."""
    region = request.enterprise.region_id
    return {
        "region": f"{region[:4]}00" if region else None,
        "contact_name": request.user.name or request.enterprise.contact_name,
        "contact_phone": text.phone(request.user.phone or request.enterprise.contact_phone),
        "contact_email": request.user.email,
        "form_token": once.new_token(),
    }


def _take(request: MemberRequest, row: Need | None, act: Callable[[NeedForm], str]) -> HttpResponse:
    form = NeedForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, row)
    try:
        reference, _ran = once.only(
            form.cleaned_data["form_token"] or once.new_token(),
            purpose="industry.need",
            owner=str(request.user.pk),
            act=lambda: act(form),
        )
    except ValidationError as error:
        blame(form, error)
        return _form_page(request, form, row)
    except TransitionRefused:
        raise Http404 from None
    messages.success(request, _("Thank you. Our staff look at it before it stands on the board."))
    return HttpResponseRedirect(reverse("industry:need", args=[reference]))


def _form_page(request: HttpRequest, form: NeedForm, row: Need | None = None) -> HttpResponse:
    return render(request, "industry/need_form.html", {"form": form, "need": row, "nav": "industry"})


def _own_page(request: Any, row: Need, form: CloseForm) -> HttpResponse:
    context = {
        "need": row,
        "is_ours": True,
        "may_write": request.membership.may_write,
        "answers": list(row.answers.select_related("provider")),
        "form": form,
        "nav": "industry",
    }
    return render(request, "industry/need.html", context)
