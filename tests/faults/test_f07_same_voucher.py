"""F-07: two people decide about the same voucher at the same instant."""

from typing import Any

import pytest
from django.utils import translation

from core import audit
from core.lifecycle import Lifecycle, TransitionRefused
from core.verbs import refusal
from notifications.models import Notification
from services.cloud import ledger
from services.cloud.actions import applying, reviewing
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import LedgerEntry, Voucher, VoucherState
from tests.factories.vouchers import Staff, in_state, product, programme, staff
from tests.faults import unsafe
from tests.together import together

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
TWENTY = 20


@pytest.fixture
def people() -> Staff:
    return staff()


def passed(people: Staff) -> Voucher:
    return in_state(VoucherState.COUNTY_PASSED, people)


def decided(voucher: Voucher) -> list[str]:
    """Return the verbs that moved the voucher on from the city's table."""
    events = audit.history(voucher).filter(before=VoucherState.COUNTY_PASSED)
    return sorted(events.values_list("verb", flat=True))


def test_two_approve_the_same_voucher(people: Staff) -> None:
    voucher = passed(people)

    found = together(
        lambda: reviewing.approve(voucher, by=people.city),
        lambda: reviewing.approve(voucher, by=people.checker),
    )

    loser = next(one for one in found if isinstance(one, TransitionRefused))
    assert decided(voucher) == ["approve"]
    assert LedgerEntry.objects.filter(move="issue").count() == 1
    # One voucher, one owner, one letter.
    assert Notification.objects.filter(kind="cloud.voucher_issued").count() == 1
    winner = Voucher.objects.get(pk=voucher.pk).city_by
    with translation.override("en"):
        assert str(winner) in refusal(loser, voucher, VOUCHER)


@pytest.mark.parametrize("other", ["refuse", "withdraw"])
def test_one_approves_while_another_ends_it(people: Staff, other: str) -> None:
    voucher = passed(people)
    ends: dict[str, Any] = {
        "refuse": lambda: reviewing.refuse(voucher, reason="r", by=people.checker),
        "withdraw": lambda: applying.withdraw(voucher, by=None),
    }

    together(lambda: reviewing.approve(voucher, by=people.city), ends[other])

    # Whoever came first decided; an issued voucher may still be withdrawn, and then nothing stays held.
    state = Voucher.objects.get(pk=voucher.pk).state
    assert len(decided(voucher)) == 1
    held = ledger.held_by(voucher)
    assert (held["reserved"], held["issued"]) == (0, 300_000 if state == VoucherState.ISSUED else 0)
    assert ledger.differences() == []


def test_forty_approvals_of_twenty_vouchers_issue_each_once(people: Staff) -> None:
    row, bought = programme(), product()
    rows = [
        in_state(VoucherState.COUNTY_PASSED, people, programme=row, product=bought) for _ in range(TWENTY)
    ]

    found = together(
        *(
            lambda voucher=voucher, by=by: reviewing.approve(voucher, by=by)
            for voucher in rows
            for by in (people.city, people.checker)
        )
    )

    assert [type(one).__name__ for one in found].count("Voucher") == TWENTY
    assert [type(one).__name__ for one in found].count("TransitionRefused") == TWENTY
    assert row.funds.get().issued_fen == TWENTY * 300_000
    assert ledger.differences() == []


def test_without_the_lock_one_voucher_is_issued_twice(people: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = passed(people)
    monkeypatch.setattr(reviewing, "lock", reviewing.lock)
    monkeypatch.setattr(Lifecycle, "apply", Lifecycle.apply)
    unsafe.switch_off("row lock")

    together(
        lambda: reviewing.approve(voucher, by=people.city),
        lambda: reviewing.approve(voucher, by=people.checker),
    )

    assert decided(voucher) == ["approve", "approve"]
    assert LedgerEntry.objects.filter(move="issue").count() == 2
