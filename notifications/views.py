"""The inbox, its preferences, and the link that stops mails."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import actions, addresses
from notifications.channels import inbox as channel
from notifications.forms import PreferencesForm
from notifications.models import Notification
from notifications.suppression import suppressed

PAGE_LENGTH = 20


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List what this person was told, newest first."""
    rows = Notification.objects.for_user(request.user).select_related("text_version")
    paginator = Paginator(rows, PAGE_LENGTH)
    asked = request.GET.get("page", "1")
    page = paginator.get_page(asked)
    if asked.isdecimal() and int(asked) > paginator.num_pages:
        return redirect(f"{request.path}?page={paginator.num_pages}")
    entries = channel.entries(page.object_list, request.user)
    context = {
        "nav": "enterprise",
        "page": page,
        "entries": entries,
        "unread": channel.unread(request.user),
        "takes_no_mail": bool(suppressed([request.user.get_username()])),
    }
    return render(request, "notifications/inbox.html", context)


@require_GET
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one notification in full; nothing changes by looking."""
    entry = channel.entry(own(request, number))
    if entry is None:
        raise Http404
    return render(request, "notifications/detail.html", {"nav": "enterprise", "entry": entry})


@require_POST
def open_one(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one as read and go to the page it is about."""
    notification = own(request, number)
    actions.mark_read(notification)
    entry = channel.entry(notification)
    if entry is not None and entry.url.startswith("/") and not entry.url.startswith("//"):
        return redirect(entry.url)
    return redirect("notifications:detail", number)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = actions.mark_all_read(request.user)
    messages.success(
        request,
        ngettext("%(count)s message marked as read.", "%(count)s messages marked as read.", count)
        % {"count": count},
    )
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose what is also sent, by which channel and how often; the inbox always has everything."""
    form = PreferencesForm(user=request.user)
    if request.method == "POST":
        form = PreferencesForm(request.POST, user=request.user)
        if form.is_valid():
            for way, choices in form.choices:
                actions.set_preferences(request.user, choices=choices, channel=way)
            begins, ends = form.quiet
            actions.set_quiet_hours(request.user, begins=begins, ends=ends)
            messages.success(request, _("Your choice is saved."))
            return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"nav": "enterprise", "form": form})


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mails of one kind by the signed link of a mail: a button for people, one click for mail programs.

    The only view without CSRF protection: a mail program posts here by itself (RFC 8058,
    `List-Unsubscribe=One-Click`), without cookies. The signature in the address is what allows it.
    """
    notification = told_by(token)
    kind = actions.stoppable(notification) if notification else None
    if notification is None or kind is None:
        return render(request, "notifications/stop_unknown.html", {"journey": True}, status=404)
    if request.method == "POST":
        actions.stop(notification)
    context: dict[str, Any] = {
        "journey": True,
        "label": kind.label,
        "done": request.method == "POST",
        "has_account": notification.recipient_id is not None,
    }
    return render(request, "notifications/stop.html", context)


def own(request: HttpRequest, number: int) -> Notification:
    """Return a notification of the person signed in; anybody else's does not exist."""
    return get_object_or_404(
        Notification.objects.for_user(request.user).select_related("recipient", "text_version"), pk=number
    )


def told_by(token: str) -> Notification | None:
    try:
        number = addresses.read_stop_token(token)
    except signing.BadSignature:
        return None
    return Notification.objects.select_related("recipient").filter(pk=number).first()
