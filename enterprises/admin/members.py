"""Who acts for an enterprise, at the desk: memberships, invitations, and looking as one of them."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts import acting
from accounts import actions as account_actions
from core.admin import ReadOnlyAdmin
from core.verbs import ReasonForm
from enterprises.access import SESSION_KEY
from enterprises.models import Enterprise, Invitation, Membership

VIEW_PERSONAL = "enterprises.view_personal_data"


class MembershipInline(admin.TabularInline):
    """Who acts for the enterprise; shown to those who may see personal data."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "role", "began_at", "ended_at")
    ordering = ("ended_at", "began_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(VIEW_PERSONAL)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Membership]:
        return super().get_queryset(request).select_related("user")


class PersonalAdmin(ReadOnlyAdmin):
    """Rows about persons: only for those who may see personal data."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm(VIEW_PERSONAL)


@admin.register(Membership)
class MembershipAdmin(PersonalAdmin):
    list_display = ("enterprise", "user", "role", "agency", "mandate_ends_at", "began_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("enterprise", "user")
    search_fields = ("enterprise__name", "enterprise__uscc", "user__email")
    ordering = ("-began_at", "-pk")
    change_form_template = "admin/enterprises/membership/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Membership]:
        return Membership.objects.filter(enterprise__in=Enterprise.objects.in_scope_of(request.user))

    def get_urls(self) -> list[URLPattern]:
        act_as = self.admin_site.admin_view(self.act_as_view)
        return [
            path("<int:number>/act-as/", act_as, name="enterprises_membership_act_as"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        mine = {"may_act_as": row is not None and may_act_as(request, row)}
        return super().change_view(request, object_id, form_url, {**mine, **(extra_context or {})})

    def act_as_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask for the reason, then show the portal as this person sees it; they are told."""
        row = self.get_object(request, str(number))
        if row is None:
            raise Http404
        if not (self.has_view_permission(request, row) and may_act_as(request, row)):
            raise PermissionDenied
        form = ReasonForm(request.POST or None, use_required_attribute=False)
        if request.method == "POST" and form.is_valid():
            until = account_actions.begin_acting(row.user, form.cleaned_data["reason"], by=request.user)
            acting.remember(request.session, row.user, until, request.path.replace("act-as/", "change/"))
            request.session[SESSION_KEY] = str(row.key)
            return redirect("enterprises:home")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Look at the portal as %(person)s") % {"person": row.user},
            "opts": self.opts,
            "original": row,
            "person": row.user,
            "minutes": settings.ACT_AS_MINUTES,
            "form": form,
        }
        return TemplateResponse(request, "admin/enterprises/membership/act_as.html", context)


def may_act_as(request: HttpRequest, row: Membership) -> bool:
    """Tell whether this member of staff may look as the person of this membership, which must be current."""
    return (
        request.user.has_perm(acting.PERMISSION)
        and row.ended_at is None
        and acting.may_be_looked_at(row.user)
    )


@admin.register(Invitation)
class InvitationAdmin(PersonalAdmin):
    fields = list_display = (
        "enterprise",
        "email",
        "role",
        "invited_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )
    list_filter = ("role",)
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name", "email")
    ordering = ("-invited_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Invitation]:
        return Invitation.objects.filter(enterprise__in=Enterprise.objects.in_scope_of(request.user))
