"""Events at the desk: publish, more places, call off, keep attendance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import Verb
from core.verbs import ReasonForm
from services.industry import actions
from services.industry.admin.publishing import PublishableAdmin
from services.industry.forms.desk import AttendanceForm, SeatsForm
from services.industry.lifecycle import ATTENDANCE
from services.industry.models import Booking, Occasion

CHANGE = "industry.change_occasion"


class OccasionForm(forms.ModelForm):
    """Times that follow each other; an occasion on the spot names its region."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends, closes = (cleaned.get(name) for name in ("starts_at", "ends_at", "closes_at"))
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It must end after it begins."))
        if starts and closes and closes > starts:
            self.add_error("closes_at", _("Booking must close before it begins."))
        if not cleaned.get("region") and not cleaned.get("join_url"):
            self.add_error("region", _("Name the region, or the web address to join online."))
        return cleaned


class BookingInline(admin.TabularInline):
    """Who comes and who waits, to read."""

    model = Booking
    fields = readonly_fields = (
        "attendee_name", "attendee_phone", "enterprise", "state", "created_at", "attended", "rating",
        "rating_words",
    )  # fmt: skip
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("enterprise", "occasion")


def is_public(row: Any, user: Any) -> bool:
    return bool(row.is_public)


def is_still_ahead(row: Any, user: Any) -> bool:
    return is_public(row, user) and not row.is_called_off and calendar.now() < row.ends_at


def has_begun(row: Any, user: Any) -> bool:
    return is_public(row, user) and not row.is_called_off and calendar.now() >= row.starts_at


@admin.register(Occasion)
class OccasionAdmin(PublishableAdmin):
    """Training, briefings, visits, meetings."""

    form = OccasionForm
    list_display = ("title_zh", "kind", "starts_at", "region", "taken", "seats", "state", "called_off_at")
    list_filter = ("state", "kind")
    list_select_related = ("region",)
    search_fields = ("title_zh", "title_en", "venue_zh")
    raw_id_fields = ("region", "park")
    date_hierarchy = "starts_at"
    inlines = (BookingInline,)
    readonly_fields = ("taken", "called_off_at", "called_off_reason")
    fieldsets = (
        (None, {"fields": (("title_zh", "title_en"), ("about_zh", "about_en"), ("kind", "slug"))}),
        (_("When and where"), {
            "fields": (
                ("starts_at", "ends_at", "closes_at"), ("venue_zh", "venue_en"),
                ("region", "park"), "join_url",
            )
        }),
        (_("Places"), {"fields": (("seats", "per_enterprise", "taken"),)}),
        (_("Called off"), {"fields": (("called_off_at", "called_off_reason"),)}),
        (_("Publication"), {"fields": ("state", ("submitted_by", "published_by", "published_at"))}),
    )  # fmt: skip
    extra_verbs = {
        "change_seats": Verb(
            actions.change_seats,
            form=SeatsForm,
            label=_("change the number of places"),
            permission=CHANGE,
            offered=is_still_ahead,
            explains=_("With more places, the waiting list moves up at once."),
            tells=_("those who move up"),
        ),
        "keep_attendance": Verb(
            actions.keep_attendance,
            form=AttendanceForm,
            label=_("keep attendance"),
            permission=ATTENDANCE,
            offered=has_begun,
            explains=_("Tick who came. Those who came are asked afterwards what it was worth."),
        ),
        "call_off": Verb(
            actions.call_off,
            form=ReasonForm,
            label=_("call it off"),
            permission=CHANGE,
            offered=is_still_ahead,
            explains=_("Its page says so; nobody can book any more."),
            tells=_("everybody who has a place or waits"),
            danger=True,
        ),
    }
