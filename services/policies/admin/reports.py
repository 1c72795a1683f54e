"""The queue of errors that readers report."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from services.policies import actions, rows
from services.policies.lifecycle import REPORT
from services.policies.models import ErrorReport


@admin.register(ErrorReport)
class ErrorReportAdmin(LifecycleAdmin):
    """Reported errors, newest first; publishers and reviewers settle them, nobody edits them."""

    lifecycle = REPORT
    list_display = ("notice", "about", "state", "created_at", "settled_at")
    list_filter = ("state", "about")
    list_select_related = ("notice",)
    search_fields = ("text", "notice__title_zh", "notice__title_en")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "notice_link", "about", "text", "state", "reporter", "email", "created_at", "settled_at",
    )  # fmt: skip
    verb_labels = {"report": _("reported")}
    verbs = {
        "settle": Verb(
            actions.settle_report,
            explains=_("Say so once the notice reads right: correct it first."),
            tells=_("whoever reported it, with thanks"),
        ),
        "decline": Verb(
            actions.decline_report,
            explains=_("The notice stays as it is; the reader sees your reason."),
            tells=_("whoever reported it"),
        ),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("notice"))
    def notice_link(self, report: ErrorReport) -> str:
        return format_html('<a href="{}">{}</a>', rows.page_url(report.notice), report.notice)
