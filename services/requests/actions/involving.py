"""Tasks for colleagues beside whoever holds a request: give, answer, decline, call back, remind.

The enterprise's side reads nothing of it: for it the request has one state and one person in charge.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from core.lifecycle import TransitionRefused
from services.requests import notifications, staffing
from services.requests.actions.row import locked_row, needs_triage, why_not
from services.requests.lifecycle import ASSIGN, ASSIGNMENT
from services.requests.models import Assignment, ServiceRequest
from services.requests.staffing import NobodyThere


@transaction.atomic
def involve(
    service_request: ServiceRequest, to: Any, task: str, due_on: date | None = None, *, by: Any
) -> Assignment:
    """Give a colleague, of any region and group, a task in an open request; whoever is away is stood in for.

    Without a day the task is due with the request. Raises ValidationError for someone away or without room,
    and for a day that has passed.
    """
    needs_triage(by)
    row = locked_row(service_request)
    if not row.is_open:
        raise TransitionRefused("state", "involve", row.state)
    if due_on is not None and due_on < calendar.today():
        raise ValidationError({"due_on": _("This day has passed.")})
    try:
        taker = staffing.place_task(to, calendar.today())
    except NobodyThere as refused:
        raise ValidationError({"to": why_not(refused)}) from refused
    assignment = Assignment.objects.create(
        service_request=row,
        holder=taker,
        assigned_by=by,
        state=Assignment.State.GIVEN,
        task=task,
        due_at=calendar.end_of(due_on) if due_on else row.due_at,
    )
    audit.record(row, "involve", by=by, data={"to": taker.pk, "assignment": assignment.pk})
    notifications.tell_of_task(
        notifications.TASK_GIVEN, assignment, [taker], instead_of="" if taker == to else str(to)
    )
    return assignment


@transaction.atomic
def answer(assignment: Assignment, text: str, *, by: Any) -> Assignment:
    """Answer a task; whoever gave it and whoever holds the request read it. Only its own person may."""
    _only_its_own(assignment, by)
    return _settle(assignment, "answer", text, by=by)


@transaction.atomic
def decline(assignment: Assignment, reason: str, *, by: Any) -> Assignment:
    """Give a task back with a reason. Only its own person may."""
    _only_its_own(assignment, by)
    return _settle(assignment, "decline", reason, by=by, reason=reason)


@transaction.atomic
def call_back(assignment: Assignment, *, by: Any) -> Assignment:
    """Take a task back, which its person is told; for who gave it, who holds the request, and leads."""
    if not may_call_back(assignment, by):
        raise PermissionDenied
    return _end(assignment, "call_back", by=by)


def may_call_back(assignment: Assignment, user: Any) -> bool:
    in_charge = {assignment.assigned_by_id, assignment.service_request.holder_id}
    return user.pk in in_charge or user.has_perm(ASSIGN)


def end_all(row: ServiceRequest) -> None:
    """End the tasks of a request that is settled; called inside the transaction that settles it."""
    for assignment in row.assignments.given().select_related("service_request", "holder"):
        _end(assignment, "end", by=None)


def remind_of_tasks() -> int:
    """Remind once of each task whose day has passed; return how many. Safe late, twice, or at once."""
    now = calendar.now()
    numbers = list(Assignment.objects.to_remind_of(now).order_by("due_at").values_list("pk", flat=True))
    return sum(_remind(number) for number in numbers)


@transaction.atomic
def _remind(number: int) -> bool:
    waiting = Assignment.objects.to_remind_of(calendar.now()).filter(pk=number)
    row = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    row.reminded_at = calendar.now()
    row.save(update_fields=["reminded_at"])
    people = [row.holder, *([row.assigned_by] if row.assigned_by else [])]
    notifications.tell_of_task(notifications.TASK_LATE, row, people)
    return True


def _settle(assignment: Assignment, verb: str, text: str, *, by: Any, reason: str = "") -> Assignment:
    row = locked_row(assignment.service_request)
    settled = ASSIGNMENT.apply(assignment, verb, by=by, reason=reason, answer=text, ended_at=calendar.now())
    audit.record(row, f"task_{settled.state}", by=by, data={"assignment": settled.pk})
    told = {person.pk: person for person in (settled.assigned_by, row.holder) if person and person != by}
    notifications.tell_of_task(notifications.TASK_ANSWERED, settled, list(told.values()), text=text)
    return settled


def _end(assignment: Assignment, verb: str, *, by: Any) -> Assignment:
    ended = ASSIGNMENT.apply(assignment, verb, by=by, ended_at=calendar.now())
    if ended.holder != by:
        notifications.tell_of_task(notifications.TASK_ENDED, ended, [ended.holder])
    return ended


def _only_its_own(assignment: Assignment, by: Any) -> None:
    if assignment.holder_id != by.pk:
        raise PermissionDenied
