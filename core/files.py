"""Uploaded files: taken in, kept outside the web root under random names, served only after a malware scan.

A file has no page of its own: each room asks its own rights and then calls `serve`. Nobody else opens the
storage. Bytes are written before the row; bytes without a row and rows nothing points at are swept.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.http import Http404, StreamingHttpResponse

from core import audit, calendar, filetypes, wake
from core.filetypes import PAPERS, SCANS, FileRefused, Purpose
from core.models import StoredFile

__all__ = ["PAPERS", "SCANS", "FileRefused", "Purpose", "accept", "discard", "open_content", "serve", "sweep"]

logger = logging.getLogger(__name__)
SCAN = "core.scan_pending"
KEEP_LOOSE = timedelta(days=1)
_FOLDER = "files"
_CHUNK = 64 * 1024
# The answer of an uploaded page must not act as one of ours, whatever it is taken for.
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def accept(upload: Any, *, purpose: Purpose, by: Any) -> StoredFile:
    """Keep an uploaded file and return its row, waiting for the scanner; raise FileRefused with words.

    `upload` is a Django UploadedFile; `by` the person, or None for a visitor. Call it outside a longer
    transaction: when that is rolled back, the bytes stay until the next sweep. When there is no space, no
    row and no partial file are left behind.
    """
    name = filetypes.clean_name(upload.name or "")
    if cut := getattr(upload, "was_cut", ""):
        raise FileRefused(cut, name, limit=purpose.max_megabytes)
    kind = filetypes.check(upload, name=name, size=upload.size, purpose=purpose)
    key = secrets.token_hex(16)
    digest = _write(key, upload, name)
    try:
        with transaction.atomic():
            stored = StoredFile.objects.create(
                key=key,
                name=name,
                purpose=purpose.code,
                content_type=kind.content_type,
                size=upload.size,
                sha256=digest,
                uploaded_by=by,
                scan=StoredFile.Scan.PENDING if is_scanned() else StoredFile.Scan.SKIPPED,
            )
            wake.knock(SCAN)
    except BaseException:
        default_storage.delete(_path(key))
        raise
    return stored


def is_scanned() -> bool:
    """Tell whether a file waits for a scanner; without one it waits too, unless the setting trusts it."""
    return bool(settings.CLAMD_URL) or not settings.TRUST_UNSCANNED_FILES


def open_content(stored: StoredFile) -> IO[bytes]:
    """Open the bytes of a file for reading, whatever its scan said; for the scanner and for exports."""
    content: IO[bytes] = default_storage.open(_path(stored.key), "rb")
    return content


def serve(stored: StoredFile) -> StreamingHttpResponse:
    """Answer with a file as a download; the caller has checked who asks.

    A file that is not through the scan, or whose bytes are lost, is a 404. Never shown inside a page,
    never kept by a shared cache.
    """
    if not stored.may_be_opened:
        raise Http404
    if not default_storage.exists(_path(stored.key)):
        logger.error("stored file %s has lost its bytes", stored.pk)
        raise Http404
    response = StreamingHttpResponse(_chunks(stored), content_type=stored.content_type)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = disposition(stored.name)
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """Return the header of a download by RFC 6266: the whole name, and a plain one for old programs."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def discard(stored: StoredFile) -> None:
    """Delete a file nothing points at any more: its row now, its bytes once that is certain."""
    key = stored.key
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(_path(key)), robust=True)


def sweep() -> int:
    """Delete rows no room points at, and bytes without a row, once they are a day old; return how many.

    Safe to run twice or beside uploads: what is younger is left alone.
    """
    before = calendar.now() - KEEP_LOOSE
    loose = StoredFile.objects.filter(uploaded_at__lt=before)
    for pointer in _pointers():
        pointing = pointer.model._base_manager.filter(**{pointer.attname: models.OuterRef("pk")})
        loose = loose.exclude(models.Exists(pointing))
    rows = list(loose[:500])
    for row in rows:
        discard(row)
    return len(rows) + sum(_sweep_folder(folder, before) for folder in _folders())


def flag_infected(stored: StoredFile, threat: str) -> None:
    """Record that the scanner found something; the rooms tell their owners from the row's state."""
    changed = StoredFile.objects.filter(pk=stored.pk).exclude(scan=StoredFile.Scan.INFECTED)
    with transaction.atomic():
        if changed.update(scan=StoredFile.Scan.INFECTED, threat=threat[:200], scanned_at=calendar.now()):
            audit.record(stored, "found_infected", by=None, before=stored.scan, after="infected")


def _chunks(stored: StoredFile) -> Iterator[bytes]:
    """Open the bytes only once somebody reads them, and close them whatever happens to the reader."""
    with open_content(stored) as content:
        while chunk := content.read(_CHUNK):
            yield chunk


def _pointers() -> list[Any]:
    """Return every foreign key by which a room points at a file, hidden ones included."""
    relations = StoredFile._meta.get_fields(include_hidden=True)
    return [one.field for one in relations if isinstance(one, models.ManyToOneRel)]


def _write(key: str, upload: File, name: str) -> str:
    """Write the bytes and return their SHA-256; leave nothing behind when they do not fit."""
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    try:
        default_storage.save(_path(key), upload)
    except OSError as trouble:
        logger.error("no room for an uploaded file: %s", trouble)
        _forget(key)
        raise FileRefused("no_space", name) from trouble
    return digest.hexdigest()


def _forget(key: str) -> None:
    try:
        default_storage.delete(_path(key))
    except OSError as trouble:
        logger.error("a partial file stays until the sweep: %s", trouble)


def _path(key: str) -> str:
    return f"{_FOLDER}/{key[:2]}/{key}"


def _folders() -> Iterable[str]:
    try:
        return [f"{_FOLDER}/{name}" for name in default_storage.listdir(_FOLDER)[0]]
    except FileNotFoundError:
        return []


def _sweep_folder(folder: str, before: Any) -> int:
    names = default_storage.listdir(folder)[1]
    known = set(StoredFile.objects.filter(key__in=names).values_list("key", flat=True))
    strays = [f"{folder}/{name}" for name in names if name not in known]
    old = [path for path in strays if default_storage.get_modified_time(path) < before]
    for path in old:
        default_storage.delete(path)
    return len(old)
