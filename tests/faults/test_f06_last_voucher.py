"""F-06: a budget for ten, forty applications at the same instant; then the last voucher, twice asked for."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from services.cloud import ledger
from services.cloud.actions import applying
from services.cloud.models import Fund, Programme, Voucher
from tests.factories.vouchers import draft, product, programme, works
from tests.faults import unsafe
from tests.together import together

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
FACE = 3_000  # yuan: 30 % of 10 000
THREADS, FITTING, ROUNDS = 40, 10, 20


class Watcher:
    """Looks at the fund in every committed state it can catch."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.ended = threading.Event()
        self.seen: list[tuple[int, int]] = []

    def look(self) -> None:
        while not self.ended.is_set():
            fund = Fund.objects.get(pk=self.fund.pk)
            self.seen.append((fund.available_fen, fund.reserved_fen))
            time.sleep(0.002)
        connection.close()


@contextmanager
def watched(fund: Fund) -> Iterator[Watcher]:
    watcher = Watcher(fund)
    thread = threading.Thread(target=watcher.look)
    thread.start()
    try:
        yield watcher
    finally:
        watcher.ended.set()
        thread.join()


def submit_all(row: Programme, count: int) -> list[str]:
    """Submit so many applications of as many enterprises at once; return the states, sorted."""
    bought = product()
    ready = [
        (draft(row, bought, enterprise, owner), owner)
        for enterprise, owner in (works() for _ in range(count))
    ]

    def submit(voucher: Voucher, owner: object) -> str:
        return str(applying.submit(voucher, no_contract=True, truthful=True, by=owner).state)

    return sorted(map(str, together(*(lambda one=one: submit(*one) for one in ready))))


def test_forty_applications_get_exactly_what_there_is() -> None:
    row = programme(budget_yuan=FITTING * FACE)
    fund = row.funds.get()

    with watched(fund) as watcher:
        states = submit_all(row, THREADS)

    assert states == ["submitted"] * FITTING + ["waiting"] * (THREADS - FITTING)
    fund.refresh_from_db()
    assert (fund.available_fen, fund.reserved_fen) == (0, fund.budget_fen)
    assert all(available >= 0 and reserved <= fund.budget_fen for available, reserved in watcher.seen)
    assert ledger.differences() == []


def test_without_the_ledger_the_budget_is_overspent(monkeypatch: pytest.MonkeyPatch) -> None:
    row = programme(budget_yuan=FITTING * FACE)
    monkeypatch.setattr(ledger, "_book", ledger._book)
    unsafe.switch_off("ledger")

    states = submit_all(row, THREADS)

    assert states.count("submitted") > FITTING
    assert row.funds.get().available_fen < 0


def test_the_last_voucher_goes_to_one_of_two_every_time() -> None:
    for _round in range(ROUNDS):
        assert submit_all(programme(budget_yuan=FACE), 2) == ["submitted", "waiting"]

    assert ledger.differences() == []
