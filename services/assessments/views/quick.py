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
from enterprises import told_before
from enterprises.access import MemberRequest, PortalRequest, needs_writer
from services.assessments import actions, recommendations, results, scoring, wording
from services.assessments import scales as drawing
from services.assessments.forms.filling import QuickForm
from services.assessments.frameworks.schema import Framework, Section
from services.assessments.models import FrameworkVersion

SESSION_KEY = "quick_check"
SALT = "assessments.quick"
LINK_SECONDS = 30 * 24 * 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the questions, on as many pages as depend on each other; the answers stay in this session.

    Open to everybody. Answers to questions that are not asked any more are kept, and count nothing.
    """
    version = _version()
    given = _given(request, version)
    pages = _pages(version.framework, given)
    number = _page_number(request, len(pages))
    if any(item not in given for one in pages[: number - 1] for item in _items(one)):
        return HttpResponseRedirect(reverse("assessments:quick"))
    if request.method != "POST":
        return _page(request, version, QuickForm(pages[number - 1], initial=given), number, len(pages))
    form = QuickForm(pages[number - 1], request.POST)
    if not form.is_valid():
        return _page(request, version, form, number, len(pages))
    request.session[SESSION_KEY] = {"version": version.digest, "answers": {**given, **form.answers()}}
    if number < len(pages):
        return HttpResponseRedirect(_page_url(number + 1))
    return HttpResponseRedirect(reverse("assessments:quick_result"))


def _given(request: HttpRequest, version: FrameworkVersion) -> dict[str, list[str]]:
    kept = request.session.get(SESSION_KEY, {})
    return dict(kept["answers"]) if kept.get("version") == version.digest else {}


def _pages(framework: Framework, given: dict[str, list[str]]) -> list[list[Section]]:
    """Return the pages as they are asked after these answers; none of them is empty."""
    hidden = scoring.hidden_items(framework, given)
    stages = ([section.without(hidden) for section in stage] for stage in framework.stages)
    asked = [[section for section in stage if section.items] for stage in stages]
    # Before the first answer nothing that depends on it is asked; the page comes all the same.
    return [stage for number, stage in enumerate(asked) if stage or number == 0]


def _items(sections: list[Section]) -> list[str]:
    return [item.id for section in sections for item in section.items]


def _page_number(request: HttpRequest, pages: int) -> int:
    typed = request.GET.get("part", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= pages else 1


def _page_url(number: int) -> str:
    return f"{reverse('assessments:quick')}?part={number}"


def _page(
    request: HttpRequest, version: FrameworkVersion, form: QuickForm, number: int, pages: int
) -> HttpResponse:
    framework = version.framework
    context = {
        "form": form,
        "parts": [
            {"title": wording.section_title(section), "fields": [form[item.id] for item in section.items]}
            for section in form.sections
        ],
        "title": version.title,
        "note": wording.say(framework.note),
        "minutes": framework.minutes,
        "number": number,
        "total": len(framework.stages),
        "back_url": _page_url(number - 1) if number > 1 else "",
        "nav": "factory",
    }
    return render(request, "assessments/quick.html", context)


@login_not_required
@require_safe
def result(request: PortalRequest) -> HttpResponse:
    """Show where one stands, the three best next steps, and how to keep it. Open to everybody."""
    version, given = _kept(request)
    if version is None:
        return HttpResponseRedirect(reverse("assessments:quick"))
    framework = version.framework
    found = results.compute(framework, given)
    if found["open"]:
        return HttpResponseRedirect(reverse("assessments:quick"))
    told = request.session.get(told_before.SESSION_KEY) or {}
    context = {
        "title": version.title,
        "level": wording.level(framework, found["level"]),
        "score": wording.points(found["score"]),
        "max_score": wording.points(results.four_places(framework.max_score)),
        "chart": drawing.of_result(framework, found),
        "note": wording.say(framework.note),
        "steps": recommendations.best_steps(framework, given, found),
        "may_keep": bool(request.membership and request.membership.may_write),
        "link": request.build_absolute_uri(
            reverse("assessments:quick_bring", args=[_token(version, given, told)])
        ),
        "carries_told": bool(told),
        "form_token": once.new_token(),
        "nav": "factory",
    }
    return render(request, "assessments/quick_result.html", context)


@login_not_required
@require_safe
def bring(request: HttpRequest, token: str) -> HttpResponse:
    """Take what a visitor answered from a signed link into this session: the check, and the policy questions.

    A link works for 30 days; what was answered here already stays. Open to everybody.
    """
    try:
        carried: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        messages.warning(
            request, _("This link is incomplete or older than 30 days. Answer again; it takes 3 minutes.")
        )
        return HttpResponseRedirect(reverse("assessments:quick"))
    told = carried.pop("told", {})
    if told:
        mine = request.session.get(told_before.SESSION_KEY, {})
        request.session[told_before.SESSION_KEY] = {**told, **mine}
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


def _token(version: FrameworkVersion, given: dict[str, list[str]], told: dict[str, Any]) -> str:
    carried = {"version": version.digest, "answers": given} | ({"told": told} if told else {})
    return signing.dumps(carried, salt=SALT, compress=True)
