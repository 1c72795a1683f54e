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
