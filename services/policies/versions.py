"""Keep what was published, exactly, as an unalterable snapshot."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from services.policies import attachments
from services.policies.models import NoticeVersion, PolicyNotice

NOTICE_FIELDS = (
    "slug", "kind", "level", "region", "title_zh", "title_en", "issuer_zh", "issuer_en", "document_number",
    "summary_zh", "summary_en", "body_zh", "issued_on", "issued_precision", "effective_from",
    "effective_from_precision", "effective_to", "is_ended", "to_be_verified", "confidence", "sources",
    "source_quality", "evidence", "targets", "contact",
)  # fmt: skip
ITEM_FIELDS = (
    "position", "kind", "title_zh", "title_en", "max_fen", "rate_percent", "pool_fen", "amount_note_zh",
    "amount_note_en", "delivery", "handed", "is_open_all_year", "opens_on", "closes_on", "window_note_zh",
    "window_note_en", "steps_zh", "steps_en", "apply_url", "criteria",
)  # fmt: skip


def snapshot(notice: PolicyNotice) -> dict[str, Any]:
    """Give everything a reader sees of a notice and its items, as JSON values."""
    found = model_to_dict(notice, fields=NOTICE_FIELDS)
    found["items"] = [
        {
            **model_to_dict(item, fields=ITEM_FIELDS),
            "version": item.version,
            # The same item in every version, also in the draft of a correction.
            "item": item.corrects_id or item.pk,
        }
        for item in notice.items.all()
    ]
    found["attachments"] = attachments.for_snapshot(notice)
    return _plain(found)


def keep(notice: PolicyNotice, *, by: Any, **about: Any) -> NoticeVersion:
    """Store the present content under the notice's version number; raises IntegrityError if it is taken.

    `about` are the note and the mark of a correction.
    """
    return NoticeVersion.objects.create(
        notice=notice, number=notice.version, snapshot=snapshot(notice), published_by=by, **about
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | None) else DjangoJSONEncoder().default(value)
