"""Programmes and their money at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, ReadOnlyAdmin, Verb
from enterprises import condition_words
from enterprises.criteria import read_criteria
from services.cloud import ledger
from services.cloud.actions import programmes, tending
from services.cloud.forms.voucher_desk import BudgetForm, ProgrammeForm
from services.cloud.lifecycle.programmes import PROGRAMME, RUN
from services.cloud.models import Fund, LedgerEntry, Programme, ProgrammeState, Reconciliation
from services.cloud.models.ledger import ACCOUNTS, Account
from services.cloud.voucher_words import yuan

_WHEN = ("opens_on", "closes_on", "validity_days", "extension_days", "claim_within_days")
_PAYS = ("rate_percent", "cap", "smallest", "yearly_limit")
_CLOCKS = ("county_days", "city_days", "resubmit_days", "settle_days", "usage_days", "onsite_percent")


def _is_running(row: Programme, user: Any) -> bool:
    return row.state not in {ProgrammeState.SETTLED, ProgrammeState.ARCHIVED}


@admin.register(Programme)
class ProgrammeAdmin(LifecycleAdmin):
    """Programmes: drafted by one person, published and financed by another, and fixed from then on."""

    lifecycle = PROGRAMME
    form = ProgrammeForm
    may_add = True
    without_button = ("open", "exhaust", "refill", "end")
    verbs = {
        "publish": Verb(
            programmes.publish,
            explains=_("The rules are fixed. It opens by itself on its first day."),
        ),
        "suspend": Verb(
            programmes.suspend,
            explains=_("No more applications for now; what was submitted goes on."),
            danger=True,
        ),
        "resume": Verb(programmes.resume, explains=_("Applications are taken again.")),
        "close": Verb(
            programmes.close,
            explains=_("No more applications for good; what was submitted goes on."),
            danger=True,
        ),
        "settle": Verb(programmes.settle, explains=_("Only when no voucher is under way any more.")),
        "archive": Verb(programmes.archive),
    }
    extra_verbs = {
        "grant": Verb(
            programmes.grant,
            form=BudgetForm,
            label=_("grant budget"),
            permission=RUN,
            offered=_is_running,
            explains=_(
                "The money is available in the region at once. Who waits for it is served in time order."
            ),
        ),
        "retract": Verb(
            programmes.retract,
            form=BudgetForm,
            label=_("take back budget"),
            permission=RUN,
            offered=_is_running,
            explains=_("Only what nobody has reserved can be taken back."),
            danger=True,
        ),
    }
    list_display = ("title_zh", "state", "opens_on", "closes_on", "budget", "left")
    list_filter = ("state",)
    search_fields = ("title_zh", "title_en", "=slug")
    ordering = ("-opens_on",)
    fieldsets = (
        (None, {"fields": ("slug", "title_zh", "title_en", "summary_zh", "summary_en", "basis")}),
        (_("What it pays"), {"fields": ("rate_percent", "cap_fen", "smallest_fen", "yearly_limit")}),
        (_("When"), {"fields": _WHEN}),
        (_("Clocks and checks"), {"fields": _CLOCKS}),
    )
    _CONDITIONS = (
        "regions", "zones", "industries", "sizes", "certificates", "employees_max", "revenue_max",
        "years_min", "digital_level_min", "readiness_min",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programme]:
        return super().get_queryset(request).prefetch_related("funds__region")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_draft = obj is None or obj.state == ProgrammeState.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_write = self.has_change_permission(request, obj)
        who = self._CONDITIONS if may_write else ("conditions",)
        pays = self.fieldsets[1] if may_write else (_("What it pays"), {"fields": _PAYS})
        known = ((_("State and budget"), {"fields": ("state", "author", "money")}),) if obj else ()
        rules = (self.fieldsets[0], pays, *self.fieldsets[2:])
        return (*rules, (_("Who may have a voucher"), {"fields": who}), *known)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        mine = ["author", "money", "conditions", "cap", "smallest"]
        return [*super().get_readonly_fields(request, obj), *mine]

    def save_model(self, request: HttpRequest, obj: Programme, form: Any, change: bool) -> None:
        # Whoever changed the draft last cannot publish it.
        obj.author = request.user  # type: ignore[assignment]  # the desk is for users only
        super().save_model(request, obj, form, change)

    @admin.display(description=_("at most per voucher (yuan)"))
    def cap(self, row: Programme) -> str:
        return yuan(row.cap_fen)

    @admin.display(description=_("smallest voucher (yuan)"))
    def smallest(self, row: Programme) -> str:
        return yuan(row.smallest_fen)

    @admin.display(description=_("conditions"))
    def conditions(self, row: Programme) -> str:
        return "\n".join(condition_words.told(read_criteria(row.criteria))) or "–"

    @admin.display(description=_("budget (yuan)"))
    def budget(self, row: Programme) -> str:
        return yuan(sum(fund.budget_fen for fund in row.funds.all()))

    @admin.display(description=_("available (yuan)"))
    def left(self, row: Programme) -> str:
        return yuan(sum(fund.available_fen for fund in row.funds.all()))

    @admin.display(description=_("money by region (yuan)"))
    def money(self, row: Programme) -> str:
        return (
            "\n".join(
                gettext("%(region)s: %(available)s of %(budget)s available")
                % {
                    "region": fund.region.name,
                    "available": yuan(fund.available_fen),
                    "budget": yuan(fund.budget_fen),
                }
                for fund in row.funds.all()
            )
            or "–"
        )


@admin.register(Fund)
class FundAdmin(ReadOnlyAdmin):
    """The balances; each figure leads to the entries that make it."""

    list_display = ("programme", "region", *(f"in_{account}" for account in ("budget", *ACCOUNTS)))
    list_filter = ("programme",)
    list_select_related = ("programme", "region")
    fields = readonly_fields = ("programme", "region", "proof")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fund]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Fund] = rows.in_scope_of(request.user)
        return scoped

    @admin.display(description=_("balances and what proves them (yuan)"))
    def proof(self, fund: Fund) -> str:
        """Show every balance beside the sum of its entries, a line each, and lead to the entries."""
        sums = ledger.sums_of(fund)
        lines = [
            (
                gettext("%(account)s: %(kept)s; sum of the entries %(summed)s")
                % {
                    "account": Account(account).label,
                    "kept": yuan(fund.balance(account)),
                    "summed": yuan(sums[account]),
                },
            )
            for account in ACCOUNTS
        ]
        url = f"{reverse('admin:cloud_ledgerentry_changelist')}?fund__id__exact={fund.pk}"
        shown = format_html_join("\n", "<p>{}</p>", lines)
        return format_html('{}<p><a href="{}">{}</a></p>', shown, url, gettext("All entries"))


def _column(account: str, label: Any) -> Any:
    @admin.display(description=label)
    def column(self: FundAdmin, fund: Fund) -> str:
        return yuan(getattr(fund, f"{account}_fen"))

    return column


for _account, _label in (("budget", _("budget")), *((one.value, one.label) for one in ACCOUNTS)):
    setattr(FundAdmin, f"in_{_account}", _column(_account, _label))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The entries, newest first; nobody can change one."""

    list_display = (
        "at",
        "fund",
        "move",
        "from_account",
        "to_account",
        "amount",
        "voucher",
        "actor_id",
        "reason",
    )
    list_filter = ("move", "fund")
    list_select_related = ("fund__programme", "fund__region", "voucher")
    search_fields = ("=voucher__reference", "=actor_id")
    search_help_text = _("The reference of a voucher or the number of an actor")
    fields = readonly_fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return super().get_queryset(request).filter(fund__in=Fund.objects.in_scope_of(request.user))

    @admin.display(description=_("amount (yuan)"))
    def amount(self, entry: LedgerEntry) -> str:
        return yuan(entry.amount_fen)


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """What the nightly proof found; it can be run at any time."""

    list_display = ("ran_at", "funds", "entries", "vouchers", "found")
    fields = readonly_fields = ("ran_at", "funds", "entries", "vouchers", "found", "lines")
    change_list_template = "admin/cloud/reconciliation/change_list.html"
    verb_labels = {"reconcile": _("proved")}

    @admin.display(description=_("differences"))
    def found(self, row: Reconciliation) -> str:
        count = len(row.differences)
        return (
            ngettext("%(count)s figure differs", "%(count)s figures differ", count) % {"count": count}
            if count
            else gettext("none: every figure is proved")
        )

    @admin.display(description=_("what differs"))
    def lines(self, row: Reconciliation) -> str:
        return (
            "\n".join(
                gettext("%(kind)s %(number)s, %(account)s: kept %(kept)s, entries %(summed)s")
                % {
                    "kind": one["kind"],
                    "number": one["pk"],
                    "account": one["account"],
                    "kept": yuan(one["kept_fen"]),
                    "summed": yuan(one["summed_fen"]),
                }
                for one in row.differences
            )
            or "–"
        )

    def get_urls(self) -> list[URLPattern]:
        run = path("run/", self.admin_site.admin_view(self.run_view), name="cloud_reconciliation_run")
        return [run, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        mine = {"may_run": request.user.has_perm("cloud.reconcile")}
        return super().changelist_view(request, {**mine, **(extra_context or {})})

    def run_view(self, request: HttpRequest) -> HttpResponse:
        """Prove the ledger now (POST); show the result."""
        if not request.user.has_perm("cloud.reconcile"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:cloud_reconciliation_changelist"))
        row = tending.reconcile(by=request.user)
        messages.success(request, gettext("Proved: %s.") % self.found(row))
        return HttpResponseRedirect(reverse("admin:cloud_reconciliation_change", args=[row.pk]))
