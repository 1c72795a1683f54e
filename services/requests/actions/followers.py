"""Let a colleague of the enterprise follow a request, or no longer."""

from typing import Any

from django.db import transaction

from core import audit
from services.requests import notifications, parties
from services.requests.models import Follower, ServiceRequest


@transaction.atomic
def add_follower(service_request: ServiceRequest, person: Any, *, by: Any) -> None:
    """Tell `person` of the request from now on; someone who does not act for the enterprise is left out."""
    if not parties.may_follow(service_request).filter(user=person).exists():
        return
    Follower.objects.get_or_create(service_request=service_request, user=person, defaults={"added_by": by})
    event = audit.record(service_request, "follow", by=by, data={"who": person.pk})
    if person != by:
        notifications.tell_follower(service_request, person, by=by, key=f"event {event.pk}")


@transaction.atomic
def remove_follower(service_request: ServiceRequest, key: str, *, by: Any) -> None:
    """Stop telling the follower whose key this is; any other text is fine and does nothing."""
    found = _following(service_request, key)
    if found is not None:
        audit.record(service_request, "unfollow", by=by, data={"who": found.user_id})
        found.delete()


def is_own_following(service_request: ServiceRequest, key: str, person: Any) -> bool:
    """Tell whether this key is the person's own following, which anybody may end, readers too."""
    found = _following(service_request, key)
    return found is not None and found.user_id == person.pk


def _following(service_request: ServiceRequest, key: str) -> Follower | None:
    rows = Follower.objects.filter(service_request=service_request)
    return next((one for one in rows if str(one.key) == key), None)
