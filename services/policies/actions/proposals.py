"""Take what a source says otherwise into staging, and accept or decline it field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from services.policies import intake, proposing
from services.policies.actions.corrections import begin_correction
from services.policies.actions.drafts import change_draft
from services.policies.actions.imports import create_item
from services.policies.intake import Entry
from services.policies.lifecycle import EDITABLE_STATES, PROPOSAL
from services.policies.models import OPEN_STATES, FieldProposal, PolicyNotice, State


@transaction.atomic
def propose(entries: Iterable[Entry], *, by: Any) -> int:
    """Stage every field that a row has otherwise than the notice that is there; return the new proposals.

    What was accepted or declined before is not proposed again. Nothing of the notices changes.
    """
    good = [entry for entry in entries if not entry.errors]
    there = intake.present(good)
    before = FieldProposal.objects.count()
    for rows in intake.grouped(good):
        for entry in rows:
            if entry.number in there:
                _stage(entry, there[entry.number], by, is_only_row=len(rows) == 1)
    return FieldProposal.objects.count() - before


def _stage(entry: Entry, notice: PolicyNotice, by: Any, *, is_only_row: bool) -> None:
    FieldProposal.objects.bulk_create(
        [
            FieldProposal(
                notice=notice,
                item=one.item,
                field=one.field,
                value=one.theirs,
                digest=one.digest,
                row=entry.number,
                proposed_by=by,
            )
            for one in proposing.differences(entry.values, notice, is_only_row=is_only_row)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def accept_proposal(proposal: FieldProposal, *, by: Any) -> FieldProposal:
    """Take one field over: into the draft, or for a public notice into the draft of a correction.

    The correction goes through review like any other; without an open one it is begun with `by` as author.
    Raises ValidationError while the notice or its correction is out of its author's hands.
    """
    draft = _draft_of(proposal.notice, by)
    _put(draft, proposal)
    if draft.corrects_id and not draft.correction_note_zh:
        draft.correction_note_zh, draft.correction_note_en = "按来源更新。", "Updated from the source."
    change_draft(draft, by=by)
    return PROPOSAL.apply(
        proposal, "accept", by=by, data={"notice": proposal.notice_id, "field": proposal.field}
    )


def _put(draft: PolicyNotice, proposal: FieldProposal) -> None:
    if proposal.field == proposing.NEW_ITEM:
        create_item(draft, proposing.columns_of(proposal.value))
        return
    try:
        proposing.put(draft, proposal.field, proposal.value, item=proposal.item)
    except LookupError as error:
        raise ValidationError(
            _("The notice has other items meanwhile: enter this by hand."), code="items"
        ) from error


def decline_proposal(proposal: FieldProposal, *, reason: str, by: Any) -> FieldProposal:
    """Leave the notice as it is; the same value is not proposed again."""
    return PROPOSAL.apply(
        proposal,
        "decline",
        by=by,
        reason=reason,
        data={"notice": proposal.notice_id, "field": proposal.field},
    )


def _draft_of(notice: PolicyNotice, by: Any) -> PolicyNotice:
    if notice.state in EDITABLE_STATES:
        return notice
    if notice.state != State.PUBLISHED:
        raise ValidationError(_("The notice can be changed neither directly nor by a correction."))
    correction = notice.corrections.filter(state__in=OPEN_STATES).first()
    if correction is None:
        return begin_correction(notice, by=by)
    if correction.state not in EDITABLE_STATES:
        raise ValidationError(_("A correction of this notice is in review: wait until it is settled."))
    return correction
