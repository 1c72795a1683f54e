"""Pay vouchers, and get back what an audit found wrong; finance officers may."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, money, wake
from core.lifecycle import TransitionRefused
from services.cloud import ledger
from services.cloud.actions.programmes import TEND
from services.cloud.actions.reviewing import lock
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import Voucher, VoucherState
from services.cloud.notifications import vouchers as letters


@transaction.atomic
def settle(voucher: Voucher, *, batch: str, bank_confirmed: bool, by: Any) -> Voucher:
    """Record the payment in a batch; the provider's bank details must have been confirmed.

    Whoever decided about the voucher before does not pay it.
    """
    row = lock(voucher)
    if not bank_confirmed:
        raise ValidationError({"bank_confirmed": _("Confirm the bank details with the provider first.")})
    if not batch.strip():
        raise ValidationError({"batch": _("Give the number of the payment batch.")})
    if getattr(by, "pk", None) in {row.county_by_id, row.city_by_id, row.verified_by_id}:
        raise ValidationError(_("You have decided about this voucher before. Another person must."))
    moved = VOUCHER.apply(
        row,
        "settle",
        by=by,
        data={"batch": batch},
        batch=batch.strip(),
        settled_by=by,
        settled_at=calendar.now(),
        due_on=None,
    )
    letters.tell_enterprise(
        letters.SETTLED, row, key="settle", amount=money.in_yuan(row.verified_fen or 0), batch=row.batch
    )
    ledger.settle(row, by=by)
    return moved


@transaction.atomic
def reclaim(voucher: Voucher, *, finding: str, reason: str, by: Any) -> Voucher:
    """Ask for the money back after an audit; `finding` is the number of the auditor's report."""
    if not finding.strip():
        raise ValidationError({"finding": _("Give the number of the audit report.")})
    row = lock(voucher)
    moved = VOUCHER.apply(row, "reclaim", by=by, reason=reason, finding=finding.strip())
    letters.tell_enterprise(
        letters.RECLAIMED,
        row,
        key="reclaim",
        reason=reason,
        finding=row.finding,
        amount=money.in_yuan(row.verified_fen or 0),
    )
    return moved


@transaction.atomic
def recover(voucher: Voucher, *, amount_fen: int, by: Any) -> Voucher:
    """Record money that came back, in one sum or in parts; with the last part the case is closed.

    The money can be granted again. Raises ValidationError for more than is still due.
    """
    row = lock(voucher)
    if row.state != VoucherState.CLAWBACK_DUE:
        raise TransitionRefused("state", "recover", row.state)
    if not VOUCHER.transitions["recover"].may_be_used_by(by):
        raise TransitionRefused("permission", "recover", row.state)
    due = still_due(row)
    if not 0 < amount_fen <= due:
        raise ValidationError(
            {"amount_fen": _("Between 0.01 and %(due)s yuan are still due.") % {"due": money.in_yuan(due)}}
        )
    recovered = row.recovered_fen + amount_fen
    if amount_fen == due:
        moved = VOUCHER.apply(row, "recover", by=by, data={"fen": amount_fen}, recovered_fen=recovered)
    else:
        row.recovered_fen = recovered
        row.save(update_fields=["recovered_fen"])
        audit.record(row, "recover_part", by=by, data={"fen": amount_fen})
        moved = row
    ledger.recover(row, amount_fen, by=by)
    wake.knock(TEND)
    return moved


@transaction.atomic
def write_off(voucher: Voucher, *, reason: str, by: Any) -> Voucher:
    """Give up what did not come back."""
    row = lock(voucher)
    rest = still_due(row)
    moved = VOUCHER.apply(row, "write_off", by=by, reason=reason, data={"fen": rest})
    ledger.write_off(row, rest, by=by)
    return moved


def still_due(voucher: Voucher) -> int:
    """Return what has not come back yet, in fen."""
    return (voucher.verified_fen or 0) - voucher.recovered_fen
