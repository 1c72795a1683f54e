"""Show what a notice said before: each version with what it changed, and one version as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import JSONField
from django.db.models.expressions import RawSQL
from django.urls import reverse

from services.policies import attachments, comparing, sheet
from services.policies.comparing import Change
from services.policies.models import NoticeVersion, PolicyItem, PolicyNotice
from services.policies.sheet import Sheet

# So many versions are compared on the page of a notice; older ones are linked.
COMPARED = 10
# Of the official text only whether it changed is said, so a mark of it is read in its place.
_WITHOUT_BODY = """
snapshot || jsonb_build_object('body_zh', md5(nullif(snapshot ->> 'body_zh', '')))
"""


@dataclass(frozen=True)
class Step:
    """One published version: the day, its page, the note on it, what it changed against the one before."""

    number: int
    published_at: datetime
    url: str
    note: str
    changes: list[Change]


def steps(notice: PolicyNotice) -> list[Step]:
    """Give the versions of a notice, the newest first; one query. Rows made in bulk may have none."""
    compared = RawSQL(_WITHOUT_BODY, [], output_field=JSONField())  # noqa: S611 - our own constant
    versions = list(notice.versions.defer("snapshot").annotate(compared=compared)[: COMPARED + 1])
    before: list[Any] = [*versions[1:], None]
    return [
        Step(
            version.number,
            version.published_at,
            reverse("policies:version", args=[notice.slug, version.number]),
            version.note,
            comparing.changes(older.compared, version.compared) if older else [],
        )
        for version, older in zip(versions, before, strict=False)
    ]


def as_it_was(version: NoticeVersion, on: date) -> Sheet:
    """Make the page of a notice as this version said it; nothing of it can be claimed from here."""
    notice = _row(PolicyNotice, version.snapshot)
    notice.state = PolicyNotice.State.PUBLISHED
    items = [_row(PolicyItem, raw) for raw in version.snapshot.get("items") or []]
    return sheet.of_rows(notice, items, on, attachments.of_snapshot(version.notice, version.snapshot))


def _row(model: type[Any], raw: Mapping[str, Any]) -> Any:
    """Make an unsaved row of stored values; what cannot be read any more is left out."""
    row = model()
    for field in model._meta.concrete_fields:
        if field.name in raw and (not field.is_relation or field.name == "region"):
            reader = field.target_field if field.is_relation else field
            try:
                setattr(row, field.attname, reader.to_python(raw[field.name]))
            except ValidationError:
                continue
    return row
