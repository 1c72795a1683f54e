"""The queue of claims at the desk: whose enterprise it is when a credit code was registered twice."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from enterprises import actions
from enterprises.admin.members import VIEW_PERSONAL
from enterprises.forms.desk import AcceptClaimForm
from enterprises.lifecycle import CLAIM
from enterprises.models import Claim, Enterprise


@admin.register(Claim)
class ClaimAdmin(LifecycleAdmin):
    """The queue of claims: open ones first, oldest first."""

    lifecycle = CLAIM
    without_button = ("withdraw",)
    verbs = {
        "accept": Verb(
            actions.accept_claim,
            form=AcceptClaimForm,
            explains=_("The claimant acts for the enterprise from now on."),
            tells=_("The claimant and the owners, by mail."),
        ),
        "refuse": Verb(
            actions.refuse_claim,
            explains=_("The claimant gets no access."),
            tells=_("The claimant, by mail, with your reason."),
            danger=True,
        ),
    }
    list_display = ("enterprise", "uscc", "state", "claimed_at", "settled_at")
    list_filter = ("state",)
    list_select_related = ("enterprise",)
    search_fields = ("enterprise__name", "enterprise__uscc")
    ordering = ("settled_at", "claimed_at")
    verb_labels = {"claimed": _("claimed")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Claim]:
        mine = Enterprise.objects.in_scope_of(request.user)
        claims = Claim.objects.filter(enterprise__in=mine)
        return claims.order_by(models.F("settled_at").asc(nulls_first=True), "claimed_at")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (models.F("settled_at").asc(nulls_first=True), "claimed_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = ("enterprise", "uscc", "name_entered", "state", "claimed_at", "settled_at")
        return (*shown, "claimant", "contact_entered") if request.user.has_perm(VIEW_PERSONAL) else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    @admin.display(description=_("credit code"))
    def uscc(self, claim: Claim) -> str:
        return claim.enterprise.uscc

    @admin.display(description=_("name as entered"))
    def name_entered(self, claim: Claim) -> str:
        return str(claim.answers.get("name", ""))

    @admin.display(description=_("contact as entered"))
    def contact_entered(self, claim: Claim) -> str:
        entered = (claim.answers.get("contact_name", ""), claim.answers.get("contact_phone", ""))
        return " ".join(part for part in entered if part)
