"""Where the pages of a round lead, shared by the doors that fill it in and finish it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from services.assessments.frameworks.schema import Section
from services.assessments.models import Assessment


def section_url(assessment: Assessment, part: Section) -> str:
    return reverse("assessments:section", args=[assessment.reference, part.id])


def to(page: str, assessment: Assessment, *more: str) -> HttpResponseRedirect:
    """Lead to a page of this round."""
    return HttpResponseRedirect(reverse(f"assessments:{page}", args=[assessment.reference, *more]))


def too_late(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say that the round was finished while it was being answered, and lead to its report."""
    messages.warning(
        request,
        _("This assessment has been finished in the meantime; its answers cannot be changed any more."),
    )
    return to("result", assessment)
