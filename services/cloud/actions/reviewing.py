"""Decide: the county examines, the city approves, a third person checks the claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import calendar, money, wake
from core.criteria import Verdict
from core.lifecycle import TransitionRefused
from services.cloud import deadlines, ledger, vouchers
from services.cloud.actions import signals
from services.cloud.actions.programmes import TEND, exhausted_words
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import CloudProduct, Voucher, VoucherState
from services.cloud.models.vouchers import new_code
from services.cloud.notifications import vouchers as letters

# What issuing a voucher and telling of it read. A county that works off a hundred in a row feels the others:
# read in full, voucher, programme and product have a hundred columns more.
_TO_ISSUE = (
    *("reference", "code", "state", "due_on", "amount_fen", "issued_at", "issued_on", "valid_to"),
    *("fund_id", "county_by_id", "city_by_id", "programme_id", "enterprise_id", "product_id"),
    *("programme__title_zh", "programme__title_en", "programme__validity_days"),
    *("product__name_zh", "product__name_en", "enterprise__name"),
)


@transaction.atomic
def ask(voucher: Voucher, *, reason: str, by: Any) -> Voucher:
    """Return an application with a question; the money stays reserved until the answer is due."""
    row = lock(voucher)
    _check_no_stake(row, by)
    due_on = deadlines.for_enterprise(row.programme, _today())
    moved = VOUCHER.apply(row, "ask", by=by, reason=reason, asked=reason, due_on=due_on)
    letters.tell_enterprise(letters.RETURNED, row, key=letters.event_of(row), reason=reason)
    return moved


@transaction.atomic
def pass_on(voucher: Voucher, *, by: Any) -> Voucher:
    """Pass an application on to the city.

    Raises ValidationError unless every condition of the programme is met by what is known, and when the
    product has left the list meanwhile.
    """
    row = lock(voucher)
    _check_no_stake(row, by)
    today = _today()
    if vouchers.judge(row.programme, row.enterprise, today).verdict is not Verdict.MET:
        raise ValidationError(
            _("Not every condition is met by what we know. Ask the enterprise, or reject with the reason.")
        )
    _check_still_listed(row)
    moved = VOUCHER.apply(
        row,
        "pass",
        by=by,
        county_by=by,
        county_at=calendar.now(),
        due_on=deadlines.for_city(row.programme, today),
    )
    letters.tell_staff(row, "approve_voucher", key="pass", but=by)
    return moved


def approve(voucher: Voucher, *, by: Any) -> Voucher:
    """Issue the voucher; the second decision, by another person than the county's.

    Raises ValidationError when `by` examined it, acts for the enterprise, or the budget no longer holds it;
    TransitionRefused when someone was faster.
    """
    try:
        return _issue(voucher, by=by)
    except ledger.BudgetExhausted as refused:
        raise ValidationError(exhausted_words(refused.fund)) from refused


@transaction.atomic
def _issue(voucher: Voucher, *, by: Any) -> Voucher:
    row = lock(voucher, only=_TO_ISSUE)
    _check_no_stake(row, by)
    _check_other_person(by, row.county_by_id)
    now = calendar.now()
    day = calendar.day_of(now)
    moved = VOUCHER.apply_to_locked(
        row,
        "approve",
        by=by,
        city_by=by,
        issued_at=now,
        issued_on=day,
        valid_to=deadlines.last_valid_day(row.programme, day),
        code=new_code(),
        due_on=None,
    )
    letters.tell_enterprise(letters.ISSUED, row, key="approve")
    # Last, so that the fund is locked for as short as can be while others approve.
    ledger.issue(row, by=by)
    return moved


def reject(voucher: Voucher, *, reason: str, by: Any) -> Voucher:
    """Reject for the county; the enterprise is told why and how to have it looked at again."""
    return _turn_down(voucher, "reject", reason=reason, by=by)


def refuse(voucher: Voucher, *, reason: str, by: Any) -> Voucher:
    """Reject for the city."""
    return _turn_down(voucher, "refuse", reason=reason, by=by)


@transaction.atomic
def _turn_down(voucher: Voucher, verb: str, *, reason: str, by: Any) -> Voucher:
    row = lock(voucher)
    _check_no_stake(row, by)
    if verb == "refuse":
        _check_other_person(by, row.county_by_id)
    moved = VOUCHER.apply(row, verb, by=by, reason=reason, asked=reason, due_on=None)
    until = deadlines.to_appeal(_today())
    letters.tell_enterprise(letters.REJECTED, row, key=verb, reason=reason, until=until.isoformat())
    ledger.release(row, by=by, reason=verb)
    wake.knock(TEND)
    return moved


@transaction.atomic
def query(voucher: Voucher, *, reason: str, by: Any) -> Voucher:
    """Return a claim with a question."""
    row = lock(voucher)
    _check_no_stake(row, by)
    due_on = deadlines.for_enterprise(row.programme, _today())
    moved = VOUCHER.apply(row, "query", by=by, reason=reason, asked=reason, due_on=due_on)
    letters.tell_enterprise(letters.CLAIM_RETURNED, row, key=letters.event_of(row), reason=reason)
    return moved


@transaction.atomic
def verify(voucher: Voucher, *, by: Any) -> Voucher:
    """Confirm a claim: the amount is reckoned anew, the difference released. A third person must.

    The least of rate × eligible price, cap and face value (house rules §10.21).
    """
    row = lock(voucher)
    if row.state != VoucherState.CLAIMED:
        raise TransitionRefused("state", "verify", row.state)
    _check_no_stake(row, by)
    _check_other_person(by, row.county_by_id, row.city_by_id)
    amount = vouchers.payable(row, row.claim.invoice_fen)
    if amount <= 0:
        raise ValidationError(_("By this invoice nothing is to be paid. Return the claim."))
    due_on = deadlines.for_finance(row.programme, _today())
    try:
        with transaction.atomic():
            moved = VOUCHER.apply(
                row,
                "verify",
                by=by,
                data={"fen": amount},
                verified_by=by,
                verified_at=calendar.now(),
                verified_fen=amount,
                due_on=due_on,
            )
    except IntegrityError as error:
        raise ValidationError(
            _("You have decided about this voucher before. Another person must.")
        ) from error
    letters.tell_enterprise(letters.VERIFIED, row, key="verify", amount=money.in_yuan(amount))
    letters.tell_staff(row, "settle_voucher", key="verify")
    ledger.redeem(row, amount, by=by)
    signals.look_at(row)
    wake.knock(TEND)
    return moved


def lock(voucher: Voucher, *, only: Sequence[str] = ()) -> Voucher:
    """Read a voucher again under lock, with what every decision about it reads, or `only` these columns."""
    rows = Voucher.objects.select_for_update(of=("self",)).select_related(
        "programme", "enterprise", "product"
    )
    return (rows.only(*only) if only else rows).get(pk=voucher.pk)


def _check_no_stake(voucher: Voucher, by: Any) -> None:
    """Keep people out of decisions about an enterprise they act for, or have acted for."""
    if by is not None and vouchers.has_stake(by, voucher.enterprise):
        raise ValidationError(_("You act for this enterprise, or have done so. Somebody else must decide."))


def _check_other_person(by: Any, *others: int | None) -> None:
    if getattr(by, "pk", None) in others:
        raise ValidationError(_decided_before())


def _decided_before() -> str:
    return _("You have decided about this voucher before. Another person must.")


def _check_still_listed(voucher: Voucher) -> None:
    if not CloudProduct.objects.listed().filter(vouchers=voucher).exists():
        raise ValidationError(_("The product is no longer on the list. Ask for another quotation."))


def _today() -> Any:
    return calendar.day_of(calendar.now())
