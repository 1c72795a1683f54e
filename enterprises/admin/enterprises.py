"""The desk's pages about enterprises: who they are, and what is known of them."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import Verb
from enterprises import actions, facts, wording
from enterprises.admin.filters import CityFilter, LicenceFilter, LikenessFilter
from enterprises.admin.intake import EnterpriseIntake
from enterprises.admin.members import VIEW_PERSONAL, MembershipInline
from enterprises.admin.merging import EnterpriseMerging
from enterprises.forms.desk import StaffFactForm
from enterprises.lifecycle import PROOF
from enterprises.models import Enterprise, Fact, Licence


class FactInline(admin.TabularInline):
    """What is known, current first; facts are written by actions only."""

    model = Fact
    extra = 0
    can_delete = False
    fields = readonly_fields = (
        "label",
        "in_words",
        "source",
        "on",
        "expires_on",
        "is_current",
        "recorded_at",
    )
    ordering = ("-is_current", "code", "-pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("fact"))
    def label(self, fact: Fact) -> str:
        return wording.fact_name(fact.code)

    @admin.display(description=_("value"))
    def in_words(self, fact: Fact) -> str:
        return wording.fact_in_words(fact.code, facts.from_rows([fact])[fact.code])


class LicenceInline(admin.TabularInline):
    """The papers handed in, newest first; for the staff who set proof levels."""

    model = Licence
    extra = 0
    can_delete = False
    fields = readonly_fields = ("paper", "scan", "sent_at", "settled_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("enterprises.set_proof_level")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Licence]:
        return super().get_queryset(request).select_related("file")

    @admin.display(description=_("file"))
    def paper(self, row: Licence) -> str:
        if not row.file.may_be_opened:
            return row.file.name
        url = reverse("enterprises:licence_desk_file", args=[row.file.key])
        return format_html('<a href="{}">{}</a>', url, row.file.name)

    @admin.display(description=_("malware check"))
    def scan(self, row: Licence) -> str:
        return row.file.get_scan_display()


def _record_staff_fact(enterprise: Enterprise, *, by: Any, **given: Any) -> Fact:
    return actions.record_fact(enterprise, given.pop("code"), given.pop("value"), by=by, **given)


def _set_level(level: str, enterprise: Enterprise, *, reason: str, by: Any) -> Enterprise:
    return actions.set_proof_level(enterprise, level, reason=reason, by=by)


def _proof_verb(level: str, explains: str | Promise) -> Verb:
    return Verb(
        partial(_set_level, level), explains=explains, tells=_("The owners, by mail, with your reason.")
    )


@admin.register(Enterprise)
class EnterpriseAdmin(EnterpriseMerging, EnterpriseIntake):
    """Enterprises in the regions granted to this member of staff; identity is read-only."""

    lifecycle = PROOF
    without_button = ("confirm_address",)
    verbs = {
        "prove_by_staff": _proof_verb(
            Enterprise.Proof.STAFF, _("Vouchers and paid services are opened to the enterprise.")
        ),
        "prove_by_document": _proof_verb(
            Enterprise.Proof.DOCUMENT, _("The document counts; vouchers and paid services stay closed.")
        ),
        "prove_by_email": _proof_verb(
            Enterprise.Proof.EMAIL,
            _("Only the e-mail address counts; vouchers and paid services are closed."),
        ),
    }
    extra_verbs = {
        "record_fact": Verb(
            _record_staff_fact,
            form=StaffFactForm,
            label=_("Record a fact"),
            permission="enterprises.set_proof_level",
            explains=_("It outweighs what the enterprise says itself; matching is repeated."),
            tells=_("Nobody is written to; the enterprise sees it in its profile."),
        )
    }
    list_display = ("name", "uscc", "region", "proof_level", "registered_at", "is_sample")
    list_filter = ("proof_level", LicenceFilter, LikenessFilter, CityFilter, "is_sample")
    list_select_related = ("region",)
    search_fields = ("name", "uscc")
    ordering = ("-registered_at", "-pk")
    inlines = (LicenceInline, FactInline, MembershipInline)
    change_form_template = "admin/enterprises/enterprise/change_form.html"
    verb_labels = {
        "registered": _("registered"),
        "imported": _("brought in from a sheet"),
        "facts_recorded": _("facts recorded"),
        "facts_withdrawn": _("own statements withdrawn"),
        "contact_changed": _("contact changed"),
        "licence_sent": _("licence handed in"),
        "merged": _("merged into another"),
        "took_over": _("took another over"),
        "unmerged": _("merge undone"),
        "ended": _("ended with its last account"),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Enterprise]:
        return Enterprise.objects.in_scope_of(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown: tuple[str, ...] = (
            "name",
            "uscc",
            "region",
            "proof_level",
            "registered_at",
            "facts_changed_at",
        )
        shown = (*shown, "is_sample", *(("merged_into",) if obj and obj.merged_into_id else ()))
        return (*shown, "contact_name", "contact_phone") if request.user.has_perm(VIEW_PERSONAL) else shown


@admin.register(Claim)
class ClaimAdmin(LifecycleAdmin):
    """The queue of claims: open ones first, oldest first."""

    lifecycle = CLAIM
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


@admin.register(StaffScope)
class StaffScopeAdmin(AuditedAdmin):
    """Which regions and groups a member of staff works for; none means the whole province."""

    may_add = True
    list_display = ("user", "region", "group")
    list_filter = (CityFilter,)
    list_select_related = ("user", "region")
    search_fields = ("user__email", "user__name")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(is_staff=True).order_by("email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A scope is a grant, not a record: taking it back is how it ends, and the event stays.
        return request.user.has_perm("enterprises.delete_staffscope")

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        return [audit.record(scope, "deleted", by=request.user) for scope in queryset]


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")


@admin.register(Industry)
class IndustryAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
