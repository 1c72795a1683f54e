"""The files of a notice: which are taken, how many, and what a page shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation

from core import nested
from core.filetypes import FileRefused, Purpose
from services.policies.models import NoticeAttachment, PolicyNotice

PURPOSE = Purpose("policies.attachment", max_megabytes=20)
MOST = 20
_COLUMNS = (
    "id",
    "title_zh",
    "title_en",
    *(f"file__{name}" for name in ("id", "key", "name", "size", "scan")),
)


@dataclass(frozen=True)
class Shown:
    """One file on a page: its title, its kind as an ending, its size in bytes.

    `url` is empty while the file may not be opened; `scan` is a value of `StoredFile.Scan`, and says why.
    `lang` marks a title in another language than the page.
    """

    key: str
    title: str
    lang: str
    kind: str
    size: int
    scan: str
    url: str


def check_room(notice: PolicyNotice) -> None:
    """Raise FileRefused when a notice holds as many files as it may."""
    if notice.attachments.current().count() >= MOST:
        raise FileRefused("too_many", count=MOST)


def public_url(row: NoticeAttachment) -> str:
    return reverse("policies:attachment", args=[row.notice.slug, row.file.key])


def with_files(notices: QuerySet[PolicyNotice]) -> QuerySet[PolicyNotice]:
    """Read with each notice its present files; `of` gives them."""
    rows = NoticeAttachment.objects.current().filter(notice=OuterRef("pk"))
    return notices.annotate(files=nested.gathered(rows, *_COLUMNS))


def of(notice: PolicyNotice, link: Callable[[NoticeAttachment], str]) -> list[Shown]:
    """Make the files of a notice of `with_files` ready for a page, as `shown` does; no query."""
    rows = nested.rows(NoticeAttachment, notice.files)  # type: ignore[attr-defined]  # gathered with it
    for row in rows:
        row.notice = notice
    return shown(rows, link)


def shown(rows: Iterable[NoticeAttachment], link: Callable[[NoticeAttachment], str]) -> list[Shown]:
    """Make rows ready for a page; their files come loaded. `link` names the door of the one who asks."""
    return [_shown(row, row.title_zh, row.title_en, link) for row in rows]


def of_snapshot(notice: PolicyNotice, snapshot: Mapping[str, Any]) -> list[Shown]:
    """Give the files a version named, with the titles of that time; one query, none where it named none."""
    named = snapshot.get("attachments") or []
    if not named:
        return []
    rows = {row.file.key: row for row in notice.attachments.select_related("file")}
    return [
        _shown(rows[one["key"]], one["title_zh"], one["title_en"], public_url)
        for one in named
        if one["key"] in rows
    ]


def for_snapshot(notice: PolicyNotice) -> list[dict[str, Any]]:
    """Give the files as a snapshot keeps them; the bytes stay in the storage under their key."""
    return [
        {
            "key": row.file.key,
            "name": row.file.name,
            "size": row.file.size,
            "sha256": row.file.sha256,
            "title_zh": row.title_zh,
            "title_en": row.title_en,
        }
        for row in notice.attachments.current()
    ]


def _shown(
    row: NoticeAttachment, title_zh: str, title_en: str, link: Callable[[NoticeAttachment], str]
) -> Shown:
    english = translation.get_language() == "en"
    title = (title_en if english else "") or title_zh or row.file.name
    return Shown(
        row.file.key,
        title,
        "zh-Hans" if english and not title_en and not title.isascii() else "",
        PurePosixPath(row.file.name).suffix.removeprefix(".").upper(),
        row.file.size,
        row.file.scan,
        link(row) if row.file.may_be_opened else "",
    )
