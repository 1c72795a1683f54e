"""Events: the list, the page on which an enterprise books, the calendar file, the answer afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar, confirming, facets, ics, once, parking
from core.confirming import Question
from core.facets import Choice
from core.lifecycle import TransitionRefused
from core.verbs import blame
from enterprises.access import MemberRequest, needs_writer
from services.industry import actions, booking, directory
from services.industry.forms.occasions import BookingForm, FeedbackForm
from services.industry.models import Booking, Occasion


@login_not_required
@require_safe
def occasions(request: HttpRequest) -> HttpResponse:
    """List what is ahead. Open to everybody."""
    everything = booking.upcoming(calendar.now())
    choice = Choice.read(request.GET, booking.facets_for(directory.city_names()))
    found = choice.narrow(everything)
    return render(
        request,
        "industry/occasions.html",
        {
            "mine": _mine(request),
            "rows": found,
            "count": len(found),
            "facets": facets.views(everything, choice),
            "chosen": facets.conditions(choice, request.path),
            "best_to_drop": None if found else facets.best_to_drop(everything, choice, request.path),
            "nav": "industry",
        },
    )


@login_not_required
@require_safe
def every_ics(request: HttpRequest) -> HttpResponse:
    """Give what is ahead as a calendar file. Open to everybody."""
    return _ics(_("Training and events"), booking.upcoming(calendar.now()), "events")


@login_not_required
@require_safe
def one_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Give one event as a calendar file. Open to everybody."""
    row = get_object_or_404(Occasion.objects.public(), slug=slug)
    return _ics(row.title, [row], row.slug)


@login_not_required
@require_safe
def occasion(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one event, and to members their own bookings and the form. Open to everybody."""
    row = _public(slug)
    typed = parking.typed(request, reverse("industry:book", args=[slug]))
    name, phone = getattr(request.user, "name", ""), getattr(request.user, "phone", "")
    start = {"name": name, "phone": phone, "form_token": once.new_token()}
    return _page(request, row, BookingForm(initial={**start, **typed}))


@parking.keeps_typed
@require_POST
@needs_writer
def book(request: MemberRequest, slug: str) -> HttpResponse:
    """Book a place, or one on the waiting list, once for each form."""
    row = _public(slug)
    form = BookingForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        once.only(
            form.cleaned_data["form_token"] or once.new_token(),
            purpose="industry.book",
            owner=str(request.user.pk),
            act=lambda: _book(request, row, form),
        )
    except ValidationError as error:
        blame(form, error)
        return _page(request, row, form)
    return HttpResponseRedirect(f"{reverse('industry:occasion', args=[slug])}#ours-h")


@require_http_methods(["GET", "HEAD", "POST"])
@needs_writer
def cancel(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    """Ask once, then give back a place of the own enterprise."""
    row = get_object_or_404(_ours(request, slug).active(), key=key)
    if request.method != "POST":
        return confirming.ask(request, _about_cancelling(row, slug))
    try:
        actions.cancel(row, by=request.user)
        messages.success(request, _("Cancelled. Thank you: somebody else can come."))
    except TransitionRefused:
        messages.error(request, _("This can no longer be cancelled: the event has begun."))
    return HttpResponseRedirect(reverse("industry:occasion", args=[slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs_writer
def feedback(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    """Take what an event was worth, once, from the enterprise that was there."""
    row = get_object_or_404(_ours(request, slug).booked().select_related("occasion"), key=key)
    if row.attended is False or row.occasion.ends_at > calendar.now():
        raise Http404
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.rate(row, form.cleaned_data["rating"], form.cleaned_data["words"], by=request.user)
        except TransitionRefused:
            messages.error(request, _("You have answered already."))
        else:
            messages.success(request, _("Thank you. It decides what is offered again."))
        return HttpResponseRedirect(reverse("industry:occasion", args=[slug]))
    context = {"booking": row, "occasion": row.occasion, "form": form, "nav": "industry"}
    return render(request, "industry/feedback.html", context)


def _about_cancelling(row: Booking, slug: str) -> Question:
    return Question(
        _("Cancel the booking of %(name)s?") % {"name": row.attendee_name},
        _("The place goes to whoever is next in line. Who books again later stands at the end of it."),
        _("Cancel this booking"),
        reverse("industry:occasion", args=[slug]),
    )


def _public(slug: str) -> Occasion:
    return get_object_or_404(Occasion.objects.public().select_related("region", "park"), slug=slug)


def _mine(request: Any) -> list[Booking]:
    """Return what the enterprise at hand has booked and is still ahead, the next first."""
    if request.enterprise is None:
        return []
    rows = Booking.objects.for_member(request.user).filter(enterprise=request.enterprise).active()
    ahead = rows.filter(occasion__in=Occasion.objects.upcoming(calendar.now()))
    return list(ahead.select_related("occasion").order_by("occasion__starts_at", "pk"))


def _ours(request: Any, slug: str) -> Any:
    """Return the bookings of the enterprise at hand for one event."""
    rows = Booking.objects.for_member(request.user).filter(enterprise=request.enterprise)
    return rows.filter(occasion__slug=slug, occasion__in=Occasion.objects.public())


def _book(request: MemberRequest, row: Occasion, form: BookingForm) -> str:
    made = actions.book(row, form.attendee(), enterprise=request.enterprise, by=request.user)
    if made.has_place:
        messages.success(request, _("You have a place. We remind you the day before."))
    else:
        messages.success(request, _("You are on the waiting list. If a place becomes free, it is yours."))
    return str(made.key)


def _page(request: Any, row: Occasion, form: BookingForm) -> HttpResponse:
    now = calendar.now()
    ours = _ours(request, row.slug).active() if request.enterprise else []
    context = {
        "occasion": row,
        "form": form,
        "ours": [(one, 0 if one.has_place else booking.place_in_line(one)) for one in ours],
        "has_place": any(one.has_place for one in ours),
        "is_open": row.takes_bookings(now),
        "has_begun": now >= row.starts_at,
        "is_over": now >= row.ends_at,
        "satisfaction": booking.satisfaction(row) if now >= row.ends_at else None,
        "may_write": request.membership is not None and request.membership.may_write,
        "nav": "industry",
    }
    return render(request, "industry/occasion.html", context)


def _ics(title: str, rows: list[Occasion], name: str) -> HttpResponse:
    return HttpResponse(
        booking.calendar_file(title, rows),
        content_type=ics.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
