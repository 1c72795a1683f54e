"""Finishing: all answers to check, the declaration, the end of a round; or dropping it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import once
from core.lifecycle import TransitionRefused
from core.rows import clauses
from services.assessments import access, actions, evidence, wording
from services.assessments import answers as answering
from services.assessments.answers import Collected
from services.assessments.forms.filling import DeclareForm
from services.assessments.frameworks.schema import Section
from services.assessments.models import Assessment, State
from services.assessments.views.navigation import section_url, to, too_late


@require_safe
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Show all answers, what is open, where colleagues differ, and the declaration."""
    assessment = access.mine(request.user, reference)
    if assessment.state != State.DRAFT:
        return to("result", assessment)
    return _check_page(request, assessment, DeclareForm())


def _check_page(
    request: HttpRequest,
    assessment: Assessment,
    form: DeclareForm,
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    collected = answering.collect(assessment)
    disputed = set(collected.disputed())
    beside = evidence.counts(assessment)
    context = {
        "assessment": assessment,
        "parts": [_check_part(assessment, part, collected, disputed, beside) for part in collected.sections],
        "open": len(collected.open_items()),
        "not_asked": len(collected.hidden),
        "disputed": len(disputed),
        "form": form,
        "errors": errors,
        "form_token": once.new_token(),
        "may_write": access.may_write(assessment, request.user),
        "back_url": reverse("assessments:detail", args=[assessment.reference]),
        "journey": True,
        "nav": "factory",
    }
    return render(request, "assessments/check.html", context)


def _check_part(
    assessment: Assessment,
    part: Section,
    collected: Collected,
    disputed: set[str],
    beside: dict[str, int],
) -> dict[str, Any]:
    url = f"{section_url(assessment, part)}?from=check"
    rows = []
    for item in part.items:
        counting = collected.counting.get(item.id)
        value = wording.answer(item, counting.options) if counting else ""
        if item.id in disputed and counting:
            others = [
                f"{row.respondent}{_(': ')}{wording.answer(item, row.options)}"
                for row in collected.said[item.id]
            ]
            value = _("%(answer)s\nAnswers differ: %(others)s") % {
                "answer": value,
                "others": clauses(others),
            }
        if item.id in beside:
            told = _("Evidence: %(what)s") % {"what": evidence.count_words(beside[item.id])}
            value = f"{value}\n{told}".strip()
        rows.append({"label": wording.say(item.title), "value": value, "url": f"{url}#field-{item.id}"})
    return {"title": wording.section_title(part), "rows": rows}


@require_POST
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Finish once, with the declaration; what is open is named and linked."""
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    if assessment.state != State.DRAFT:
        return to("result", assessment)
    form = DeclareForm(request.POST)
    declared = form.is_valid()
    try:
        once.only(
            request.POST.get("form_token", "")[:64] or once.new_token(),
            purpose="assessments.finish",
            owner=str(request.user.pk),
            act=lambda: actions.finish(assessment, declared=declared, by=request.user).reference,
        )
    except actions.NotReady as refused:
        return _check_page(request, assessment, form, _open_errors(assessment, refused.open))
    except TransitionRefused:
        return too_late(request, assessment)
    return to("result", assessment)


def _open_errors(assessment: Assessment, still_open: list[str]) -> list[tuple[str, str]]:
    items = assessment.framework.items
    return [
        ("open", _("“%(question)s” is not answered yet.") % {"question": wording.say(items[item].title)})
        for item in still_open[:5]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then drop the draft."""
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    if assessment.state != State.DRAFT:
        return to("result", assessment)
    if request.method == "POST":
        actions.discard(assessment, by=request.user)
        messages.success(request, _("The assessment is dropped."))
        return HttpResponseRedirect(reverse("assessments:list"))
    return render(request, "assessments/discard.html", {"assessment": assessment, "nav": "factory"})
