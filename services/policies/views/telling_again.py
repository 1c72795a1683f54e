"""What was answered as a guest, offered to be taken over by the enterprise one acts for after signing in."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import calendar
from enterprises.access import MemberRequest, needs_writer
from enterprises.actions import Statement, record_facts
from enterprises.models import Fact
from services.policies import taking_over, visitor


@needs_writer
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: MemberRequest) -> HttpResponse:
    """List a guest's answers beside what is known; POST records the chosen ones, or forgets all.

    Owners and editors may. What is not chosen is forgotten with the rest: the offer is made once.
    """
    offered = taking_over.of_request(request, visitor.of_enterprise(request.enterprise).known)
    if request.method != "POST":
        context = {"told": offered, "enterprise": request.enterprise, "nav": "enterprise"}
        return render(request, "policies/told.html", context)
    wanted = [] if "forget" in request.POST else request.POST.getlist("code")
    chosen = [one for one in offered if one.code in wanted]
    with transaction.atomic():
        record_facts(
            request.enterprise,
            [Statement(one.code, one.value) for one in chosen],
            source=Fact.Source.SELF,
            on=calendar.today(),
            by=request.user,
        )
    request.session.pop(visitor.SESSION_KEY, None)
    messages.success(request, _done(len(chosen)))
    return HttpResponseRedirect(reverse("policies:since" if chosen else "policies:fitting"))


def _done(count: int) -> str:
    if not count:
        return _("Your answers are deleted; nothing was taken over.")
    return ngettext(
        "%(count)s answer is now a fact of your enterprise. See what it changed.",
        "%(count)s answers are now facts of your enterprise. See what they changed.",
        count,
    ) % {"count": count}
