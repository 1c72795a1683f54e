"""Beginning: the start page of a request, and the question that needs no account."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from core import limits, once
from enterprises.access import PortalRequest
from services.catalogue import capacity
from services.catalogue.models import Offering
from services.requests import actions, notifications, page
from services.requests.entitlement import hindrance
from services.requests.forms import QuestionForm, SourceForm
from services.requests.models import ServiceRequest
from services.requests.views.sending import send_once_for

QUESTIONS = {"times": 5, "seconds": 3600}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Say what a request takes, or why it cannot be made; POST begins the draft."""
    given = SourceForm(request.POST if request.method == "POST" else request.GET)
    offering, source = given.chosen(), given.source()
    found = hindrance(offering, request.enterprise)
    if found:
        return explain(request, found, offering)
    membership = request.membership
    if membership and not membership.may_write:
        raise PermissionDenied
    if request.method == "POST":
        return HttpResponseRedirect(send_once_for(request, "requests.draft", lambda: _begin(request, given)))
    days = offering.turnaround_days if offering else settings.QUESTION_WORKING_DAYS
    return render(
        request,
        "requests/start.html",
        {
            "offering": offering,
            "source": source,
            "days": days,
            "before": page.asked_before(offering, request.enterprise),
            "room": capacity.room(offering),
            "first_reply_days": settings.FIRST_REPLY_WORKING_DAYS,
            "form_token": once.new_token(),
            "nav": "enterprise",
        },
    )


def _begin(request: PortalRequest, given: SourceForm) -> str:
    row = actions.draft(
        by=request.user,
        enterprise=request.enterprise,
        offering=given.chosen(),
        source=given.source(),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return reverse("requests:draft", args=[row.key, "need"])


def explain(request: PortalRequest, found: str, offering: Offering | None) -> HttpResponse:
    """Show the page that says what stands in the way and what else is possible."""
    context = page.hindered(found, offering, request.enterprise)
    return render(request, "requests/hindrance.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a question from anyone: form, look at the answers, sent once. Five an hour from one address."""
    if request.method != "POST":
        return _begin_question(request)
    form = QuestionForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _question_page(request, form)
    if "send" not in request.POST:
        return render(request, "requests/question_check.html", {"form": form, "journey": True})
    return _receive(request, form)


def _begin_question(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        query = request.GET.urlencode()
        return HttpResponseRedirect(
            f"{reverse('requests:new')}?{query}" if query else reverse("requests:new")
        )
    source = SourceForm(request.GET).source()
    start = {"form_token": once.new_token(), "source_label": source.label, "source_url": source.url}
    return _question_page(request, QuestionForm(initial={**start, "subject": source.label[:120]}))


def _question_page(
    request: HttpRequest, form: QuestionForm, status: int = 200, **more: object
) -> HttpResponse:
    context = {"form": form, "days": settings.QUESTION_WORKING_DAYS, "journey": True, **more}
    return render(request, "requests/question.html", context, status=status)


class _TooMany(Exception):
    """This address has asked all the questions of its hour; `retry_at` is when the next one is taken."""

    def __init__(self, retry_at: datetime | None) -> None:
        self.retry_at = retry_at


def _receive(request: HttpRequest, form: QuestionForm) -> HttpResponse:
    try:
        reference = send_once_for(request, "requests.question", lambda: _ask(request, form))
    except _TooMany as refused:
        return _question_page(request, form, 429, retry_at=refused.retry_at)
    row = ServiceRequest.objects.submitted().get(reference=reference)
    return HttpResponseRedirect(reverse("requests:tracked_done", args=[notifications.tracking_key(row)]))


def _ask(request: HttpRequest, form: QuestionForm) -> str:
    """Count and receive within the once-only act: a form sent again never counts, even at once."""
    allowed = limits.allow(f"questions:{limits.client_address(request)}", **QUESTIONS)
    if not allowed:
        raise _TooMany(allowed.retry_at)
    language = get_language() or settings.LANGUAGE_CODE
    return actions.ask_question(form.question(language)).reference or ""
