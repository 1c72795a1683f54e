"""The steps of a draft: need, contact, check. Each is kept as soon as it is sent."""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import calendar, once, parking
from core.lifecycle import TransitionRefused
from services.requests import actions, page, papers, particulars, parties
from services.requests.entitlement import CannotBeRequested
from services.requests.forms import ContactForm, NeedForm
from services.requests.models import DroppedDraft, ServiceRequest, State
from services.requests.views.sending import send_once_for
from services.requests.views.uploading import Received, receive

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]
FORMS: dict[str, type[NeedForm] | type[ContactForm]] = {"need": NeedForm, "contact": ContactForm}
STEPS = ("need", "contact", "check")
# The fields of a step that are columns of the request.
ANSWERS = {
    "need": ("subject", "body"),
    "contact": ("contact_name", "contact_email", "contact_phone"),
}
DRAFT = ""  # the basket of a draft
TEMPLATES = {step: f"requests/drafts/{step}.html" for step in STEPS}


def says_gone(view: View[P]) -> View[P]:
    """Answer 410 to whoever began a draft that is no longer there; for others it never was (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, key: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, key, *args, **kwargs)
        except Http404:
            if DroppedDraft.objects.filter(key=key, requester=request.user.pk).exists():
                return HttpResponse(status=HTTPStatus.GONE)
            raise

    return guarded


@parking.keeps_typed
@says_gone
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Show one step, or keep its answers and go on; a submitted draft leads to its request."""
    if step not in STEPS:
        raise Http404
    row = _draft(request, key)
    if row.state != State.DRAFT:
        return HttpResponseRedirect(reverse("requests:detail", args=[row.reference]))
    if step == "check":
        return _check_page(request, row)
    if request.method != "POST":
        typed = parking.typed(request, request.path)
        return _page(request, row, step, _begun(row, step, typed), kept=bool(typed))
    return _autosave(request, row, step) if "autosave" in request.POST else _keep(request, row, step)


@says_gone
@require_POST
def submit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Submit once; however often the form is sent, it leads to the one confirmation."""
    row = _draft(request, key)
    try:
        reference = send_once_for(
            request, "requests.submit", lambda: actions.submit(row, by=request.user).reference or ""
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("requests:draft", args=[key, _first_open(row)]))
    except CannotBeRequested as refused:
        return render(request, "requests/hindrance.html", _hindered(row, refused))
    return HttpResponseRedirect(reverse("requests:done", args=[reference]))


@says_gone
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask once, then drop the draft."""
    row = _draft(request, key)
    if row.state != State.DRAFT:
        return HttpResponseRedirect(reverse("requests:detail", args=[row.reference]))
    if request.method == "POST":
        actions.discard_draft(row, by=request.user)
        messages.success(request, _("The draft is gone."))
        return HttpResponseRedirect(reverse("requests:list"))
    return render(request, "requests/drafts/discard.html", {"row": row, "nav": "enterprise"})


def _draft(request: HttpRequest, key: UUID) -> ServiceRequest:
    """Return the draft of someone who may write; another's is a 404, a viewer's write a 403."""
    rows = ServiceRequest.objects.for_member(request.user).select_related("enterprise", "offering")
    row = get_object_or_404(rows, key=key)
    if not parties.may_write(row, request.user):
        raise PermissionDenied
    return row


def _keep(request: HttpRequest, row: ServiceRequest, step: str) -> HttpResponse:
    got = _received(request, row, step)
    if not got.is_to_be_sent:
        return _page(request, row, step, got.form, got.status)
    try:
        actions.save_draft(row, by=request.user, **_answers(row, step, got.form))
    except TransitionRefused:
        return HttpResponseRedirect(reverse("requests:draft", args=[row.key, "check"]))
    if "later" in request.POST:
        messages.success(request, _("Your draft is saved. You find it at the top of your requests."))
        return HttpResponseRedirect(reverse("requests:list"))
    following = STEPS[STEPS.index(step) + 1]
    goal = "check" if request.GET.get("from") == "check" else following
    return HttpResponseRedirect(reverse("requests:draft", args=[row.key, goal]))


