"""The one place that moves money: every move is one entry, booked by the database together with its balance.

Whether there is enough is decided by the constraints of the tables, under the lock the database takes on the
fund, so no order of reading and writing in Python can overspend. Amounts are whole fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from services.cloud.models import Account, Fund, LedgerEntry, Move, Voucher, VoucherState
from services.cloud.models.ledger import ACCOUNTS

_NOT_ENOUGH = "fund_never_negative"


class BudgetExhausted(Exception):
    """The account has less than was to be taken; nothing moved.

    `fund` has the balances read afterwards, when it is asked for: a transaction that this has broken must
    have been rolled back by then.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"budget exhausted: {number}")
        self._number = number

    @cached_property
    def fund(self) -> Fund:
        return Fund.objects.select_related("programme", "region").get(pk=self._number)


def grant(fund: Fund, amount_fen: int, *, by: Any, reason: str) -> LedgerEntry:
    """Add to the budget of a fund."""
    return _book(fund.pk, Move.GRANT, Account.OUTSIDE, Account.AVAILABLE, amount_fen, by=by, reason=reason)


def retract(fund: Fund, amount_fen: int, *, by: Any, reason: str) -> LedgerEntry:
    """Take back of a budget what nobody has reserved; raise BudgetExhausted when that is less."""
    with transaction.atomic():
        return _book(
            fund.pk, Move.RETRACT, Account.AVAILABLE, Account.OUTSIDE, amount_fen, by=by, reason=reason
        )


def reserve(voucher: Voucher, *, by: Any) -> LedgerEntry:
    """Set the face value aside for an application; raise BudgetExhausted when there is not enough."""
    with transaction.atomic():
        return _of(voucher, Move.RESERVE, Account.AVAILABLE, Account.RESERVED, _face(voucher), by=by)


def issue(voucher: Voucher, *, by: Any) -> LedgerEntry:
    """Move the face value from reserved to issued.

    A refusal ends the transaction this is called in. There is no savepoint to keep the rest of it: setting
    and releasing one would be two more exchanges with the fund locked.
    """
    return _of(voucher, Move.ISSUE, Account.RESERVED, Account.ISSUED, _face(voucher), by=by)


def redeem(voucher: Voucher, amount_fen: int, *, by: Any) -> None:
    """Redeem what was found right and release the rest of the face value."""
    rest = _face(voucher) - amount_fen
    _of(voucher, Move.REDEEM, Account.ISSUED, Account.REDEEMED, amount_fen, by=by)
    if rest:
        _of(voucher, Move.RELEASE, Account.ISSUED, Account.AVAILABLE, rest, by=by, reason="difference")


def settle(voucher: Voucher, *, by: Any) -> LedgerEntry:
    paid = voucher.verified_fen or 0
    return _of(voucher, Move.SETTLE, Account.REDEEMED, Account.SETTLED, paid, by=by, reason=voucher.batch)


def recover(voucher: Voucher, amount_fen: int, *, by: Any) -> LedgerEntry:
    """Take back of what was paid; it can be granted again."""
    return _of(voucher, Move.RECOVER, Account.SETTLED, Account.AVAILABLE, amount_fen, by=by)


def write_off(voucher: Voucher, amount_fen: int, *, by: Any) -> LedgerEntry:
    return _of(voucher, Move.WRITE_OFF, Account.SETTLED, Account.WRITTEN_OFF, amount_fen, by=by)


def release(voucher: Voucher, *, by: Any, reason: str) -> int:
    """Give back whatever the voucher still holds before payment; return the fen. Nothing held is fine."""
    held = held_by(voucher)
    released = 0
    for account in (Account.RESERVED, Account.ISSUED):
        if held[account]:
            _of(voucher, Move.RELEASE, account, Account.AVAILABLE, held[account], by=by, reason=reason)
            released += held[account]
    return released


def held_by(voucher: Voucher) -> dict[str, int]:
    """Return what the entries of one voucher leave in each account."""
    sums = LedgerEntry.objects.filter(voucher=voucher).aggregate(
        **{account.value: _balance(account) for account in ACCOUNTS}
    )
    return {account: int(sums[account.value]) for account in ACCOUNTS}


def _face(voucher: Voucher) -> int:
    if voucher.amount_fen is None:
        raise ValueError(f"voucher {voucher.pk} has no face value")
    return voucher.amount_fen


def _of(
    voucher: Voucher,
    move: Move,
    origin: Account,
    target: Account,
    amount_fen: int,
    *,
    by: Any,
    reason: str = "",
) -> LedgerEntry:
    if voucher.fund_id is None:
        raise ValueError(f"voucher {voucher.pk} has no fund")
    return _book(voucher.fund_id, move, origin, target, amount_fen, by=by, reason=reason, voucher=voucher)


