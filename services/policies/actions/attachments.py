"""Add a file to a draft, word it, take it out again; and what a correction does with the files."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core import audit, files
from core.lifecycle import TransitionRefused
from services.policies import attachments
from services.policies.lifecycle import EDITABLE_STATES
from services.policies.models import NoticeAttachment, PolicyNotice


def attach(
    notice: PolicyNotice, upload: Any, *, title_zh: str = "", title_en: str = "", by: Any
) -> NoticeAttachment:
    """Keep a file with a draft; raise `core.files.FileRefused` with words.

    Raises TransitionRefused once the notice is out of its author's hands. Publishers may.
    """
    _check_in_hand(notice, "attach")
    attachments.check_room(notice)
    stored = files.accept(upload, purpose=attachments.PURPOSE, by=by)
    with transaction.atomic():
        _lock(notice, "attach")
        last = notice.attachments.aggregate(last=Max("position"))["last"] or 0
        row = NoticeAttachment.objects.create(
            notice=notice,
            file=stored,
            position=last + 1,
            title_zh=title_zh,
            title_en=title_en,
            added_by=by,
        )
        audit.record(notice, "attach", by=by, data={"attachment": row.pk, "sha256": stored.sha256})
    return row


@transaction.atomic
def detach(attachment: NoticeAttachment, *, by: Any) -> None:
    """Take a file out of a draft; its bytes go with it unless another notice shows them.

    Raises TransitionRefused once the notice is out of its author's hands. Publishers may.
    """
    _lock(attachment.notice, "detach")
    stored = attachment.file
    audit.record(
        attachment.notice, "detach", by=by, data={"attachment": attachment.pk, "sha256": stored.sha256}
    )
    attachment.delete()
    if not NoticeAttachment.objects.filter(file=stored).exists():
        files.discard(stored)


def copy_attachments(source: PolicyNotice, target: PolicyNotice, *, by: Any) -> None:
    """Let the draft of a correction begin with the files of its notice."""
    NoticeAttachment.objects.bulk_create(
        NoticeAttachment(
            notice=target,
            file=row.file,
            position=row.position,
            title_zh=row.title_zh,
            title_en=row.title_en,
            added_by=by,
        )
        for row in source.attachments.current()
    )


def take_over_attachments(notice: PolicyNotice, draft: PolicyNotice) -> None:
    """Make the files of a correction those of its notice; what it left out is withdrawn, not deleted."""
    wanted = {row.file_id: row for row in draft.attachments.current()}
    notice.attachments.current().exclude(file__in=list(wanted)).update(withdrawn_at=timezone.now())
    for row in wanted.values():
        NoticeAttachment.objects.update_or_create(
            notice=notice,
            file=row.file,
            defaults={
                "position": row.position,
                "title_zh": row.title_zh,
                "title_en": row.title_en,
                "added_by_id": row.added_by_id,
                "withdrawn_at": None,
            },
        )


def _lock(notice: PolicyNotice, verb: str) -> None:
    _check_in_hand(PolicyNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk), verb)


def _check_in_hand(notice: PolicyNotice, verb: str) -> None:
    if notice.state not in EDITABLE_STATES:
        raise TransitionRefused("state", verb, notice.state)
