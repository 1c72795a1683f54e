"""My enterprise: what waits first; for people without an enterprise the task list of registration."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import calendar
from enterprises import access, arriving, facts, size_words, told_before, wording
from enterprises.models import Fact
from enterprises.views.registration import task_context

SOON_DAYS = 60


@require_GET
def home(request: access.MemberRequest) -> HttpResponse:
    """Show what waits for this person; any signed-in person may."""
    found = arriving.of(request.user, request.enterprise)
    context = {
        "nav": "enterprise",
        "invitations": found.invitations,
        "asked": found.asked,
        "claims": found.claims,
        "enterprise": request.enterprise,
        "told": bool(
            request.membership
            and request.membership.may_write
            and request.session.get(told_before.SESSION_KEY)
        ),
    }
    context |= _standing(found.facts) if request.enterprise else task_context(request)
    return render(request, "enterprises/home.html", context)


def _standing(rows: list[Fact]) -> dict[str, Any]:
    """Return what is known of the enterprise and what of it will not hold much longer."""
    today = calendar.today()
    known = facts.from_rows(rows)
    ending = [
        row
        for row in rows
        if row.value and row.expires_on and row.expires_on <= today + timedelta(days=SOON_DAYS)
    ]
    return {
        "known": known,
        "size": size_words.in_words(known, today),
        "ending": sorted((_certificate(row, today) for row in ending), key=lambda one: one["until"]),
    }


def _certificate(row: Fact, today: Any) -> dict[str, Any]:
    days = (row.expires_on - today).days if row.expires_on else 0
    return {
        "name": wording.fact_name(row.code),
        "until": row.expires_on,
        "days": days,
        "has_passed": days < 0,
    }


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of one's own enterprises from now on; anybody else's is a 404."""
    try:
        key = UUID(request.POST.get("membership", ""))
    except ValueError as error:
        raise Http404 from error
    membership = access.switch_to(request, key)
    if membership is None:
        raise Http404
    messages.success(request, _("You now act for %(name)s.") % {"name": membership.enterprise.name})
    return HttpResponseRedirect(_return_to(request))


def _return_to(request: HttpRequest) -> str:
    """Return to a page of our own only; a page of one enterprise's things may not exist for the other."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("enterprises:home")
