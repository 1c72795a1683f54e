"""The foundations at the desk: the audit trail to read, the working calendar to keep."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import audit, calendar, sheets
from core.admin.audited import AuditedAdmin, ReadOnlyAdmin
from core.models import CalendarDay, CalendarYear, Event

EXPORTED = 10_000
EXPORTED_FIELDS = (
    "at",
    "actor_id",
    "actor_role",
    "verb",
    "subject_type",
    "subject_id",
    "before",
    "after",
    "data",
)


def _line(event: Event, who: str) -> list[sheets.Cell]:
    return [
        event.pk,
        f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        who,
        event.actor_role,
        event.verb,
        event.subject_type,
        event.subject_id,
        event.before,
        event.after,
        json.dumps(event.data, ensure_ascii=False) if event.data else "",
    ]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Everything that happened, for those who may read all (the auditor); nobody can change it."""

    list_display = ("at", "verb", "subject_type", "subject_id", "actor_id", "actor_role", "before", "after")
    list_filter = ("actor_role",)
    search_fields = ("=subject_id", "=actor_id", "=verb")
    search_help_text = _("A subject number, an actor number or a verb")
    actions = ("export_chosen",)
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

    @admin.action(description=_("Export as a spreadsheet"), permissions=["view"])
    def export_chosen(self, request: HttpRequest, rows: QuerySet[Event]) -> HttpResponse | None:
        """Answer with the chosen events, newest first, without their personal part; note who took them.

        More than a sheet holds are refused in words: nothing is cut off unseen.
        """
        chosen = list(rows.order_by("-pk")[: EXPORTED + 1])
        if len(chosen) > EXPORTED:
            told = gettext(
                "At most %(count)s events go into one sheet. Narrow the list by a filter or a search."
            )
            self.message_user(request, told % {"count": number_format(EXPORTED)}, messages.ERROR)
            return None
        names = audit.actor_names(chosen)
        audit.record(request.user, "export_events", by=request.user, data={"count": len(chosen)})  # type: ignore[arg-type]  # staff are signed in
        lines = [_line(event, names[event.pk]) for event in chosen]
        columns = [gettext("number"), *(str(self.field_label(name)) for name in EXPORTED_FIELDS)]
        response = HttpResponse(sheets.xlsx(gettext("Events"), columns, lines), content_type=sheets.XLSX)
        response["Content-Disposition"] = f'attachment; filename="events-{calendar.today():%Y%m%d}.xlsx"'
        return response

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
