"""Random walks over the table of vouchers: whatever happens in whatever order, the books balance."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from core import calendar
from core.lifecycle import TransitionRefused
from services.cloud import ledger
from services.cloud.actions import applying, paying, reviewing, tending, using
from services.cloud.models import Fund, Voucher
from tests.factories.vouchers import (
    Staff,
    backdate,
    claim,
    contract,
    draft,
    product,
    programme,
    staff,
    submitted,
    works,
)

pytestmark = [pytest.mark.django_db, pytest.mark.long]
STEPS, ENTERPRISES = 150, 4


def moves(people: Staff, owner: User, random: Random) -> list[Callable[[Voucher], Any]]:
    """Return everything that can be tried on a voucher, right or wrong."""
    anyone = [people.county, people.city, people.checker, people.finance]
    by = random.choice(anyone)
    return [
        lambda v: applying.submit(v, no_contract=True, truthful=True, by=owner),
        lambda v: applying.resubmit(v, answer="a", by=owner),
        lambda v: applying.withdraw(v, by=owner),
        lambda v: reviewing.ask(v, reason="r", by=by),
        lambda v: reviewing.pass_on(v, by=by),
        lambda v: reviewing.approve(v, by=by),
        lambda v: reviewing.reject(v, reason="r", by=by),
        lambda v: using.use(v, contract(), by=owner),
        lambda v: using.claim(
            row := backdate(v, 40), claim(row, invoice_fen=random.randrange(1, 2_000_000)), by=owner
        ),
        lambda v: reviewing.query(v, reason="r", by=by),
        lambda v: reviewing.verify(v, by=by),
        lambda v: paying.settle(v, batch="B", bank_confirmed=True, by=by),
        lambda v: paying.reclaim(v, finding="A", reason="r", by=by),
        lambda v: paying.recover(v, amount_fen=random.randrange(1, 200_000), by=by),
        lambda v: paying.write_off(v, reason="r", by=by),
        lambda v: tending.expire(calendar.today() + timedelta(days=random.choice([0, 0, 20, 400]))),
        lambda v: tending.tend_programmes(),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_books_balance_after_every_step(seed: int) -> None:
    random, people = Random(seed), staff()
    row, bought = programme(budget_yuan=7_000, yearly_limit=99), product()
    askers = [works() for _number in range(ENTERPRISES)]
    begun = [submitted(row, bought, *asker) if seed % 2 else draft(row, bought, *asker) for asker in askers]

    done = 0
    for _step in range(STEPS):
        place = random.randrange(ENTERPRISES)
        act = random.choice(moves(people, askers[place][1], random))
        try:
            act(Voucher.objects.get(pk=begun[place].pk))
        except (TransitionRefused, ValidationError):
            continue
        done += 1
        assert ledger.differences() == []
        fund = Fund.objects.get()
        assert fund.budget_fen == sum(ledger.sums_of(fund).values()) == 700_000
    assert done > 5
