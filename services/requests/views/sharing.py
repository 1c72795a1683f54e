"""What the provider of a service may be given: the page on which an enterprise agrees, and takes it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.lifecycle import TransitionRefused
from services.requests import actions, parties
from services.requests import sharing as sharing_of
from services.requests.models import Part, ServiceRequest, Sharing
from services.requests.sharing_form import SharingForm
from services.requests.views.sending import say_too_late


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what would be handed over, word for word; agree to it, or take it back. Owners and editors may."""
    row = _row(request, reference)
    if request.method == "POST" and not parties.may_write(row, request.user):
        raise PermissionDenied
    found = sharing_of.standing(row)
    form = SharingForm(initial={"parts": found.parts if found else []})
    if request.method == "POST":
        form = SharingForm(request.POST)
        if "revoke" in request.POST or form.is_valid():
            _keep(request, row, form)
            return HttpResponseRedirect(reverse("requests:sharing", args=[reference]))
    return render(request, "requests/sharing.html", _context(request, row, found, form))


def _row(request: HttpRequest, reference: str) -> ServiceRequest:
    """Return a request of this person that an outside provider is concerned with; all others are a 404."""
    rows = ServiceRequest.objects.submitted().for_member(request.user)
    row = get_object_or_404(rows.select_related("enterprise", "offering__provider"), reference=reference)
    if sharing_of.outside(row) is None:
        raise Http404
    return row


def _keep(request: HttpRequest, row: ServiceRequest, form: SharingForm) -> None:
    if "revoke" in request.POST:
        actions.revoke_sharing(row, by=request.user)
        messages.success(request, _("Taken back. Nothing more is handed over."))
        return
    try:
        actions.agree_to_share(row, form.cleaned_data["parts"], by=request.user)
        messages.success(request, _("Agreed. You get a receipt by e-mail."))
    except TransitionRefused as refused:
        say_too_late(request, refused)


def _context(
    request: HttpRequest, row: ServiceRequest, found: Sharing | None, form: SharingForm
) -> dict[str, Any]:
    contents = sharing_of.contents(row)
    past = Sharing.objects.filter(service_request=row).exclude(revoked_at=None).order_by("-pk")
    return {
        "row": row,
        "provider": sharing_of.outside(row),
        "found": found,
        "past": past,
        "form": form,
        "parts": [{"label": part.label, "value": contents[part]} for part in Part],
        "may_write": parties.may_write(row, request.user) and row.is_open,
        "back_url": reverse("requests:detail", args=[row.reference]),
        "nav": "enterprise",
    }
