"""The foundations at the desk: the audit trail to read, the working calendar to keep."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import audit
from core.admin.audited import AuditedAdmin, ReadOnlyAdmin
from core.models import CalendarDay, CalendarYear, Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Everything that happened, for those who may read all (the auditor); nobody can change it."""

    list_display = ("at", "verb", "subject_type", "subject_id", "actor_id", "actor_role", "before", "after")
    list_filter = ("actor_role",)
    search_fields = ("=subject_id", "=actor_id", "=verb")
    search_help_text = _("A subject number, an actor number or a verb")
    fields = readonly_fields = (
        "at",
        "actor_name",
        "actor_role",
        "verb",
        "subject_type",
        "subject_id",
        "before",
        "after",
        "data",
        "detail_text",
    )

    @admin.display(description=_("who"))
    def actor_name(self, event: Event) -> str:
        return audit.actor_name(event)

    @admin.display(description=_("personal part"))
    def detail_text(self, event: Event) -> str:
        return "; ".join(f"{name}: {value}" for name, value in audit.detail_of(event).items())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Show the event itself: events have no history."""
        return self.change_view(request, object_id, extra_context=extra_context)


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    """Holidays and worked weekends, as the State Council's yearly notice says."""

    may_add = True
    list_display = ("day", "kind", "name")
    list_filter = ("kind",)
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(AuditedAdmin):
    """Years whose notice has been entered in full; until then deadlines beyond are provisional."""

    may_add = True
    list_display = ("year", "source")
