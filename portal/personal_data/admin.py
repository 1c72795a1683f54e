"""At the desk: which accounts are about to close, and how long anything is kept, with what is due now."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from core.admin import ReadOnlyAdmin
from portal.personal_data import retention
from portal.personal_data.models import Closing
from portal.personal_data.table import KEPT_IN_WORDS, Kept
from portal.personal_data.tables import TABLES

VIEW = "personal_data.view_retention"


@admin.register(Closing)
class ClosingAdmin(ReadOnlyAdmin):
    """Accounts that close or have closed; only the person begins it or takes it back."""

    change_list_template = "admin/personal_data/closing/change_list.html"
    list_display = ("user", "asked_at", "due_at", "undone_at", "closed_at")
    list_select_related = ("user",)
    fields = ("user", "heirs", "asked_at", "due_at", "undone_at", "closed_at")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.retention_view)
        return [path("retention/", page, name="personal_data_closing_retention"), *super().get_urls()]

    def retention_view(self, request: HttpRequest) -> HttpResponse:
        """Show every rule with the number of rows it would touch now, and every table; changes nothing."""
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("How long data are kept"),
            "opts": self.opts,
            "rules": retention.dry_run(),
            "most": retention.COUNTED_UP_TO,
            "tables": [
                {
                    "name": table.name,
                    "code": table.model,
                    "kept": KEPT_IN_WORDS[table.kept],
                    "to_person": table.handed_out and table.is_about_people,
                    "to_owner": table.handed_out and bool(table.enterprise),
                }
                for table in TABLES
                if table.kept is not Kept.PUBLIC
            ],
        }
        return TemplateResponse(request, "admin/personal_data/closing/retention.html", context)
