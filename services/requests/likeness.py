"""Whether something like this was asked before: a hint for owners, a suspicion where nobody signed in."""

import hashlib
from datetime import datetime, timedelta

from core import text
from enterprises.models import Enterprise
from services.catalogue.models import Offering
from services.requests.models import ServiceRequest, State, Suspicion

HINT_DAYS = 90
SAME_TEXT_DAYS = 7
SAME_TEXT_TIMES = 2  # the third time the same words come without an account, someone looks first
# So many of an enterprise's latest questions are compared.
_LOOKED_AT = 50
_GONE = (State.WITHDRAWN, State.REFUSED)


def asked_before(
    offering: Offering | None, enterprise: Enterprise | None, at: datetime, *, subject: str = ""
) -> ServiceRequest | None:
    """Return the enterprise's newest request for this offering of the last 90 days that still counts.

    A question, which has no offering, is the same by its subject, whatever its width, case and spacing.
    """
    if enterprise is None or not (offering or subject):
        return None
    rows = ServiceRequest.objects.submitted().filter(offering=offering, enterprise=enterprise)
    recent = rows.filter(submitted_at__gte=at - timedelta(days=HINT_DAYS)).exclude(state__in=_GONE)
    newest = recent.order_by("-id")
    if offering is not None:
        return newest.first()
    return next((row for row in newest[:_LOOKED_AT] if _plain(row.subject) == _plain(subject)), None)


def text_hash(subject: str, body: str) -> str:
    """Return a hash that stays the same whatever the width, case and spacing of the words."""
    return hashlib.sha256(_plain(f"{subject}{body}").encode()).hexdigest()


def _plain(words: str) -> str:
    return "".join(c for c in text.normal(words).casefold() if c.isalnum())


def suspicion(hashed: str, at: datetime, *, trapped: bool) -> str:
    """Return why a question without an account may be spam; '' when nothing says so."""
    if trapped:
        return Suspicion.TRAP
    since = at - timedelta(days=SAME_TEXT_DAYS)
    times = ServiceRequest.objects.same_text(hashed, since).count()
    return Suspicion.SAME_TEXT if times >= SAME_TEXT_TIMES else ""
