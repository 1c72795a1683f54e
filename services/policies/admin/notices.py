"""The desk of policies: write, review, publish, take out of force."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import LifecycleAdmin, Verb
from core.criteria import CriteriaError
from enterprises.criteria import read_criteria
from services.policies import actions, linting, reach, rows, sheet, visitor, wording
from services.policies.forms.desk import ItemForm, NoticeForm, ScheduleForm, SupersedeForm
from services.policies.lifecycle import EDITABLE_STATES, NOTICE
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice, State

BEFORE_PUBLICATION = frozenset({State.DRAFT, State.RETURNED, State.IN_REVIEW, State.APPROVED})
_WINDOW = ("is_open_all_year", "opens_on", "closes_on", "window_note_zh", "window_note_en", "apply_url")
_GIVES = (
    "delivery", "max_fen", "rate_percent", "pool_fen", "amount_note_zh", "amount_note_en",
)  # fmt: skip


class ItemEditor(admin.StackedInline):
    """The items of a draft; conditions are plain fields."""

    model = PolicyItem
    form = ItemForm
    extra = 0
    fieldsets = (
        (None, {"fields": ("position", "kind", "title_zh", "title_en")}),
        (_("What it gives"), {"fields": _GIVES}),
        (_("Until when"), {"fields": _WINDOW}),
        (
            _("Who qualifies"),
            {
                "fields": (
                    "regions",
                    "industries",
                    "sizes",
                    "quals_any",
                    "quals_all",
                    "employees_min",
                    "employees_max",
                    "revenue_min",
                    "revenue_max",
                    "years_min",
                    "years_max",
                    "digital_level_min",
                    "unstated",
                    "discretion_zh",
                    "discretion_en",
                )
            },
        ),
    )


class ItemReader(admin.StackedInline):
    """The items of a notice that is out of the author's hands."""

    model = PolicyItem
    extra = 0
    fields = ("kind", "title_zh", "title_en", *_GIVES, *_WINDOW, "conditions", "version", "announced_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("who qualifies"))
    def conditions(self, item: PolicyItem) -> str:
        try:
            criteria = read_criteria(item.criteria)
        except CriteriaError:
            return gettext("The conditions cannot be read.")
        return format_html_join("\n", "<p>{}</p>", ((wording.requirement(one),) for one in criteria))


def _will_tell(notice: PolicyNotice) -> str:
    if not notice.items.all():
        return gettext("the author")
    return gettext("the author, and owners and editors of every enterprise that meets the conditions")


@admin.register(PolicyNotice)
class PolicyNoticeAdmin(LifecycleAdmin):
    """Notices: publishers write drafts, reviewers approve and publish; nothing published is edited."""

    lifecycle = NOTICE
    may_add = True
    form = NoticeForm
    change_form_template = "admin/policies/change_form.html"
    verb_template = "admin/policies/verb.html"
    list_display = (
        "title_zh",
        "state",
        "kind",
        "level",
        "document_number",
        "author",
        "publish_at",
        "published_at",
    )
    list_filter = ("state", "kind", "level", "to_be_verified")
    list_select_related = ("author",)
    search_fields = ("title_zh", "title_en", "document_number", "document_number_key")
    ordering = ("-id",)
    fieldsets = (
        (
            _("The document"),
            {
                "fields": (
                    "title_zh",
                    "title_en",
                    "issuer_zh",
                    "issuer_en",
                    "document_number",
                    ("issued_on", "issued_precision"),
                    "level",
                    "region",
                    "kind",
                )
            },
        ),
        (_("In plain words"), {"fields": ("summary_zh", "summary_en")}),
        (
            _("Validity"),
            {
                "fields": (
                    ("effective_from", "effective_from_precision"),
                    "effective_to",
                    "is_ended",
                    "contact",
                )
            },
        ),
        (_("Official text"), {"fields": ("body_zh",)}),
        (_("Where this comes from"), {"fields": ("sources", "source_quality", "slug")}),
    )
    verb_labels = {
        "create": _("created"), "import": _("imported"), "announce": _("matched and told"),
    }  # fmt: skip
    verbs = {
        "submit": Verb(
            actions.submit_for_review,
            explains=_("A reviewer looks at it; until then you cannot change it."),
            tells=_("all reviewers"),
        ),
        "revise": Verb(actions.revise, explains=_("It becomes a draft again.")),
        "approve": Verb(
            actions.approve,
            explains=_("It can then be published, now or at a planned time."),
            tells=_("the author"),
        ),
        "return_to_author": Verb(
            actions.return_to_author, explains=_("The author sees your reason."), tells=_("the author")
        ),
        "schedule": Verb(
            actions.schedule, form=ScheduleForm, explains=_("It is published by itself at this time.")
        ),
        "publish": Verb(
            actions.publish,
            explains=_("It becomes public at once and can no longer be edited."),
            tells=_will_tell,
        ),
        "verify": Verb(actions.verify, explains=_("The mark “to be verified” disappears from its page.")),
        "supersede": Verb(
            actions.supersede,
            form=SupersedeForm,
            explains=_(
                "Its page stays and leads to the new notice; nothing can be claimed under it any more."
            ),
        ),
        "repeal": Verb(
            actions.repeal,
            explains=_("Its page stays and says so; nothing can be claimed under it any more."),
            danger=True,
        ),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_editable = obj is None or obj.state in EDITABLE_STATES
        return is_editable and super().has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ItemEditor if self.is_in_hand(request, obj) else ItemReader]

    def is_in_hand(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show how a notice came about once it is out of the author's hands."""
        if self.is_in_hand(request, obj):
            return self.fieldsets
        about = (
            "state", "author", "approved_by", "approved_at", "publish_at", "published_at", "version",
            "to_be_verified", "confidence", "evidence", "superseded_by",
        )  # fmt: skip
        return (*self.fieldsets, (_("How it came about"), {"fields": about}))

    def save_model(self, request: HttpRequest, obj: PolicyNotice, form: Any, change: bool) -> None:
        save = actions.change_draft if change else actions.create_draft
        save(obj, by=request.user)
        for other in linting.same_number(obj):
            found = linting.Finding("duplicate_number", detail=f"{other} ({other.slug})")
            messages.warning(request, wording.finding(found))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the event to the action that created the notice."""

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Give the previews, what the checks find, and whom the notice would reach."""
        if row.state not in BEFORE_PUBLICATION:
            return {"public_url": rows.page_url(row)}
        today = calendar.today()
        may_count = request.user.has_perm("policies.view_reach")
        return {
            "previews": [(name, f"{self.preview_url(row)}?language={code}") for code, name in PREVIEWS],
            "errors_found": [wording.finding(found) for found in linting.errors(row)],
            "warnings_found": [wording.finding(found) for found in linting.warnings(row, today)],
            "reached": reach.of_notice(row, today) if may_count and row.kind in CLAIMABLE_KINDS else [],
        }

    # --- the page as the public will see it ---------------------------------------

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(self.preview),
            name="policies_policynotice_preview",
        )
        return [preview, *super().get_urls()]

    def preview_url(self, row: PolicyNotice) -> str:
        return reverse("admin:policies_policynotice_preview", args=[row.pk])

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a notice exactly as its public page will be, in the language asked for; view permission."""
        row = PolicyNotice.objects.select_related("superseded_by").filter(pk=pk).first()
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        code = "en" if request.GET.get("language") == "en" else "zh-hans"
        with translation.override(code):
            return render(request, "policies/detail.html", self.preview_context(row))

    def preview_context(self, row: PolicyNotice) -> dict[str, Any]:
        banner = {
            "title": gettext("Preview"),
            "text": gettext("This is how the public will see this notice. It is not public yet."),
            "url": reverse("admin:policies_policynotice_change", args=[row.pk]),
            "url_label": gettext("Back to the desk"),
        }
        return {
            "sheet": sheet.build(row, visitor.NOBODY, calendar.today()),
            "preview": banner if row.state in BEFORE_PUBLICATION else None,
            "ask_url": rows.ask_url(row.title[:200], rows.page_url(row)),
            "nav": "policies",
        }


PREVIEWS = (("zh-hans", "中文"), ("en", "English"))
