"""Registration: a start page, four tasks saved step by step, check answers, submit once, confirmation."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import calendar, drafts, limits, once
from enterprises import facts, registry, size_words, told_before
from enterprises.actions import DAYS_TO_CHECK, Registration, Statement, register
from enterprises.forms.fields import code_warnings
from enterprises.forms.topics import TOPICS, TopicForm
from enterprises.models import Claim, Enterprise
from enterprises.views.questions import Question, answers_in_words, has_groups

DRAFT = "registration"
TRIES_A_DAY = 20


@dataclass(frozen=True)
class Task:
    """One line of the task list, over one or two pages of questions."""

    title: str | Promise
    hint: str | Promise
    topics: tuple[str, ...]

    def state(self, answers: dict[str, str]) -> str:
        """Give done, started or todo by the saved answers alone."""
        asked = [TOPICS[slug].form(data=answers) for slug in self.topics]
        if not any(answers.get(name) for form in asked for name in form.fields):
            return "todo"
        return "done" if all(form.is_valid() for form in asked) else "started"


TASKS = (
    Task(gettext_lazy("Credit code and name"), gettext_lazy("From the business licence"), ("identity",)),
    Task(
        gettext_lazy("Place and industry"),
        gettext_lazy("Decides which policies apply to you"),
        ("region", "industry"),
    ),
    Task(
        gettext_lazy("Figures and certificates"),
        gettext_lazy("What you do not know may be left out"),
        ("figures", "qualifications"),
    ),
    Task(gettext_lazy("Contact"), gettext_lazy("Whom we may ask"), ("contact",)),
)
ORDER = [slug for task in TASKS for slug in task.topics]


def answers_of(request: HttpRequest) -> dict[str, str]:
    """Return the saved answers over what the visitor told us before signing in."""
    return {**told_before.as_answers(_told(request)), **drafts.load(request.user, DRAFT)}


def _told(request: HttpRequest) -> dict[str, Any]:
    return request.session.get(told_before.SESSION_KEY) or {}


def _of_account(request: HttpRequest) -> dict[str, str]:
    user: Any = request.user
    return {"contact_name": user.name, "contact_phone": user.phone}


@login_not_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Say who registration is for, what it takes and what happens after; for everybody."""
    begun = request.user.is_authenticated and bool(drafts.load(request.user, DRAFT))
    return _page(request, "register_start", begun=begun, days=DAYS_TO_CHECK)


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the four tasks and how far each is; any signed-in person may."""
    return _page(request, "register_tasks", **task_context(request))


def task_context(request: HttpRequest) -> dict[str, Any]:
    """Return the task list of this person's registration, for the task page and the home page."""
    answers = answers_of(request)
    lines = [
        {
            "title": task.title,
            "hint": task.hint,
            "url": step_url(task.topics[0]),
            "state": task.state(answers),
        }
        for task in TASKS
    ]
    done = sum(line["state"] == "done" for line in lines)
    return {"tasks": lines, "done": done, "all_done": done == len(TASKS)}


def step_url(slug: str, *, checking: bool = False) -> str:
    path = reverse("enterprises:register_step", args=[slug])
    return f"{path}?from=check" if checking else path


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str, division: str = "") -> HttpResponse:
    """Ask one topic and save what was typed, right or wrong, so that nothing is lost."""
    if slug not in ORDER or (division and not has_groups(division)):
        raise Http404
    answers = {**_of_account(request), **answers_of(request)}
    question = Question(request, TOPICS[slug], answers, division=division)
    if request.method == "POST":
        drafts.save(request.user, DRAFT, question.typed())
        if "later" in request.POST:
            messages.success(
                request, _("Saved. You can go on whenever you like: answers are kept for 30 days.")
            )
            return HttpResponseRedirect(reverse("enterprises:register_tasks"))
        if question.form.is_valid():
            _prefill_from_registry(request, question.form)
            return HttpResponseRedirect(_next_url(request, question))
    return _page(
        request,
        "register_step",
        has_errors=question.form.is_bound and not question.form.is_valid(),
        back_url=_back_url(request, slug),
        **question.context(),
    )


def _prefill_from_registry(request: HttpRequest, form: TopicForm) -> None:
    """Fill what the registry knows where nothing has been typed; the person checks it like the rest."""
    code = form.cleaned_data.get("uscc")
    entry = registry.look_up(code) if code else None
    if entry:
        known = drafts.load(request.user, DRAFT)
        found = {name: value for name, value in entry.facts.items() if not known.get(name)}
        drafts.save(request.user, DRAFT, found)


def _next_url(request: HttpRequest, question: Question) -> str:
    checking = request.GET.get("from") == "check"
    group_url = question.group_url("enterprises:register_group")
    if group_url:
        return f"{group_url}?from=check" if checking else group_url
    if checking:
        return reverse("enterprises:register_check")
    following = ORDER[ORDER.index(question.topic.slug) + 1 :]
    return step_url(following[0]) if following else reverse("enterprises:register_check")


