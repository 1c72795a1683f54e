"""Conversion schemes and projects at the desk: the queues of county, city and finance."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar
from core.admin import LifecycleAdmin, Verb
from services.cloud.actions import accepting, conversions
from services.cloud.forms.conversions import AcceptForm, AuditForm, RewardForm, SchemeForm
from services.cloud.lifecycle.conversions import CONVERSION, SCHEME
from services.cloud.models import Conversion, ConversionScheme, SchemeState
from services.cloud.models.conversions import CONVERSION_QUEUES
from services.cloud.voucher_words import yuan

_OWNER = _("the enterprise, by mail")


@admin.register(ConversionScheme)
class ConversionSchemeAdmin(LifecycleAdmin):
    """Schemes: drafted by one person, published by another, and fixed from then on."""

    lifecycle = SCHEME
    form = SchemeForm
    may_add = True
    verbs = {
        "publish": Verb(
            accepting.publish, explains=_("The rules are fixed. Projects are taken from its first day.")
        ),
        "close": Verb(accepting.close, explains=_("No more projects; those under way go on."), danger=True),
    }
    list_display = ("title_zh", "region", "state", "opens_on", "closes_on", "promised", "paid")
    list_filter = ("state",)
    list_select_related = ("region",)
    search_fields = ("title_zh", "title_en", "=slug")
    ordering = ("-opens_on",)
    fieldsets = (
        (None, {"fields": ("slug", "region", "title_zh", "title_en", "summary_zh", "summary_en", "basis")}),
        (_("What it asks and pays"), {"fields": ("target_level", "rate_percent", "cap_fen")}),
        (_("When"), {"fields": ("opens_on", "closes_on", "answer_days")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_draft = obj is None or obj.state == SchemeState.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not obj:
            return self.fieldsets
        shown = [self.fieldsets[0], self.fieldsets[1], self.fieldsets[2]]
        if not self.has_change_permission(request, obj):
            shown[1] = (shown[1][0], {"fields": ("target_level", "rate_percent", "cap")})
        return (*shown, (_("State"), {"fields": ("state", "author", "promised", "paid")}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "author", "cap", "promised", "paid"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConversionScheme]:
        rows: Any = super().get_queryset(request)
        summed: QuerySet[ConversionScheme] = rows.with_sums()
        return summed

    def save_model(self, request: HttpRequest, obj: ConversionScheme, form: Any, change: bool) -> None:
        # Whoever changed the draft last cannot publish it.
        obj.author = request.user  # type: ignore[assignment]  # the desk is for users only
        super().save_model(request, obj, form, change)

    @admin.display(description=_("decided, not paid yet (yuan)"))
    def promised(self, row: Any) -> str:
        return yuan(row.promised_fen)

    @admin.display(description=_("rewards paid (yuan)"))
    def paid(self, row: Any) -> str:
        return yuan(row.paid_fen)

    @admin.display(description=_("at most per project (yuan)"))
    def cap(self, row: ConversionScheme) -> str:
        return yuan(row.cap_fen)


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = _("whose turn")
    parameter_name = "queue"
    LABELS = {
        "county": _("the county: to check the filing"),
        "city": _("the city: to accept"),
        "finance": _("finance: to pay"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*self.LABELS.items(), ("late", _("past its day"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversion]) -> QuerySet[Conversion]:
        chosen = self.value()
        if chosen in CONVERSION_QUEUES:
            return queryset.filter(state__in=CONVERSION_QUEUES[chosen])
        if chosen == "late":
            return queryset.filter(due_on__lt=calendar.today())
        return queryset


@admin.register(Conversion)
class ConversionAdmin(LifecycleAdmin):
    """Projects of the enterprises in one's regions; every decision is a button with its form."""

    lifecycle = CONVERSION
    without_button = ("take_baseline", "file", "take_result", "apply", "apply_for_reward", "withdraw")
    verbs = {
        "return_filing": Verb(
            accepting.return_filing,
            explains=_("The enterprise reads the reason and files again."),
            tells=_OWNER,
        ),
        "confirm": Verb(
            accepting.confirm,
            explains=_("You confirm contract and declaration. Another person accepts at the end."),
            tells=_OWNER,
        ),
        "return_list": Verb(
            accepting.return_list,
            explains=_("The enterprise reads the reason, corrects the list and applies again."),
            tells=_OWNER,
        ),
        "accept": Verb(
            accepting.accept,
            form=AcceptForm,
            explains=_("The reward is the rate of what you recognise, up to the cap."),
            tells=_OWNER,
        ),
        "reject": Verb(
            accepting.reject,
            explains=_("The project ends without a reward. The enterprise reads the reason."),
            tells=_OWNER,
            danger=True,
        ),
        "pay": Verb(
            accepting.pay,
            form=RewardForm,
            explains=_("Record the payment of the reward to the enterprise."),
            tells=_OWNER,
        ),
        "audit": Verb(
            accepting.audit, form=AuditForm, explains=_("Record that the paid project was audited.")
        ),
    }
    verb_labels = {
        "escalate": _("late: a step of the ladder"),
        "intend": _("begun"),
        "add_invoice": _("invoice added"),
        "remove_invoice": _("invoice taken off"),
    }
    list_display = ("reference", "enterprise", "scheme", "state", "due_on", "reward")
    list_filter = (QueueFilter, "state", "scheme")
    list_select_related = ("enterprise", "scheme")
    search_fields = ("=reference", "enterprise__name", "=enterprise__uscc", "=spending__invoice_key")
    search_help_text = _("Reference, enterprise, credit code or invoice number")
    ordering = ("due_on", "pk")
    fieldsets = (
        (None, {"fields": ("reference", "state", "scheme", "enterprise", "due_on", "goal", "asked")}),
        (
            _("Levels"),
            {"fields": ("baseline_level", "baseline_on", "target_level", "result_level", "result_on")},
        ),
        (
            pgettext_lazy("conversion", "Filing"),
            {
                "fields": (
                    "contractor", "contract_number", "contract_on", "contract_price", "contract_paper",
                    "declared_by", "filed_at", "confirmed_by",
                )
            },
        ),
        (_("Spending list"), {"fields": ("invoices", "listed")}),
        (
            _("Reward"),
            {"fields": ("accepted_by", "spent", "reward", "paid_by", "paid_at", "batch", "finding")},
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversion]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Conversion] = rows.in_scope_of(request.user)
        return scoped

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    @admin.display(description=_("price of the contract (yuan)"))
    def contract_price(self, row: Conversion) -> str:
        return yuan(row.contract_fen)

    @admin.display(description=_("contract"))
    def contract_paper(self, row: Conversion) -> str:
        return _link(row, row.contract_file) if row.contract_file else "–"

    @admin.display(description=_("invoices"))
    def invoices(self, row: Conversion) -> str:
        lines = [
            (one.invoice_on, one.what, one.invoice_number, yuan(one.amount_fen), _link(row, one.invoice_file))
            for one in row.spending.select_related("invoice_file")
        ]
        return format_html_join("\n", "<p>{} {} · {} · {} · {}</p>", lines) or "–"

    @admin.display(description=_("sum of the list (yuan)"))
    def listed(self, row: Conversion) -> str:
        return yuan(conversions.listed_fen(row))

    @admin.display(description=_("spending recognised (yuan)"))
    def spent(self, row: Conversion) -> str:
        return yuan(row.spent_fen)

    @admin.display(description=_("reward (yuan)"), ordering="reward_fen")
    def reward(self, row: Conversion) -> str:
        return yuan(row.reward_fen)


def _link(row: Conversion, stored: Any) -> str:
    if not stored.may_be_opened:
        return f"{stored.name} ({stored.get_scan_display()})"
    url = reverse("cloud:conversion_desk_file", args=[row.reference, stored.key])
    return format_html('<a href="{}">{}</a>', url, stored.name)
