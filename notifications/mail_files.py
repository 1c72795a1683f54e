"""Mails that were written to files because no mail server is set, for reading at the desk.

Only where the portal runs for its own machine: EMAIL_URL is empty and PUBLIC_URL is plain http on loopback.
"""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

FILES = "django.core.mail.backends.filebased.EmailBackend"
# Django's file backend ends each message with this line.
_END = b"-" * 79
LONGEST = 200


@dataclass(frozen=True)
class WrittenMail:
    """One mail of one file; `key` finds it again."""

    key: str
    to: str
    subject: str
    at: datetime | None
    text: str


def are_kept() -> bool:
    """Tell whether mails go to files here and may be read at the desk."""
    return settings.EMAIL_BACKEND == FILES and not settings.HTTPS


def newest() -> list[WrittenMail]:
    """Return up to 200 mails, the newest first."""
    found: list[WrittenMail] = []
    for path in sorted(_files(), key=lambda path: (path.stat().st_mtime, path.name), reverse=True):
        found += reversed(list(_mails_of(path)))
        if len(found) >= LONGEST:
            break
    return found[:LONGEST]


def find(key: str) -> WrittenMail | None:
    """Return the mail with this key; None when there is none (any more)."""
    name = key.partition(":")[0]
    # The name is compared with what is there, never joined to a path.
    for path in _files():
        if path.name == name:
            return next((mail for mail in _mails_of(path) if mail.key == key), None)
    return None


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return list(folder.glob("*.log")) if are_kept() and folder.is_dir() else []


def _mails_of(path: Path) -> Iterator[WrittenMail]:
    parts = path.read_bytes().split(b"\n" + _END + b"\n")
    for number, part in enumerate(part for part in parts if part.strip()):
        yield _read(f"{path.name}:{number}", part)


def _read(key: str, raw: bytes) -> WrittenMail:
    message = email.message_from_bytes(raw.lstrip(), policy=default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return WrittenMail(
        key=key,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=_moment(str(message["Date"])) if message["Date"] else None,
        text=str(body.get_content()) if body else "",
    )


def _moment(header: str) -> datetime:
    """Read a date; one of unknown zone (-0000) is in UTC."""
    at = parsedate_to_datetime(header)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
