"""Subscriptions: "tell me of new ones" on the list, the page of one's own, and that of a mail's reader."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, limits, once
from services.policies import actions, following, telling
from services.policies.actions import SearchRefused
from services.policies.forms import filters
from services.policies.forms.following import GuestSearchForm, SearchForm, TopicsForm
from services.policies.models import AlertChoice, SavedSearch
from services.policies.search import Query, Sort

FOLLOWS = {"times": 10, "seconds": 3600}
MAILS = {"times": 5, "seconds": 86_400}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Keep the search in the address: for the person signed in, or for an address that then confirms."""
    query = filters.read(request.GET, sort=Sort.NEWEST).of_what_comes()
    is_guest = not request.user.is_authenticated
    form_class = GuestSearchForm if is_guest else SearchForm
    form = form_class(
        request.POST if request.method == "POST" else None, initial={"name": following.name_of(query)}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        answer = _ask(request, query, form) if is_guest else _keep(request, query, form)
        if answer is not None:
            return answer
        status = 429 if is_guest else 200
    context = {
        "form": form,
        "conditions": following.conditions(query),
        "back": _list(query),
        "form_token": request.POST.get("form_token") or once.new_token(),
        "journey": True,
        "nav": "policies",
    }
    return render(request, "policies/follow.html", context, status=status)


def _keep(request: HttpRequest, query: Query, form: Any) -> HttpResponse | None:
    """Keep it once for the token of the form sent; None, with the reason on the form, when it is refused."""
    token, owner = request.POST.get("form_token", ""), str(request.user.pk)
    try:
        once.only(token, purpose="policies.follow", owner=owner, act=lambda: _begin(request, query, form))
    except SearchRefused:
        form.add_error(None, _too_many())
        return None
    messages.success(request, _("Kept. We tell you of new policies that your search finds."))
    return HttpResponseRedirect(reverse("policies:subscriptions"))


def _too_many() -> str:
    return _("You have %(count)s subscriptions. Stop one before you add another.") % {
        "count": actions.MOST_SEARCHES
    }


def _begin(request: HttpRequest, query: Query, form: Any) -> str:
    by = request.user if request.user.is_authenticated else None
    search = actions.follow(
        query,
        written=filters.write(query),
        name=form.cleaned_data.get("name") or following.name_of(query),
        frequency=form.cleaned_data["frequency"],
        by=by,
        address=form.cleaned_data.get("address", ""),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return str(search.key)


def _ask(request: HttpRequest, query: Query, form: Any) -> HttpResponse | None:
    """Write to the address once for the token of the form; the answer never says what is known of it."""
    visitor, address = limits.client_address(request), form.cleaned_data["address"]
    token = request.POST.get("form_token", "")
    if not once.was_used(token, purpose="policies.follow", owner=visitor):
        if not limits.allow(f"follow:{visitor}", **FOLLOWS):
            form.add_error(None, _("That were many subscriptions within an hour. Try again in an hour."))
            return None
        if limits.allow(f"follow-mail:{address}", **MAILS):
            # Beyond the limit nothing is kept: whoever reads the mails manages them by their links.
            with suppress(SearchRefused):
                once.only(
                    token,
                    purpose="policies.follow",
                    owner=visitor,
                    act=lambda: _begin(request, query, form),
                )
    return HttpResponseRedirect(reverse("policies:follow_asked"))


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail with a link is on its way. Open to everybody, and the same for every address."""
    return render(request, "policies/follow_asked.html", {"journey": True, "nav": "policies"})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let a search of an address count, by the signed link of a mail; looking alone confirms nothing."""
    search = telling.search_of(token, telling.CONFIRM)
    if search is None or search.stopped_at is not None:
        return render(request, "policies/link_gone.html", {"journey": True}, status=404)
    if request.method == "POST":
        actions.confirm(search)
        return HttpResponseRedirect(reverse("policies:confirm_search", args=[token]))
    context = {
        "search": search,
        "manage_url": reverse("policies:searches_by_mail", args=[telling.manage_token(search)])
        if search.confirmed_at
        else "",
        "journey": True,
    }
    return render(request, "policies/confirm_search.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Show, change and stop all searches of the address a mail went to; the signed link is the key."""
    known = telling.search_of(token, telling.MANAGE)
    if known is None or not known.address:
        return render(request, "policies/link_gone.html", {"journey": True}, status=404)
    searches = SavedSearch.objects.for_address(known.address).order_by("pk")
    if request.method == "POST":
        _change(request, get_object_or_404(searches, key=_key(request.POST.get("search", ""))))
        return HttpResponseRedirect(request.path)
    context = {
        "rows": following.rows(searches),
        "address": known.address,
        "journey": True,
    }
    return render(request, "policies/searches_by_mail.html", context)


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Http404 from error


def _change(request: HttpRequest, search: SavedSearch, *, name: str = "") -> None:
    """Stop the search, or store its frequency; anything else than the buttons say is left alone."""
    if "stop" in request.POST:
        actions.stop_search(search)
        messages.success(request, _("Stopped. No more mails about “%(name)s”.") % {"name": search.name})
        return
    form = SearchForm({"name": name or search.name, "frequency": request.POST.get("frequency")})
    if form.is_valid():
        actions.change_search(search, **form.cleaned_data, at=calendar.now())
        messages.success(request, _("Your choice is saved."))
    else:
        messages.error(request, " ".join(str(error[0]) for error in form.errors.values()))


@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Show the person's own saved searches and how often they hear of each topic; every person may."""
    searches = SavedSearch.objects.for_user(request.user).order_by("pk")
    context = {
        "rows": following.rows(searches),
        "topics": TopicsForm(chosen=_chosen(request)),
        "has_enterprise": getattr(request, "enterprise", None) is not None,
        "nav": "enterprise",
    }
    return render(request, "policies/subscriptions.html", context)


def _chosen(request: HttpRequest) -> dict[str, str]:
    mine = AlertChoice.objects.filter(user=request.user.pk)
    return dict(mine.values_list("topic", "frequency"))


@require_POST
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Rename one's own search, change its frequency, or stop it; anybody else's does not exist."""
    search = get_object_or_404(SavedSearch.objects.for_user(request.user), key=key)
    _change(request, search, name=request.POST.get("name", ""))
    return HttpResponseRedirect(reverse("policies:subscriptions"))


@require_POST
def topics(request: HttpRequest) -> HttpResponse:
    """Store how often this person hears of each topic."""
    form = TopicsForm(request.POST, chosen=_chosen(request))
    if form.is_valid():
        actions.choose_topics(request.user, choices=form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("policies:subscriptions"))
    searches = SavedSearch.objects.for_user(request.user).order_by("pk")
    context = {"rows": following.rows(searches), "topics": form, "nav": "enterprise"}
    return render(request, "policies/subscriptions.html", context)


def _list(query: Query) -> str:
    written = filters.write(query)
    return f"{reverse('policies:list')}?{written}" if written else reverse("policies:list")
