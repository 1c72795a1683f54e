"""The owner's way from a product to a claim, page by page; and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import calendar, once
from enterprises.models import Membership
from services.cloud.actions import reviewing
from services.cloud.models import CloudProduct, Listing, Programme, Voucher, VoucherState
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.files import upload
from tests.factories.vouchers import Staff, backdate, in_state, product, programme, staff, works

pytestmark = pytest.mark.django_db
S = VoucherState


@pytest.fixture(autouse=True)
def _in_english() -> None:
    translation.activate("en")


@pytest.fixture
def people() -> Staff:
    return staff()


def at(name: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"cloud:{name}", args=args)


def errors(page: Any) -> dict[str, list[str]]:
    return dict(page.context["form"].errors)


def quotation(bought: CloudProduct, **fields: Any) -> dict[str, Any]:
    return {
        "product": bought.slug,
        "quantity": "1",
        "quote_number": "Q-1",
        "quoted_on": calendar.today().isoformat(),
        "quote_fen": "10,000",
        "quote_file": upload("quote.pdf"),
    } | fields


def test_an_owner_applies_and_the_amount_is_reserved(client: Client) -> None:
    _enterprise, owner = works()
    row, bought = programme(), product()
    sign_in(client, owner)

    page = client.get(at("apply_voucher"), {"product": bought.slug}, follow=True)
    assert "Apply for a voucher" in page.content.decode()
    begun = client.post(at("voucher_begin", row.slug), {"product": bought.slug}, follow=True)
    assert begun.context["form"].initial["product"] == bought.slug
    voucher = Voucher.objects.get()
    checked = client.post(at("voucher_quote", voucher.reference), quotation(bought), follow=True)
    assert (checked.context["worth"], checked.context["after"]) == ("3,000", "7,000")

    undeclared = client.post(at("voucher_check", voucher.reference), {"form_token": "t"})
    assert "no_contract" in errors(undeclared)
    sent = {"no_contract": "on", "truthful": "on", "form_token": once.new_token()}
    for _time in "12":
        done = client.post(at("voucher_check", voucher.reference), sent, follow=True)
        assert "With the county" in done.content.decode()

    assert Voucher.objects.get().state == S.SUBMITTED
    assert row.funds.get().reserved_fen == 300_000


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1e4", "out in full"),
        ("-5", "below zero"),
        ("－５", "below zero"),
        ("１０００.００５", "two decimals"),
        ("10000.005", "two decimals"),
        ("1,00", "thousands"),
        ("abc", "not an amount"),
        ("", "required"),
        ("10000.01", "list price"),
    ],
)
def test_a_wrong_amount_is_said_exactly_and_what_was_typed_stays(
    client: Client, typed: str, said: str
) -> None:
    _enterprise, owner = works()
    row, bought = programme(), product()
    sign_in(client, owner).post(at("voucher_begin", row.slug))
    voucher = Voucher.objects.get()

    page = client.post(at("voucher_quote", voucher.reference), quotation(bought, quote_fen=typed))

    assert page.status_code == 200
    assert said in " ".join(errors(page)["quote_fen"])
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert Voucher.objects.get().quote_fen is None


# The same faults in the other amounts a person types about a voucher: contract and invoice.
FLAWS = [
    ("1e4", "out in full"),
    ("－５", "below zero"),
    ("１００.００５", "two decimals"),
    ("０", "more than zero"),
]


@pytest.mark.parametrize(("typed", "said"), FLAWS)
def test_a_wrong_price_of_the_contract_changes_nothing(
    client: Client, people: Staff, typed: str, said: str
) -> None:
    voucher = in_state(S.ISSUED, people)
    assert voucher.declared_by
    sent = {"contract_number": "HT", "contract_on": calendar.today().isoformat(), "contract_fen": typed}

    page = sign_in(client, voucher.declared_by).post(at("voucher_use", voucher.reference), sent)

    assert said in " ".join(errors(page)["contract_fen"])
    assert f'value="{typed}"' in page.content.decode()
    assert Voucher.objects.get().state == S.ISSUED


def claiming(voucher: Voucher, **fields: Any) -> dict[str, Any]:
    signed = voucher.contract_on or calendar.today()
    return {
        "invoice_number": "鲁 NO.1234-56",
        "invoice_on": signed.isoformat(),
        "invoice_fen": "10000",
        "paid_on": signed.isoformat(),
        "used_from": signed.isoformat(),
        "used_to": calendar.today().isoformat(),
        **{f"{name}_file": upload(f"{name}.pdf") for name in ("invoice", "payment", "usage")},
    } | fields


@pytest.mark.parametrize(("typed", "said"), FLAWS)
def test_a_wrong_amount_of_the_invoice_moves_no_money(
    client: Client, people: Staff, typed: str, said: str
) -> None:
    voucher = backdate(in_state(S.IN_USE, people), 40)
    assert voucher.declared_by
    assert voucher.fund

    page = sign_in(client, voucher.declared_by).post(
        at("voucher_claim", voucher.reference), claiming(voucher, invoice_fen=typed)
    )

    assert said in " ".join(errors(page)["invoice_fen"])
    assert f'value="{typed}"' in page.content.decode()
    assert Voucher.objects.get().state == S.IN_USE
    assert (type(voucher.fund).objects.get().issued_fen, type(voucher.fund).objects.get().redeemed_fen) == (
        300_000,
        0,
    )


@pytest.mark.parametrize(
    ("field", "days", "said"),
    [
        ("invoice_on", -1, "dated before the contract"),
        ("paid_on", -1, "before the contract"),
        ("used_from", -1, "before the contract"),
        ("paid_on", 41, "future"),
        ("used_to", 5, "at least 30 days"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    client: Client, people: Staff, field: str, days: int, said: str
) -> None:
    voucher = backdate(in_state(S.IN_USE, people), 40)
    assert voucher.declared_by
    assert voucher.contract_on
    wrong = (voucher.contract_on + timedelta(days=days)).isoformat()

    page = sign_in(client, voucher.declared_by).post(
        at("voucher_claim", voucher.reference), claiming(voucher, **{field: wrong})
    )

    assert said in " ".join(errors(page)[field])
    assert Voucher.objects.get().state == S.IN_USE


@pytest.mark.parametrize(
    "spelling", ["鲁NO123456", "鲁 no. 1234 56", "（鲁）ＮＯ．１２３４－５６", " 鲁No1234—56 "]
)
def test_the_same_invoice_in_another_spelling_and_programme_is_refused(
    client: Client, people: Staff, spelling: str
) -> None:
    first, second = (backdate(in_state(S.IN_USE, people), 40) for _one in "12")
    assert first.declared_by
    assert second.declared_by
    sign_in(client, first.declared_by).post(at("voucher_claim", first.reference), claiming(first))

    page = sign_in(client, second.declared_by).post(
        at("voucher_claim", second.reference), claiming(second, invoice_number=spelling)
    )

    assert "claimed already" in " ".join(errors(page)["invoice_number"])
    assert [row.state for row in Voucher.objects.order_by("pk")] == [S.CLAIMED, S.IN_USE]


@pytest.mark.parametrize("typed", ["2026-02-30", "30/11/2026", "２０２６", "soon", ""])
def test_a_day_that_is_none_is_said_and_stays(client: Client, typed: str) -> None:
    _enterprise, owner = works()
    row, bought = programme(), product()
    sign_in(client, owner).post(at("voucher_begin", row.slug))

    page = client.post(
        at("voucher_quote", Voucher.objects.get().reference), quotation(bought, quoted_on=typed)
    )

    assert page.status_code == 200
    assert errors(page)["quoted_on"]
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert Voucher.objects.get().quoted_on is None


@pytest.mark.parametrize("typed", ["10,000", "１００００", " 10000.00 ", "10000"])
def test_figures_as_people_write_them_are_understood(client: Client, typed: str) -> None:
    _enterprise, owner = works()
    row, bought = programme(), product()
    sign_in(client, owner).post(at("voucher_begin", row.slug))

    client.post(at("voucher_quote", Voucher.objects.get().reference), quotation(bought, quote_fen=typed))

    assert Voucher.objects.get().quote_fen == 1_000_000


def test_who_cannot_apply_reads_why(client: Client) -> None:
    enterprise, owner = works()
    programme(criteria=[{"fact": "region", "op": "within", "values": ["370100"]}])
    type(enterprise).objects.update(proof_level="email")

    page = sign_in(client, owner).get(at("vouchers")).content.decode()

    assert "Send the business licence" in page
    refused = client.post(at("voucher_begin", Programme.objects.get().slug), follow=True)
    assert "staff have checked" in refused.content.decode()


def test_the_page_of_an_issued_voucher_shows_code_days_and_how_to_redeem(
    client: Client, people: Staff
) -> None:
    voucher = in_state(S.ISSUED, people)
    owner = voucher.declared_by
    assert owner

    page = sign_in(client, owner).get(at("voucher", voucher.reference)).content.decode()

    assert str(voucher.code) in page
    assert "90 days left" in page
    assert "How to redeem it" in page


def test_contract_and_claim_are_recorded_by_the_owner(client: Client, people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)
    today = calendar.today()
    assert voucher.declared_by
    sign_in(client, voucher.declared_by)
    early = {
        "contract_number": "HT",
        "contract_on": (today - timedelta(days=1)).isoformat(),
        "contract_fen": "1",
    }
    refused = client.post(at("voucher_use", voucher.reference), early)
    assert "before the voucher was issued" in " ".join(errors(refused)["contract_on"])

    right = early | {"contract_on": today.isoformat(), "contract_fen": "10000"}
    client.post(at("voucher_use", voucher.reference), right)
    backdate(voucher, 40)
    signed = (today - timedelta(days=40)).isoformat()
    papers = {f"{name}_file": upload(f"{name}.pdf") for name in ("invoice", "payment", "usage")}
    claim = {
        "invoice_number": "No. 1",
        "invoice_on": signed,
        "invoice_fen": "10000",
        "paid_on": signed,
        "used_from": signed,
        "used_to": today.isoformat(),
        **papers,
    }
    page = client.post(at("voucher_claim", voucher.reference), claim, follow=True)

    assert "The claim has arrived" in page.content.decode()
    assert Voucher.objects.get().state == S.CLAIMED
    paper = Voucher.objects.get().claim.invoice_file
    type(paper).objects.filter(pk=paper.pk).update(scan="clean")
    assert client.get(at("voucher_file", voucher.reference, paper.key)).status_code == 200
    assert client.get(at("voucher_file", voucher.reference, "x")).status_code == 404


def test_a_question_is_answered_on_the_page(client: Client, people: Staff) -> None:
    voucher = in_state(S.RETURNED, people)
    assert voucher.declared_by
    sign_in(client, voucher.declared_by)

    empty = client.post(at("voucher_answer", voucher.reference), {"answer": " "})
    assert "answer" in errors(empty)
    client.post(at("voucher_answer", voucher.reference), {"answer": "Here it is."})

    assert Voucher.objects.get().state == S.SUBMITTED


def test_withdrawing_asks_once_and_releases(client: Client, people: Staff) -> None:
    voucher = in_state(S.SUBMITTED, people)
    assert voucher.declared_by
    sign_in(client, voucher.declared_by)

    assert "Withdraw" in client.get(at("voucher_withdraw", voucher.reference)).content.decode()
    client.post(at("voucher_withdraw", voucher.reference))

    assert Voucher.objects.get().state == S.WITHDRAWN
    assert voucher.fund
    assert type(voucher.fund).objects.get().reserved_fen == 0


def test_a_voucher_is_not_there_for_strangers_and_read_only_for_viewers(
    client: Client, people: Staff
) -> None:
    voucher = in_state(S.ISSUED, people)
    viewer = UserFactory()
    Membership.objects.create(enterprise=voucher.enterprise, user=viewer, role="viewer")
    _theirs, stranger = works()

    assert sign_in(client, stranger).get(at("voucher", voucher.reference)).status_code == 404
    assert sign_in(client, viewer).get(at("voucher", voucher.reference)).status_code == 200
    assert client.post(at("voucher_extend", voucher.reference)).status_code == 403
    assert client.post(at("voucher_withdraw", voucher.reference)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_my_vouchers_take_the_same_queries_however_many(
    client: Client, people: Staff, django_assert_max_num_queries: Any, count: int
) -> None:
    enterprise, owner = works()
    bought = product()
    for _number in range(count):
        row = programme(yearly_limit=9, state="open")
        in_state(S.SUBMITTED, people, programme=row, product=bought, by=(enterprise, owner))
        Programme.objects.update(state="closed")
    sign_in(client, owner).get(at("vouchers"))

    with django_assert_max_num_queries(8):
        client.get(at("vouchers"))


# --- the provider ---------------------------------------------------------------------


def speaker() -> Any:
    person = UserFactory()
    Listing.objects.update(representative=person)
    return person


def redeeming(voucher: Voucher, **fields: Any) -> dict[str, Any]:
    return {
        "code": str(voucher.code).lower().replace("-", " "),
        "contract_number": "HT-9",
        "contract_on": calendar.today().isoformat(),
        "contract_fen": "10000",
    } | fields


def test_a_provider_sees_its_vouchers_and_redeems_by_code(client: Client, people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)
    sign_in(client, speaker())

    page = client.get(at("provider_vouchers")).content.decode()
    assert voucher.reference in page
    assert str(voucher.code) not in page
    wrong = client.post(at("redeem"), redeeming(voucher, code="0000-0000-0000"))
    assert "no voucher with this code" in " ".join(errors(wrong)["code"])
    client.post(at("redeem"), redeeming(voucher))

    assert Voucher.objects.get().state == S.IN_USE
    again = client.post(at("redeem"), redeeming(voucher))
    assert "used already" in " ".join(errors(again)["code"])
    assert client.get(at("provider_claim", voucher.reference)).status_code == 200


def test_another_provider_finds_nothing(client: Client, people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)
    product()
    other = UserFactory()
    Listing.objects.filter(pk=Listing.objects.latest("pk").pk).update(representative=other)
    sign_in(client, other)

    assert voucher.reference not in client.get(at("provider_vouchers")).content.decode()
    client.post(at("redeem"), redeeming(voucher))
    assert Voucher.objects.get().state == S.ISSUED
    assert client.get(at("provider_claim", voucher.reference)).status_code == 404
    assert sign_in(client, UserFactory()).get(at("provider_vouchers")).status_code == 404


# --- the fund -------------------------------------------------------------------------


def test_the_fund_page_is_public_and_leaves_small_numbers_out(client: Client, people: Staff) -> None:
    row = programme(budget_yuan=50_000)
    voucher = in_state(S.SETTLED, people, programme=row)
    reviewing.reject(in_state(S.SUBMITTED, people, programme=row), reason="r", by=people.county)

    page = client.get(at("fund"))

    body = page.content.decode()
    assert "47,000" in body
    assert "fewer than 5" in body
    counts = {figure.code: figure.number for figure in page.context["programmes"][0]["counts"]}
    assert counts == {
        "applied": None, "waiting": 0, "issued": None, "used": None, "paid": None, "lapsed": 0,
        "rejected": None,
    }  # fmt: skip
    assert voucher.enterprise.name not in body
