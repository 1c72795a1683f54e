"""The items of a notice on its desk page: to write while it is a draft, to read afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from core.admin import FIGURES
from services.policies import readback, wording
from services.policies.forms.desk import ItemForm
from services.policies.models import PolicyItem

# The button of the editor that saves and opens one more empty item, for those without script.
ADD_ITEM = "_additem"
_WINDOW = ("is_open_all_year", "opens_on", "closes_on", "window_note_zh", "window_note_en")
_GIVES = ("delivery", "handed", "max_fen", "rate_percent", "pool_fen", "amount_note_zh", "amount_note_en")
_HOW = ("steps_zh", "steps_en", "apply_url")
_WHO = (
    "regions", "zones", "industries", "sizes", "quals_any", "quals_all", "employees_min", "employees_max",
    "revenue_min", "revenue_max", "years_min", "years_max", "digital_level_min", "unstated",
    "discretion_zh", "discretion_en",
)  # fmt: skip


class ItemEditor(admin.StackedInline):
    """The items of a draft, in the order a reader asks; conditions are plain fields."""

    model = PolicyItem
    form = ItemForm
    formfield_overrides = FIGURES
    fieldsets = (
        (None, {"fields": ("position", "kind", "title_zh", "title_en")}),
        (_("Who qualifies"), {"fields": _WHO}),
        (_("What it gives"), {"fields": _GIVES}),
        (_("How to apply"), {"fields": _HOW}),
        (_("Until when"), {"fields": _WINDOW}),
    )

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Show one empty item when there is none yet, and after the button "Add an item"."""
        return 1 if obj is None or ADD_ITEM in request.GET or not obj.items.all() else 0


class ItemReader(admin.StackedInline):
    """The items of a notice that is out of the author's hands."""

    model = PolicyItem
    extra = 0
    fields = (
        "kind", "title_zh", "title_en", "conditions", "delivery", "handed", "at_most", "rate_percent",
        "budget", "amount_note_zh", "amount_note_en", *_HOW, *_WINDOW, "version", "announced_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("who qualifies"))
    def conditions(self, item: PolicyItem) -> str:
        return format_html_join("\n", "<p>{}: {}</p>", readback.in_both(item.criteria))

    @admin.display(description=_("At most per enterprise"))
    def at_most(self, item: PolicyItem) -> str:
        return "" if item.max_fen is None else wording.amount(item.max_fen)

    @admin.display(description=_("Total budget"))
    def budget(self, item: PolicyItem) -> str:
        return "" if item.pool_fen is None else wording.amount(item.pool_fen)
