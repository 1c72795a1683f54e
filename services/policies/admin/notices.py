"""The desk of policies: write, review, publish, take out of force."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.admin import Verb
from services.policies import (
    actions,
    funnel,
    funnel_words,
    link_words,
    linting,
    remarks,
    reviewing,
    rows,
    wording,
)
from services.policies.actions import upkeep
from services.policies.admin.attachments import NoticeFiles
from services.policies.admin.intake import NoticeIntake
from services.policies.admin.items import ADD_ITEM, ItemEditor, ItemReader
from services.policies.admin.pages import PREVIEWS
from services.policies.forms.desk import NoticeForm, PoolForm, ScheduleForm, SupersedeForm
from services.policies.lifecycle import EDITABLE_STATES, NOTICE, REVIEW, SUBMIT
from services.policies.models import OPEN_STATES, PUBLIC_STATES, FieldProposal, PolicyNotice, State

# Fieldsets with this class stand below the items, so that the page is in the order a reader reads.
AFTER_ITEMS = "after-items"
CORRECTION = _("What is corrected")


class LookAgainFilter(admin.SimpleListFilter):
    """Narrow the list to notices that nobody has looked at for long."""

    title = _("to be looked at again")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("not looked at for long"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_look_at(calendar.today() + upkeep.PATIENCE) if self.value() == "due" else queryset


def sees_drafts(user: Any) -> bool:
    """Tell whether someone may see notices before publication: publishers, reviewers, and who reads all."""
    return any(user.has_perm(right) for right in (SUBMIT, REVIEW, "core.view_event"))


def _has_items_to_claim(notice: PolicyNotice, user: Any) -> bool:
    return notice.state == State.PUBLISHED and notice.items.exists()


def _will_tell(notice: PolicyNotice) -> str:
    if not notice.items.all():
        return gettext("the author")
    return gettext("the author, and owners and editors of every enterprise that meets the conditions")


@admin.register(PolicyNotice)
class PolicyNoticeAdmin(NoticeFiles, NoticeIntake):
    """Notices: publishers write drafts, reviewers approve and publish; nothing published is edited."""

    lifecycle = NOTICE
    may_add = True
    form = NoticeForm
    change_form_template = "admin/policies/change_form.html"
    change_list_template = "admin/policies/change_list.html"
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
    list_filter = ("state", "kind", "level", "to_be_verified", LookAgainFilter)
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
                    ("document_number", "kind"),
                    ("level", "region"),
                    ("issued_on", "issued_precision"),
                )
            },
        ),
        (
            _("In plain words"),
            {
                "fields": ("summary_zh", "summary_en", "contact"),
                "description": _("Who gets what, how, by when, whom to ask: what a works owner reads first."),
            },
        ),
        (
            _("Validity"),
            {"fields": (("effective_from", "effective_from_precision"), ("effective_to", "is_ended"))},
        ),
        (CORRECTION, {"fields": ("correction_note_zh", "correction_note_en")}),
        (_("Official text"), {"fields": ("body_zh",), "classes": (AFTER_ITEMS,)}),
        (
            _("Where this comes from"),
            {"fields": ("sources", "source_quality", "slug"), "classes": (AFTER_ITEMS,)},
        ),
    )
    verb_labels = {
        "create": _("created"), "import": _("imported"), "announce": _("matched and told"),
        "corrected": _("corrected"), "add_example": _("test enterprise added"),
        "remove_example": _("test enterprise removed"), "note_pool": _("rest of the budget noted"),
        "attach": _("attachment added"), "detach": _("attachment taken out"),
    }  # fmt: skip
    # The end of a correction is its publication, so it needs no button of its own.
    without_button = ("take_over",)
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
        "discard": Verb(
            actions.discard, explains=_("It stays here with its history and goes no further."), danger=True
        ),
        "correct": Verb(
            actions.begin_correction,
            explains=_(
                "A draft beside it is opened for you. The public page stays as it is until the correction is"
                " reviewed and published as the next version."
            ),
            makes_another=True,
        ),
        "verify": Verb(actions.verify, explains=_("The mark “to be verified” disappears from its page.")),
        "affirm": Verb(
            actions.affirm,
            explains=_("Look at the issuer first. The page says that it was found right today."),
        ),
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

    extra_verbs = {
        "draft_like": Verb(
            actions.draft_like,
            label=_("begin a draft like this one"),
            permission="policies.add_policynotice",
            makes_another=True,
            explains=_(
                "Words, items, conditions and test enterprises are taken along. Number, dates, official text,"
                " files and sources are those of the new document."
            ),
        ),
        "note_pool": Verb(
            actions.note_pool,
            form=PoolForm,
            label=_("note what is left of the budget"),
            permission=SUBMIT,
            offered=_has_items_to_claim,
            explains=_("It stands on the public page with its day. With nothing left, the item is closed."),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show drafts to those who write, review or audit; others of the staff see what the public sees."""
        notices: Any = super().get_queryset(request)
        return notices if sees_drafts(request.user) else notices.public()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_editable = obj is None or obj.state in EDITABLE_STATES
        return is_editable and super().has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ItemEditor if self.is_in_hand(request, obj) else ItemReader]

    def is_in_hand(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._one_more(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._one_more(request, obj) or super().response_change(request, obj)

    def _one_more(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """Return to the editor with one more empty item when that button was pressed."""
        if ADD_ITEM not in request.POST:
            return None
        messages.success(request, gettext("Saved. Here is one more item."))
        return HttpResponseRedirect(f"{self.row_url(obj)}?{ADD_ITEM}=1#items-{obj.items.count()}")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask a correction for its note; show how a notice came about once nobody edits it."""
        shown = [one for one in self.fieldsets if one[0] != CORRECTION or (obj and obj.corrects_id)]
        if self.is_in_hand(request, obj):
            return shown
        about = (
            "state", "author", "approved_by", "approved_at", "publish_at", "published_at", "version",
            "to_be_verified", "confirmed_on", "look_again_on", "confidence_words", "evidence_words",
            "superseded_by", "corrects",
        )  # fmt: skip
        return (*shown, (_("How it came about"), {"fields": about}))

    @admin.display(description=_("Confidence"))
    def confidence_words(self, notice: PolicyNotice) -> str:
        return wording.confidence(notice.confidence)

    @admin.display(description=_("Evidence"))
    def evidence_words(self, notice: PolicyNotice) -> str:
        return wording.source_text(notice.evidence)

    def save_model(self, request: HttpRequest, obj: PolicyNotice, form: Any, change: bool) -> None:
        save = actions.change_draft if change else actions.create_draft
        save(obj, by=request.user)
        for other in linting.same_number(obj):
            found = linting.Finding("duplicate_number", detail=f"{other} ({other.slug})")
            messages.warning(request, remarks.finding(found))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the event to the action that created the notice."""

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Give the pages beside the form, and before publication what the checks find."""
        proposed = row.proposals.filter(state=FieldProposal.State.OPEN).count()
        if proposed and request.user.has_perm("policies.view_fieldproposal"):
            asked = urlencode({"notice__id__exact": row.pk, "state__exact": FieldProposal.State.OPEN})
            url = f"{reverse('admin:policies_fieldproposal_changelist')}?{asked}"
            return {**self._beside(request, row), "proposed": proposed, "proposals_url": url}
        return self._beside(request, row)

    def _beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row.state in PUBLIC_STATES:
            open_ones = row.corrections.filter(state__in=OPEN_STATES).order_by("pk")[:1]
            return {
                "public_url": rows.page_url(row),
                "pages": self.pages_of(request, row),
                "dead_links": [
                    (link.url, link_words.error(link.error)) for link in row.links.filter(failures__gte=2)
                ],
                "correction_url": next((self.row_url(one) for one in open_ones), ""),
            }
        review = reviewing.Review(row, calendar.today())
        return {
            "review": review,
            "pages": self.pages_of(request, row),
            "previews": [
                (name, f"{self.page_url(row, 'preview')}?language={code}") for code, name in PREVIEWS
            ],
            "corrected_url": self.row_url(row.corrects) if row.corrects else "",
            "stopped": self._stopped(request, row),
        }

    def _stopped(self, request: HttpRequest, row: Any) -> Any:
        """Give whoever writes a correction the reasons why enterprises said no to what is published."""
        if not row.corrects or not request.user.has_perm("policies.view_reach"):
            return None
        found = funnel.of(row.corrects)
        return funnel_words.reasons(found) if found.dismissed else None
