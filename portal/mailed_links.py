"""Mail people a link to a file of ours: some apps (WeChat) show pages but save no files."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import person
from core import addresses, limits
from portal import notifications

TIMES, SECONDS = 10, 3600
# As long as a notification's link can be.
LONGEST = 300
# What a link may lead to, by the name of the address; the subject of the mail has words for each.
FILES = (
    "policies:export_xlsx", "policies:pack", "assessments:pdf", "industry:occasion_ics", "indicators:xlsx",
    "open_data_file",
)  # fmt: skip


@require_POST
def mail_link(request: HttpRequest) -> HttpResponse:
    """Mail whoever is signed in the link to one of FILES (`path`), ten an hour, and go back (`next`).

    The link opens only what the reader may have: it is checked again when it is followed.
    """
    path = request.POST.get("path", "")
    name = _named(path)
    if name is None:
        return HttpResponseBadRequest()
    _mail(request, path, name)
    return HttpResponseRedirect(addresses.way_back(request))


def _mail(request: HttpRequest, path: str, name: str) -> None:
    if len(path) > LONGEST:
        messages.error(request, _("The address of this file is too long for a mail. Use fewer conditions."))
        return
    allowed = limits.allow(f"mailed links:{person(request).pk}", times=TIMES, seconds=SECONDS)
    if allowed.retry_at:
        again = {"time": f"{localtime(allowed.retry_at):%H:%M}"}
        messages.error(
            request, _("You have had 10 links mailed within an hour. Try again at %(time)s.") % again
        )
        return
    notifications.mail_link(path, name, to=person(request))
    address = {"address": person(request).email}
    messages.success(request, _("The link is on its way to %(address)s. Open it there.") % address)


def _named(path: str) -> str | None:
    """Return the name of the file's address; None for what is no file of ours."""
    try:
        parts = urlsplit(path)
        name = resolve(parts.path).view_name
    except (ValueError, Resolver404):
        return None
    return name if name in FILES and not parts.netloc and not parts.scheme else None
