"""What fits the reader, and the questions that decide it: three by address, or those the rules ask.

Open to everybody: a guest's answers are kept in the session until registration takes them over, those of an
enterprise become facts.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar
from enterprises import facts, past
from enterprises.access import MemberRequest, needs_enterprise
from enterprises.actions import record_fact
from services.policies import answering, fitting, questions, rows, together, visitor
from services.policies import since as changes
from services.policies.forms.check import CheckForm
from services.policies.forms.question import AnswerForm, is_asked
from services.policies.visitor import Visitor

_PAGES = {"quiz": "policies:quiz", "fitting": "policies:fitting"}
# More questions than there are facts cannot be skipped.
_MOST_SKIPPED = len(facts.VOCABULARY)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask three questions and sort what can be claimed by the answers; POST keeps them for registration.

    Open to everybody. Reading changes nothing: the answers are in the address until they are kept.
    """
    form = CheckForm((request.POST if request.method == "POST" else request.GET) or None)
    if request.method == "POST" and form.is_valid():
        request.session[visitor.SESSION_KEY] = form.answers()
        messages.success(
            request,
            _("Your answers are kept in this browser: lists show what fits, and registration uses them."),
        )
        return HttpResponseRedirect(f"{reverse('policies:check')}?{_asked(request.POST)}")
    outcome = None
    if form.is_bound and form.is_valid():
        outcome = fitting.outcome(visitor.of_answers(form.answers()), calendar.today())
    is_kept = bool(outcome) and request.session.get(visitor.SESSION_KEY) == form.answers()
    context = {"form": form, "outcome": outcome, "is_kept": is_kept, "nav": "policies"}
    return render(request, "policies/check.html", context)


def _asked(given: QueryDict) -> str:
    asked = QueryDict(mutable=True)
    for name in CheckForm.base_fields:
        asked[name] = given.get(name, "")
    return asked.urlencode()


@login_not_required
@require_safe
def fits(request: HttpRequest) -> HttpResponse:
    """Show what fits, what is one step away and what cannot be told, with the next best question.

    Open to everybody: a member sees it for the enterprise, a guest by the kept answers.
    """
    return _fits_page(request, visitor.of_request(request))


@needs_enterprise
@require_safe
def since(request: MemberRequest) -> HttpResponse:
    """Show what the last change of facts altered, or that of a chosen day; every member may look."""
    days = past.days_of_change(request.enterprise, changes.DAYS)
    asked = request.GET.get("day", "")
    day = next((one for one in days if one.isoformat() == asked), days[0] if days else None)
    reader = visitor.of_request(request)
    found = changes.compare(reader, request.enterprise, day, calendar.today()) if day else None
    context = {"since": found, "days": days, "reader": reader, "nav": "policies"}
    return render(request, "policies/since.html", context)


@login_not_required
@require_safe
def combination(request: HttpRequest) -> HttpResponse:
    """Show which of the items that fit give most together. Open to everybody, like what fits."""
    reader = visitor.of_request(request)
    if not reader.is_known:
        return HttpResponseRedirect(reverse("policies:fitting"))
    context = {"advice": together.advise(reader, calendar.today()), "reader": reader, "nav": "policies"}
    return render(request, "policies/combination.html", context)


@login_not_required
@require_safe
def quiz(request: HttpRequest) -> HttpResponse:
    """Ask a guest one question after the other, the most telling first; a member is sent to what fits."""
    if _enterprise(request):
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('policies:fitting')}{'?' if query else ''}{query}")
    return _quiz_page(request, visitor.of_request(request))


