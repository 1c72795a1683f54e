import hashlib
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DataError
from django.http import Http404
from django.utils import timezone

from core import files
from core.files import FileRefused
from core.models import StoredFile
from tests import source
from tests.factories.accounts import UserFactory
from tests.factories.files import PDF, PURPOSE, stored, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        }
    }


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "media").rglob("*") if path.is_file())


def test_a_file_is_kept_under_a_random_name_with_its_hash(tmp_path: Path) -> None:
    li = UserFactory()

    row = files.accept(upload("../营业执照.pdf"), purpose=PURPOSE, by=li)

    assert kept(tmp_path) == [row.key]
    assert len(row.key) == 32
    assert (row.name, row.size, row.content_type) == ("营业执照.pdf", len(PDF), "application/pdf")
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (row.uploaded_by, row.purpose) == (li, "tests")
    with files.open_content(row) as content:
        assert content.read() == PDF


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="content"):
        files.accept(upload("a.pdf", b"<html>"), purpose=PURPOSE, by=None)

    assert StoredFile.objects.count() == 0
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "trusted", "scan"),
    [
        ("", True, "skipped"),
        ("", False, "pending"),
        ("tcp://127.0.0.1:1", True, "pending"),
        ("tcp://127.0.0.1:1", False, "pending"),
    ],
)
def test_a_file_waits_for_its_scan_unless_there_is_none_to_wait_for(
    settings: Any, url: str, trusted: bool, scan: str
) -> None:
    settings.CLAMD_URL, settings.TRUST_UNSCANNED_FILES = url, trusted

    assert files.accept(upload(), purpose=PURPOSE, by=None).scan == scan


@contextmanager
def no_room() -> Iterator[None]:
    """Let this process write no more than ten bytes into a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_row_and_no_partial_file(tmp_path: Path) -> None:
    with no_room(), pytest.raises(FileRefused, match="no_space"):
        files.accept(upload(), purpose=PURPOSE, by=None)

    assert StoredFile.objects.count() == 0
    assert kept(tmp_path) == []
    assert files.accept(upload(), purpose=PURPOSE, by=None).size == len(PDF)


def test_a_row_that_cannot_be_written_leaves_no_bytes(tmp_path: Path) -> None:
    endless = files.Purpose("x" * 61)

    with pytest.raises(DataError):
        files.accept(upload(), purpose=endless, by=None)

    assert kept(tmp_path) == []


@pytest.mark.parametrize("scan", ["clean", "skipped"])
def test_a_download_is_an_attachment_that_can_do_nothing(scan: str) -> None:
    answer = files.serve(stored(scan=scan, name="营业 执照.pdf"))

    assert b"".join(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"_____.pdf\"; filename*=UTF-8''%E8%90%A5%E4%B8%9A%20%E6%89%A7%E7%85%A7.pdf"
    )
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_what_is_not_through_the_scan_is_never_served(scan: str) -> None:
    with pytest.raises(Http404):
        files.serve(stored(scan=scan))


def test_a_file_whose_bytes_are_lost_is_not_found() -> None:
    row = stored()
    Path(default_storage.path(f"files/{row.key[:2]}/{row.key}")).unlink()

    with pytest.raises(Http404):
        files.serve(row)


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_old_loose_rows_and_old_stray_bytes_alone(tmp_path: Path) -> None:
    old, young = stored(), stored()
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    strays = [default_storage.save(f"files/ab/{name}", upload()) for name in ("old-stray", "young-stray")]
    two_days_ago = timezone.now().timestamp() - 2 * 86400
    os.utime(default_storage.path(strays[0]), (two_days_ago, two_days_ago))

    assert files.sweep() == 2
    assert files.sweep() == 0

    assert list(StoredFile.objects.all()) == [young]
    assert kept(tmp_path) == sorted([young.key, "young-stray"])


def test_nobody_else_opens_the_storage() -> None:
    """C-23: bytes leave by `core.files` alone, so no room can forget to ask whether they were scanned.

    What the portal writes itself for everybody (`core.generated`) never came from outside.
    """
    opening = ("default_storage", "FileSystemStorage(", "storages[", "get_storage_class", ".FileField(upload")

    found = [
        name for name, text in source.texts() if _is_ours(name) and any(word in text for word in opening)
    ]

    assert found == ["core/files.py", "core/generated.py"]


def _is_ours(name: str) -> bool:
    return name.endswith(".py") and not name.startswith("tests/")
