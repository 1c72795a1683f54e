"""The books: what the database books, refuses and proves."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from enterprises.models import Region
from services.cloud import ledger
from services.cloud.actions import programmes, tending
from services.cloud.models import Fund, LedgerEntry, Voucher, VoucherState
from tests.factories.vouchers import COUNTY, Staff, in_state, product, programme, staff, submitted, works

pytestmark = pytest.mark.django_db
FACE = 300_000
ACCOUNTS = ("budget", "available", "reserved", "issued", "redeemed", "settled", "written_off")


@pytest.fixture
def people() -> Staff:
    return staff()


def balances(fund: Fund | None) -> tuple[int, ...]:
    assert fund
    fund.refresh_from_db()
    return tuple(getattr(fund, f"{account}_fen") for account in ACCOUNTS)


@pytest.mark.parametrize(
    ("state", "held_in"),
    [
        (VoucherState.SUBMITTED, "reserved"),
        (VoucherState.RETURNED, "reserved"),
        (VoucherState.COUNTY_PASSED, "reserved"),
        (VoucherState.ISSUED, "issued"),
        (VoucherState.IN_USE, "issued"),
        (VoucherState.CLAIMED, "issued"),
        (VoucherState.CLAIM_RETURNED, "issued"),
        (VoucherState.VERIFIED, "redeemed"),
        (VoucherState.SETTLED, "settled"),
        (VoucherState.CLAWBACK_DUE, "settled"),
        (VoucherState.RECOVERED, "available"),
        (VoucherState.WRITTEN_OFF, "written_off"),
        (VoucherState.REJECTED, "available"),
        (VoucherState.WITHDRAWN, "available"),
    ],
)
def test_each_state_holds_its_money_in_its_account_and_the_books_prove_it(
    people: Staff, state: str, held_in: str
) -> None:
    voucher = in_state(state, people, programme=programme(budget_yuan=10_000))

    assert voucher.state == state
    expected = {"budget": 1_000_000, "available": 1_000_000 - FACE}
    expected[held_in] = expected.get(held_in, 0) + FACE
    assert balances(voucher.fund) == tuple(expected.get(account, 0) for account in ACCOUNTS)
    assert ledger.differences() == []


def test_a_balance_is_the_sum_of_its_entries(people: Staff) -> None:
    voucher = in_state(VoucherState.SETTLED, people)

    assert voucher.fund
    sums = ledger.sums_of(voucher.fund)
    assert {account: voucher.fund.__class__.objects.get().balance(account) for account in sums} == sums


def settle_deferred() -> None:
    """Check what waits for the commit, so that tables may be altered."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(statement: str, *values: object) -> str:
    """Run a statement that the database must refuse; return its words."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(caught.value)


def test_entries_are_never_changed_nor_balances_touched_by_hand(people: Staff) -> None:
    in_state(VoucherState.ISSUED, people)
    settle_deferred()

    assert "append-only" in refused("UPDATE cloud_ledgerentry SET amount_fen = 1")
    assert "append-only" in refused("DELETE FROM cloud_ledgerentry")
    assert "append-only" in refused("TRUNCATE cloud_ledgerentry CASCADE")
    assert "by entries only" in refused("UPDATE cloud_fund SET available_fen = available_fen + 1")
    assert "never changes" in refused("UPDATE cloud_voucher SET amount_fen = amount_fen + 1")


def test_nothing_goes_below_zero_and_nothing_is_taken_twice(people: Staff) -> None:
    row = programme(budget_yuan=10_000)
    voucher, _other = (in_state(VoucherState.ISSUED, people, programme=row, product=product()) for _ in "12")

    with pytest.raises(IntegrityError, match="ledger_once_per_voucher"), transaction.atomic():
        ledger.issue(voucher, by=None)
    with pytest.raises(IntegrityError, match="too little"), transaction.atomic():
        ledger.redeem(voucher, FACE + 1, by=None)
    with pytest.raises(ledger.BudgetExhausted) as caught:
        ledger.retract(voucher.fund, 400_001, by=None, reason="")

    assert caught.value.fund.available_fen == 400_000
    assert ledger.differences() == []


def test_a_voucher_never_moves_the_money_of_another_fund(people: Staff) -> None:
    voucher = in_state(VoucherState.SUBMITTED, people)
    other = programme().funds.get()

    with pytest.raises(IntegrityError, match="its own fund"), transaction.atomic():
        LedgerEntry.objects.create(
            fund=other,
            voucher=voucher,
            move="issue",
            from_account="reserved",
            to_account="issued",
            amount_fen=1,
        )


@pytest.mark.parametrize(
    ("move", "origin", "target", "fen"),
    [
        ("grant", "outside", "settled", 1),
        ("settle", "issued", "settled", 1),
        ("grant", "outside", "available", 0),
        ("grant", "outside", "available", -5),
        ("issue", "reserved", "issued", 1),
    ],
)
def test_only_the_known_ways_are_taken(move: str, origin: str, target: str, fen: int) -> None:
    fund = programme().funds.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            fund=fund, move=move, from_account=origin, to_account=target, amount_fen=fen
        )


def test_without_budget_an_application_waits_in_time_order(people: Staff) -> None:
    row, bought = programme(budget_yuan=3_000), product()
    first, second, third = (submitted(row, bought, *works()) for _ in "123")
    assert [v.state for v in (first, second, third)] == ["submitted", "waiting", "waiting"]
    assert balances(first.fund)[1:3] == (0, FACE)

    programmes.grant(row, region=Region.objects.get(code=COUNTY), amount_fen=FACE, reason="more", by=None)
    newcomer = submitted(row, bought, *works())

    assert newcomer.state == "waiting"

    tending.tend_programmes()
    assert list(Voucher.objects.order_by("pk").values_list("state", flat=True)) == [
        "submitted",
        "submitted",
        "waiting",
        "waiting",
    ]
    assert ledger.differences() == []


def test_reconciliation_finds_what_was_forced_past_the_protection(people: Staff) -> None:
    voucher = in_state(VoucherState.ISSUED, people)
    settle_deferred()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cloud_fund DISABLE TRIGGER cloud_fund_moves_by_entries")
        cursor.execute("UPDATE cloud_fund SET available_fen = available_fen + 5, budget_fen = budget_fen + 5")
        cursor.execute("UPDATE cloud_voucher SET state = 'submitted'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    found = {(one.kind, one.account, one.kept_fen - one.summed_fen) for one in ledger.differences()}

    assert found == {
        ("fund", "available", 5),
        ("fund", "budget", 5),
        ("voucher", "reserved", FACE),
        ("voucher", "issued", -FACE),
    }
    assert voucher.pk
