"""Evidence beside answers: the list, the page of one answer, and the files for who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import confirming, files, limits
from core.confirming import Question
from services.assessments import access, actions, wording
from services.assessments import answers as answering
from services.assessments import evidence as pieces
from services.assessments.forms.evidence import EvidenceForm
from services.assessments.frameworks.schema import Item, Section
from services.assessments.models import Assessment, State

UPLOADS = {"times": 100, "seconds": 3600}


@require_safe
def listing(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every question with what stands beside it, for whoever acts for the enterprise."""
    assessment = access.mine(request.user, reference)
    counts = pieces.counts(assessment)
    sections = _asked_sections(assessment)
    parts = [
        {
            "title": wording.section_title(section),
            "rows": [
                {
                    "label": wording.say(item.title),
                    "value": pieces.count_words(counts.get(item.id, 0)),
                    "url": reverse("assessments:evidence", args=[reference, item.id]),
                }
                for item in section.items
            ],
        }
        for section in sections
    ]
    context = {"assessment": assessment, "parts": parts, "back_url": _round_url(assessment), "nav": "factory"}
    return render(request, "assessments/evidence_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, reference: str, item: str) -> HttpResponse:
    """Show what stands beside one answer and take more; owners and editors add, viewers read."""
    assessment = access.mine(request.user, reference)
    asked = _item(assessment, item)
    if request.method != "POST":
        return _page(request, assessment, asked, EvidenceForm())
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, assessment, asked, form)
    status = _add(request, assessment, asked, form)
    if form.errors:
        return _page(request, assessment, asked, form, status)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.get_full_path())


def _add(request: HttpRequest, assessment: Assessment, asked: Item, form: EvidenceForm) -> int:
    """Keep each piece; what is refused becomes an error of its field. Return the status of its page."""
    note, status = form.cleaned_data["note"], 200
    try:
        for upload in form.cleaned_data["papers"]:
            status = max(status, _add_file(request, assessment, asked, form, upload))
        if form.cleaned_data["link"]:
            link = form.cleaned_data["link"]
            actions.add_link(assessment, asked.id, link, note=note, by=request.user)
    except actions.TooMuchEvidence:
        form.add_error(None, _("Ten files and links are kept beside one answer. Take one away first."))
    return status


def _add_file(
    request: HttpRequest, assessment: Assessment, asked: Item, form: EvidenceForm, upload: Any
) -> int:
    allowed = limits.allow(f"uploads:{request.user.pk}", **UPLOADS)
    if not allowed:
        at = timezone.localtime(allowed.retry_at or timezone.now())
        told = _("A hundred files an hour are taken. Send the next one after %(time)s.")
        form.add_error("papers", told % {"time": f"{at:%H:%M}"})
        return 429
    note = form.cleaned_data["note"]
    try:
        actions.add_file(assessment, asked.id, upload, note=note, by=request.user)
    except files.FileRefused as refused:
        form.add_error("papers", refused.message)
        return 503 if refused.code == "no_space" else 200
    return 200


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, reference: str, item: str, key: UUID) -> HttpResponse:
    """Ask once, then delete one piece, unless an expert has based a visit on it."""
    assessment = access.mine(request.user, reference)
    if not access.may_write(assessment, request.user):
        raise PermissionDenied
    row = get_object_or_404(assessment.evidence.select_related("file"), key=key, item=item)
    if request.method != "POST":
        question = Question(
            _("Delete “%(name)s”?") % {"name": row.file.name if row.file else row.link},
            _("It is gone for good. You can add it again."),
            _("Delete"),
            reverse("assessments:evidence", args=[reference, item]),
        )
        return confirming.ask(request, question)
    try:
        actions.remove_evidence(row, by=request.user)
    except actions.EvidenceKept:
        messages.error(request, _("An expert has verified this round; what was seen stays."))
    else:
        messages.success(request, _("It is deleted."))
    return HttpResponseRedirect(reverse("assessments:evidence", args=[reference, item]))


@require_safe
def member_file(request: HttpRequest, reference: str, key: UUID) -> HttpResponseBase:
    """Serve a file to whoever acts for the enterprise; another's is a 404."""
    return _serve(access.mine(request.user, reference), key)


@require_safe
@permission_required("assessments.verify_assessment", raise_exception=True)
def desk_file(request: HttpRequest, reference: str, key: UUID) -> HttpResponseBase:
    """Serve a file of a finished round to the experts who may verify it in their region."""
    return _serve(get_object_or_404(Assessment.objects.in_scope_of(request.user), reference=reference), key)


def _serve(assessment: Assessment, key: UUID) -> HttpResponseBase:
    row = get_object_or_404(assessment.evidence.select_related("file"), key=key)
    if row.file is None:
        raise Http404
    return files.serve(row.file)


def _page(
    request: HttpRequest, assessment: Assessment, asked: Item, form: EvidenceForm, status: int = 200
) -> HttpResponse:
    reference = assessment.reference
    found = pieces.by_item(
        assessment.evidence.filter(item=asked.id),
        lambda row: reverse("assessments:evidence_file", args=[reference, row.key]),
    )
    context = {
        "assessment": assessment,
        "title": wording.say(asked.title),
        "item": asked.id,
        "pieces": found.get(asked.id, []),
        "form": form,
        "may_write": access.may_write(assessment, request.user),
        "may_remove": not assessment.verifications.exists(),
        "back_url": _back_url(assessment, asked),
        "nav": "factory",
    }
    return render(request, "assessments/evidence.html", context, status=status)


def _asked_sections(assessment: Assessment) -> Sequence[Section]:
    """Return the questions as they are, or were, asked of this enterprise."""
    if assessment.result is None:
        return answering.collect(assessment).sections
    hidden = assessment.result.get("hidden", ())
    asked = [section.without(hidden) for section in assessment.framework.sections]
    return [section for section in asked if section.items]


def _item(assessment: Assessment, name: str) -> Item:
    found = assessment.framework.items.get(name)
    if found is None:
        raise Http404
    return found


def _round_url(assessment: Assessment) -> str:
    page = "detail" if assessment.state == State.DRAFT else "result"
    return reverse(f"assessments:{page}", args=[assessment.reference])


def _back_url(assessment: Assessment, asked: Item) -> str:
    """Lead back to the question while it can be answered, else to the list."""
    if assessment.state != State.DRAFT:
        return reverse("assessments:evidence_list", args=[assessment.reference])
    section = next(one for one in assessment.framework.sections if asked.id in {i.id for i in one.items})
    return f"{reverse('assessments:section', args=[assessment.reference, section.id])}#field-{asked.id}"
