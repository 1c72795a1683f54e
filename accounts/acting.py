"""A member of staff looks at the portal as a person of an enterprise does: only looks, and not in secret.

What is remembered stands in the session of the member of staff; the right to it is asked anew for every page.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User

KEY = "acting"
PERMISSION = "accounts.act_as"


@dataclass(frozen=True)
class Acting:
    """Who looks as whom, and until when; `back` is the page of the desk it began on."""

    staff: Any
    person: User
    until: datetime
    back: str

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.until


def may_be_looked_at(person: User) -> bool:
    """Tell whether a person's pages may be looked at: nobody of the staff, no closed account."""
    return person.is_active and not person.is_staff and not person.is_superuser


def remember(session: MutableMapping[str, Any], person: User, until: datetime, back: str) -> None:
    session[KEY] = {"person": person.pk, "until": until.isoformat(), "back": back}


def forget(session: MutableMapping[str, Any]) -> None:
    session.pop(KEY, None)


def read(session: MutableMapping[str, Any], staff: Any) -> Acting | None:
    """Return who is looked at in a session, its time over or not; None when nobody is, or may be."""
    kept = session.get(KEY)
    if not kept or not staff.has_perm(PERMISSION):
        return None
    person = User.objects.filter(pk=kept["person"]).first()
    until = parse_datetime(kept["until"])
    if person is None or until is None or not may_be_looked_at(person):
        return None
    return Acting(staff, person, until, kept["back"])
