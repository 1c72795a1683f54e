"""The quick check: ten questions without an account, kept in the session, taken over after signing up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import once
from enterprises.access import MemberRequest, needs_writer
from services.assessments import actions, recommendations, results, wording
from services.assessments import scales as drawing
from services.assessments.forms.filling import QuickForm
from services.assessments.models import FrameworkVersion

SESSION_KEY = "quick_check"
SALT = "assessments.quick"
LINK_SECONDS = 30 * 24 * 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the ten questions on one page; the answers stay in this browser's session. Open to everybody."""
    version = _version()
    if request.method != "POST":
        kept = request.session.get(SESSION_KEY, {})
        given = kept.get("answers") if kept.get("version") == version.digest else {}
        return _page(request, version, QuickForm(version.framework, initial=given))
    form = QuickForm(version.framework, request.POST)
    if not form.is_valid():
        return _page(request, version, form)
    request.session[SESSION_KEY] = {"version": version.digest, "answers": form.answers()}
    return HttpResponseRedirect(reverse("assessments:quick_result"))


def _page(request: HttpRequest, version: FrameworkVersion, form: QuickForm) -> HttpResponse:
    framework = version.framework
    context = {
        "form": form,
        "parts": [
            {"title": wording.say(dimension.title), "fields": [form[item.id] for item in dimension.items]}
            for dimension in framework.dimensions
        ],
        "title": version.title,
        "note": wording.say(framework.note),
        "minutes": framework.minutes,
        "nav": "factory",
    }
    return render(request, "assessments/quick.html", context)


@login_not_required
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Show where one stands, the three best next steps, and how to keep it. Open to everybody."""
    version, given = _kept(request)
    if version is None:
        return HttpResponseRedirect(reverse("assessments:quick"))
    framework = version.framework
    found = results.compute(framework, given)
    may_keep = request.user.is_authenticated and request.enterprise is not None  # type: ignore[attr-defined]
    context = {
        "title": version.title,
        "level": wording.level(framework, found["level"]),
        "score": wording.points(found["score"]),
        "max_score": wording.points(results.four_places(framework.max_score)),
        "chart": drawing.of_result(framework, found),
        "note": wording.say(framework.note),
        "steps": recommendations.best_steps(framework, given, found),
        "may_keep": may_keep and request.membership.may_write,  # type: ignore[attr-defined]
        "link": request.build_absolute_uri(reverse("assessments:quick_bring", args=[_token(version, given)])),
        "form_token": once.new_token(),
        "nav": "factory",
    }
    return render(request, "assessments/quick_result.html", context)


@login_not_required
@require_safe
def bring(request: HttpRequest, token: str) -> HttpResponse:
    """Take answers from a signed link into this session; a link works for 30 days. Open to everybody."""
    try:
        carried: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        messages.warning(
            request, _("This link is incomplete or older than 30 days. Answer again; it takes 3 minutes.")
        )
        return HttpResponseRedirect(reverse("assessments:quick"))
    request.session[SESSION_KEY] = carried
    return HttpResponseRedirect(reverse("assessments:quick_result"))


@require_POST
@needs_writer
def keep(request: MemberRequest) -> HttpResponse:
    """Keep the quick check as a round of the enterprise, once."""
    version, given = _kept(request)
    if version is None:
        return HttpResponseRedirect(reverse("assessments:quick"))
    reference, _ran = once.only(
        request.POST.get("form_token", "")[:64] or once.new_token(),
        purpose="assessments.keep",
        owner=str(request.user.pk),
        act=lambda: actions.take_over_check(request.enterprise, version, given, by=request.user).reference,
    )
    request.session.pop(SESSION_KEY, None)
    return HttpResponseRedirect(reverse("assessments:result", args=[reference]))


def _version() -> FrameworkVersion:
    for version in FrameworkVersion.objects.current():
        if version.framework.guests:
            return version
    raise Http404


def _kept(request: HttpRequest) -> tuple[FrameworkVersion | None, dict[str, list[str]]]:
    kept = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        return None, {}
    version = FrameworkVersion.objects.filter(digest=kept.get("version")).first()
    return (version, kept["answers"]) if version and version.framework.guests else (None, {})


def _token(version: FrameworkVersion, given: dict[str, list[str]]) -> str:
    return signing.dumps({"version": version.digest, "answers": given}, salt=SALT, compress=True)
