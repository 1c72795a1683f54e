"""Accept an invitation, from the link in the mail or from one's own list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from enterprises import access, actions, invitations
from enterprises.invitations import InvitationRefused
from enterprises.models import Invitation, Membership


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open an invitation by its secret link: for everybody who has the link, accepted by the invited only."""
    invitation = invitations.find(token)
    if invitation is None:
        raise Http404
    return _answer(request, invitation)


@never_cache
@require_http_methods(["GET", "POST"])
def by_key(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open one of the invitations to one's own confirmed address; anybody else's is a 404."""
    mine = Invitation.objects.filter(email__iexact=getattr(request.user, "email", ""))
    return _answer(request, get_object_or_404(mine.select_related("enterprise", "invited_by"), key=key))


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if not invitation.is_open:
        return _page(request, "invitation_closed", status=410)
    if not request.user.is_authenticated:
        return _page(request, "invitation_sign_in", invitation=invitation)
    if not invitations.is_meant_for(invitation, request.user):
        return _page(request, "invitation_other", status=403, masked=invitations.masked(invitation.email))
    if request.method == "POST":
        return _accept(request, invitation)
    return _page(request, "invitation", invitation=invitation)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        membership = actions.accept_invitation(invitation, by=request.user)
    except InvitationRefused:
        return _page(request, "invitation_closed", status=410)
    request.session[access.SESSION_KEY] = str(membership.key)
    messages.success(request, _("You now act for %(name)s.") % {"name": membership.enterprise.name})
    return HttpResponseRedirect(reverse("enterprises:home"))


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"nav": "enterprise", "journey": True, "next": request.path}
    if "invitation" in context:
        context["role"] = Membership.Role(context["invitation"].role).label
    return render(request, f"enterprises/{name}.html", context, status=status)
