"""The look for malware: clamd's INSTREAM protocol, and the drain that asks it about every file that waits.

A file is taken by a lease in its row, scanned outside the transaction, and settled by a write that only a
file still in the state it was taken in receives. A scanner that is down, slow or confused leaves the file
waiting, private, and is asked again later with growing pauses.
"""

import logging
import socket
import struct
from datetime import timedelta
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from core import calendar, files
from core.models import StoredFile

logger = logging.getLogger(__name__)
AT_ONCE = 200
LEASE = timedelta(minutes=5)
RESCAN_AFTER = timedelta(days=30)
LONGEST_PAUSE_SECONDS = 3600
_CHUNK = 64 * 1024
_ANSWER = 4096
Scan = StoredFile.Scan


class ScannerTrouble(Exception):
    """The scanner gave no verdict: not there, too slow, or an answer nobody understands."""


def scan_stream(content: IO[bytes]) -> str:
    """Ask clamd about these bytes; return the name of what it found, '' when clean.

    Raises ScannerTrouble when there is no verdict. CLAMD_URL is tcp://host:3310 or unix:///path.
    """
    try:
        with _connection() as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
            answer = _read_answer(line)
    except OSError as trouble:
        raise ScannerTrouble(str(trouble)) from trouble
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND") or "unnamed"
    raise ScannerTrouble(answer[:100] or "no answer")


def scan_pending() -> int:
    """Scan what waits, and again what was found clean long ago; return how many got a verdict."""
    if not settings.CLAMD_URL:
        return _without_scanner()
    done = 0
    for number in _due():
        stored = _take(number)
        if stored is None:
            continue
        if not _settle(stored):
            break  # the next file would meet the same trouble
        done += 1
    return done


def _due() -> list[int]:
    """Return the numbers of files whose turn it is: waiting ones first, then those to be looked at again."""
    now = calendar.now()
    again = Q(scan=Scan.CLEAN, scanned_at__lt=now - RESCAN_AFTER)
    waiting = StoredFile.objects.filter(Q(scan__in=(Scan.PENDING, Scan.SKIPPED)) | again, scan_after__lte=now)
    first = waiting.order_by((F("scanned_at")).asc(nulls_first=True), "pk")
    return list(first.values_list("pk", flat=True)[:AT_ONCE])


def _take(number: int) -> StoredFile | None:
    """Take one file for the length of the lease; None when another worker was faster."""
    now = calendar.now()
    with transaction.atomic():
        row = (
            StoredFile.objects.select_for_update(skip_locked=True)
            .filter(pk=number, scan_after__lte=now)
            .exclude(scan=Scan.INFECTED)
            .first()
        )
        if row is None:
            return None
        row.scan_tries += 1
        row.scan_after = now + LEASE
        row.save(update_fields=["scan_tries", "scan_after"])
        return row


def _settle(stored: StoredFile) -> bool:
    try:
        with files.open_content(stored) as content:
            threat = scan_stream(content)
    except FileNotFoundError:
        logger.error("stored file %s has lost its bytes and cannot be scanned", stored.pk)
        return True
    except ScannerTrouble as trouble:
        logger.warning("scanner gave no verdict: %s", trouble)
        pause = min(30 * 2 ** min(stored.scan_tries, 10), LONGEST_PAUSE_SECONDS)
        StoredFile.objects.filter(pk=stored.pk).update(scan_after=calendar.now() + timedelta(seconds=pause))
        return False
    if threat:
        logger.warning("stored file %s is infected: %s", stored.pk, threat)
        files.flag_infected(stored, threat)
        return True
    now = calendar.now()
    StoredFile.objects.filter(pk=stored.pk, scan=stored.scan).update(
        scan=Scan.CLEAN, scanned_at=now, scan_after=now, scan_tries=0
    )
    return True


def _without_scanner() -> int:
    """Let waiting files through where the setting trusts them; else they go on waiting."""
    if not settings.TRUST_UNSCANNED_FILES:
        return 0
    return StoredFile.objects.filter(scan=Scan.PENDING).update(scan=Scan.SKIPPED)


def _connection() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(settings.CLAMD_TIMEOUT_SECONDS)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection(
        (address.hostname or "127.0.0.1", address.port or 3310), timeout=settings.CLAMD_TIMEOUT_SECONDS
    )


def _read_answer(line: socket.socket) -> str:
    answer = b""
    while len(answer) < _ANSWER and (part := line.recv(_ANSWER)):
        answer += part
        if answer.endswith(b"\0"):
            break
    return answer.rstrip(b"\0\n").decode(errors="replace")
