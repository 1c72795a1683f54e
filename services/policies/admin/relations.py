"""The desk beside the notices: what implements or excludes what, what to hand in; reviewers enter it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import AuditedAdmin, ReadOnlyAdmin
from enterprises import facts
from services.policies import actions
from services.policies.models import ItemDocument, ItemRelation, NoticeRelation, PolicyItem


def _fact_choices() -> list[tuple[str, str]]:
    named = [(code, str(kind.label)) for code, kind in facts.VOCABULARY.items() if code != facts.SIZE]
    return [("", _("none: the enterprise writes it itself")), *named]


class NoticeRelationForm(ModelForm):
    class Meta:
        model = NoticeRelation
        fields = ("notice", "kind", "other", "is_valid")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("notice") and cleaned.get("notice") == cleaned.get("other"):
            self.add_error("other", _("Choose another notice: a notice is not related to itself."))
        return cleaned


class ItemRelationForm(ModelForm):
    class Meta:
        model = ItemRelation
        fields = ("item", "kind", "other", "region", "source", "is_valid")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        item, other = cleaned.get("item"), cleaned.get("other")
        if item and item == other:
            self.add_error("other", _("Choose another item: an item is not related to itself."))
        if (cleaned.get("kind") == ItemRelation.Kind.LOCAL) != bool(cleaned.get("region")):
            self.add_error("region", _("Choose a region for a local variant, and for nothing else."))
        if item and other and item != other and self._says_otherwise(item, other):
            raise ValidationError(_("These two items are related already: change that row."), code="related")
        return cleaned

    def _says_otherwise(self, item: Any, other: Any) -> bool:
        either = Q(item=item, other=other) | Q(item=other, other=item)
        return ItemRelation.objects.filter(either).exclude(pk=self.instance.pk).exists()


@admin.register(PolicyItem)
class PolicyItemAdmin(ReadOnlyAdmin):
    """All items, to be looked up from a relation; they are written with their notice."""

    list_display = ("id", "title_zh", "notice", "kind", "closes_on")
    list_display_links = ("id", "title_zh")
    list_filter = ("kind", "notice__state")
    list_select_related = ("notice",)
    search_fields = ("title_zh", "title_en", "notice__title_zh", "notice__document_number")
    ordering = ("-id",)
    fields = readonly_fields = ("title_zh", "title_en", "notice", "kind", "max_fen", "opens_on", "closes_on")


class ItemDocumentForm(ModelForm):
    fact = ChoiceField(
        label=gettext_lazy("fact that shows it is held"), required=False, choices=_fact_choices
    )

    class Meta:
        model = ItemDocument
        fields = ("item", "position", "name_zh", "name_en", "issuer_zh", "issuer_en", "fact", "is_valid")


@admin.register(ItemDocument)
class ItemDocumentAdmin(AuditedAdmin):
    """Papers an item asks for; the notice and the claim pack list them."""

    may_add = True
    form = ItemDocumentForm
    list_display = ("name_zh", "item", "position", "fact", "is_valid")
    list_filter = ("is_valid",)
    list_select_related = ("item",)
    search_fields = ("name_zh", "name_en", "item__title_zh")
    raw_id_fields = ("item",)
    ordering = ("-id",)


@admin.register(NoticeRelation)
class NoticeRelationAdmin(AuditedAdmin):
    """Relations between notices; both pages show them while they are valid."""

    may_add = True
    form = NoticeRelationForm
    list_display = ("notice", "kind", "other", "is_valid")
    list_filter = ("kind", "is_valid")
    list_select_related = ("notice", "other")
    search_fields = ("notice__title_zh", "other__title_zh", "notice__document_number")
    raw_id_fields = ("notice", "other")
    ordering = ("-id",)


@admin.register(ItemRelation)
class ItemRelationAdmin(AuditedAdmin):
    """Which items exclude, allow or need each other; the best combination follows these rows."""

    may_add = True
    form = ItemRelationForm
    list_display = ("item", "kind", "other", "source", "is_valid")
    list_filter = ("kind", "is_valid")
    list_select_related = ("item", "other")
    search_fields = ("item__title_zh", "other__title_zh", "source")
    raw_id_fields = ("item", "other")

    def save_model(self, request: HttpRequest, obj: ItemRelation, form: Any, change: bool) -> None:
        actions.relate(obj)

    ordering = ("-id",)
