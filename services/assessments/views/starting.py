"""Beginning: what can be assessed, what is under way, and the list of rounds."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from enterprises.access import MemberRequest, PortalRequest, needs_enterprise, needs_writer
from enterprises.models import Enterprise
from services.assessments import actions, campaigns, report, standing, wording
from services.assessments.models import Assessment, FrameworkVersion, State

ROWS_A_PAGE = 20


@login_not_required
@require_safe
def start(request: PortalRequest) -> HttpResponse:
    """Say what an assessment takes and gives, and lead to one. Open to everybody."""
    enterprise = request.enterprise
    rows = _newest(request.user, enterprise)
    versions = sorted(FrameworkVersion.objects.current(), key=lambda version: standing.place(version.code))
    context = {
        "invitations": campaigns.open_for(request.user, enterprise) if enterprise else [],
        "banks": [_bank(version, rows) for version in versions if not version.framework.guests],
        "quick": next((_bank(version, {}) for version in versions if version.framework.guests), None),
        "may_write": bool(request.membership and request.membership.may_write),
        "nav": "factory",
    }
    return render(request, "assessments/start.html", context)


def _newest(user: Any, enterprise: Enterprise | None) -> dict[str, dict[str, Assessment]]:
    """Return the draft and the newest finished round of an enterprise by question bank; one query."""
    if enterprise is None:
        return {}
    found: dict[str, dict[str, Assessment]] = {}
    rows = Assessment.objects.for_member(user).filter(enterprise=enterprise).select_related("version")
    for row in rows.order_by("pk"):
        found.setdefault(row.code, {})[row.state] = row
    return found


def _bank(version: FrameworkVersion, rows: dict[str, dict[str, Assessment]]) -> dict[str, Any]:
    framework = version.framework
    mine = rows.get(version.code, {})
    finished = mine.get(State.FINISHED)
    return {
        "code": version.code,
        "title": version.title,
        "source": wording.say(framework.source),
        "note": wording.say(framework.note),
        "minutes": framework.minutes,
        "count": len(framework.items),
        "draft": mine.get(State.DRAFT),
        "finished": finished,
        "level": wording.level(finished.framework, finished.level) if finished else "",
    }


@login_not_required
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Show what a report looks like, of invented works and marked as such. Open to everybody."""
    versions = sorted(FrameworkVersion.objects.current(), key=lambda one: standing.place(one.code))
    found = next(filter(None, (report.sample(one) for one in versions if not one.framework.guests)), None)
    if found is None:
        raise Http404
    return render(request, "assessments/sample.html", {"report": found, "nav": "factory"})


@require_POST
@needs_writer
def begin(request: MemberRequest, code: str) -> HttpResponse:
    """Begin a round of the current edition, or go on with the one that is under way."""
    version = FrameworkVersion.objects.current().filter(code=code).first()
    if version is None or version.framework.guests:
        raise Http404
    assessment = actions.start(request.enterprise, version, by=request.user)
    return HttpResponseRedirect(reverse("assessments:detail", args=[assessment.reference]))


@require_safe
@needs_enterprise
def mine(request: MemberRequest) -> HttpResponse:
    """List the rounds of the enterprise, the newest first."""
    rows = (
        Assessment.objects.for_member(request.user)
        .filter(enterprise=request.enterprise)
        .select_related("version")
        .order_by("-pk")
    )
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(row) for row in page], "nav": "factory"}
    return render(request, "assessments/list.html", context)


def _row(assessment: Assessment) -> dict[str, Any]:
    is_draft = assessment.state == State.DRAFT
    return {
        "title": assessment.version.title,
        "reference": assessment.reference,
        "state": assessment.state,
        "state_label": assessment.get_state_display(),
        "url": reverse(f"assessments:{'detail' if is_draft else 'result'}", args=[assessment.reference]),
        "discard_url": reverse("assessments:discard", args=[assessment.reference]) if is_draft else "",
        "level": "" if is_draft else wording.level(assessment.framework, assessment.level),
        "score": "" if assessment.score is None else wording.points(assessment.score),
        "round": assessment.round,
        "at": assessment.finished_at or assessment.started_at,
    }
