"""What happens by itself: programmes open and close, who waits moves up, time runs out, books are proved.

Everything here is asked by state and may run twice, late or at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from core import audit, calendar, wake
from core.lifecycle import TransitionRefused
from services.cloud import deadlines, ledger
from services.cloud.actions.applying import promote
from services.cloud.actions.programmes import TEND
from services.cloud.lifecycle.programmes import PROGRAMME
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import (
    Fund,
    Programme,
    ProgrammeState,
    Reconciliation,
    Voucher,
    VoucherClaim,
    VoucherState,
)
from services.cloud.notifications import vouchers as letters

AT_ONCE = 500


def tend_programmes(day: date | None = None) -> int:
    """Open, close, mark as used up or refilled, and take from the waiting list; return how many moved."""
    today = day or calendar.day_of(calendar.now())
    moved = _move_all(Programme.objects.to_open(today), "open")
    moved += _move_all(Programme.objects.to_close(today), "end")
    moved += sum(promote_waiting(fund) for fund in _funds_with_waiting(today))
    return moved + _mark_exhausted()


def _move_all(rows: Any, verb: str) -> int:
    moved = 0
    for programme in rows:
        try:
            PROGRAMME.apply(programme, verb, by=None)
        except TransitionRefused:
            continue
        moved += 1
    return moved


def _funds_with_waiting(today: date) -> list[Fund]:
    """Return the funds somebody waits for; a suspended programme waits too, a closed one still serves."""
    waiting = Voucher.objects.filter(state=VoucherState.WAITING)
    running = Programme.objects.exclude(state=ProgrammeState.SUSPENDED)
    rows = Fund.objects.filter(pk__in=waiting.values("fund"), programme__in=running, available_fen__gt=0)
    return list(rows.order_by("pk"))


def promote_waiting(fund: Fund) -> int:
    """Take from the waiting list in time order as far as the money goes; the first too large one stops it."""
    moved = 0
    for voucher in Voucher.objects.in_time_order().filter(fund=fund)[:AT_ONCE]:
        try:
            if not promote(voucher):
                break
        except TransitionRefused:
            continue
        moved += 1
    return moved


def _mark_exhausted() -> int:
    """Follow the balances: used up when no fund holds the smallest voucher, refilled when one does."""
    moved = 0
    states = (ProgrammeState.OPEN, ProgrammeState.EXHAUSTED)
    for programme in Programme.objects.filter(state__in=states).prefetch_related("funds"):
        is_used_up = all(fund.available_fen < programme.smallest_fen for fund in programme.funds.all())
        verb = {(ProgrammeState.OPEN, True): "exhaust", (ProgrammeState.EXHAUSTED, False): "refill"}.get(
            (ProgrammeState(programme.state), is_used_up)
        )
        if verb:
            moved += _move_all([programme], verb)
    return moved


def expire(day: date | None = None) -> int:
    """End what nobody answered, used or claimed in time, and release its money; return how many."""
    today = day or calendar.day_of(calendar.now())
    every = Voucher.objects.order_by("pk")
    ended = _end(every.resubmission_missed(today), "time_out")
    ended += _end(every.unused(today), "lapse")
    ended += _end(every.claim_missed(today), "lapse_claim")
    ended += _end(every.never_claimed(today), "lapse_claim")
    if ended:
        wake.knock(TEND)
    return ended


def _end(rows: Any, verb: str) -> int:
    return sum(_end_one(voucher, verb) for voucher in rows[:AT_ONCE])


def _end_one(voucher: Voucher, verb: str) -> bool:
    try:
        with transaction.atomic():
            VOUCHER.apply(voucher, verb, by=None, due_on=None)
            VoucherClaim.objects.filter(voucher=voucher).update(counts=False)
            letters.tell_enterprise(letters.ENDED, voucher, key=verb, verb=verb)
            ledger.release(voucher, by=None, reason=verb)
    except TransitionRefused:
        return False
    return True


def remind(day: date | None = None) -> int:
    """Remind owners 14 and 3 days before the last valid day, each once; return how many."""
    today = day or calendar.day_of(calendar.now())
    horizon = date.fromordinal(today.toordinal() + max(deadlines.REMINDERS))
    rows = Voucher.objects.filter(
        state=VoucherState.ISSUED, valid_to__gte=today, valid_to__lte=horizon
    ).select_related("programme", "enterprise", "product")
    return sum(_remind_one(voucher, today) for voucher in rows)


def _remind_one(voucher: Voucher, today: date) -> bool:
    left = voucher.days_left(today) or 0
    days = deadlines.reminder_due(left, voucher.reminded_days)
    if days is None:
        return False
    with transaction.atomic():
        claimed = Voucher.objects.filter(
            pk=voucher.pk, state=VoucherState.ISSUED, reminded_days=voucher.reminded_days
        )
        if not claimed.update(reminded_days=days):
            return False
        key = f"ends:{voucher.valid_to}:{days}"
        letters.tell_enterprise(letters.ENDS, voucher, key=key, days=left)
    return True


@transaction.atomic
def reconcile(*, by: Any = None) -> Reconciliation:
    """Prove every figure down to its entries and keep the result; tell finance when something differs."""
    with_figures = ledger.differences()
    row = Reconciliation.objects.create(
        **ledger.counts(), differences=[difference.as_json() for difference in with_figures]
    )
    audit.record(row, "reconcile", by=by, data={"differences": len(with_figures)})
    if with_figures:
        letters.tell_of_differences(row)
    return row
