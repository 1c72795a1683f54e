"""What is looked at beside the decisions: visits drawn at random, signals."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.admin import LifecycleAdmin, ReadOnlyAdmin, Verb
from core.lifecycle import Lifecycle
from services.cloud import voucher_words
from services.cloud.actions import checking, signals
from services.cloud.forms.voucher_desk import FlagForm, SpotForm
from services.cloud.models import Flag, SpotDraw, SpotVisit, Voucher


class _OfVoucherAdmin(LifecycleAdmin):
    """Rows about vouchers of one's regions; each has one verb and no states of its own."""

    search_fields = ("=voucher__reference", "voucher__enterprise__name")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        scoped = rows.filter(voucher__in=Voucher.objects.in_scope_of(request.user))
        return scoped.select_related("voucher__enterprise")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("enterprise"))
    def enterprise(self, row: Any) -> str:
        return str(row.voucher.enterprise)

    @admin.display(description=_("voucher"))
    def voucher_page(self, row: Any) -> str:
        url = reverse("admin:cloud_voucher_change", args=[row.voucher_id])
        return format_html('<a href="{}">{}</a>', url, row.voucher.reference)


@admin.register(SpotDraw)
class SpotDrawAdmin(ReadOnlyAdmin):
    """The draws: with the seed and the list anybody can draw again."""

    list_display = ("period", "drawn_at", "size", "drawn")
    fields = readonly_fields = ("period", "drawn_at", "seed", "references", "visits_drawn")
    verb_labels = {"draw": _("drawn")}

    @admin.display(description=_("drawn from"))
    def size(self, row: SpotDraw) -> int:
        return len(row.population)

    @admin.display(description=pgettext_lazy("number of vouchers", "drawn"))
    def drawn(self, row: SpotDraw) -> int:
        return row.visits.count()

    @admin.display(description=_("references it was drawn from"))
    def references(self, row: SpotDraw) -> str:
        return " ".join(row.population) or "–"

    @admin.display(description=_("drawn vouchers"))
    def visits_drawn(self, row: SpotDraw) -> str:
        return " ".join(row.visits.order_by("pk").values_list("voucher__reference", flat=True)) or "–"


@admin.register(SpotVisit)
class SpotVisitAdmin(_OfVoucherAdmin):
    """Visits that were drawn; the report closes one."""

    lifecycle = Lifecycle([], field="outcome")
    extra_verbs = {
        "report": Verb(
            checking.report_visit,
            form=SpotForm,
            label=pgettext_lazy("visit", "report"),
            permission="cloud.report_visit",
            offered=lambda row, user: row.visited_on is None,
            explains=_("The report stays with the voucher. Money is reclaimed after an audit only."),
        )
    }
    list_display = ("voucher", "enterprise", "draw", "inspector", "visited_on", "outcome")
    list_filter = ("draw", "outcome")
    list_select_related = ("draw", "inspector")
    fields = readonly_fields = (
        "voucher_page", "enterprise", "draw", "inspector", "visited_on", "outcome", "report", "reported_by",
    )  # fmt: skip


@admin.register(Flag)
class FlagAdmin(_OfVoucherAdmin):
    """Signals with their reasons; a flag accuses nobody and stops nothing by itself."""

    lifecycle = Lifecycle([], field="code")
    extra_verbs = {
        "clear": Verb(
            signals.clear,
            form=FlagForm,
            label=pgettext_lazy("signal", "clear"),
            permission="cloud.clear_flag",
            offered=lambda row, user: row.cleared_at is None,
            explains=_("Say what you found: it stays with the voucher."),
        )
    }
    list_display = ("voucher", "enterprise", "code", "why", "raised_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "code")
    fields = readonly_fields = (
        "voucher_page", "enterprise", "code", "why", "raised_at", "cleared_at", "cleared_by", "note",
    )  # fmt: skip

    @admin.display(description=_("why"))
    def why(self, row: Flag) -> str:
        return voucher_words.flag_reason(row.code, row.data)
