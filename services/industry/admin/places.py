"""Platforms and parks at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from services.industry.admin.publishing import PublishableAdmin
from services.industry.models import Park, Platform, Unsure

NAMES = (("name_zh", "name_en"), ("about_zh", "about_en"), "website", "slug", "position")
SOURCE = (("source_zh", "source_en"), ("source_year", "confidence"), "unsure")
STANDING = ("state", ("submitted_by", "published_by", "published_at"))


class PlaceForm(forms.ModelForm):
    """Something confirmed names its source; what is not confirmed is ticked."""

    unsure = forms.MultipleChoiceField(
        label=_("fields to be verified"),
        choices=Unsure.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("confidence") == "high" and not cleaned.get("source_zh"):
            self.add_error("source_zh", _("What is confirmed names its source."))
        return cleaned


class ParkForm(PlaceForm):
    """A park always says in which region it lies, the province at least."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            self.fields["region"].required = True


@admin.register(Platform)
class PlatformAdmin(PublishableAdmin):
    """Double-cross platforms."""

    form = PlaceForm
    list_display = ("name_zh", "operator", "region", "first_list_year", "confidence", "state")
    list_filter = ("state", "confidence", "first_list_year")
    list_select_related = ("region",)
    search_fields = ("name_zh", "name_en", "operator")
    raw_id_fields = ("region",)
    fieldsets = (
        (None, {"fields": NAMES}),
        (_("The platform"), {"fields": ("operator", "region", ("city_zh", "city_en"), "first_list_year")}),
        (_("Where this comes from"), {"fields": SOURCE}),
        (_("Publication"), {"fields": STANDING}),
    )


@admin.register(Park)
class ParkAdmin(PublishableAdmin):
    """Parks, zones and facilities of the industrial Internet."""

    form = ParkForm
    list_display = ("name_zh", "kind", "region", "confidence", "state")
    list_filter = ("state", "kind", "confidence")
    list_select_related = ("region",)
    search_fields = ("name_zh", "name_en")
    raw_id_fields = ("region",)
    fieldsets = (
        (None, {"fields": NAMES}),
        (_("The place"), {"fields": ("kind", "region")}),
        (_("Where this comes from"), {"fields": SOURCE}),
        (_("Publication"), {"fields": STANDING}),
    )
