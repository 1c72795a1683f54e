"""How often something may be done: counted in the database, so that losing Redis loosens nothing.

A window is fixed: it begins with the first try and ends `seconds` later by the database's clock. A try is
counted whatever becomes of the transaction it happens in only if the door commits; doors count before they
open a transaction of their own.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from core import alive
from core.models import Limit

_COUNT = """
INSERT INTO core_limit AS l (key, used, ends_at)
SELECT %(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s){waiting}
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN l.ends_at <= clock_timestamp() THEN 1 ELSE l.used + 1 END,
    ends_at = CASE WHEN l.ends_at <= clock_timestamp()
        THEN clock_timestamp() + make_interval(secs => %(seconds)s) ELSE l.ends_at END
RETURNING used, ends_at
"""
# Nobody waits until a count alone is on the disk: a crash of the database forgets the tries of less than a
# second. Within a transaction of the door it would hold for the whole of it, so there it is not said.
_AT_ONCE = " FROM set_config('synchronous_commit', 'off', true)"


@dataclass(frozen=True)
class Allowed:
    """Whether one more try is allowed, and when the next one will be (None when it is allowed now)."""

    ok: bool
    retry_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.ok

    @property
    def retry_after(self) -> str:
        """Return the whole seconds until the next try is allowed, at least one, as the header wants them."""
        wait = (self.retry_at - timezone.now()).total_seconds() if self.retry_at else 0
        return str(max(1, ceil(wait)))


def allow(key: str, *, times: int, seconds: int) -> Allowed:
    """Count one try under `key` and tell whether it is within `times` per `seconds`.

    `key` names what is limited and for whom ("questions:203.0.113.7"); it is stored as a hash, so addresses
    do not lie about. Tries at the same instant are counted one by one.
    """
    statement = _COUNT.format(waiting="" if connection.in_atomic_block else _AT_ONCE)

    def count() -> tuple[int, datetime]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"key": _hashed(key), "seconds": seconds})
            return cursor.fetchone()

    used, ends_at = alive.first(count)
    return Allowed(True) if used <= times else Allowed(False, ends_at)


def forget(key: str) -> None:
    """Drop what was counted under `key`, for instance after a right answer."""
    Limit.objects.filter(key=_hashed(key)).delete()


def sweep() -> int:
    """Delete windows that have ended; return how many."""
    return Limit.objects.filter(ends_at__lt=Now()).delete()[0]


def client_address(request: HttpRequest) -> str:
    """Return the address of the visitor as far as it can be trusted.

    With TRUSTED_PROXIES = n the n-th entry from the right of X-Forwarded-For was written by our own
    outermost proxy; whatever stands further left came from the visitor and is ignored. IPv6 visitors are
    named by their /64 network, which one subscriber has to themselves.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(forwarded) >= proxies and forwarded[-proxies]:
            address = forwarded[-proxies]
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _hashed(key: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()
