"""Who acts for the enterprise: list, invitations, roles, leaving and handing over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import confirming, limits
from core.confirming import Question
from enterprises import actions
from enterprises.access import MemberRequest, needs_enterprise, needs_owner
from enterprises.actions import MembershipRefused
from enterprises.forms.members import HeirForm, InvitationForm, LastDayForm, MandateForm, RoleForm
from enterprises.models import Membership, MembershipQuerySet

INVITATIONS_A_DAY = 50


@needs_enterprise
@require_GET
def members(request: MemberRequest) -> HttpResponse:
    """List the members and open invitations; every member may look, owners see the buttons."""
    enterprise = request.enterprise
    return _page(
        request,
        "members",
        members=enterprise.memberships.current().select_related("user").order_by("began_at", "pk"),
        invitations=enterprise.invitations.open().order_by("invited_at", "pk"),
        asked=enterprise.join_requests.open().select_related("asked_by").order_by("pk"),
        is_owner=request.membership.role == Membership.Role.OWNER,
    )


@needs_owner
@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    """Invite someone by mail; owners may."""
    form = (
        InvitationForm(request.POST)
        if request.method == "POST"
        else InvitationForm(initial={"role": "editor"})
    )
    if form.is_valid() and _invite(request, form):
        messages.success(
            request, _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]}
        )
        return _back()
    return _page(request, "invite", form=form, has_errors=form.is_bound and not form.is_valid(), journey=True)


def _invite(request: MemberRequest, form: InvitationForm) -> bool:
    allowed = limits.allow(f"invitations:{request.enterprise.pk}", times=INVITATIONS_A_DAY, seconds=86_400)
    if not allowed:
        form.add_error(
            None,
            _("That were %(count)s invitations in a day. Tomorrow you can send more.")
            % {"count": INVITATIONS_A_DAY},
        )
        return False
    try:
        actions.invite(
            request.enterprise,
            form.cleaned_data["email"],
            form.cleaned_data["role"],
            by=request.user,
            mandate=form.mandate() if isinstance(form, MandateForm) else None,
        )
    except MembershipRefused:
        form.add_error("email", _("This person acts for the enterprise already."))
        return False
    return True


@needs_owner
@require_http_methods(["GET", "POST"])
def give_mandate(request: MemberRequest) -> HttpResponse:
    """Invite an agent or accountant until a day; owners may."""
    form = MandateForm(request.POST) if request.method == "POST" else MandateForm(initial={"role": "editor"})
    if form.is_valid() and _invite(request, form):
        messages.success(
            request, _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]}
        )
        return _back()
    return _page(
        request, "give_mandate", form=form, has_errors=form.is_bound and not form.is_valid(), journey=True
    )


@needs_owner
@require_http_methods(["GET", "POST"])
def change_mandate(request: MemberRequest, key: UUID) -> HttpResponse:
    """Move the last day of a mandate; owners may."""
    member = get_object_or_404(_members(request).exclude(agency=""), key=key)
    form = LastDayForm(request.POST or None, initial={"last_day": member.mandate_last_day})
    if form.is_valid() and _done(
        request, form, lambda: actions.change_mandate(member, form.cleaned_data["last_day"], by=request.user)
    ):
        return _back()
    return _page(
        request, "change_mandate", form=form, member=member, journey=True, has_errors=bool(form.errors)
    )


@needs_owner
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: MemberRequest, key: UUID) -> HttpResponse:
    """Ask once, then take an open invitation back; owners may."""
    invitation = get_object_or_404(request.enterprise.invitations.open(), key=key)
    if request.method != "POST":
        question = Question(
            _("Withdraw the invitation to %(email)s?") % {"email": invitation.email},
            _("The link in the mail no longer works. You can invite the same person again."),
            _("Withdraw the invitation"),
            reverse("enterprises:members"),
        )
        return confirming.ask(request, question)
    actions.revoke_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return _back()


@needs_owner
@require_http_methods(["GET", "POST"])
def change_role(request: MemberRequest, key: UUID) -> HttpResponse:
    """Give a member another role; owners may."""
    member = _member(request, key)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid() and _done(
        request, form, lambda: actions.change_role(member, form.cleaned_data["role"], by=request.user)
    ):
        return _back()
    return _page(request, "change_role", form=form, member=member, journey=True, has_errors=bool(form.errors))


@needs_owner
@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, key: UUID) -> HttpResponse:
    """Ask once, then take a member's access away; owners may."""
    member = _member(request, key)
    return _confirmed(
        request, "remove_member", lambda: actions.remove_member(member, by=request.user), member=member
    )


@needs_owner
@require_http_methods(["GET", "POST"])
def hand_over(request: MemberRequest, key: UUID) -> HttpResponse:
    """Ask once, then make another member the owner and oneself an editor; owners may."""
    member = _member(request, key)
    return _confirmed(
        request,
        "hand_over",
        lambda: actions.transfer_ownership(request.membership, to=member, by=request.user),
        member=member,
    )


@needs_enterprise
@require_http_methods(["GET", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    """Ask once, then end one's own membership; every member may. The last owner first names another."""
    heirs = _heirs(request)
    if heirs is None or not heirs.exists():
        return _confirmed(
            request,
            "leave",
            lambda: actions.leave(request.membership, by=request.user),
            after="enterprises:home",
            is_alone=heirs is not None,
        )
    form = HeirForm(heirs, request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        request,
        form,
        lambda: actions.leave(request.membership, by=request.user, heir=form.cleaned_data["heir"]),
    ):
        return HttpResponseRedirect(reverse("enterprises:home"))
    return _page(request, "leave", form=form, journey=True, has_errors=bool(form.errors))


def _heirs(request: MemberRequest) -> MembershipQuerySet | None:
    """Return who could own the enterprise after this person; None when somebody else owns it anyway."""
    others = _members(request).exclude(pk=request.membership.pk)
    if request.membership.role != Membership.Role.OWNER or others.owners().exists():
        return None
    return others.filter(agency="", user__is_active=True).order_by("began_at", "pk")


def _members(request: MemberRequest) -> MembershipQuerySet:
    return request.enterprise.memberships.current().select_related("user", "enterprise")


def _member(request: MemberRequest, key: UUID) -> Membership:
    return get_object_or_404(_members(request), key=key)


def _confirmed(
    request: MemberRequest, template: str, act: Any, *, after: str = "enterprises:members", **context: Any
) -> HttpResponse:
    if request.method == "POST" and _done(request, None, act):
        return HttpResponseRedirect(reverse(after))
    return _page(request, template, journey=True, **context)


def _done(request: MemberRequest, form: Any, act: Any) -> bool:
    """Act, and say what came of it: on the form when there is one, else above the page."""
    try:
        act()
    except MembershipRefused as refused:
        words = _refusal(refused.code)
        if form is None:
            messages.error(request, words)
        else:
            form.add_error(None, words)
        return False
    messages.success(request, _("Done."))
    return True


def _refusal(code: str) -> str:
    if code == "last_owner":
        return _("Somebody must own the enterprise. Hand it over to another member first.")
    if code == "agent":
        return _("Who acts by a mandate cannot own the enterprise.")
    if code == "other_enterprise":
        return _("Choose another member of this enterprise.")
    return _("This person no longer acts for the enterprise.")


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("enterprises:members"))


def _page(request: MemberRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"enterprises/{name}.html", {"nav": "enterprise", **context})
