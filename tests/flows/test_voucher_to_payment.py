"""One voucher from the first page to payment through five people; then the ledger proves itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import calendar, once
from services.cloud import ledger, tasks
from services.cloud.models import Listing, Reconciliation, Voucher, VoucherState
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.files import upload
from tests.factories.vouchers import backdate, product, programme, staff, works

pytestmark = pytest.mark.django_db


def press(client: Client, voucher: Voucher, verb: str, **data: Any) -> None:
    address = f"/admin/cloud/voucher/{voucher.pk}/{verb}/"
    assert client.get(address).status_code == 200
    client.post(address, {"form_token": once.new_token(), **data})


def after(voucher: Voucher, state: str) -> Voucher:
    row = Voucher.objects.get(pk=voucher.pk)
    assert row.state == state
    return row


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_voucher_goes_through_five_people(language: str) -> None:
    people, (_enterprise, owner) = staff(), works()
    row, bought, speaker = programme(budget_yuan=5_000), product(), UserFactory()
    Listing.objects.update(representative=speaker)
    today = calendar.today()

    def at(name: str, *args: Any) -> str:
        with translation.override(language):
            return reverse(f"cloud:{name}", args=args)

    # The owner applies.
    li = sign_in(Client(), owner)
    li.post(at("voucher_begin", row.slug), {"product": bought.slug})
    voucher = Voucher.objects.get()
    quote = {"product": bought.slug, "quantity": "1", "quote_number": "1", "quoted_on": today.isoformat()}
    li.post(
        at("voucher_quote", voucher.reference), quote | {"quote_fen": "10000", "quote_file": upload("q.pdf")}
    )
    declared = {"no_contract": "on", "truthful": "on", "form_token": once.new_token()}
    li.post(at("voucher_check", voucher.reference), declared)
    after(voucher, VoucherState.SUBMITTED)

    # County and city decide, two people.
    press(sign_in(Client(), people.county), voucher, "pass")
    press(sign_in(Client(), people.city), voucher, "approve")
    issued = after(voucher, VoucherState.ISSUED)
    assert str(issued.code) in li.get(at("voucher", voucher.reference)).content.decode()

    # The provider redeems the code, and claims forty days later.
    provider = sign_in(Client(), speaker)
    contract = {"contract_number": "HT", "contract_on": today.isoformat(), "contract_fen": "10000"}
    provider.post(at("redeem"), contract | {"code": str(issued.code)})
    signed = backdate(after(voucher, VoucherState.IN_USE), 40).contract_on
    assert signed
    papers = {f"{name}_file": upload(f"{name}.pdf") for name in ("invoice", "payment", "usage")}
    days = dict.fromkeys(("invoice_on", "paid_on", "used_from"), signed.isoformat())
    used_to = (signed + timedelta(days=30)).isoformat()
    claim = {"invoice_number": "1", "invoice_fen": "9000", "used_to": used_to, **days, **papers}
    provider.post(at("provider_claim", voucher.reference), claim)
    after(voucher, VoucherState.CLAIMED)

    # A third reviewer confirms, finance pays.
    press(sign_in(Client(), people.checker), voucher, "verify")
    press(sign_in(Client(), people.finance), voucher, "settle", batch="B-1", bank_confirmed="on")
    paid = after(voucher, VoucherState.SETTLED)

    assert paid.verified_fen == 270_000
    assert tasks.reconcile() == 0
    assert Reconciliation.objects.get().entries == 6
    assert ledger.sums_of(row.funds.get()) == {
        "available": 230_000, "reserved": 0, "issued": 0, "redeemed": 0, "settled": 270_000, "written_off": 0,
    }  # fmt: skip
    assert "2,300" in Client().get(at("fund")).content.decode()
