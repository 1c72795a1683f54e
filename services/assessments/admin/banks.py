"""Question banks at the desk: editions to read, to try out and to publish; how the levels are spread."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import sheets
from core.admin import ReadOnlyAdmin
from services.assessments import actions, distribution, wording
from services.assessments.benchmark import SMALLEST
from services.assessments.forms.desk import UploadForm
from services.assessments.frameworks.schema import Kind
from services.assessments.models import FrameworkVersion
from services.assessments.sheets import distribution_table

PUBLISH = "assessments.publish_framework"
DISTRIBUTION = "assessments.view_distribution"


@admin.register(FrameworkVersion)
class FrameworkVersionAdmin(ReadOnlyAdmin):
    """The editions in use; a new one is tried out first, then published for good."""

    list_display = ("code", "edition", "bank_title", "published_at", "published_by")
    list_filter = ("code",)
    fields = readonly_fields = (
        "code",
        "edition",
        "bank_title",
        "published_at",
        "published_by",
        "digest",
        "uncertain",
        "text",
    )
    verb_labels = {"publish": gettext_lazy("published")}
    change_list_template = "admin/assessments/frameworkversion/change_list.html"

    @admin.display(description=gettext_lazy("title"))
    def bank_title(self, row: FrameworkVersion) -> str:
        return row.title

    @admin.display(description=gettext_lazy("less certain parts"))
    def uncertain(self, row: FrameworkVersion) -> str:
        """Name what the sources are not sure of, as the file says."""
        found = [
            f"{wording.say(item.title)}: {item.confidence}"
            for item in row.framework.items.values()
            if item.confidence not in ("", "high") and item.kind in Kind
        ]
        return "\n".join(found) or "–"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "upload/",
                self.admin_site.admin_view(self.upload_view),
                name="assessments_frameworkversion_upload",
            ),
            path(
                "distribution/<slug:code>/",
                self.admin_site.admin_view(self.distribution_view),
                name="assessments_frameworkversion_distribution",
            ),
            path(
                "distribution/<slug:code>/sheet/",
                self.admin_site.admin_view(self.distribution_sheet),
                name="assessments_frameworkversion_distribution_sheet",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        mine = {
            "may_publish": request.user.has_perm(PUBLISH),
            "distributions": list(FrameworkVersion.objects.current())
            if request.user.has_perm(DISTRIBUTION)
            else [],
        }
        return super().changelist_view(request, {**mine, **(extra_context or {})})

    def distribution_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show how the levels of the current edition are spread; small numbers are not told."""
        version = _told_about(request, code)
        context = {
            **self.admin_site.each_context(request),
            "title": _("How the levels are spread: %s") % version.title,
            "opts": self.opts,
            "levels": distribution.levels(version),
            "tables": distribution.tables(version),
            "weakest": distribution.weakest_scenes(version),
            "changes": distribution.changes(version),
            "smallest": SMALLEST,
            "sheet_url": reverse("admin:assessments_frameworkversion_distribution_sheet", args=[code]),
            "fewest": distribution.FEWEST,
        }
        return TemplateResponse(request, "admin/assessments/frameworkversion/distribution.html", context)

    def distribution_sheet(self, request: HttpRequest, code: str) -> HttpResponse:
        """Hand out the same numbers as xlsx, one a row."""
        version = _told_about(request, code)
        made = sheets.xlsx(version.code, *distribution_table(version))
        response = HttpResponse(made, content_type=sheets.XLSX)
        response.headers["Content-Disposition"] = f'attachment; filename="levels-{version.code}.xlsx"'
        return response

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Try a text out; publish it when it is sound and asked for."""
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
        found = None
        if form.is_valid():
            found = actions.try_out(form.cleaned_data["text"])
            if found.is_sound and "publish" in request.POST:
                version = actions.publish(form.cleaned_data["text"], by=request.user)
                messages.success(request, _("Published: %s.") % version)
                return HttpResponseRedirect(reverse("admin:assessments_frameworkversion_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload a new edition"),
            "opts": self.opts,
            "form": form,
            "found": found,
            "text": form.cleaned_data["text"] if form.is_valid() else "",
            "faults": [(fault.line, fault.place, wording.fault(fault.code)) for fault in found.faults]
            if found
            else [],
        }
        return TemplateResponse(request, "admin/assessments/frameworkversion/upload.html", context)


def _told_about(request: HttpRequest, code: str) -> FrameworkVersion:
    """Return the current edition for those who may see how levels are spread."""
    if not request.user.has_perm(DISTRIBUTION):
        raise PermissionDenied
    version = FrameworkVersion.objects.current().filter(code=code).first()
    if version is None:
        raise Http404
    return version
