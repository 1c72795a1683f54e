"""What the desk pages of this room share: one writes, another publishes, nobody edits what is public."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import FIGURES, LifecycleAdmin, Verb
from services.industry import actions
from services.industry.lifecycle import PUBLICATION


class PublishableAdmin(LifecycleAdmin):
    """Drafts are edited; what is in review or public is read, and taken back by a verb."""

    lifecycle = PUBLICATION
    may_add = True
    formfield_overrides = FIGURES | {models.URLField: {"assume_scheme": "https"}}
    verb_labels = {"import": _("taken over at the start")}
    verbs = {
        "submit": Verb(actions.submit, explains=_("Somebody else then reads and publishes it.")),
        "publish": Verb(actions.publish, explains=_("Everybody can read it from this moment on.")),
        "return_to_author": Verb(
            actions.return_to_author, explains=_("It can be changed again; the reason stands in the history.")
        ),
        "withdraw": Verb(
            actions.withdraw,
            explains=_("Its page is gone from this moment on; the reason stands in the history."),
            danger=True,
        ),
        "revise": Verb(actions.revise, explains=_("It can be changed, and is published again afterwards.")),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let drafts be changed by those who write; everything else is read only."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.may_be_edited)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return [*given, "submitted_by", "published_at", "published_by", *(["slug"] if obj else [])]
