"""The readiness check's front page and the plan: begin, follow, tick, give to somebody, stop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import parking
from core.lifecycle import TransitionRefused
from enterprises import facts
from enterprises.access import MemberRequest, PortalRequest, needs_enterprise, needs_writer
from services.cloud import plan_page
from services.cloud.access import may_write, own_plan, plan_to_write
from services.cloud.actions import onboarding
from services.cloud.forms.onboarding import BeginForm, ChooseForm, DoneForm, StepForm, StopForm
from services.cloud.models import Onboarding, OnboardingState, OnboardingStep, WaitsOn


@login_not_required
@require_safe
def readiness(request: PortalRequest) -> HttpResponse:
    """Say what the check asks, show the last result, and lead to check and plan. Open to everybody."""
    enterprise = request.enterprise
    context = {
        "nav": "cloud",
        "score": onboarding.readiness_of(enterprise) if enterprise else None,
        "has_run_out": bool(enterprise and _has_run_out(enterprise)),
        "may_write": bool(request.membership and request.membership.may_write),
    }
    return render(request, "cloud/readiness.html", context)


def _has_run_out(enterprise: Any) -> bool:
    known = enterprise.facts.known().get(facts.CLOUD_READINESS)
    return known is not None and onboarding.readiness_of(enterprise) is None


@require_safe
@needs_enterprise
def plans(request: MemberRequest) -> HttpResponse:
    """List the plans of the enterprise, those under way first."""
    rows = Onboarding.objects.for_member(request.user).filter(enterprise=request.enterprise)
    shown = plan_page.in_list(rows.order_by("ended_at", "-pk"))[: plan_page.MOST]
    context = {
        "nav": "cloud",
        "rows": [plan_page.line(row) for row in shown],
        "may_write": request.membership.may_write,
    }
    return render(request, "cloud/plans.html", context)


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@needs_writer
def begin(request: MemberRequest) -> HttpResponse:
    """Ask where the enterprise stands and begin its plan; owners and editors may."""
    if request.method == "POST":
        form = BeginForm(request.POST)
        if form.is_valid():
            row = onboarding.start(request.enterprise, **form.cleaned_data, by=request.user)
            return HttpResponseRedirect(_plan_url(row))
    else:
        given = {"product": request.GET.get("product", "")}
        form = BeginForm(initial=parking.typed(request, request.path) or given)
    score = onboarding.readiness_of(request.enterprise)
    return render(request, "cloud/begin.html", {"nav": "cloud", "form": form, "score": score})


@require_safe
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a plan, its proofs of use and what is next; every member of the enterprise reads it."""
    row = own_plan(request.user, reference)
    context = {
        "nav": "cloud",
        "may_write": may_write(row, request.user),
        **plan_page.page(row),
        "choose_form": ChooseForm(),
    }
    return render(request, "cloud/plan.html", context)


@require_POST
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the chosen product into the plan."""
    row = plan_to_write(request.user, reference)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for one in form.errors["product"]))
    else:
        _try(request, lambda: onboarding.choose(row, form.cleaned_data["product"], by=request.user))
    return HttpResponseRedirect(_plan_url(row))


@require_POST
def tick(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Mark a step as done; the enterprise ticks its own steps and the provider's, not the staff's."""
    row = plan_to_write(request.user, reference)
    step = _step(row, code)
    if step.waits_on == WaitsOn.STAFF:
        raise PermissionDenied
    form = DoneForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    _try(request, lambda: onboarding.tick(step, note=note, by=request.user))
    return HttpResponseRedirect(f"{_plan_url(row)}#{code}")


@require_POST
def untick(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Take a tick back."""
    row = plan_to_write(request.user, reference)
    step = _step(row, code)
    if step.waits_on == WaitsOn.STAFF:
        raise PermissionDenied
    _try(request, lambda: onboarding.untick(step, by=request.user))
    return HttpResponseRedirect(f"{_plan_url(row)}#{code}")


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Say who sees to a step, and until when."""
    row = plan_to_write(request.user, reference)
    one = _step(row, code)
    if row.state != OnboardingState.ACTIVE or one.done_on:
        messages.warning(request, _("This step can no longer be changed."))
        return HttpResponseRedirect(_plan_url(row))
    initial = {"owner": one.owner_id, "due_on": one.due_on}
    form = StepForm(one, request.POST) if request.method == "POST" else StepForm(one, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            onboarding.give(one, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None if not hasattr(error, "error_dict") else "due_on", error.messages[0])
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{_plan_url(row)}#{code}")
    return render(request, "cloud/step.html", {"nav": "cloud", "form": form, "plan": row, "step": one})


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the reason, then stop the plan."""
    row = plan_to_write(request.user, reference)
    typed = parking.typed(request, request.path)
    form = StopForm(request.POST) if request.method == "POST" else StopForm(initial=typed)
    if request.method == "POST" and form.is_valid():
        _try(request, lambda: onboarding.stop(row, reason=form.cleaned_data["reason"], by=request.user))
        return HttpResponseRedirect(_plan_url(row))
    return render(request, "cloud/stop.html", {"nav": "cloud", "form": form, "plan": row})


def _try(request: HttpRequest, act: Any) -> None:
    """Carry a verb out; what it refuses is said on the page that comes next."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except TransitionRefused:
        messages.warning(request, _("This plan has ended in the meantime; nothing was changed."))


def _step(row: Onboarding, code: str) -> OnboardingStep:
    step = get_object_or_404(row.steps.all(), code=code)
    step.onboarding = row
    return step


def _plan_url(row: Onboarding) -> str:
    return reverse("cloud:plan", args=[row.reference])
