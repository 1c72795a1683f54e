"""What an enterprise follows: its list, and the buttons that put something on it or take it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import calendar
from enterprises.access import MemberRequest, needs_enterprise, needs_writer
from services.policies import actions, marking
from services.policies.forms.following import DismissForm
from services.policies.models import ItemMark, PolicyItem, PolicyNotice

PAGE_LENGTH = 20
# What a button may say; a dismissal has a page of its own.
MARKS = {ItemMark.Standing.SAVED, ItemMark.Standing.APPLIED, ItemMark.Standing.OBTAINED}


@needs_enterprise
@require_safe
def saved(request: MemberRequest) -> HttpResponse:
    """Show what the enterprise has saved, applied for, obtained; every member may look."""
    today = calendar.today()
    shows_dismissed = request.GET.get("show") == ItemMark.Standing.DISMISSED
    marks = marking.dismissed if shows_dismissed else lambda enterprise: marking.saved(enterprise, today)
    paginator = Paginator(marks(request.enterprise), PAGE_LENGTH)
    asked = request.GET.get("page", "1")
    page = paginator.get_page(asked)
    if asked.isdecimal() and len(asked) <= 9 and int(asked) > paginator.num_pages:
        kept = "&show=dismissed" if shows_dismissed else ""
        return HttpResponseRedirect(f"{request.path}?page={paginator.num_pages}{kept}")
    context = {
        "page": page,
        "rows": marking.rows_of(page.object_list, today),
        "shows_dismissed": shows_dismissed,
        "hidden": 0 if shows_dismissed else marking.dismissed(request.enterprise).count(),
        "may_write": request.membership.may_write,
        "here": request.get_full_path(),
        "nav": "enterprise",
    }
    return render(request, "policies/saved.html", context)


@needs_writer
@require_POST
def mark(request: MemberRequest, slug: str) -> HttpResponse:
    """Say saved, applied or obtained of an item, or (without `standing`) take back what was said."""
    notice, item = _thing(request, slug)
    standing = request.POST.get("standing", "")
    if standing and standing not in MARKS:
        raise Http404
    if standing:
        actions.mark(request.enterprise, notice, item, standing=standing, by=request.user)
    else:
        actions.unmark(request.enterprise, notice, item, by=request.user)
    messages.success(request, _done(standing))
    return HttpResponseRedirect(_return_to(request, slug))


@needs_writer
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask why something is not for the enterprise, then keep it from its lists; it can be undone."""
    notice, item = _thing(request, slug)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.mark(
            request.enterprise, notice, item, standing="dismissed", by=request.user, **form.cleaned_data
        )
        messages.success(request, _("It no longer appears among what fits you. You can undo this."))
        return HttpResponseRedirect(_return_to(request, slug))
    context = {
        "form": form,
        "title": item.title if item else notice.title,
        "position": item.position if item else "",
        "back": reverse("policies:detail", args=[slug]),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "journey": True,
        "nav": "policies",
    }
    return render(request, "policies/dismiss.html", context)


def _thing(request: MemberRequest, slug: str) -> tuple[PolicyNotice, PolicyItem | None]:
    """Find the public notice and the item named by its position; 404 for what is not there."""
    notice = get_object_or_404(PolicyNotice.objects.public(), slug=slug)
    given = request.POST.get("item", request.GET.get("item", ""))
    if not given:
        return notice, None
    if not (given.isascii() and given.isdigit() and len(given) <= 4):
        raise Http404
    item = notice.items.filter(position=int(given)).first()
    if item is None:
        raise Http404
    return notice, item


def _done(standing: str) -> str:
    return {
        ItemMark.Standing.SAVED.value: _("Saved. We remind you before the last day."),
        ItemMark.Standing.APPLIED.value: _("Noted: you have applied. There will be no more reminders."),
        ItemMark.Standing.OBTAINED.value: _("Noted: you have obtained it."),
    }.get(standing, _("Taken back."))


def _return_to(request: Any, slug: str) -> str:
    """Return to the page the button stood on, if it is ours; else to the notice."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("policies:detail", args=[slug]) + "#marks"
