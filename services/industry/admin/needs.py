"""The board of needs at the desk: look at what is posted, pass answers on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from services.industry import actions
from services.industry.forms.desk import AnswerForm
from services.industry.lifecycle import MODERATE, NEED
from services.industry.models import Answer, Need


class AnswerInline(admin.TabularInline):
    """The answers passed on, to read."""

    model = Answer
    fields = readonly_fields = ("provider", "words", "state", "passed_on_by", "passed_on_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def is_on_board(row: Any, user: Any) -> bool:
    return bool(row.state == Need.State.PUBLISHED)


@admin.register(Need)
class NeedAdmin(LifecycleAdmin):
    """Needs of the enterprises in one's region, what waits first; nobody edits another's words."""

    lifecycle = NEED
    without_button = ("resubmit", "close", "run_out")
    list_display = (
        "reference",
        "title",
        "kind",
        "enterprise",
        "region",
        "state",
        "submitted_at",
        "open_until",
    )
    list_filter = ("state", "kind")
    list_select_related = ("enterprise", "region")
    search_fields = ("=reference", "title", "enterprise__name")
    inlines = (AnswerInline,)
    fields = readonly_fields = (
        "reference", "enterprise", "posted_by", "kind", "title", "body", "quantity", "region", "open_until",
        "contact_name", "contact_phone", "contact_email", "state", "submitted_at", "published_at",
        "returned_reason", "outcome", "closed_at",
    )  # fmt: skip
    verb_labels = {"post": _("posted")}
    verbs = {
        "publish": Verb(
            actions.publish_need,
            explains=_("Everybody can read it. Check that the text names nobody and no way to reach them."),
            tells=_("whoever posted it"),
        ),
        "return_to_owner": Verb(
            actions.return_need,
            explains=_("It is not on the board, and can be changed and handed in again."),
            tells=_("whoever posted it, with the reason"),
        ),
    }
    extra_verbs = {
        "pass_on_answer": Verb(
            actions.pass_on_answer,
            form=AnswerForm,
            label=_("pass on an answer"),
            permission=MODERATE,
            offered=is_on_board,
            explains=_("The enterprise reads it and says whether the provider may have its contact."),
            tells=_("whoever posted it"),
        )
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Need]:
        return Need.objects.in_scope_of(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
