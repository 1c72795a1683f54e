"""The drains of the money: run twice, run late, run after a failure in the middle."""

from datetime import timedelta

import pytest

from notifications.models import Notification
from services.cloud import ledger, tasks
from services.cloud.actions import tending
from services.cloud.models import Fund, Reconciliation, SpotDraw, Voucher, VoucherState
from tests.factories.vouchers import Staff, in_state, staff

pytestmark = pytest.mark.django_db
S = VoucherState


@pytest.fixture
def people() -> Staff:
    return staff()


def run_out(voucher: Voucher, **days: int) -> None:
    """Move a voucher's last days into the past."""
    row = Voucher.objects.get(pk=voucher.pk)
    changes = {name: getattr(row, name) - timedelta(days=by) for name, by in days.items()}
    Voucher.objects.filter(pk=row.pk).update(**changes)


def test_expiring_twice_ends_each_voucher_once(people: Staff) -> None:
    unused, silent = in_state(S.ISSUED, people), in_state(S.RETURNED, people)
    run_out(unused, issued_on=300, valid_to=300)
    run_out(silent, due_on=300)

    assert [tasks.expire_vouchers(), tasks.expire_vouchers()] == [2, 0]

    states = Voucher.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [S.VOID, S.EXPIRED]
    assert Notification.objects.filter(kind="cloud.voucher_ended").count() == 2
    assert ledger.differences() == []


def test_a_failure_in_the_middle_leaves_the_rest_to_the_next_run(
    people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    vouchers = [in_state(S.ISSUED, people) for _number in "12"]
    for voucher in vouchers:
        run_out(voucher, issued_on=300, valid_to=300)
    release = ledger.release

    def fails_at_the_second(voucher: Voucher, **given: object) -> int:
        if voucher.pk == vouchers[1].pk:
            raise RuntimeError
        return release(voucher, **given)

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "release", fails_at_the_second)
        with pytest.raises(RuntimeError):
            tending.expire()
    assert ledger.differences() == []

    assert tasks.expire_vouchers() == 1
    assert set(Voucher.objects.values_list("state", flat=True)) == {S.VOID}


def test_the_proof_is_run_once_a_night_and_tells_finance_of_a_difference(people: Staff) -> None:
    in_state(S.ISSUED, people)

    assert [tasks.reconcile(), tasks.reconcile()] == [0, 0]
    assert Reconciliation.objects.count() == 1

    Voucher.objects.update(state=S.WITHDRAWN)
    tending.reconcile()
    told = Notification.objects.filter(kind="cloud.ledger_differs")
    assert [letter.recipient for letter in told] == [people.finance]
    assert Reconciliation.objects.latest("pk").differences[0]["kept_fen"] == 0


def test_visits_are_drawn_once_a_month(people: Staff) -> None:
    in_state(S.IN_USE, people)

    assert [tasks.draw_visits(), tasks.draw_visits()] == [1, 0]
    assert SpotDraw.objects.count() == 1


def test_tending_twice_changes_nothing_the_second_time(people: Staff) -> None:
    in_state(S.SUBMITTED, people)
    Fund.objects.get()

    assert tasks.tend_programmes() == 0
    assert tasks.tend_programmes() == 0