def _autosave(request: HttpRequest, row: ServiceRequest, step: str) -> JsonResponse:
    """Keep what is sound while it is typed, and say when; the page itself names what is wrong."""
    form = _form(row, step, request.POST)
    form.is_valid()
    try:
        actions.save_draft(row, by=request.user, **_answers(row, step, form))
    except TransitionRefused:
        return JsonResponse({"said": ""})
    at = date_format(localtime(calendar.now()), "H:i:s")
    return JsonResponse({"said": _("Saved at %(time)s.") % {"time": at}})


def _answers(row: ServiceRequest, step: str, form: Any) -> dict[str, Any]:
    """Return what is sound of a step, as the request keeps it."""
    kept = {name: form.cleaned_data[name] for name in ANSWERS[step] if name in form.cleaned_data}
    return {**kept, "answers": form.answers(row.answers)} if step == "need" else kept


def _form(row: ServiceRequest, step: str, *data: Any, **kwargs: Any) -> Any:
    if step == "need":
        return NeedForm(*data, asked=particulars.asked_by(row.offering), **kwargs)
    return ContactForm(*data, **kwargs)


def _begun(row: ServiceRequest, step: str, typed: dict[str, str]) -> Any:
    """Return the form of a step as it was left, or typed when a session had ended; with the draft's files."""
    kept = {name: getattr(row, name) for name in ANSWERS[step]}
    if step == "need":
        initial = {**kept, **particulars.initial(row.answers), **typed}
        return _form(row, step, initial=initial, held=papers.waiting(row, DRAFT))
    return _form(row, step, initial={**kept, **typed})


def _received(request: HttpRequest, row: ServiceRequest, step: str) -> Received:
    if step == "need":
        return receive(request, row, partial(_form, row, step), DRAFT)
    form = _form(row, step, request.POST)
    return Received(form, DRAFT, form.is_valid())


def _page(
    request: HttpRequest, row: ServiceRequest, step: str, form: Any, status: int = 200, kept: bool = False
) -> HttpResponse:
    place = STEPS.index(step)
    context = {
        "row": row,
        "form": form,
        "kept": kept,
        "number": place + 1,
        "total": len(STEPS),
        "back_url": reverse("requests:draft", args=[row.key, STEPS[place - 1]])
        if place
        else reverse("requests:list"),
        "journey": True,
        "nav": "enterprise",
    }
    return render(request, TEMPLATES[step], context, status=status)


def _check_page(request: HttpRequest, row: ServiceRequest) -> HttpResponse:
    context = {
        "row": row,
        "rows": list(_summary(row)),
        "before": page.asked_before(row.offering, row.enterprise, row.subject),
        "form_token": once.new_token(),
        "days": row.offering.turnaround_days if row.offering else settings.QUESTION_WORKING_DAYS,
        "first_reply_days": settings.FIRST_REPLY_WORKING_DAYS,
        "back_url": reverse("requests:draft", args=[row.key, "contact"]),
        "number": len(STEPS),
        "total": len(STEPS),
        "journey": True,
        "nav": "enterprise",
    }
    return render(request, TEMPLATES["check"], context)


def _summary(row: ServiceRequest) -> Iterator[dict[str, Any]]:
    """Yield the rows to check: what is known already, then the answers with where to change them."""
    if row.enterprise:
        yield {"label": _("Enterprise"), "value": row.enterprise.name}
    if row.offering:
        yield {"label": _("Service"), "value": row.offering.name}
    if row.source_label:
        yield {"label": _("Asked from"), "value": row.source_label}
    for step, form_class in FORMS.items():
        url = f"{reverse('requests:draft', args=[row.key, step])}?from=check"
        for name in ANSWERS[step]:
            yield {"label": form_class.base_fields[name].label, "value": getattr(row, name), "url": url}
    url = f"{reverse('requests:draft', args=[row.key, 'need'])}?from=check"
    answered = particulars.initial(row.answers)
    said = dict(particulars.lines(row.answers))
    for one in particulars.asked_by(row.offering):
        value = said.get(one.label, "") if particulars.name_of(one) in answered else ""
        yield {"label": one.label, "value": value, "url": url}
    names = ", ".join(paper.file.name for paper in papers.waiting(row, DRAFT))
    yield {"label": _("Files"), "value": names, "url": url}


def _first_open(row: ServiceRequest) -> str:
    is_need_open = not (row.subject and row.body) or particulars.missing(row)
    return "need" if is_need_open else "contact"


def _hindered(row: ServiceRequest, refused: CannotBeRequested) -> dict[str, Any]:
    return page.hindered(refused.hindrance, row.offering, row.enterprise)
