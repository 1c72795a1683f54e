"""Reading: the report of a round, and how one's own sector stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enterprises.access import MemberRequest, needs_enterprise
from services.assessments import access, printing, report, scales, wording
from services.assessments import benchmark as peers
from services.assessments.models import Assessment, FrameworkVersion, State


@require_safe
def result(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the report; of a draft the interim one, marked as such."""
    assessment = access.mine(request.user, reference)
    context = {
        "report": report.build(assessment),
        "may_write": access.may_write(assessment, request.user),
        "back_url": reverse("assessments:list"),
        "nav": "factory",
    }
    return render(request, "assessments/result.html", context)


@require_safe
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand out the report as PDF, both languages in one file; a draft leads to its interim report."""
    assessment = access.mine(request.user, reference)
    if assessment.state != State.FINISHED:
        return HttpResponseRedirect(reverse("assessments:result", args=[reference]))
    response = HttpResponse(printing.document(assessment), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{assessment.reference}.pdf"'
    return response


@require_safe
@needs_enterprise
def benchmark(request: MemberRequest) -> HttpResponse:
    """Show the averages for one's own sector, size and city, wherever enough enterprises have answered."""
    place = peers.place_of(request.enterprise)
    newest = {
        row.code: row
        for row in Assessment.objects.for_member(request.user)
        .newest()
        .filter(enterprise=request.enterprise)
        .select_related("version")
    }
    versions = [one for one in FrameworkVersion.objects.current() if not one.framework.guests]
    context = {
        "rows": [_row(version, newest.get(version.code), place) for version in versions],
        "place": place,
        "smallest": peers.SMALLEST,
        "steps": peers.STEPS,
        "nav": "factory",
    }
    return render(request, "assessments/benchmark.html", context)


def _row(version: FrameworkVersion, own: Assessment | None, place: dict[str, str]) -> dict[str, Any]:
    average = peers.average(version, place)
    same_edition = own is not None and own.version_id == version.pk and own.result is not None
    chart = None
    if average and same_edition and own and own.result:
        chart = scales.of_result(version.framework, own.result, averages=average.points)
    return {
        "title": version.title,
        "edition": version.edition,
        "average": average,
        "score": wording.points(average.score) if average else "",
        "parts": [
            (wording.say(part.title), wording.points(average.points[part.id]))
            for part in version.framework.scored_dimensions
        ]
        if average
        else [],
        "own": own,
        "own_score": wording.points(own.score) if own and own.score is not None else "",
        "chart": chart,
        "chart_id": f"chart-{version.code}",
    }
