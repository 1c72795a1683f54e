"""Finished rounds at the desk: read in one's region, verified on a visit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.admin import LifecycleAdmin, Verb
from services.assessments import actions, evidence, wording
from services.assessments.forms.desk import VisitForm
from services.assessments.lifecycle import ASSESSMENT
from services.assessments.models import Assessment

VERIFY = "assessments.verify_assessment"


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
                " own is never overwritten. What you find is the level that policies ask for from now on."
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

    @admin.display(description=pgettext_lazy("assessment", "level"))
    def level_name(self, row: Assessment) -> str:
        return wording.level(row.framework, row.level)

    @admin.display(description=gettext_lazy("verified"))
    def verified(self, row: Assessment) -> str:
        newest = next(iter(row.verifications.all()), None)
        if newest is None:
            return "–"
        level = wording.level(row.framework, newest.level)
        return _("%(level)s on %(day)s") % {"level": level, "day": newest.visited_on.isoformat()}

    @admin.display(description=pgettext_lazy("assessment", "answers"))
    def given_answers(self, row: Assessment) -> str:
        return "\n".join(
            f"{wording.say(item.title)}{_(': ')}{wording.answer(item, row.answers.get(item.id, []))}"
            for item in row.framework.items.values()
        )

    @admin.display(description=pgettext_lazy("assessment", "evidence"))
    def evidence(self, row: Assessment) -> str:
        items = row.framework.items
        lines = [
            (wording.say(items[item].title), _(": "), linked) for item, linked in evidence.linked(row).items()
        ]
        return format_html_join("", "<p>{}{}{}</p>", lines) or "–"
