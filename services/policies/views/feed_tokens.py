"""The page where a person makes and revokes addresses of their own for calendars and feed readers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import confirming, once
from core.confirming import Question
from enterprises.access import MemberRequest, needs_enterprise
from services.policies.actions import feed_tokens
from services.policies.forms.feeds import FeedForm
from services.policies.models import FeedToken

PURPOSE = "policies.feed"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_enterprise
def mine(request: MemberRequest) -> HttpResponse:
    """List the person's own addresses and make a new one, shown once. Every member, for themselves only."""
    if request.method != "POST":
        return _page(request, FeedForm(initial={"form_token": once.new_token()}))
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    made: list[str] = []
    try:
        once.only(
            form.cleaned_data["form_token"] or once.new_token(),
            purpose=PURPOSE,
            owner=str(request.user.pk),
            act=lambda: _make(request, form.cleaned_data["name"], made),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form)
    if not made:
        messages.info(request, _("This address was made already. It is shown only once: make another one."))
        return HttpResponseRedirect(reverse("policies:feeds"))
    return _page(request, FeedForm(initial={"form_token": once.new_token()}), secret=made[0])


def _make(request: MemberRequest, name: str, made: list[str]) -> str:
    token, secret = feed_tokens.make(request.enterprise, name=name, by=request.user)
    made.append(secret)
    return str(token.key)


def _page(request: MemberRequest, form: FeedForm, secret: str = "") -> HttpResponse:
    tokens = FeedToken.objects.for_member(request.user).filter(enterprise=request.enterprise).in_use()
    context: dict[str, Any] = {
        "form": form,
        "tokens": tokens.order_by("-created_at", "-pk"),
        "addresses": _addresses(secret) if secret else [],
        "nav": "enterprise",
    }
    return render(request, "policies/feeds.html", context)


def _addresses(secret: str) -> list[dict[str, str]]:
    names = {
        "policies:my_ics": _("For a calendar (iCalendar)"),
        "policies:my_atom": _("For a feed reader (Atom)"),
    }
    return [
        {"label": label, "url": f"{settings.PUBLIC_URL}{reverse(name, args=[secret])}"}
        for name, label in names.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_enterprise
def revoke(request: MemberRequest, key: str) -> HttpResponse:
    """Ask once, then end one of the person's own addresses; what reads it gets nothing from now on."""
    token = get_object_or_404(FeedToken.objects.for_member(request.user), key=key)
    if request.method != "POST":
        question = Question(
            _("End the address “%(name)s”?") % {"name": token.name},
            _("The calendar or reader that uses it gets nothing from now on. A new one has another address."),
            _("Revoke"),
            reverse("policies:feeds"),
        )
        return confirming.ask(request, question)
    feed_tokens.revoke(token, by=request.user)
    messages.success(request, _("The address “%(name)s” no longer works.") % {"name": token.name})
    return HttpResponseRedirect(reverse("policies:feeds"))
