"""The catalogue: a list narrowed by facets, and one page per offering."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import addresses, facets
from core.criteria import Verdict
from core.facets import Choice
from enterprises import condition_words
from enterprises.access import PortalRequest
from enterprises.models import Enterprise
from services.catalogue import actions, capacity, eligibility, listing
from services.catalogue.facets import FACETS
from services.catalogue.models import Group, Offering

PER_PAGE = 20
# The entry of the main menu under which a group of the catalogue stands.
NAV = {"policy": "policies", "digital_factory": "factory", "cloud": "cloud", "industrial": "industry"}


@login_not_required
@require_safe
def offerings(request: HttpRequest) -> HttpResponse:
    """List what can be asked for; the whole state of the page is in its address."""
    everything, choice = listing.listed(), Choice.read(request.GET, FACETS)
    found = choice.narrow(everything)
    paginator = Paginator(found, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    if request.GET.get("page", str(page.number)) != str(page.number):
        return HttpResponseRedirect(addresses.of_page(request, page.number))
    here = request.get_full_path()
    return render(
        request,
        "catalogue/list.html",
        {
            "page": page,
            "rows": [(row, _with_way_back(row, here)) for row in page],
            "count": len(found),
            "facets": facets.views(everything, choice),
            "chosen": facets.conditions(choice, request.path),
            "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
            "group_label": dict(Group.choices).get(_only_group(choice), ""),
            "nav": NAV.get(_only_group(choice), ""),
        },
    )


@login_not_required
@require_safe
def offering(request: PortalRequest, slug: str) -> HttpResponse:
    """Show one offering; a retired one keeps its address and says so."""
    row = get_object_or_404(Offering.objects.select_related("provider"), slug=slug)
    if not row.is_listed or not listing.is_reachable(row):
        raise Http404
    return render(
        request,
        "catalogue/detail.html",
        {
            "offering": row,
            "page_url": listing.page_url(row),
            "room": None if row.retired_at or row.is_paused else capacity.room(row),
            "audience": row.audience_words,
            **_conditions(row, request.enterprise),
            "list_url": _way_back(request) or f"{reverse('catalogue:list')}?group={row.group}",
            "nav": NAV[row.group],
        },
    )


def _conditions(row: Offering, enterprise: Enterprise | None) -> dict[str, Any]:
    """Give the conditions as judged for the enterprise at hand, or in plain words for a guest."""
    if enterprise is None:
        return {"told": condition_words.told(eligibility.criteria(row))}
    decision = eligibility.judge(row, enterprise)
    return {"lines": condition_words.lines(decision), "is_closed": decision.verdict is Verdict.NOT_MET}


@require_POST
def watch(request: HttpRequest, slug: str) -> HttpResponse:
    """Promise to tell a signed-in person when a pause ends; in the inbox and by mail."""
    row = get_object_or_404(Offering.objects.listed(), slug=slug)
    if actions.watch(row, by=request.user):
        messages.success(request, _("We tell you as soon as this service takes requests again."))
    else:
        messages.success(request, _("This service takes requests now."))
    return HttpResponseRedirect(reverse("catalogue:detail", args=[slug]))


def _only_group(choice: Choice) -> str:
    chosen = choice.chosen["group"]
    return next(iter(chosen)) if len(chosen) == 1 else ""


def _with_way_back(row: Offering, here: str) -> str:
    """Give the detail page its list back, with filters, page and the place in it."""
    query = urlencode({"back": f"{here}#{row.slug}"})
    return f"{reverse('catalogue:detail', args=[row.slug])}?{query}"


def _way_back(request: HttpRequest) -> str:
    back = request.GET.get("back", "")
    is_ours = back.startswith(reverse("catalogue:list")) and url_has_allowed_host_and_scheme(back, None)
    return back if is_ours else ""
