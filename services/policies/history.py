"""Show what a notice said before: each version with what it changed, and one version as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from services.policies import attachments, comparing, sheet
from services.policies.comparing import Change
from services.policies.models import NoticeVersion, PolicyItem, PolicyNotice
from services.policies.sheet import Sheet

# So many versions are compared on the page of a notice; older ones are linked.
COMPARED = 10


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
    versions = list(notice.versions.all()[: COMPARED + 1])
    before: list[NoticeVersion | None] = [*versions[1:], None]
    return [
        Step(
            version.number,
            version.published_at,
            reverse("policies:version", args=[notice.slug, version.number]),
            version.note,
            comparing.changes(older.snapshot, version.snapshot) if older else [],
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
