"""Saved searches as they are kept, and what their readers were told."""

from django.http import QueryDict

from accounts.models import User
from notifications.models import Notification
from services.policies import actions
from services.policies.forms import filters
from services.policies.models import SavedSearch


def keep(address: str, *, by: User | None = None, frequency: str = "instant", to: str = "") -> SavedSearch:
    """Keep a search written as the address of the list; one of an address is confirmed."""
    query = filters.read(QueryDict(address), sort="newest")
    search = actions.follow(
        query,
        written=filters.write(query),
        name=address or "all",
        frequency=frequency,
        by=by,
        address=to,
        language="en",
    )
    actions.confirm(search)
    return search


def told(kind: str = "search_found") -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind=f"policies.{kind}").order_by("pk")
    return sorted((row.recipient.email if row.recipient else row.address, row.subject_code) for row in rows)