def _book(
    fund: int,
    move: Move,
    origin: Account,
    target: Account,
    amount_fen: int,
    *,
    by: Any,
    reason: str,
    voucher: Voucher | None = None,
) -> LedgerEntry:
    """Write the entry; the trigger books it into the balances of the fund or refuses it."""
    try:
        return LedgerEntry.objects.create(
            fund_id=fund,
            voucher=voucher,
            move=move,
            from_account=origin,
            to_account=target,
            amount_fen=amount_fen,
            actor_id=getattr(by, "pk", None),
            reason=reason[:200],
        )
    except IntegrityError as error:
        if _NOT_ENOUGH in str(error):
            raise BudgetExhausted(fund) from error
        raise


def _balance(account: str) -> Coalesce:
    """Give the sum of the entries into an account less those out of it."""
    signed = Case(
        When(to_account=account, then=F("amount_fen")),
        When(from_account=account, then=-F("amount_fen")),
        default=0,
        output_field=models.BigIntegerField(),
    )
    return Coalesce(Sum(signed), 0, output_field=models.BigIntegerField())


# --- the proof ----------------------------------------------------------------------

_FACE, _PAID = F("amount_fen"), F("verified_fen")
# In which account a voucher of a state holds its money, and how much.
HOLDS: dict[str, tuple[str, models.expressions.Combinable]] = {
    VoucherState.SUBMITTED: (Account.RESERVED, _FACE),
    VoucherState.RETURNED: (Account.RESERVED, _FACE),
    VoucherState.COUNTY_PASSED: (Account.RESERVED, _FACE),
    VoucherState.ISSUED: (Account.ISSUED, _FACE),
    VoucherState.IN_USE: (Account.ISSUED, _FACE),
    VoucherState.CLAIMED: (Account.ISSUED, _FACE),
    VoucherState.CLAIM_RETURNED: (Account.ISSUED, _FACE),
    VoucherState.VERIFIED: (Account.REDEEMED, _PAID),
    VoucherState.SETTLED: (Account.SETTLED, _PAID),
    VoucherState.CLAWBACK_DUE: (Account.SETTLED, _PAID - F("recovered_fen")),
}


@dataclass(frozen=True)
class Difference:
    """One figure that its entries do not prove: of which row, of which account, kept and summed."""

    kind: str
    pk: int
    account: str
    kept_fen: int
    summed_fen: int

    def as_json(self) -> dict[str, Any]:
        return vars(self).copy()


def sums_of(fund: Fund) -> dict[str, int]:
    """Return the balance of every account as the sum of its entries."""
    sums = fund.entries.aggregate(**{account.value: _balance(account) for account in ACCOUNTS})
    return {account: int(sums[account.value]) for account in ACCOUNTS}


def differences() -> list[Difference]:
    """Compare every balance with the sum of its entries and every voucher with what it must hold."""
    return [*_of_funds(), *_of_vouchers()]


def _of_funds() -> list[Difference]:
    rows = (
        LedgerEntry.objects.order_by()
        .values("fund")
        .annotate(**{f"in_{account}": _balance(account) for account in ACCOUNTS})
    )
    summed: dict[int, Any] = {row["fund"]: row for row in rows}
    found = []
    for fund in Fund.objects.order_by("pk"):
        sums: dict[str, Any] = summed.get(fund.pk, {})
        pairs: list[tuple[str, int, int]] = [
            (account, fund.balance(account), int(sums.get(f"in_{account}", 0))) for account in ACCOUNTS
        ]
        pairs.append(("budget", fund.budget_fen, sum(total for _account, _kept, total in pairs)))
        found += [
            Difference("fund", fund.pk, str(account), kept, total)
            for account, kept, total in pairs
            if kept != total
        ]
    return found


def _of_vouchers() -> list[Difference]:
    """Find vouchers whose entries do not say what their state says; the database compares them."""
    moves = Q(entries__isnull=False)
    found = []
    for account in (Account.RESERVED, Account.ISSUED, Account.REDEEMED, Account.SETTLED):
        expected = Case(
            *[
                When(state=state, then=amount)
                for state, (held_in, amount) in HOLDS.items()
                if held_in == account
            ],
            default=0,
            output_field=models.BigIntegerField(),
        )
        signed = Case(
            When(entries__to_account=account, then=F("entries__amount_fen")),
            When(entries__from_account=account, then=-F("entries__amount_fen")),
            default=0,
            output_field=models.BigIntegerField(),
        )
        rows = (
            Voucher.objects.order_by("pk")
            .annotate(
                kept=expected,
                summed=Coalesce(Sum(signed, filter=moves), 0, output_field=models.BigIntegerField()),
            )
            .exclude(kept=F("summed"))
            .values_list("pk", "kept", "summed")[:1000]
        )
        found += [Difference("voucher", pk, str(account), kept, summed) for pk, kept, summed in rows]
    return found


def counts() -> dict[str, int]:
    """Return how many rows a run looks at."""
    return {
        "funds": Fund.objects.count(),
        "entries": LedgerEntry.objects.aggregate(n=Count("pk"))["n"],
        "vouchers": Voucher.objects.exclude(state=VoucherState.DRAFT).count(),
    }
