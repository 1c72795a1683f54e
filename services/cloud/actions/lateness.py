"""What is done about decisions that are late: the ladder of `services.cloud.lateness`, each step once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from core import audit, calendar
from core.workdays import Calendar
from services.cloud import lateness
from services.cloud.lateness import Step
from services.cloud.models import Conversion, Escalation, Voucher
from services.cloud.notifications import lateness as letters

_WITH = {
    Voucher: ("programme", "enterprise", "product__provider"),
    Conversion: ("scheme", "enterprise"),
}


def escalate(day: date | None = None) -> int:
    """Take every step of the ladder that is due; return how many. Safe late, twice, or at once."""
    today, working = day or calendar.day_of(calendar.now()), calendar.present()
    kinds: tuple[type[Voucher] | type[Conversion], ...] = (Voucher, Conversion)
    return sum(
        _climb(kind, number, today, working) for kind in kinds for number in lateness.climbing(kind, today)
    )


@transaction.atomic
def _climb(kind: type[Voucher] | type[Conversion], number: int, today: date, working: Calendar) -> int:
    rows = kind._default_manager.select_for_update(of=("self",), skip_locked=True)
    row = rows.select_related(*_WITH[kind]).filter(pk=number).first()
    if row is None or row.due_on is None:
        return 0
    taken = set(row.escalations.filter(due_on=row.due_on).values_list("step", flat=True))
    steps = [step for step in lateness.steps(row, today, working) if step not in taken]
    for step in steps:
        about = {str(kind._meta.model_name): row}
        Escalation.objects.create(step=step, due_on=row.due_on, **about)
        audit.record(row, "escalate", by=None, data={"step": step})
    _tell(row, steps)
    return len(steps)


def _tell(row: Voucher | Conversion, steps: list[Step]) -> None:
    for step in steps:
        letters.tell_staff(row, step)
    if Step.OVERDUE in steps:
        letters.tell_enterprise(row)
