"""The public page on which a reader reports an error in a notice."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import limits, once
from services.policies import actions, rows
from services.policies.forms.report import ReportForm
from services.policies.models import PolicyNotice

REPORTS = {"times": 5, "seconds": 3600}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a report of an error, once; five an hour from one connection. Open to everybody."""
    notice = get_object_or_404(PolicyNotice.objects.public(), slug=slug)
    if request.method != "POST":
        start = {"about": request.GET.get("about", ""), "form_token": once.new_token()}
        return _page(request, notice, ReportForm(initial=start))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, notice, form)
    if not form.is_from_a_program() and not _take(request, notice, form):
        return _page(request, notice, form, 429)
    messages.success(request, _("Thank you. We look at it and put it right if it is wrong."))
    return HttpResponseRedirect(rows.page_url(notice))


def _take(request: HttpRequest, notice: PolicyNotice, form: ReportForm) -> bool:
    """Count and keep a report within the once-only act; False when this hour's reports are used up."""
    person = request.user if request.user.is_authenticated else None
    token = form.cleaned_data["form_token"] or once.new_token()

    def act() -> str:
        if not limits.allow(f"reports:{limits.client_address(request)}", **REPORTS):
            return ""
        language = get_language() or settings.LANGUAGE_CODE
        return str(actions.report_error(notice, **form.given(), language=language, by=person).pk)

    owner = str(person.pk) if person else "visitor"
    return bool(once.only(token, purpose="policies.report", owner=owner, act=act)[0])


def _page(request: HttpRequest, notice: PolicyNotice, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "notice": notice,
        "notice_url": rows.page_url(notice),
        "form": form,
        "is_too_many": status == 429,
        "nav": "policies",
    }
    return render(request, "policies/report.html", context, status=status)
