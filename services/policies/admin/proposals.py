"""The queue of what sources say otherwise: publishers accept or decline it field by field."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from services.policies import actions, proposing
from services.policies.lifecycle import PROPOSAL
from services.policies.models import FieldProposal


def _said(proposal: FieldProposal) -> str:
    """Say ours and theirs: the notice as it is now against the value of the sheet."""
    ours = proposing.present(proposal.notice, proposal.item).get(proposal.field)
    return proposing.words(proposal.field, ours, proposal.value, item=proposal.item)


def _accepting(proposal: FieldProposal) -> str:
    outcome = gettext(
        "The value goes into the draft; for a public notice into the draft of a correction, which"
        " somebody else reviews before anything public changes."
    )
    return f"{_said(proposal)} — {outcome}"


def _declining(proposal: FieldProposal) -> str:
    outcome = gettext("The notice stays as it is, and the same value is not proposed again.")
    return f"{_said(proposal)} — {outcome}"


@admin.register(FieldProposal)
class FieldProposalAdmin(LifecycleAdmin):
    """Fields in which a sheet differs from a notice, newest first; what is accepted goes through review."""

    lifecycle = PROPOSAL
    list_display = ("notice", "difference", "state", "proposed_by", "proposed_at")
    list_filter = ("state",)
    list_select_related = ("notice", "item", "proposed_by")
    search_fields = ("notice__title_zh", "notice__title_en", "notice__document_number")
    ordering = ("-pk",)
    fields = readonly_fields = ("notice", "difference", "state", "row", "proposed_by", "proposed_at")
    verbs = {
        "accept": Verb(
            actions.accept_proposal,
            explains=_accepting,
        ),
        "decline": Verb(
            actions.decline_proposal,
            explains=_declining,
        ),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("what the source says"))
    def difference(self, proposal: FieldProposal) -> str:
        return _said(proposal)
