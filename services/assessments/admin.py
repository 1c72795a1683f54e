"""The digital factory at the desk: rounds to read and verify, question banks to publish."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import LifecycleAdmin, ReadOnlyAdmin, Verb
from services.assessments import actions, distribution, evidence, wording
from services.assessments.forms.desk import UploadForm, VisitForm
from services.assessments.frameworks.schema import Kind
from services.assessments.lifecycle import ASSESSMENT
from services.assessments.models import Assessment, FrameworkVersion

PUBLISH = "assessments.publish_framework"
VERIFY = "assessments.verify_assessment"
DISTRIBUTION = "assessments.view_distribution"


@admin.register(Assessment)
class AssessmentAdmin(LifecycleAdmin):
    """Finished rounds of the enterprises in one's region; an expert's visit is recorded by a verb."""

    lifecycle = ASSESSMENT
    without_button = ("finish", "discard")
    extra_verbs = {
        "verify": Verb(
            actions.verify,
            form=VisitForm,
            label=gettext_lazy("record an expert visit"),
            permission=VERIFY,
            offered=lambda row, user: bool(row.framework.scenes),
            explains=gettext_lazy(
                "Grade the scenes you have seen, each with a reason. The enterprise reads both results; its"
                " own is never overwritten."
            ),
        )
    }
    verb_labels = {
        "start": gettext_lazy("begun"),
        "share": gettext_lazy("link made"),
        "revoke_share": gettext_lazy("link closed"),
        "give_section": gettext_lazy("part given to a colleague"),
        "add_evidence": gettext_lazy("evidence added"),
        "remove_evidence": gettext_lazy("evidence deleted"),
    }
    list_display = ("reference", "enterprise", "version", "level_name", "score", "finished_at", "verified")
    list_filter = ("code", "level", "is_latest")
    list_select_related = ("enterprise", "version")
    search_fields = ("=reference", "enterprise__name")
    fields = readonly_fields = (
        "reference",
        "enterprise",
        "version",
        "state",
        "round",
        "level_name",
        "score",
        "finished_at",
        "declared_by",
        "given_answers",
        "evidence",
        "verified",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        rows: Any = super().get_queryset(request)
        scoped: QuerySet[Assessment] = rows.in_scope_of(request.user).prefetch_related("verifications")
        return scoped

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the evidence to those who verify: it is private."""
        return [name for name in self.fields or () if name != "evidence" or request.user.has_perm(VERIFY)]

    @admin.display(description=gettext_lazy("level"))
    def level_name(self, row: Assessment) -> str:
        return wording.level(row.framework, row.level)

    @admin.display(description=gettext_lazy("verified"))
    def verified(self, row: Assessment) -> str:
        newest = next(iter(row.verifications.all()), None)
        if newest is None:
            return "–"
        level = wording.level(row.framework, newest.level)
        return _("%(level)s on %(day)s") % {"level": level, "day": newest.visited_on.isoformat()}

    @admin.display(description=gettext_lazy("answers"))
    def given_answers(self, row: Assessment) -> str:
        return "\n".join(
            f"{wording.say(item.title)}: {wording.answer(item, row.answers.get(item.id, []))}"
            for item in row.framework.items.values()
        )

    @admin.display(description=gettext_lazy("evidence"))
    def evidence(self, row: Assessment) -> str:
        items = row.framework.items
        lines = [(wording.say(items[item].title), linked) for item, linked in evidence.linked(row).items()]
        return format_html_join("", "<p>{}: {}</p>", lines) or "–"


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
        if not request.user.has_perm(DISTRIBUTION):
            raise PermissionDenied
        version = FrameworkVersion.objects.current().filter(code=code).first()
        if version is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("How the levels are spread: %s") % version.title,
            "opts": self.opts,
            "levels": distribution.levels(version),
            "tables": distribution.tables(version),
            "weakest": distribution.weakest_scenes(version),
            "fewest": distribution.FEWEST,
        }
        return TemplateResponse(request, "admin/assessments/frameworkversion/distribution.html", context)

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
