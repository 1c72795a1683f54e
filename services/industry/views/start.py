"""The front page of industrial services: begin with what is wrong, not with a technology."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import calendar
from services.catalogue import listing
from services.catalogue.models import Group
from services.industry import booking, directory, solving
from services.industry.models import Solution
from services.industry.problems import problems, scenes

NEXT = 3


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Name the problems, and the other ways in, each with its number. Open to everybody."""
    return render(
        request,
        "industry/start.html",
        {
            "problems": list(problems().values()),
            "places": len(directory.places()),
            "solutions": Solution.objects.public().count(),
            "occasions": booking.upcoming(calendar.now())[:NEXT],
            "offerings": listing.counts_by_group().get(Group.INDUSTRIAL, 0),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Show what helps with one problem: solutions, and services to ask for now. Open to everybody."""
    found = problems().get(code)
    if found is None:
        raise Http404
    return render(
        request,
        "industry/problem.html",
        {
            "problem": found,
            "offerings": listing.helping_with(found.capabilities),
            "solutions": solving.solutions_for_problem(code),
            "scenes": [scenes()[scene] for scene in found.scenes],
            "nav": "industry",
        },
    )
