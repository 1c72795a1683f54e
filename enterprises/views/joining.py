"""Ask to act for an enterprise; its owners answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import limits
from core.lifecycle import TransitionRefused
from enterprises import actions
from enterprises.access import MemberRequest, needs_owner
from enterprises.actions import MembershipRefused
from enterprises.forms.members import JoinForm, RoleForm
from enterprises.models import JoinRequest

ASKED_A_DAY = 10


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the owners behind a credit code; any signed-in person may, and learns nothing of the code."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _allowed(request, form):
        actions.ask_to_join(form.cleaned_data["uscc"], note=form.cleaned_data["note"], by=request.user)
        messages.success(
            request,
            _("Sent. If this enterprise is registered here, its owners have 30 days to answer; we tell you."),
        )
        return HttpResponseRedirect(reverse("enterprises:home"))
    return _page(request, "join", form=form, has_errors=bool(form.errors))


def _allowed(request: HttpRequest, form: JoinForm) -> bool:
    if limits.allow(f"joining:{request.user.pk}", times=ASKED_A_DAY, seconds=86_400):
        return True
    form.add_error(
        None,
        _("That were %(count)s requests in a day. Tomorrow you can send more.") % {"count": ASKED_A_DAY},
    )
    return False


@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back one's own request; anybody else's is a 404."""
    mine = JoinRequest.objects.open().filter(asked_by=request.user.pk)
    try:
        actions.withdraw_join(get_object_or_404(mine, key=key), by=request.user)
        messages.success(request, _("Your request is withdrawn."))
    except TransitionRefused:
        messages.warning(request, _("It has been answered in the meantime."))
    return HttpResponseRedirect(reverse("enterprises:home"))


@needs_owner
@require_http_methods(["GET", "POST"])
def answer(request: MemberRequest, key: UUID) -> HttpResponse:
    """Let somebody in with a role, or decline; owners may."""
    row = get_object_or_404(request.enterprise.join_requests.open().select_related("asked_by"), key=key)
    declines = "decline" in request.POST
    form = RoleForm(request.POST if request.method == "POST" and not declines else None)
    if declines or form.is_valid():
        return _settled(request, row, "" if declines else form.cleaned_data["role"])
    return _page(request, "join_request", row=row, form=form, has_errors=bool(form.errors))


def _settled(request: MemberRequest, row: JoinRequest, role: str) -> HttpResponse:
    try:
        if role:
            actions.accept_join(row, role, by=request.user)
        else:
            actions.refuse_join(row, by=request.user)
    except (TransitionRefused, MembershipRefused):
        messages.warning(request, _("It has been answered in the meantime."))
    else:
        messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("enterprises:members"))


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"enterprises/{name}.html", {"nav": "enterprise", "journey": True, **context})
