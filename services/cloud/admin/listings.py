"""Cloud providers at the desk: check, list, sanction, answer appeals."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import LifecycleAdmin, Verb
from services.cloud import clocks, tiers
from services.cloud.actions import listings, sanctions
from services.cloud.forms.desk import AnswerForm, CheckForm, SanctionForm, TierForm
from services.cloud.lifecycle.listings import APPEAL, APPROVE, CHECK, LISTING, SANCTION
from services.cloud.models import Listing, ListingCheck, ListingState, Sanction, TierAward


class _History(admin.TabularInline):
    """Rows written by verbs only; nobody edits the past."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CheckInline(_History):
    model = ListingCheck
    fields = readonly_fields = (*ListingCheck.POINTS, "mlps_level", "note", "done_on", "holds_until", "by")


class TierInline(_History):
    model = TierAward
    fields = readonly_fields = ("tier", "awarded_on", "ends_on", "reason", "by")


class SanctionInline(_History):
    model = Sanction
    fk_name = "listing"
    fields = readonly_fields = ("kind", "reason_zh", "imposed_on", "imposed_by", "ended_on", "appeal")
    show_change_link = True


class RecheckFilter(admin.SimpleListFilter):
    """Whether the yearly check runs out soon or has run out."""

    title = _("yearly check")
    parameter_name = "recheck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("due within 30 days or late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "due":
            return queryset
        return queryset.recheck_due_on(clocks.recheck_horizon(calendar.today()))


@admin.register(Listing)
class ListingAdmin(LifecycleAdmin):
    """Providers of the cloud catalogue; one person checks, another lists."""

    lifecycle = LISTING
    may_add = True
    list_display = ("provider", "state", "tier_now", "listed_on", "recheck_on", "applied_at")
    list_filter = ("state", RecheckFilter)
    list_select_related = ("provider",)
    search_fields = ("provider__name_zh", "provider__name_en", "=credit_code")
    ordering = ("-pk",)
    raw_id_fields = ("provider",)
    fields = (
        "provider", "state", "about_zh", "about_en", "credit_code", "phone", "website", "representative",
        "applied_at", "checked_by", "listed_by", "listed_on", "recheck_on",
    )  # fmt: skip
    readonly_fields = (
        "state", "representative", "applied_at", "checked_by", "listed_by", "listed_on", "recheck_on",
    )  # fmt: skip
    inlines = (CheckInline, TierInline, SanctionInline)
    verb_labels = {"apply": _("application handed in")}
    # The provider's own, and what an answered appeal does.
    without_button = ("apply_again", "lift_suspension", "restore")
    verbs = {
        "take_up": Verb(listings.take_up, explains=_("The provider is being checked from now on.")),
        "approve": Verb(
            listings.approve,
            form=TierForm,
            explains=_("The provider and its listed products appear in the catalogue."),
            tells=_("whoever speaks for the provider"),
        ),
        "decline": Verb(
            listings.decline,
            explains=_("The provider reads your reason and may apply again."),
            tells=_("whoever speaks for the provider"),
            danger=True,
        ),
        "suspend": Verb(
            sanctions.suspend,
            form=SanctionForm,
            explains=_("Its products can no longer be bought with support; the reason is public."),
            tells=_("whoever speaks for the provider"),
            danger=True,
        ),
        "reinstate": Verb(
            listings.reinstate,
            explains=_("The suspension ends; the newest check must hold."),
            tells=_("whoever speaks for the provider"),
        ),
        "remove": Verb(
            sanctions.remove,
            form=SanctionForm,
            explains=_("The provider leaves the list for good; its page stays and says why."),
            tells=_("whoever speaks for the provider"),
            danger=True,
        ),
    }
    extra_verbs = {
        "check": Verb(
            listings.check,
            form=CheckForm,
            label=_("record a check"),
            permission=CHECK,
            offered=lambda row, user: row.state in listings.CHECKABLE,
            explains=_("A check that finds every point in order holds for a year."),
            tells=_("the staff who list providers, when a first check passes"),
        ),
        "award_tier": Verb(
            listings.award_tier,
            form=TierForm,
            label=_("give a tier"),
            permission=APPROVE,
            offered=lambda row, user: row.state == ListingState.LISTED,
            explains=_("It counts from today; the earlier tiers stay on the provider's page."),
        ),
        "warn": Verb(
            sanctions.warn,
            form=SanctionForm,
            label=_("warn"),
            permission=SANCTION,
            offered=lambda row, user: row.state == ListingState.LISTED,
            explains=_("The warning stands on the provider's page; the provider stays listed."),
            tells=_("whoever speaks for the provider"),
            danger=True,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("tiers")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "provider"] if obj else fields

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "website":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("tier"))
    def tier_now(self, listing: Listing) -> str:
        award = tiers.on(listing, calendar.today())
        return award.get_tier_display() if award else "–"


@admin.register(Sanction)
class SanctionAdmin(LifecycleAdmin):
    """Sanctions and their appeals; whoever imposed one does not answer its appeal."""

    lifecycle = APPEAL
    without_button = ("appeal",)
    list_display = ("listing", "kind", "imposed_on", "imposed_by", "appeal", "appeal_due_on", "ended_on")
    list_filter = ("appeal", "kind")
    list_select_related = ("listing__provider", "imposed_by")
    search_fields = ("listing__provider__name_zh", "listing__provider__name_en", "reason_zh")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "listing", "kind", "reason_zh", "reason_en", "imposed_on", "imposed_by", "ended_on", "appeal",
        "appeal_until", "appeal_text", "appealed_at", "appeal_due_on", "answer", "answered_by",
    )  # fmt: skip
    verb_labels = {"impose": _("imposed")}
    verbs = {
        "uphold": Verb(
            sanctions.uphold,
            form=AnswerForm,
            explains=_("The sanction stays as it is."),
            tells=_("whoever speaks for the provider"),
        ),
        "lift": Verb(
            sanctions.lift,
            form=AnswerForm,
            explains=_("A suspended provider is listed again; a removed one is checked anew."),
            tells=_("whoever speaks for the provider"),
        ),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
