"""Showing a report to others: links that expire, and the check of a verification code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import calendar, confirming, limits, once
from core.confirming import Question
from services.assessments import access, actions, report, wording
from services.assessments.forms.filling import ShareForm, VerifyForm
from services.assessments.models import Assessment, Share, State

SALT = "assessments.share"
TRIES = {"times": 30, "seconds": 3600}


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """List the links of a report and make a new one."""
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    if assessment.state != State.FINISHED:
        return HttpResponseRedirect(reverse("assessments:detail", args=[reference]))
    form = ShareForm(request.POST) if request.method == "POST" else ShareForm()
    if request.method == "POST" and form.is_valid():
        _share_once(request, assessment, form)
        return HttpResponseRedirect(reverse("assessments:share", args=[reference]))
    context = {
        "assessment": assessment,
        "form": form,
        "form_token": once.new_token(),
        "links": [_link(request, row) for row in assessment.shares.order_by("-pk")],
        "nav": "factory",
    }
    return render(request, "assessments/share.html", context)


def _share_once(request: HttpRequest, assessment: Assessment, form: ShareForm) -> None:
    try:
        once.only(
            request.POST.get("form_token", "")[:64] or once.new_token(),
            purpose="assessments.share",
            owner=str(request.user.pk),
            act=lambda: str(actions.share(assessment, by=request.user, **form.cleaned_data).pk),
        )
    except ValueError:
        messages.error(request, _("There are already 20 open links. Revoke one before you make another."))
        return
    messages.success(request, _("The link is ready. Copy it and send it to your adviser."))


def _link(request: HttpRequest, row: Share) -> dict[str, Any]:
    token = signing.dumps(str(row.key), salt=SALT)
    is_open = row.revoked_at is None and row.expires_at > timezone.now()
    return {
        "key": row.key,
        "note": row.note,
        "url": request.build_absolute_uri(reverse("assessments:shared", args=[token])) if is_open else "",
        "expires_at": row.expires_at,
        "is_revoked": row.revoked_at is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Ask once, then close a link at once."""
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    row = get_object_or_404(assessment.shares, key=key)
    if request.method != "POST":
        question = Question(
            _("Close the link “%(note)s”?") % {"note": row.note or reference},
            _("Whoever has it sees the report no longer. For the same person you would make a new link."),
            _("Close this link"),
            reverse("assessments:share", args=[reference]),
        )
        return confirming.ask(request, question)
    actions.revoke(row, by=request.user)
    messages.success(request, _("The link no longer works."))
    return HttpResponseRedirect(reverse("assessments:share", args=[reference]))


@login_not_required
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a report to whoever holds an open link; a link that is over says so (410). Open to everybody."""
    try:
        key = UUID(str(signing.loads(token, salt=SALT)))
    except (signing.BadSignature, ValueError):
        return _closed(request, "")
    row = (
        Share.objects.filter(key=key).select_related("assessment__version", "assessment__enterprise").first()
    )
    if row is None:
        return _closed(request, "")
    if row.revoked_at is not None:
        return _closed(request, "revoked")
    if row.expires_at <= calendar.now():
        return _closed(request, "expired")
    context = {
        "report": report.build(row.assessment, with_advice=False),
        "share": row,
        "nav": "factory",
    }
    response = render(request, "assessments/shared.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _closed(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "assessments/shared_closed.html", {"why": why, "nav": "factory"}, status=410)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Tell whether a report with this code was issued here, and what it says. Thirty tries an hour."""
    form = VerifyForm(request.POST) if request.method == "POST" else VerifyForm()
    context: dict[str, Any] = {"form": form, "nav": "factory"}
    status = 200
    if request.method == "POST" and form.is_valid():
        allowed = limits.allow(f"verify:{limits.client_address(request)}", **TRIES)
        if not allowed:
            context["retry_at"], status = allowed.retry_at, 429
        else:
            context |= _verified(form.cleaned_data["code"])
    return render(request, "assessments/verify.html", context, status=status)


def _verified(code: str) -> dict[str, Any]:
    row = report.verified(code)
    if row is None:
        return {"is_unknown": True}
    return {
        "found": {
            "enterprise": row.enterprise.name,
            "title": row.version.title,
            "edition": row.version.edition,
            "level": wording.level(row.framework, row.level),
            "score": wording.points(row.score or "0"),
            "on": row.finished_at,
            "code": report.verification_code(row),
        }
    }
