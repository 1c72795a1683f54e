"""The queue of what enterprises think of policies, and its public answers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from services.policies import actions, rows
from services.policies.forms.opinion import AnswerForm
from services.policies.lifecycle import OPINION
from services.policies.models import Opinion


def _answer(opinion: Opinion, *, with_others: bool = False, by: Any, **published: str) -> Any:
    return actions.answer_opinion(opinion, actions.PublicAnswer(**published), with_others=with_others, by=by)


@admin.register(Opinion)
class OpinionAdmin(LifecycleAdmin):
    """Opinions on policies, newest first; policymakers answer them in public, nobody edits them."""

    lifecycle = OPINION
    list_display = ("notice", "topic", "city", "state", "given_at", "settled_at")
    list_filter = ("state", "topic")
    list_select_related = ("notice", "enterprise__region")
    search_fields = ("text", "notice__title_zh", "notice__title_en")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "notice_link", "topic", "text", "city", "state", "given_at", "settled_at", "published",
    )  # fmt: skip
    verb_labels = {"give": _("given")}
    verbs = {
        "answer": Verb(
            _answer,
            form=AnswerForm,
            explains=lambda row: (
                gettext("“%(text)s” – What you sum up and answer is published on the page of the policy.")
                % {"text": row.text}
            ),
            tells=_("whoever gave the opinion"),
        ),
        "set_aside": Verb(
            actions.set_aside_opinion,
            explains=lambda row: (
                gettext("“%(text)s” – Nothing is published; the enterprise reads your reason.")
                % {"text": row.text}
            ),
            tells=_("whoever gave the opinion"),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        rows: QuerySet[Opinion] = super().get_queryset(request)
        return rows.select_related("notice", "enterprise__region", "answer")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("notice"))
    def notice_link(self, opinion: Opinion) -> str:
        return format_html('<a href="{}">{}</a>', rows.page_url(opinion.notice), opinion.notice)

    @admin.display(description=_("region"), empty_value="–")
    def city(self, opinion: Opinion) -> str | None:
        """Name the region of the enterprise; its name is not needed to judge an opinion."""
        region = opinion.enterprise.region
        return str(region) if region else None

    @admin.display(description=_("published"), empty_value="–")
    def published(self, opinion: Opinion) -> str | None:
        if opinion.answer is None:
            return None
        return format_html("{}<br>{}", opinion.answer.said, opinion.answer.answer)
