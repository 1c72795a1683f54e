"""Proof of real use and the rating after it; the files of a proof, for the enterprise and for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import files, parking
from core.lifecycle import TransitionRefused
from services.cloud import rating as rules
from services.cloud.access import own_plan, plan_to_write
from services.cloud.actions import ratings, use
from services.cloud.forms.onboarding import ProofForm, RatingForm
from services.cloud.lifecycle.onboarding import HELP
from services.cloud.models import Onboarding, Rating, UseCheck, UseEvidence


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, reference: str, day: int) -> HttpResponse:
    """Take the proof of real use; files are kept even when the rest has to be put right."""
    plan = plan_to_write(request.user, reference)
    check = get_object_or_404(plan.use_checks.all(), day=day)
    if check.state not in {UseCheck.State.DUE, UseCheck.State.RETURNED}:
        messages.warning(request, _("This proof has been handed in already."))
        return HttpResponseRedirect(_plan_url(plan))
    if request.method != "POST":
        typed = parking.typed(request, request.path)
        return _proof_page(request, plan, check, ProofForm(initial=typed or _before(check)))
    form = ProofForm(request.POST, request.FILES)
    form.is_valid()
    status = _keep(form, check, by=request.user)
    if form.is_valid() and _hand_in(form, check, by=request.user):
        messages.success(request, _("The proof has arrived. We look at it and write to you."))
        return HttpResponseRedirect(_plan_url(plan))
    return _proof_page(request, plan, check, form, status)


@require_safe
def evidence(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a file of a proof to whoever acts for the enterprise."""
    plan = own_plan(request.user, reference)
    row = get_object_or_404(_files().filter(check_of_use__onboarding=plan), file__key=file)
    return files.serve(row.file)


@require_safe
@permission_required(HELP, raise_exception=True)
def desk_evidence(request: HttpRequest, file: str) -> HttpResponseBase:
    """Serve a file of a proof to the staff who check real use in the enterprise's region."""
    mine = Onboarding.objects.in_scope_of(request.user)
    return files.serve(
        get_object_or_404(_files().filter(check_of_use__onboarding__in=mine), file__key=file).file
    )


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the rating of the provider, once, after a proof was accepted."""
    plan = plan_to_write(request.user, reference)
    listing = rules.rated_provider(plan)
    if listing is None or Rating.objects.filter(onboarding=plan).exists():
        messages.warning(request, _("There is nothing to rate here at present."))
        return HttpResponseRedirect(_plan_url(plan))
    typed = parking.typed(request, request.path)
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm(initial=typed)
    if request.method == "POST" and form.is_valid() and _rate(form, plan, by=request.user):
        messages.success(request, _("Thank you. Your rating stands on the provider's page."))
        return HttpResponseRedirect(_plan_url(plan))
    return render(
        request, "cloud/rate.html", {"nav": "cloud", "form": form, "plan": plan, "listing": listing}
    )


def _keep(form: ProofForm, check: UseCheck, *, by: Any) -> int:
    """Keep the files; what is refused becomes an error of the field. Return the status of the page."""
    try:
        use.add_evidence(check, form.cleaned_data.get("evidence", []), by=by)
    except files.FileRefused as refused:
        form.add_error("evidence", refused.message)
        return 503 if refused.code == "no_space" else 200
    return 200


def _hand_in(form: ProofForm, check: UseCheck, *, by: Any) -> bool:
    given = {name: form.cleaned_data[name] for name in ("people", "words")}
    try:
        use.hand_in(check, **given, by=by)
    except ValidationError as error:
        form.add_error("evidence" if hasattr(error, "error_dict") else None, error.messages[0])
    except TransitionRefused:
        form.add_error(None, _("This proof has been handed in already."))
    return form.is_valid()


def _rate(form: RatingForm, plan: Onboarding, *, by: Any) -> bool:
    try:
        ratings.rate(plan, **form.cleaned_data, by=by)
    except ValidationError as error:
        form.add_error(None, error)
    return form.is_valid()


def _proof_page(
    request: HttpRequest, plan: Onboarding, check: UseCheck, form: ProofForm, status: int = 200
) -> HttpResponse:
    kept = [one.file for one in check.evidence.select_related("file")]
    context = {"nav": "cloud", "form": form, "plan": plan, "check": check, "kept": kept}
    return render(request, "cloud/proof.html", context, status=status)


def _before(check: UseCheck) -> dict[str, Any]:
    return {"people": check.people, "words": check.words}


def _files() -> Any:
    return UseEvidence.objects.select_related("file")


def _plan_url(plan: Onboarding) -> str:
    return reverse("cloud:plan", args=[plan.reference])
