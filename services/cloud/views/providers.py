"""Providers: the public directory, one provider, and the pages of whoever speaks for one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, disclosing, once, parking
from core.lifecycle import TransitionRefused
from services.cloud import clocks, provider_work, rating, shelf, showing, tiers, wording
from services.cloud.actions import listings, onboarding, ratings, sanctions
from services.cloud.forms.onboarding import ReplyForm
from services.cloud.forms.providers import AppealForm, ApplicationForm
from services.cloud.models import Listing, ListingState, Rating, Sanction

# The newest ratings a page shows; the mean counts all of them.
RATINGS = 50


@login_not_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """List the providers that stand in the catalogue, and those that no longer do. Open to everybody."""
    today = calendar.today()
    rows = [_line(listing, today) for listing in _public().order_by("provider__name_zh")]
    context = {
        "nav": "cloud",
        "listed": sorted((row for row in rows if row["is_listed"]), key=lambda row: row["order"]),
        "others": [row for row in rows if not row["is_listed"]],
        "mine": _mine(request.user).first() if request.user.is_authenticated else None,
    }
    return render(request, "cloud/providers.html", context)


@login_not_required
@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one provider: products, checks, tiers and sanctions. Open to everybody."""
    listing = get_object_or_404(_public().prefetch_related("sanctions", "checks"), provider__slug=slug)
    today = calendar.today()
    context = {
        "nav": "cloud",
        "listing": listing,
        "provider": listing.provider,
        "tier": wording.tier(tiers.on(listing, today)),
        "awards": listing.tiers.all(),
        "check": next((row for row in listing.checks.all() if row.passed), None),
        "sanctions": listing.sanctions.all(),
        "products": [showing.card(row) for row in shelf.of_provider(listing, today)],
        "ratings": listing.ratings.filter(state=Rating.State.SHOWN)[:RATINGS],
        "summary": rating.summary(listing),
    }
    return render(request, "cloud/provider.html", context)


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Take the application of a provider, or a declined one again; anyone signed in may, once."""
    listing = _mine(request.user).first()
    if listing and listing.state != ListingState.DECLINED:
        return HttpResponseRedirect(reverse("cloud:my_listing"))
    if request.method != "POST":
        typed = parking.typed(request, request.path)
        before = ApplicationForm.typed_before(listing) if listing else None
        return _application(request, ApplicationForm(initial=typed or before, listing=listing))
    form = ApplicationForm(request.POST, listing=listing)
    if not form.is_valid():
        return _application(request, form)
    _send_application(request, form, listing)
    messages.success(request, _("Your application has arrived. We write to you when it is decided."))
    return HttpResponseRedirect(reverse("cloud:my_listing"))


def _send_application(request: HttpRequest, form: ApplicationForm, listing: Listing | None) -> None:
    def act() -> str:
        if listing:
            return str(listings.apply_again(listing, form.application(), by=request.user).pk)
        return str(listings.apply(form.application(), by=request.user).pk)

    try:
        token = request.POST.get("form_token", "")
        once.only(token, purpose="cloud.apply", owner=str(request.user.pk), act=act)
    except (listings.AppliedBefore, TransitionRefused):
        # Sent twice from two pages: the first one stands, and its page says so.
        return


def _application(request: HttpRequest, form: ApplicationForm) -> HttpResponse:
    context = {
        "nav": "cloud",
        "form": form,
        "form_token": request.POST.get("form_token") or once.new_token(),
        "days": clocks.CHECK_DAYS,
    }
    return render(request, "cloud/apply.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show how it stands with the provider this person speaks for."""
    listing = _mine(request.user).prefetch_related("sanctions", "tiers", "checks").first()
    if listing is None:
        return HttpResponseRedirect(reverse("cloud:apply"))
    today, steps = calendar.today(), list(provider_work.open_steps(listing))
    for plan in {step.onboarding_id: step.onboarding for step in steps}.values():
        disclosing.say(request, plan, enterprise=plan.enterprise_id, provider=listing.provider_id)
    context = {
        "nav": "cloud",
        "listing": listing,
        "tier": wording.tier(tiers.on(listing, today)),
        "sanctions": [_sanction(row, today) for row in listing.sanctions.all()],
        "products": listing.provider.cloud_products.order_by("slug"),
        "work": [provider_work.line(step) for step in steps],
        "ratings": list(listing.ratings.filter(state=Rating.State.SHOWN)[:RATINGS]),
        "days": clocks.CHECK_DAYS,
    }
    return render(request, "cloud/my_listing.html", context)


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an appeal against a sanction, from whoever speaks for the provider."""
    rows = Sanction.objects.filter(listing__in=_mine(request.user)).select_related("listing__provider")
    sanction = get_object_or_404(rows, key=key)
    if not _can_be_appealed(sanction):
        messages.warning(request, _("This sanction cannot be appealed any more."))
        return HttpResponseRedirect(reverse("cloud:my_listing"))
    typed = parking.typed(request, request.path)
    form = AppealForm(request.POST) if request.method == "POST" else AppealForm(initial=typed)
    if request.method == "POST" and form.is_valid() and _send_appeal(request, form, sanction):
        messages.success(request, _("Your appeal has arrived. Another person answers it."))
        return HttpResponseRedirect(reverse("cloud:my_listing"))
    context = {"nav": "cloud", "form": form, "sanction": sanction, "days": clocks.ANSWER_DAYS}
    return render(request, "cloud/appeal.html", context)


def _send_appeal(request: HttpRequest, form: AppealForm, sanction: Sanction) -> bool:
    try:
        sanctions.appeal(sanction, form.cleaned_data["text"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
    except TransitionRefused:
        form.add_error(None, _("An appeal has been sent already."))
    return form.is_valid()


@require_POST
def done(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Mark a step that waits for the provider as done, by whoever speaks for it."""
    listing = get_object_or_404(_mine(request.user))
    step = get_object_or_404(provider_work.open_steps(listing), onboarding__reference=reference, code=code)
    try:
        onboarding.tick(step, by=request.user)
    except (TransitionRefused, ValidationError):
        messages.warning(request, _("This plan has ended in the meantime; nothing was changed."))
    return HttpResponseRedirect(reverse("cloud:my_listing"))


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the one reply to a rating, from whoever speaks for the provider."""
    row = get_object_or_404(Rating.objects.filter(listing__in=_mine(request.user), state="shown"), key=key)
    if row.reply:
        messages.warning(request, _("You have replied already."))
        return HttpResponseRedirect(reverse("cloud:my_listing"))
    typed = parking.typed(request, request.path)
    form = ReplyForm(request.POST) if request.method == "POST" else ReplyForm(initial=typed)
    if request.method == "POST" and form.is_valid():
        try:
            ratings.reply(row, text=form.cleaned_data["text"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your reply stands below the rating."))
            return HttpResponseRedirect(reverse("cloud:my_listing"))
    return render(request, "cloud/reply.html", {"nav": "cloud", "form": form, "rating": row})


def _public() -> QuerySet[Listing]:
    return Listing.objects.public().select_related("provider").prefetch_related("tiers")


def _mine(user: Any) -> QuerySet[Listing]:
    return Listing.objects.represented_by(user).select_related("provider")


def _can_be_appealed(sanction: Sanction) -> bool:
    in_time = sanction.appeal_until is None or calendar.today() <= sanction.appeal_until
    return sanction.appeal == Sanction.Appeal.NONE and in_time


def _sanction(row: Sanction, today: Any) -> dict[str, Any]:
    url = reverse("cloud:appeal", args=[row.key]) if _can_be_appealed(row) else ""
    return {"row": row, "appeal_url": url}


def _line(listing: Listing, today: Any) -> dict[str, Any]:
    award = tiers.on(listing, today)
    return {
        "name": listing.provider.name,
        "url": reverse("cloud:provider", args=[listing.provider.slug]),
        "about": listing.about,
        "kind": listing.provider.get_kind_display(),
        "tier": wording.tier(award),
        "order": ("first", "second", "third").index(award.tier) if award else 3,
        "state": listing.state,
        "state_label": listing.get_state_display(),
        "is_listed": listing.is_listed,
        "is_sample": listing.is_sample,
    }
