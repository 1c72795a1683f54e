"""Vouchers at the desk: the queues of county, city and finance, and what is looked at beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import DeskStateFilter, LifecycleAdmin, Verb
from enterprises import condition_words
from services.cloud import voucher_words, vouchers
from services.cloud.actions import paying, reviewing, signals
from services.cloud.forms.voucher_desk import ReclaimForm, RecoverForm, SettleForm, SignalForm
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import Flag, Voucher
from services.cloud.models.vouchers import QUEUES, VoucherState
from services.cloud.voucher_words import yuan

_OWNER = _("the enterprise, by mail")
_AND_NEXT = _("whoever has it next, by mail")


_APPLICATION = (
    "product", "quantity", "list_price", "quote_number", "quoted_on", "quoted", "quotation", "face",
    "submitted_at", "asked", "answer",
)  # fmt: skip


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = _("whose turn")
    parameter_name = "queue"
    LABELS = {
        "county": _("the county: to examine"),
        "city": _("the city: to decide"),
        "finance": _("finance: to pay or get back"),
        "enterprise": _("the enterprise"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            *self.LABELS.items(),
            ("late", _("past its day")),
            ("flagged", _("with an open signal")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> QuerySet[Voucher]:
        chosen = self.value()
        if chosen in QUEUES:
            return queryset.filter(state__in=QUEUES[chosen])
        if chosen == "late":
            return queryset.filter(due_on__lt=calendar.today())
        if chosen == "flagged":
            return queryset.filter(flags__in=Flag.objects.open()).distinct()
        return queryset


@admin.register(Voucher)
class VoucherAdmin(LifecycleAdmin):
    """Vouchers of the enterprises in one's regions; every decision is a button with its form."""

    lifecycle = VOUCHER
    without_button = (
        "submit", "queue", "promote", "resubmit", "time_out", "use", "lapse", "claim", "claim_again",
        "lapse_claim", "withdraw",
    )  # fmt: skip
    verbs = {
        "ask": Verb(
            reviewing.ask,
            explains=_("The money stays reserved until the answer is due. The enterprise reads the reason."),
            tells=_OWNER,
        ),
        "pass": Verb(
            reviewing.pass_on,
            explains=_("You confirm that every condition is met. Another person decides at the city."),
            tells=_AND_NEXT,
        ),
        "approve": Verb(
            reviewing.approve,
            explains=_("The voucher is issued and valid from today. Its amount can no longer be changed."),
            tells=_OWNER,
        ),
        "reject": Verb(
            reviewing.reject,
            explains=_("The money is released. The enterprise reads the reason and may appeal."),
            tells=_OWNER,
            danger=True,
        ),
        "refuse": Verb(
            reviewing.refuse,
            explains=_("The money is released. The enterprise reads the reason and may appeal."),
            tells=_OWNER,
            danger=True,
        ),
        "query": Verb(
            reviewing.query, explains=_("The enterprise can correct the claim until it is due."), tells=_OWNER
        ),
        "verify": Verb(
            reviewing.verify,
            explains=lambda row: (
                gettext(
                    "By the rules the claim comes to %(worth)s yuan: the least of rate × eligible price, cap"
                    " and face value. The difference to the face value is released."
                )
                % {"worth": yuan(vouchers.payable(row, row.claim.invoice_fen))}
            ),
            tells=_("the enterprise and finance, by mail"),
        ),
        "settle": Verb(
            paying.settle, form=SettleForm, explains=_("Record the payment to the provider."), tells=_OWNER
        ),
        "reclaim": Verb(
            paying.reclaim,
            form=ReclaimForm,
            explains=_("The enterprise is asked to pay back after an audit."),
            tells=_OWNER,
            danger=True,
        ),
        "recover": Verb(
            paying.recover,
            form=RecoverForm,
            explains=lambda row: (
                gettext("Still due: %(due)s yuan. What came back can be granted again.")
                % {"due": yuan(paying.still_due(row))}
            ),
        ),
        "write_off": Verb(
            paying.write_off,
            explains=lambda row: (
                gettext("%(due)s yuan are given up for good.") % {"due": yuan(paying.still_due(row))}
            ),
            danger=True,
        ),
    }
    extra_verbs = {
        "raise_flag": Verb(
            signals.raise_by_hand,
            form=SignalForm,
            label=_("raise a signal"),
            permission="cloud.clear_flag",
            explains=_("It accuses nobody and blocks nothing; somebody looks at it and says what was found."),
        )
    }
    desk_words = {
        VoucherState.RETURNED: _("Waiting for the enterprise"),
        VoucherState.CLAIM_RETURNED: _("Claim waiting for the enterprise"),
    }
    verb_labels = {
        "escalate": _("late: a step of the ladder"),
        "start": _("begun"),
        "extend": _("extended"),
        "flag": _("signal raised"),
        "clear_flag": _("signal cleared"),
        "report_visit": _("visit reported"),
        "recover_part": _("a part came back"),
    }
    list_display = ("reference", "enterprise", "programme", "face", "state_words", "due_on", "signals")
    list_filter = (QueueFilter, ("state", DeskStateFilter), "programme")
    list_select_related = ("enterprise", "programme")
    search_fields = ("=reference", "enterprise__name", "=enterprise__uscc", "=claim__invoice_key")
    search_help_text = _("Reference, enterprise, credit code or invoice number")
    ordering = ("due_on", "pk")
    fieldsets = (
        (None, {"fields": ("reference", "state_words", "programme", "enterprise", "due_on", "open_signals")}),
        (_("Conditions"), {"fields": ("conditions",)}),
        (_("Application"), {"fields": _APPLICATION}),
        (
            _("Decisions"),
            {"fields": ("county_by", "county_at", "city_by", "issued_at", "valid_to", "extended_at")},
        ),
        (_("Contract"), {"fields": ("contract_number", "contract_on", "contract_price", "claim_until")}),
        (
            pgettext_lazy("voucher", "Claim"),
            {"fields": ("claim_words", "claim_papers", "verified_by", "verified")},
        ),
        (_("Payment"), {"fields": ("settled_by", "settled_at", "batch", "finding", "recovered")}),
        (_("Money"), {"fields": ("moves",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Voucher] = rows.in_scope_of(request.user).prefetch_related("flags")
        return scoped

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    @admin.display(description=_("face value (yuan)"), ordering="amount_fen")
    def face(self, row: Voucher) -> str:
        return yuan(row.amount_fen)

    @admin.display(description=_("list price for the first year (yuan)"))
    def list_price(self, row: Voucher) -> str:
        return yuan(row.list_price_fen)

    @admin.display(description=_("quoted price (yuan)"))
    def quoted(self, row: Voucher) -> str:
        return yuan(row.quote_fen)

    @admin.display(description=_("price of the contract (yuan)"))
    def contract_price(self, row: Voucher) -> str:
        return yuan(row.contract_fen)

    @admin.display(description=_("amount found right (yuan)"))
    def verified(self, row: Voucher) -> str:
        return yuan(row.verified_fen)

    @admin.display(description=_("recovered (yuan)"))
    def recovered(self, row: Voucher) -> str:
        return yuan(row.recovered_fen)

    @admin.display(description=_("signals"))
    def signals(self, row: Voucher) -> int:
        return sum(flag.cleared_at is None for flag in row.flags.all())

    @admin.display(description=_("open signals"))
    def open_signals(self, row: Voucher) -> str:
        lines = [
            (
                reverse("admin:cloud_flag_change", args=[flag.pk]),
                flag.get_code_display(),
                voucher_words.flag_reason(flag.code, flag.data),
            )
            for flag in row.flags.all()
            if flag.cleared_at is None
        ]
        return format_html_join("\n", '<p><a href="{}">{}</a> {}</p>', lines) or "–"

    @admin.display(description=_("conditions of the programme"))
    def conditions(self, row: Voucher) -> str:
        decision = vouchers.judge(row.programme, row.enterprise, calendar.today())
        lines = [
            (
                line.requirement,
                gettext(": "),
                line.verdict_label,
                " · ".join(filter(None, [line.fact, line.origin])),
            )
            for line in condition_words.lines(decision)
        ]
        return format_html_join("\n", "<p>{}{}<strong>{}</strong> {}</p>", lines) or gettext("none")

    @admin.display(description=_("quotation"))
    def quotation(self, row: Voucher) -> str:
        return _link(row, row.quote_file) if row.quote_file else "–"

    @admin.display(description=pgettext_lazy("voucher", "claim"))
    def claim_words(self, row: Voucher) -> str:
        claim = getattr(row, "claim", None)
        if claim is None:
            return "–"
        return gettext(
            "Invoice %(number)s of %(day)s, %(amount)s yuan, paid on %(paid)s; used from %(first)s to"
            " %(last)s (%(days)s days)"
        ) % {
            "number": claim.invoice_number,
            "day": claim.invoice_on,
            "amount": yuan(claim.invoice_fen),
            "paid": claim.paid_on,
            "first": claim.used_from,
            "last": claim.used_to,
            "days": claim.days_used,
        }

    @admin.display(description=_("papers"))
    def claim_papers(self, row: Voucher) -> str:
        claim = getattr(row, "claim", None)
        papers = [(_link(row, stored),) for _name, stored in claim.papers] if claim else []
        return format_html_join("\n", "<p>{}</p>", papers) or "–"

    @admin.display(description=_("what moved"))
    def moves(self, row: Voucher) -> str:
        lines = [
            (calendar.day_of(entry.at), entry.get_move_display(), gettext(": "), yuan(entry.amount_fen))
            for entry in row.entries.order_by("pk")
        ]
        return format_html_join("\n", "<p>{} {}{}{}</p>", lines) or "–"


def _link(row: Voucher, stored: Any) -> str:
    if not stored.may_be_opened:
        return f"{stored.name} ({stored.get_scan_display()})"
    url = reverse("cloud:voucher_desk_file", args=[row.reference, stored.key])
    return format_html('<a href="{}">{}</a>', url, stored.name)