@login_not_required
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Take one answer: as a fact of the enterprise (owners and editors), or kept for a guest."""
    fact = request.POST.get("fact", "")
    if not is_asked(fact):
        raise Http404
    _refuse_readers(request)
    before = visitor.of_request(request)
    form = AnswerForm(request.POST, fact=fact, known=before.known.get(fact))
    if not form.is_valid():
        page = _quiz_page if _page_of(request) == "quiz" and not _enterprise(request) else _fits_page
        return page(request, before, form)
    counts = _keep(request, fact, form.value)
    _tell(request, before, counts=counts)
    skipped = _skipped(request.POST) + ([] if counts else [fact])
    return HttpResponseRedirect(_address(_page_of(request), skipped))


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete a guest's answers from this browser."""
    if request.session.pop(visitor.SESSION_KEY, None):
        messages.success(request, _("Your answers are deleted."))
    return HttpResponseRedirect(reverse("policies:quiz"))


def _keep(request: Any, fact: str, value: str | bool) -> bool:
    """Keep the answer; return False when what is known from elsewhere goes on counting."""
    if request.enterprise:
        row = record_fact(
            request.enterprise, fact, value, source="self", on=calendar.today(), by=request.user
        )
        return bool(row.is_current)
    request.session[visitor.SESSION_KEY] = visitor.kept_answers(request) | {fact: value}
    return True


def _tell(request: HttpRequest, before: Visitor, *, counts: bool) -> None:
    if not counts:
        messages.warning(
            request,
            _("Your answer is kept, but what staff, a document or the registry confirmed goes on counting."),
        )
        return
    told = answering.settled_by(before, visitor.of_request(request), calendar.today())
    messages.success(request, told)


def _refuse_readers(request: Any) -> None:
    if request.enterprise and not request.membership.may_write:
        raise PermissionDenied


def _fits_page(request: HttpRequest, reader: Visitor, form: AnswerForm | None = None) -> HttpResponse:
    today = calendar.today()
    context = {"outcome": fitting.outcome(reader, today) if reader.is_known else None}
    return _render(request, "fitting", reader, form, context)


def _quiz_page(request: HttpRequest, reader: Visitor, form: AnswerForm | None = None) -> HttpResponse:
    given = answering.answers_in_words(visitor.kept_answers(request))
    return _render(request, "quiz", reader, form, {"given": given})


def _render(
    request: Any, page: str, reader: Visitor, form: AnswerForm | None, context: dict[str, Any]
) -> HttpResponse:
    skipped = _skipped(request.POST if request.method == "POST" else request.GET)
    plan = questions.plan(reader, calendar.today())
    fact = form.fact if form else _wanted(request) or _next(plan, skipped)
    asked = next((one for one in plan.questions if one.fact == fact), None)
    if fact and not form:
        form = AnswerForm(fact=fact, known=reader.known.get(fact))
    context |= {
        "plan": plan,
        "question": asked,
        "form": form,
        "fact": fact,
        "page": page,
        "skipped": skipped,
        "skip_url": _address(page, [*skipped, fact]) if fact else "",
        "skipped_url": _address(page, []) if skipped and not fact else "",
        "may_answer": request.membership is None or request.membership.may_write,
        "assessed": [rows.supply_link(one.fact, reader) for one in plan.questions if not one.is_asked],
        "has_errors": bool(form and form.errors),
        "told": visitor.has_told(request),
        "reader": reader,
        "nav": "policies",
    }
    return render(request, f"policies/{page}.html", context)


def _next(plan: questions.Plan, skipped: list[str]) -> str:
    found = plan.next(skipped)
    return found.fact if found else ""


def _wanted(request: HttpRequest) -> str:
    """Return the fact a link asks for, if it can be asked."""
    wanted = request.GET.get("ask", "")
    return wanted if is_asked(wanted) else ""


def _skipped(given: QueryDict) -> list[str]:
    return [fact for fact in dict.fromkeys(given.getlist("skip")) if is_asked(fact)][:_MOST_SKIPPED]


def _page_of(request: HttpRequest) -> str:
    return "quiz" if request.POST.get("page") == "quiz" else "fitting"


def _address(page: str, skipped: list[str]) -> str:
    address = reverse(_PAGES[page])
    return f"{address}?{urlencode([('skip', fact) for fact in skipped])}" if skipped else address


def _enterprise(request: HttpRequest) -> Any:
    return getattr(request, "enterprise", None)
