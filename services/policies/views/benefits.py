"""Benefits without application: the enterprise's list, and the owner's yes, no, or change of mind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, confirming
from core.confirming import Question
from core.lifecycle import TransitionRefused
from enterprises.access import MemberRequest, needs_enterprise, needs_owner
from enterprises.models import Membership
from services.policies import actions, benefiting
from services.policies.forms.benefits import ConsentForm
from services.policies.models import Benefit

PAGE_LENGTH = 20


@needs_enterprise
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """List what the enterprise may get without applying; every member may look."""
    today = calendar.today()
    paginator = Paginator(benefiting.of_enterprise(request.enterprise), PAGE_LENGTH)
    asked = request.GET.get("page", "1")
    page = paginator.get_page(asked)
    if asked.isdecimal() and len(asked) <= 9 and int(asked) > paginator.num_pages:
        return HttpResponseRedirect(f"{request.path}?page={paginator.num_pages}")
    context = {"page": page, "rows": benefiting.rows_of(page.object_list, today), "nav": "enterprise"}
    return render(request, "policies/benefits.html", context)


@needs_enterprise
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show one benefit: the exact list to be handed over, or the receipt; POST agrees to the list.

    Every member may look, owners agree.
    """
    benefit = _benefit(request, key)
    if request.method != "POST":
        return _page(request, benefit, ConsentForm())
    if request.membership.role != Membership.Role.OWNER:
        raise PermissionDenied
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, benefit, form)
    try:
        actions.consent(benefit, seen=form.cleaned_data["seen"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, benefit, form)
    except TransitionRefused:
        messages.error(request, _too_late())
    else:
        messages.success(request, _("You have agreed. This page is your receipt; it is mailed to you too."))
    return _back(key)


@needs_owner
@require_POST
def decline(request: MemberRequest, key: UUID) -> HttpResponse:
    """Say that the benefit is not wanted; owners may."""
    return _simply(request, key, actions.decline, _("Nothing is handed over. You can still agree later."))


@needs_owner
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: MemberRequest, key: UUID) -> HttpResponse:
    """Ask once, then take the consent back while nothing is handed over; owners may."""
    if request.method != "POST":
        found = benefiting.page(_benefit(request, key), calendar.today())
        if not found.may_revoke:
            return _back(key)
        question = Question(
            _("Take back the consent to “%(title)s”?") % {"title": found.row.title},
            _("Nothing is handed over then, and the benefit does not come by itself. You can agree again."),
            _("Take the consent back"),
            reverse("policies:benefit", args=[key]),
        )
        return confirming.ask(request, question)
    return _simply(request, key, actions.revoke, _("Your consent is taken back. Nothing was handed over."))


def _simply(request: MemberRequest, key: UUID, act: Any, done: str) -> HttpResponse:
    try:
        act(_benefit(request, key), by=request.user)
    except TransitionRefused:
        messages.error(request, _too_late())
    else:
        messages.success(request, done)
    return _back(key)


def _too_late() -> str:
    return _("It has moved on meanwhile, so this is not possible any more. See below how it stands.")


def _benefit(request: MemberRequest, key: UUID) -> Benefit:
    mine = Benefit.objects.for_member(request.user).filter(enterprise=request.enterprise)
    return get_object_or_404(mine.select_related("item__notice", "enterprise", "batch", "agreed_by"), key=key)


def _page(request: MemberRequest, benefit: Benefit, form: ConsentForm) -> HttpResponse:
    found = benefiting.page(benefit, calendar.today())
    context = {
        "found": found,
        "form": form,
        "is_owner": request.membership.role == Membership.Role.OWNER,
        "nav": "enterprise",
    }
    return render(request, "policies/benefit.html", context)


def _back(key: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("policies:benefit", args=[key]))