def _back_url(request: HttpRequest, slug: str) -> str:
    if request.GET.get("from") == "check":
        return reverse("enterprises:register_check")
    return reverse("enterprises:register_tasks")


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers to check, and submit them once; the same form sent again leads to the same page."""
    if request.method == "POST":
        return _submit(request)
    topics = _filled(answers_of(request))
    return _page(
        request,
        "register_check",
        sections=[
            {
                "title": TOPICS[slug].title,
                "rows": answers_in_words(slug, form, step_url(slug, checking=True)),
                "errors": _first_errors(slug, form),
            }
            for slug, form in topics.items()
        ],
        is_complete=_registration(topics, _told(request)) is not None,
        size=_size_of(topics),
        warnings=code_warnings(topics["identity"].cleaned_data.get("uscc", "")),
        form_token=once.new_token(),
        days=DAYS_TO_CHECK,
    )


def _filled(answers: dict[str, str]) -> dict[str, TopicForm]:
    forms_ = {slug: TOPICS[slug].form(data=answers) for slug in ORDER}
    for form in forms_.values():
        form.full_clean()
    return forms_


def _first_errors(slug: str, form: TopicForm) -> list[tuple[str, str]]:
    """Give (address, message) of what is still missing or wrong, for the summary."""
    return [(step_url(slug, checking=True), str(errors[0])) for errors in form.errors.values()]


def _size_of(topics: dict[str, TopicForm]) -> size_words.SizeWords:
    stated = [statement for form in topics.values() if form.is_valid() for statement in form.statements()]
    known = {item.code: facts.read(item.code, item.value, expires_on=item.expires_on) for item in stated}
    return size_words.in_words(known, calendar.today())


class _TooMany(Exception):
    """This person has registered too often today; carries when the next try is allowed."""


class _Incomplete(Exception):
    """Some task still needs something."""


def _submit(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    token = request.POST.get("form_token", "")[:64] or once.new_token()
    topics = _filled(answers_of(request))
    registration = _registration(topics, _told(request))
    try:
        uscc, _is_first = once.only(
            token,
            purpose="enterprise.register",
            owner=str(user.pk),
            act=partial(_register, registration, _registered_facts(registration), user),
        )
    except _TooMany as stop:
        return _page(request, "register_limit", status=429, retry_at=stop.args[0])
    except _Incomplete:
        return HttpResponseRedirect(reverse("enterprises:register_check"))
    return HttpResponseRedirect(reverse("enterprises:register_done", args=[uscc]))


def _registration(topics: dict[str, TopicForm], told: dict[str, Any]) -> Registration | None:
    """Return the answers as they are submitted, None while one of them is missing or wrong."""
    if not all(form.is_valid() for form in topics.values()):
        return None
    stated = {one.code: one for form in topics.values() for one in form.statements()}
    return Registration(
        **topics["identity"].cleaned_data,
        **topics["contact"].cleaned_data,
        statements=(*stated.values(), *told_before.denials(told, stated)),
    )


def _register(registration: Registration | None, from_registry: list[Statement], user: Any) -> str:
    if registration is None:
        raise _Incomplete
    # Limited, so that nobody can try out which credit codes are taken. A form sent again is no new try.
    allowed = limits.allow(f"registration:{user.pk}", times=TRIES_A_DAY, seconds=86_400)
    if not allowed:
        raise _TooMany(allowed.retry_at)
    register(registration, by=user, from_registry=from_registry)
    drafts.discard(user, DRAFT)
    return registration.uscc


def _registered_facts(registration: Registration | None) -> list[Statement]:
    entry = registry.look_up(registration.uscc) if registration else None
    return [Statement(code, value) for code, value in entry.facts.items()] if entry else []


@require_GET
def done(request: HttpRequest, uscc: str) -> HttpResponse:
    """Confirm that a registration has arrived; the same page whether the code was new or taken.

    For the person who sent it; anybody else's is a 404.
    """
    name, received_at = _sent_by(request.user, uscc)
    return _page(request, "register_done", name=name, uscc=uscc, received_at=received_at, days=DAYS_TO_CHECK)


def _sent_by(user: Any, uscc: str) -> tuple[str, Any]:
    claim = Claim.objects.filter(claimant=user, enterprise__uscc=uscc).order_by("-pk").first()
    if claim:
        return claim.answers.get("name", ""), claim.claimed_at
    enterprise = Enterprise.objects.for_member(user).filter(uscc=uscc).first()
    if enterprise is None:
        raise Http404
    return enterprise.name, enterprise.registered_at


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {"nav": "enterprise", "journey": True, "no_switcher": True, **context}
    return render(request, f"enterprises/{template}.html", context, status=status)
