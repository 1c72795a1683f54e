"""The page on which an enterprise says what it thinks of a policy, and reads the answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import once, parking
from enterprises.access import MemberRequest, needs_enterprise
from services.policies import actions, rows
from services.policies.forms.opinion import OpinionForm
from services.policies.models import Opinion, PolicyNotice


@parking.keeps_typed
@needs_enterprise
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: MemberRequest, slug: str) -> HttpResponse:
    """Take an opinion of the enterprise, once; every member may read, those who may write may give one."""
    notice = get_object_or_404(PolicyNotice.objects.public(), slug=slug)
    if request.method != "POST":
        typed = parking.typed(request, request.path)
        start = {"topic": request.GET.get("topic", ""), "form_token": once.new_token()}
        return _page(request, notice, OpinionForm(typed) if typed else OpinionForm(initial=start))
    if not request.membership.may_write:
        raise PermissionDenied
    form = OpinionForm(request.POST)
    if not form.is_valid() or not _take(request, notice, form):
        return _page(request, notice, form)
    messages.success(request, _("Thank you. Those who make policy read it, and you are told the answer."))
    return HttpResponseRedirect(request.path)


def _take(request: MemberRequest, notice: PolicyNotice, form: OpinionForm) -> bool:
    """Keep an opinion within the once-only act; False when it was refused, which the form then says."""
    given = {name: form.cleaned_data[name] for name in ("topic", "text")}

    def act() -> str:
        return str(actions.give_opinion(notice, request.enterprise, **given, by=request.user).pk)

    token = form.cleaned_data["form_token"] or once.new_token()
    try:
        once.only(token, purpose="policies.opinion", owner=str(request.user.pk), act=act)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _page(request: MemberRequest, notice: PolicyNotice, form: OpinionForm) -> HttpResponse:
    own = Opinion.objects.for_member(request.user).filter(enterprise=request.enterprise, notice=notice)
    context = {
        "notice": notice,
        "notice_url": rows.page_url(notice),
        "form": form,
        "may_write": request.membership.may_write,
        "enterprise": request.enterprise,
        "opinions": own.select_related("answer"),
        "nav": "policies",
    }
    return render(request, "policies/opinion.html", context)
