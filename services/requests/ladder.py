"""Which steps of the ladder a request has come to: warned, overdue, to the lead, to be reassigned.

Working days late are counted after the due day: on the first the officer hears of it, one more and the lead
does, three more and the lead is asked to reassign it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from core import calendar, workdays
from core.workdays import Calendar
from services.requests.models import RUNNING_STATES, Escalation, ServiceRequest

Step = Escalation.Step
LEAD_AFTER, REASSIGN_AFTER = 1, 3
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ladder:
    """The ladder at one time: due before `lead` or `reassign`, the lead hears of it."""

    at: datetime
    lead: datetime
    reassign: datetime

    def steps(self, row: ServiceRequest) -> list[Step]:
        """Return the steps a request has come to, whether taken or not, in their order."""
        if row.state not in RUNNING_STATES or row.due_at is None:
            return []
        if row.due_at >= self.at:
            return [Step.WARNED] if row.warn_at and row.warn_at < self.at else []
        limits = ((Step.OVERDUE, self.at), (Step.LEAD, self.lead), (Step.REASSIGN, self.reassign))
        return [step for step, limit in limits if row.due_at < limit]


def at(moment: datetime, working: Calendar) -> Ladder:
    today = calendar.day_of(moment)
    return Ladder(
        moment, _late_since(today, LEAD_AFTER, working), _late_since(today, REASSIGN_AFTER, working)
    )


def lacking(ladder: Ladder) -> list[int]:
    """Return the numbers of requests that have come to a step not yet taken; one query for each step."""
    conditions = {
        Step.WARNED: Q(warn_at__lt=ladder.at, due_at__gte=ladder.at),
        Step.OVERDUE: Q(due_at__lt=ladder.at),
        Step.LEAD: Q(due_at__lt=ladder.lead),
        Step.REASSIGN: Q(due_at__lt=ladder.reassign),
    }
    found: set[int] = set()
    for step, condition in conditions.items():
        taken = Escalation.objects.filter(
            service_request=OuterRef("pk"), step=step, due_at=OuterRef("due_at")
        )
        rows = ServiceRequest.objects.filter(condition, ~Exists(taken), state__in=RUNNING_STATES)
        found.update(rows.order_by().values_list("pk", flat=True))
    return sorted(found)


def _late_since(today: date, days: int, working: Calendar) -> datetime:
    """Return the time before which a request was due that is more than `days` working days late today."""
    day, seen = today, 0
    while True:
        seen += workdays.is_working_day(day, working)
        if seen > days:
            return calendar.start_of(day)
        day -= _A_DAY
