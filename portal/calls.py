"""Who makes a call: the staff in whose region the enterprise lies; without one, everybody who makes calls."""

from typing import Any

from django.db import transaction

from core import calendar
from enterprises.models import Enterprise, StaffScope, region_prefix
from notifications.models import ContactTask
from portal.notifications import tell_of_call
from services.requests import parties

AT_ONCE = 200


def hand_out() -> int:
    """Tell the specialists of each call nobody was told of yet; return how many. Safe late or twice."""
    waiting = ContactTask.objects.filter(state=ContactTask.State.OPEN, handed_out_at=None).order_by("pk")
    return sum(_hand_out(number) for number in waiting.values_list("pk", flat=True)[:AT_ONCE])


def specialists(enterprise: Enterprise | None) -> list[Any]:
    """Return who makes calls for the region of this enterprise, or all who make calls where nobody has it."""
    callers = list(parties.staff_with("settle_contact", label="notifications"))
    if enterprise is None:
        return callers
    scopes = StaffScope.objects.filter(user__in=callers, region__isnull=False)
    near = {
        scope.user_id
        for scope in scopes
        if scope.region_id and (enterprise.region_id or "").startswith(region_prefix(scope.region_id))
    }
    return [person for person in callers if person.pk in near] or callers


@transaction.atomic
def _hand_out(number: int) -> bool:
    rows = ContactTask.objects.filter(pk=number, state=ContactTask.State.OPEN, handed_out_at=None)
    task = rows.select_related("recipient").select_for_update(of=("self",), skip_locked=True).first()
    if task is None:
        return False
    enterprise = Enterprise.objects.filter(pk=task.enterprise_id).first() if task.enterprise_id else None
    tell_of_call(task, specialists(enterprise), enterprise=enterprise.name if enterprise else "")
    task.handed_out_at = calendar.now()
    task.save(update_fields=["handed_out_at"])
    return True
