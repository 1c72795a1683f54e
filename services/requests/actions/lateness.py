"""What is done about time: a later date with its reason, the provider's turn, the ladder, the summary."""

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, periods, workdays
from core.lifecycle import TransitionRefused
from services.requests import board, ladder, notifications, parties, sharing, sla, staffing, thread
from services.requests.actions.row import locked_row, moment, needs_triage
from services.requests.ladder import Ladder, Step
from services.requests.models import RUNNING_STATES, Escalation, ServiceRequest
from services.requests.thread import Side

SUMMARY = "requests.staff_summary"
SUMMARY_AT = time(8, 30)
LONGEST_DAYS = 250


@transaction.atomic
def postpone(service_request: ServiceRequest, due_on: date, reason: str, *, by: Any) -> ServiceRequest:
    """Promise a later working day and tell the enterprise why, before the present one passes.

    Raises ValidationError for a day that is no later working day, or too far away.
    """
    needs_triage(by)
    row, working = locked_row(service_request), calendar.present()
    if row.state not in RUNNING_STATES or row.clock_from is None:
        raise TransitionRefused("state", "postpone", row.state)
    before, was = row.due_on_text, row.due_at
    if was is not None and due_on <= calendar.day_of(was):
        raise ValidationError({"due_on": _("Choose a day after %(day)s.") % {"day": before}})
    if not workdays.is_working_day(due_on, working):
        raise ValidationError({"due_on": _("This is not a working day.")})
    days = workdays.between(row.clock_from, due_on, working)
    if days > LONGEST_DAYS:
        raise ValidationError({"due_on": _("This is more than a year of working days away.")})
    changes = sla.running(row.clock_from, days, working)
    _change(row, changes)
    audit.record(row, "postpone", by=by, before=before, after=row.due_on_text, detail={"reason": reason})
    thread.say(row, Side.STAFF, reason, by=by)
    notifications.tell_owner(
        notifications.DELAYED, row, moment(row), text=reason, was=before, due=row.due_on_text
    )
    return row


@transaction.atomic
def pass_on(service_request: ServiceRequest, text: str, *, by: Any) -> ServiceRequest:
    """Note that the provider has it now; the promise to the enterprise stays, the time counts as theirs.

    Raises ValidationError while the enterprise has not agreed that this provider is given anything.
    """
    needs_triage(by)
    row = locked_row(service_request)
    if row.state not in RUNNING_STATES or row.with_provider_at:
        raise TransitionRefused("state", "pass_on", row.state)
    if not sharing.is_agreed(row):
        told = _("The enterprise has not agreed to hand this over: ask it whether the provider may have it.")
        raise ValidationError({"text": told})
    found = sharing.standing(row)
    _change(row, {"with_provider_at": calendar.now()})
    audit.record(row, "pass_on", by=by, data={"parts": found.parts} if found else None)
    thread.say_internally(row, text, by=by)
    return row


@transaction.atomic
def take_back(service_request: ServiceRequest, text: str, *, by: Any) -> ServiceRequest:
    """Note that the provider has answered; the time counts as ours again."""
    needs_triage(by)
    row = locked_row(service_request)
    if not row.with_provider_at:
        raise TransitionRefused("state", "take_back", row.state)
    _change(row, {"with_provider_at": None})
    audit.record(row, "take_back", by=by)
    thread.say_internally(row, text, by=by)
    return row


def escalate_overdue() -> int:
    """Take every step of the ladder that is due, each once; return how many. Safe late, twice, or at once."""
    now = ladder.at(calendar.now(), calendar.present())
    return sum(_climb(number, now) for number in ladder.lacking(now))


def summarise() -> int:
    """Tell each member of staff at half past eight of a working day what waits; return how many were told."""
    with periods.due(SUMMARY, not_before=SUMMARY_AT) as day:
        if day is None or day != calendar.today() or not workdays.is_working_day(day, calendar.present()):
            return 0
        return sum(_summarise(person, day) for person in parties.staff_with("triage"))


@transaction.atomic
def _climb(number: int, now: Ladder) -> int:
    rows = ServiceRequest.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=number).first()
    if row is None or row.due_at is None:
        return 0
    taken = set(row.escalations.filter(due_at=row.due_at).values_list("step", flat=True))
    steps = [step for step in now.steps(row) if step not in taken]
    for step in steps:
        Escalation.objects.create(service_request=row, step=step, due_at=row.due_at)
        audit.record(row, "escalate", by=None, data={"step": step})
    _tell(row, steps)
    return len(steps)


def _tell(row: ServiceRequest, steps: list[Step]) -> None:
    """Tell whoever has it of a warning or of being late; the lead of the highest step only."""
    key = f"{row.due_on_text}"
    if Step.WARNED in steps:
        notifications.tell_staff(notifications.DUE_SOON, row, _carriers(row), key, due=row.due_on_text)
    if Step.OVERDUE in steps:
        notifications.tell_staff(notifications.OVERDUE, row, _carriers(row), key, due=row.due_on_text)
    if Step.LEAD in steps or Step.REASSIGN in steps:
        leads = parties.leads(row) or list(parties.staff_with("assign"))
        free = staffing.next_with_room(row, calendar.today(), besides=row.holder)
        notifications.tell_staff(
            notifications.LATE,
            row,
            leads,
            f"{key} {steps[-1]}",
            due=row.due_on_text,
            holder=str(row.holder or ""),
            reassign=Step.REASSIGN in steps,
            free=str(free.person) if free else "",
        )


def _carriers(row: ServiceRequest) -> list[Any]:
    """Return who should act: the holder, who stands in for them, or everybody in charge."""
    if row.holder:
        present = staffing.stand_in(row.holder, calendar.today())
        return [present or row.holder]
    return parties.may_hold(row) or list(parties.staff_with("triage"))


def _summarise(person: Any, day: date) -> int:
    counts = {counter.code: counter.number for counter in board.counters(person)}
    if not any(counts.values()):
        return 0
    return notifications.tell_summary(person, f"{day}", counts)


def _change(row: ServiceRequest, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
