"""Where a new request goes: its queue, its priority, its reference number."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from services.requests import sla
from services.requests.models import Priority, ServiceRequest, ServiceRequestQuerySet

HURRIED_DAYS = 2  # promised within so few working days, a request stands in front of others
_NEXT = """
INSERT INTO core_counter AS c (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = c.last + 1
RETURNING last
"""


def queue(service_request: ServiceRequest) -> dict[str, Any]:
    """Return the fields of the queue: catalogue group × region of the enterprise."""
    offering, enterprise = service_request.offering, service_request.enterprise
    return {
        "group": offering.group if offering else service_request.group,
        "region_id": enterprise.region_id if enterprise else service_request.region_id,
    }


def priority(service_request: ServiceRequest, *, was_reopened: bool = False) -> Priority:
    """Return high for what was reopened or promised within two working days, else normal."""
    hurried = was_reopened or sla.turnaround(service_request) <= HURRIED_DAYS
    return Priority.HIGH if hurried else Priority.NORMAL


def next_reference(day: date) -> str:
    """Give out the next reference number of a day (QD-260922-0417); unused when the transaction fails.

    Call it inside the transaction of the submission: the day's counter stays locked until its end, so
    numbers have no gaps and nobody gets one twice.
    """
    stamp = f"{day:%y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [f"requests:{stamp}"])
        return f"QD-{stamp}-{cursor.fetchone()[0]:04d}"


def tidy_reference(typed: str) -> str:
    """Bring a reference as people type or read it aloud into its form (qd260922 417 is not guessed at)."""
    letters = "".join(c for c in typed.upper().translate(_WIDE) if c.isascii() and c.isalnum())
    if len(letters) >= 12 and letters.startswith("QD") and letters[2:].isdecimal():
        return f"QD-{letters[2:8]}-{letters[8:]}"
    return ""


_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)}


def looked_for(rows: ServiceRequestQuerySet, words: str) -> ServiceRequestQuerySet:
    """Leave the rows with this reference, or with these words in subject or service; all without words."""
    if not words:
        return rows
    if reference := tidy_reference(words):
        return rows.filter(reference=reference)
    service = Q(offering__name_zh__icontains=words) | Q(offering__name_en__icontains=words)
    return rows.filter(Q(subject__icontains=words) | service)
