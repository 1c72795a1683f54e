"""Cloud products and their prices at the desk: one person enters, another reviews."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import LifecycleAdmin, Verb
from services.cloud import wording
from services.cloud.actions import products
from services.cloud.forms.desk import PriceForm, ProductForm
from services.cloud.lifecycle.products import PRICE, PRODUCT
from services.cloud.models import CloudProduct, PriceVersion, ProductState
from services.cloud.voucher_words import yuan

PROPOSE = "cloud.change_cloudproduct"


class PriceInline(admin.TabularInline):
    model = PriceVersion
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("words", "valid_from", "state", "proposed_by", "decided_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("price"))
    def words(self, price: PriceVersion) -> str:
        return wording.price(price)


@admin.register(CloudProduct)
class CloudProductAdmin(LifecycleAdmin):
    """Products; only a draft can be edited, a price change is proposed and reviewed."""

    lifecycle = PRODUCT
    may_add = True
    form = ProductForm
    list_display = ("slug", "name_zh", "provider", "category", "state", "price_now", "lock_in_score")
    list_display_links = ("slug", "name_zh")
    list_filter = ("state", "category")
    list_select_related = ("provider",)
    search_fields = ("=slug", "name_zh", "name_en", "provider__name_zh")
    ordering = ("-pk",)
    raw_id_fields = ("provider",)
    inlines = (PriceInline,)
    verbs = {
        "review": Verb(products.review, explains=_("Name, terms and price are right.")),
        "return_to_author": Verb(
            products.return_to_author, explains=_("It can be edited again, and needs a review again.")
        ),
        "list": Verb(products.list_product, explains=_("Everybody finds it in the catalogue.")),
        "delist": Verb(
            products.delist,
            explains=_("Nobody can choose it any more; its page stays and says so."),
            danger=True,
        ),
    }
    extra_verbs = {
        "propose_price": Verb(
            products.propose_price,
            form=PriceForm,
            label=_("propose a price"),
            permission=PROPOSE,
            explains=_("It comes into force on its day once another person has approved it."),
            tells=_("the staff who review prices"),
        )
    }

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("prices")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_draft = obj is None or obj.state == ProductState.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CloudProduct, form: Any, change: bool) -> None:
        # Whoever changed the draft last cannot review it.
        obj.author = request.user  # type: ignore[assignment]  # the desk is for users only
        super().save_model(request, obj, form, change)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        known = ("state", "author", "reviewed_by", "reviewed_at", "listed_at") if obj else ()
        fields = (*ProductForm.Meta.fields, *known)
        if self.has_change_permission(request, obj):
            return fields
        return tuple("exit_fee" if name == "exit_fee_fen" else name for name in fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        mine = ["slug", "author", "reviewed_by", "reviewed_at", "listed_at", "exit_fee"]
        return [*fields, *mine] if obj else fields

    @admin.display(description=_("fee to leave (yuan)"))
    def exit_fee(self, product: CloudProduct) -> str:
        return yuan(product.exit_fee_fen)

    @admin.display(description=_("price today"))
    def price_now(self, product: CloudProduct) -> str:
        price = product.price_on(calendar.today())
        return wording.price(price) if price else "–"

    @admin.display(description=_("lock-in"))
    def lock_in_score(self, product: CloudProduct) -> int:
        return product.lock_in.score


@admin.register(PriceVersion)
class PriceVersionAdmin(LifecycleAdmin):
    """Prices; proposed at their product, approved or refused here by another person."""

    lifecycle = PRICE
    list_display = ("product", "words", "valid_from", "state", "proposed_by", "decided_by")
    list_filter = ("state",)
    list_select_related = ("product", "proposed_by", "decided_by")
    search_fields = ("product__name_zh", "product__name_en", "=product__slug")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "product", "words", "eligible_percent", "valid_from", "state", "note", "proposed_by", "decided_by",
        "decided_at",
    )  # fmt: skip
    verb_labels = {"propose": _("proposed")}
    verbs = {
        "approve": Verb(
            products.approve_price, explains=_("It is the price from its first day on, and never changes.")
        ),
        "refuse": Verb(products.refuse_price, explains=_("The price in force stays."), danger=True),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("price"))
    def words(self, price: PriceVersion) -> str:
        return wording.price(price)
