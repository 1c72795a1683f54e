"""The business licence: handed in by the enterprise, looked at by the staff who set proof levels."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import files
from enterprises import actions
from enterprises.access import MemberRequest, needs_enterprise, needs_writer
from enterprises.forms.licence import LicenceForm
from enterprises.models import Enterprise, Licence


@needs_writer
@require_http_methods(["GET", "HEAD", "POST"])
def licence(request: MemberRequest) -> HttpResponse:
    """Say how far the enterprise is proven, list the papers, take new ones; owners and editors may."""
    if request.method != "POST":
        return _page(request, LicenceForm())
    form = LicenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    status = _send(request, form)
    if form.errors:
        return _page(request, form, status)
    messages.success(request, _("The licence has arrived. We look at it and write to you."))
    return HttpResponseRedirect(reverse("enterprises:licence"))


@needs_enterprise
@require_safe
def own_file(request: MemberRequest, file: str) -> HttpResponseBase:
    """Serve a paper of the enterprise to whoever acts for it."""
    row = get_object_or_404(_papers().filter(enterprise=request.enterprise), file__key=file)
    return files.serve(row.file)


@require_safe
@permission_required("enterprises.set_proof_level", raise_exception=True)
def desk_file(request: HttpRequest, file: str) -> HttpResponseBase:
    """Serve a paper to the staff who set proof levels in the enterprise's region."""
    mine = Enterprise.objects.in_scope_of(request.user)
    return files.serve(get_object_or_404(_papers().filter(enterprise__in=mine), file__key=file).file)


def _send(request: MemberRequest, form: LicenceForm) -> int:
    """Hand in each paper; what is refused becomes an error of the field. Return the status of its page."""
    status = 200
    for upload in form.cleaned_data["licence"]:
        try:
            actions.send_licence(request.enterprise, upload, by=request.user)
        except files.FileRefused as refused:
            form.add_error("licence", refused.message)
            status = 503 if refused.code == "no_space" else status
        except actions.TooManyLicences:
            form.add_error("licence", _("Five papers wait already. Wait for our answer, or ask us."))
            break
    return status


def _page(request: MemberRequest, form: LicenceForm, status: int = 200) -> HttpResponse:
    papers = [_line(row) for row in request.enterprise.licences.select_related("file")]
    context = {"nav": "enterprise", "form": form, "papers": papers, "enterprise": request.enterprise}
    return render(request, "enterprises/licence.html", context, status=status)


def _line(row: Licence) -> dict[str, Any]:
    opens = row.file.may_be_opened
    return {
        "name": row.file.name,
        "size": row.file.size,
        "url": reverse("enterprises:licence_file", args=[row.file.key]) if opens else "",
        "scan": row.file.scan,
        "sent_at": row.sent_at,
        "is_settled": row.settled_at is not None,
    }


def _papers() -> Any:
    return Licence.objects.select_related("file")
