"""Solutions, the cases that show what they brought, and the providers behind both."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import confirming, facets
from core.confirming import Question
from core.facets import Choice
from enterprises.access import MemberRequest, PortalRequest, needs_owner
from enterprises.models import Membership
from services.catalogue import listing
from services.catalogue.models import Provider
from services.industry import actions, solving
from services.industry.models import CaseStudy, Solution
from services.industry.problems import problems, scenes


@login_not_required
@require_safe
def solutions(request: HttpRequest) -> HttpResponse:
    """List solutions by problem, scene, industry and effort. Open to everybody.

    `?capability=` is how an assessment's gap leads here; it narrows before the facets do.
    """
    everything = solving.public_solutions()
    capability = request.GET.get("capability", "")
    if any(capability in row.capabilities for row in everything):
        everything = [row for row in everything if capability in row.capabilities]
    else:
        capability = ""
    choice = Choice.read(request.GET, solving.facets_for(everything))
    found = choice.narrow(everything)
    return render(
        request,
        "industry/solutions.html",
        {
            "rows": found,
            "count": len(found),
            "facets": facets.views(everything, choice),
            "chosen": facets.conditions(choice, request.path),
            "keep": [("capability", capability)] if capability else [],
            "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def solution(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one solution, what can be asked for now, and what it brought others. Open to everybody."""
    row = get_object_or_404(Solution.objects.public().prefetch_related("industries"), slug=slug)
    return render(
        request,
        "industry/solution.html",
        {
            "solution": row,
            "scenes": [scenes()[code] for code in row.scenes if code in scenes()],
            "problems": [problems()[code] for code in solving.problems_of(row)],
            "offerings": listing.helping_with(row.capabilities),
            "cases": solving.cases(solution=row),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a provider: what it offers, and the cases its clients agreed to. Open to everybody."""
    row = get_object_or_404(Provider, slug=slug)
    return render(
        request,
        "industry/provider.html",
        {
            "provider": row,
            "offerings": listing.of_provider(row),
            "cases": solving.cases(provider=row),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def case(request: PortalRequest, slug: str) -> HttpResponse:
    """Show one case with its figures; only while the enterprise agrees. Open to everybody."""
    rows = CaseStudy.objects.public().select_related("provider", "solution", "industry", "region")
    row = get_object_or_404(rows, slug=slug)
    return render(
        request,
        "industry/case.html",
        {
            "case": row,
            "figures": list(row.figures.all()),
            "is_ours": request.enterprise is not None and row.enterprise_id == request.enterprise.pk,
            "is_owner": request.membership is not None and request.membership.role == Membership.Role.OWNER,
            "nav": "industry",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs_owner
def withdraw_consent(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask once, then let an owner take back the consent to the own case; it is hidden at once."""
    rows = CaseStudy.objects.for_member(request.user)
    row = get_object_or_404(rows, slug=slug, enterprise=request.enterprise)
    if request.method != "POST":
        return confirming.ask(request, _about_withdrawing(row))
    actions.withdraw_consent(row, by=request.user)
    messages.success(request, _("Your consent is taken back. The case is no longer shown to anybody."))
    return HttpResponseRedirect(reverse("industry:start"))


def _about_withdrawing(row: CaseStudy) -> Question:
    return Question(
        _("Take back the consent to “%(title)s”?") % {"title": row.title},
        _("The case disappears at once. To show it again, staff would have to ask you anew."),
        _("Take back our consent"),
        reverse("industry:case", args=[row.slug]),
    )
