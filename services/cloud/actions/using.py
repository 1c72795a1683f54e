"""Use a voucher: the contract with the provider, the claim with its papers. Enterprise and provider may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import calendar, files, money
from core.lifecycle import TransitionRefused
from services.cloud import clocks, deadlines, invoices, plans, vouchers
from services.cloud.actions import onboarding, signals
from services.cloud.actions.reviewing import lock
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import CloudProduct, UseCheck, Voucher, VoucherClaim, VoucherState
from services.cloud.notifications import vouchers as letters

CLAIM = files.Purpose("cloud.claim", types=files.PAPERS)
_INVOICE_ONCE = "claim_invoice_once"


@dataclass(frozen=True)
class Contract:
    number: str
    signed_on: date
    price_fen: int


@dataclass(frozen=True)
class Claim:
    """What is handed in to be paid; uploads may be None where a paper handed in before stays."""

    invoice_number: str
    invoice_on: date
    invoice_fen: int
    paid_on: date
    used_from: date
    used_to: date
    invoice: Any = None
    payment: Any = None
    usage: Any = None


def use(voucher: Voucher, contract: Contract, *, by: Any) -> Voucher:
    """Record the contract an issued voucher is used for.

    The enterprise does, or the provider to whom it gave the code: the code is its consent. The contract
    carries the day of issue or a later one, up to the last valid day. Raises ValidationError by field.
    """
    today = calendar.day_of(calendar.now())
    with transaction.atomic():
        row = lock(voucher)
        if row.state != VoucherState.ISSUED:
            raise TransitionRefused("state", "use", row.state)
        _check_contract(row, contract, today)
        moved = VOUCHER.apply(
            row,
            "use",
            by=by,
            contract_number=contract.number,
            contract_on=contract.signed_on,
            contract_fen=contract.price_fen,
            used_at=calendar.now(),
            claim_until=deadlines.last_day_to_claim(row),
        )
        _accompany(row, by=by)
        letters.tell_enterprise(letters.USED, row, key="use")
        letters.tell_provider(row, key="use")
        signals.look_at(row)
    return moved


def _accompany(voucher: Voucher, *, by: Any) -> None:
    """See to a plan for the purchase with its checks of real use, which count from the contract."""
    people = letters.writers(voucher.enterprise_id)
    if not people or voucher.product is None or voucher.contract_on is None:
        return
    begun_by = by if by in people else people[0]
    point = next(iter(plans.load().starting_points))
    plan = onboarding.start(voucher.enterprise, starting_point=point, product=voucher.product, by=begun_by)
    UseCheck.objects.bulk_create(
        [
            UseCheck(onboarding=plan, day=day, due_on=voucher.contract_on + timedelta(days=day))
            for day in clocks.USE_CHECKS
        ],
        ignore_conflicts=True,
    )


def _check_contract(voucher: Voucher, contract: Contract, today: date) -> None:
    issued_on, valid_to = voucher.issued_on or today, voucher.valid_to or today
    if valid_to < today and contract.signed_on > valid_to:
        raise ValidationError(_("The voucher has run out."))
    if contract.signed_on < issued_on:
        raise ValidationError(
            {
                "contract_on": _("The contract is dated before the voucher was issued (%(day)s).")
                % {"day": issued_on.isoformat()}
            }
        )
    if contract.signed_on > min(valid_to, today):
        raise ValidationError(
            {
                "contract_on": _("The contract may be dated until %(day)s at the latest.")
                % {"day": min(valid_to, today).isoformat()}
            }
        )
    if contract.price_fen <= 0:
        raise ValidationError({"contract_fen": _("The price must be more than zero.")})
    if not contract.number.strip():
        raise ValidationError({"contract_number": _("Give the number of the contract.")})
    if not CloudProduct.objects.listed().filter(vouchers=voucher).exists():
        raise ValidationError(_("The provider or its product is no longer on the list. Please ask us."))


def claim(voucher: Voucher, handed_in: Claim, *, by: Any) -> Voucher:
    """Claim payment, for the first time or after a question; enterprise and provider may.

    Raises ValidationError by field: dates before the contract, an invoice that was used before in any
    spelling and programme, too few days of use. FileRefused for a paper. Nothing is kept then.
    """
    again = voucher.state == VoucherState.CLAIM_RETURNED
    verb = "claim_again" if again else "claim"
    if voucher.state not in {VoucherState.IN_USE, VoucherState.CLAIM_RETURNED}:
        raise TransitionRefused("state", verb, voucher.state)
    before = VoucherClaim.objects.filter(voucher=voucher).first()
    _check_claim(voucher, handed_in, before, calendar.day_of(calendar.now()))
    papers = {
        name: files.accept(upload, purpose=CLAIM, by=by)
        for name in ("invoice", "payment", "usage")
        if (upload := getattr(handed_in, name))
    }
    with transaction.atomic():
        row = lock(voucher)
        due_on = deadlines.for_city(row.programme, calendar.day_of(calendar.now()))
        moved = VOUCHER.apply(row, verb, by=by, claimed_at=calendar.now(), due_on=due_on)
        _keep_claim(row, handed_in, before, papers, by=by)
        letters.tell_staff(row, "approve_voucher", key=f"{verb}:{letters.event_of(row)}")
        signals.look_at(row)
    return moved


def _check_claim(voucher: Voucher, handed_in: Claim, before: VoucherClaim | None, today: date) -> None:
    errors = {**_wrong_days(voucher, handed_in, today), **_wrong_invoice(voucher, handed_in)}
    for name in ("invoice", "payment", "usage"):
        if before is None and not getattr(handed_in, name):
            errors[f"{name}_file"] = _("Add this paper.")
    if errors:
        raise ValidationError(errors)


def _wrong_days(voucher: Voucher, handed_in: Claim, today: date) -> dict[str, str]:
    errors: dict[str, str] = {}
    contract_on = voucher.contract_on or today
    if handed_in.invoice_on < contract_on:
        errors["invoice_on"] = _("The invoice is dated before the contract.")
    if handed_in.paid_on < contract_on:
        errors["paid_on"] = _("This is before the contract. What was paid before it gets no voucher.")
    for name in ("invoice_on", "paid_on", "used_to"):
        if getattr(handed_in, name) > today:
            errors[name] = _("This day lies in the future.")
    if handed_in.used_from < contract_on:
        errors["used_from"] = _("This is before the contract.")
    elif handed_in.used_to < handed_in.used_from:
        errors["used_to"] = _("The use ends before it begins.")
    elif (handed_in.used_to - handed_in.used_from).days + 1 < voucher.programme.usage_days:
        errors["used_to"] = _("Show at least %(days)s days of use.") % {"days": voucher.programme.usage_days}
    return errors


def _wrong_invoice(voucher: Voucher, handed_in: Claim) -> dict[str, str]:
    errors: dict[str, str] = {}
    if handed_in.invoice_fen <= 0:
        errors["invoice_fen"] = _("The amount must be more than zero.")
    key = vouchers.invoice_key(handed_in.invoice_number)
    if not key:
        errors["invoice_number"] = _("An invoice number has letters or digits.")
    elif invoices.is_used(key, voucher=voucher):
        errors["invoice_number"] = _invoice_used()
    return errors


def _invoice_used() -> str:
    return _("This invoice has been claimed already, here or for another support.")


def _keep_claim(
    voucher: Voucher, handed_in: Claim, before: VoucherClaim | None, papers: dict[str, Any], *, by: Any
) -> VoucherClaim:
    row = before or VoucherClaim(voucher=voucher)
    row.invoice_number = handed_in.invoice_number
    row.invoice_key = vouchers.invoice_key(handed_in.invoice_number)
    row.invoice_on, row.invoice_fen = handed_in.invoice_on, handed_in.invoice_fen
    row.paid_on, row.used_from, row.used_to = handed_in.paid_on, handed_in.used_from, handed_in.used_to
    row.claimed_by = by
    invoices.lock(row.invoice_key)
    if invoices.is_used(row.invoice_key, voucher=voucher):
        raise ValidationError({"invoice_number": _invoice_used()})
    for name, stored in papers.items():
        setattr(row, f"{name}_file", stored)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if _INVOICE_ONCE in str(error):
            raise ValidationError({"invoice_number": _invoice_used()}) from error
        raise
    return row


def worth(voucher: Voucher) -> str:
    """Say what the claim of a voucher comes to by the rules, in yuan."""
    return money.in_yuan(vouchers.payable(voucher, voucher.claim.invoice_fen))
