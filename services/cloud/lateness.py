"""Which steps of the ladder a decision about a voucher or a conversion project has come to, and whose it is.

On its last day those who may decide are reminded. Once it has passed they hear it again and the enterprise is
told; more than one working day later the leads are. Days the enterprise has to keep are no part of this.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef

from core import workdays
from core.workdays import Calendar
from services.cloud.models import Conversion, ConversionState, Escalation, Voucher, VoucherState

Step = Escalation.Step
LEAD_AFTER = 1
# Whose decision a state waits for: the permission it takes, and who decided before and may not again.
VOUCHERS: dict[str, tuple[str, tuple[str, ...]]] = {
    VoucherState.SUBMITTED: ("pass_voucher", ()),
    VoucherState.COUNTY_PASSED: ("approve_voucher", ("county_by_id",)),
    VoucherState.CLAIMED: ("approve_voucher", ("county_by_id", "city_by_id")),
    VoucherState.VERIFIED: ("settle_voucher", ()),
}
CONVERSIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    ConversionState.FILED: ("confirm_conversion", ()),
    ConversionState.ACCEPTANCE: ("accept_conversion", ("confirmed_by_id",)),
    ConversionState.REWARD: ("pay_conversion", ("confirmed_by_id", "accepted_by_id")),
}
TURNS: dict[type[Any], dict[str, tuple[str, tuple[str, ...]]]] = {
    Voucher: VOUCHERS,
    Conversion: CONVERSIONS,
}


def steps(row: Voucher | Conversion, today: date, working: Calendar) -> list[Step]:
    """Return the steps a row has come to, whether taken or not, in their order."""
    if row.state not in TURNS[type(row)] or row.due_on is None or row.due_on > today:
        return []
    if row.due_on == today:
        return [Step.TODAY]
    late = workdays.between(row.due_on, today, working)
    return [Step.OVERDUE, Step.LEAD] if late > LEAD_AFTER else [Step.OVERDUE]


def climbing(kind: type[Voucher] | type[Conversion], today: date) -> list[int]:
    """Return the numbers of the rows whose day has come and that have not climbed to the top; one query."""
    done = Escalation.objects.filter(
        due_on=OuterRef("due_on"), step=Step.LEAD, **{kind._meta.model_name or "": OuterRef("pk")}
    )
    rows = kind._default_manager.filter(~Exists(done), state__in=TURNS[kind], due_on__lte=today)
    return list(rows.order_by(F("due_on"), "pk").values_list("pk", flat=True))


def is_late(row: Voucher | Conversion, today: date) -> bool:
    """Tell whether staff have let the day pass by which they were to decide."""
    return row.state in TURNS[type(row)] and row.due_on is not None and row.due_on < today
