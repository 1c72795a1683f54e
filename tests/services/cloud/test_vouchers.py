"""What a voucher is worth, and every guard on its way, one refused step at a time."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.actions import set_roles
from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises.models import Membership
from notifications.models import Notification
from services.cloud import deadlines, ledger, vouchers
from services.cloud.actions import applying, paying, reviewing, tending, using
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import Flag, Listing, UseCheck, Voucher, VoucherState
from services.cloud.voucher_words import flag_reason
from tests.factories.files import upload
from tests.factories.vouchers import (
    Staff,
    backdate,
    claim,
    contract,
    draft,
    in_state,
    product,
    programme,
    staff,
    submitted,
    works,
)

pytestmark = pytest.mark.django_db
S = VoucherState


@pytest.fixture(autouse=True)
def _in_english() -> None:
    translation.activate("en")


@pytest.fixture
def people() -> Staff:
    return staff()


def words(act: Callable[[], Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        act()
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("price", "eligible", "rate", "cap", "worth"),
    [
        (1_000_000, "100", "30", 10_000_000, 300_000),
        (100_000_000, "100", "30", 10_000_000, 10_000_000),
        (5, "100", "30", 100, 2),
        (1_000_000, "60", "30", 10_000_000, 180_000),
        (333, "33.33", "33.33", 10_000, 37),
    ],
)
def test_the_face_value_is_rate_times_eligible_price_rounded_once_then_capped(
    price: int, eligible: str, rate: str, cap: int, worth: int
) -> None:
    found = vouchers.face_value(
        price, eligible_percent=Decimal(eligible), rate_percent=Decimal(rate), cap_fen=cap
    )

    assert found == worth


@pytest.mark.parametrize("typed", ["no. 1234-56", "ＮＯ．１２３４ ５６", "No123456", "№-1234/56"])
def test_an_invoice_is_the_same_in_every_spelling(typed: str) -> None:
    assert vouchers.invoice_key(typed) == "NO123456"


def test_the_nearest_fund_is_drawn_on() -> None:
    row = programme(region="370000")
    assert vouchers.fund_for(row, "370202") == row.funds.get()
    assert vouchers.fund_for(row, None) is None
    assert vouchers.fund_for(programme(region="370100"), "370202") is None


# --- the table ------------------------------------------------------------------------


def test_no_verb_is_taken_from_a_state_that_does_not_have_it(people: Staff) -> None:
    voucher = in_state(S.SUBMITTED, people)

    for transition in VOUCHER:
        if S.SUBMITTED not in transition.sources:
            with pytest.raises(TransitionRefused):
                VOUCHER.apply(voucher, transition.verb, by=None, reason="r")


def test_every_decision_has_one_event_with_actor_before_and_after(people: Staff) -> None:
    voucher = in_state(S.SETTLED, people)

    told = [(e.verb, e.before, e.after) for e in audit.history(voucher) if e.verb in VOUCHER.transitions][
        ::-1
    ]
    assert told == [
        ("submit", "draft", "submitted"),
        ("pass", "submitted", "county_passed"),
        ("approve", "county_passed", "issued"),
        ("use", "issued", "in_use"),
        ("claim", "in_use", "claimed"),
        ("verify", "claimed", "verified"),
        ("settle", "verified", "settled"),
    ]
    assert audit.history(voucher).get(verb="approve").actor_id == people.city.pk


# --- applying -------------------------------------------------------------------------


def test_who_cannot_apply_is_told_why() -> None:
    enterprise, owner = works()
    elsewhere = programme(region="370100")
    closed = programme(state="suspended")
    picky = programme(criteria=[{"fact": "digital_level", "op": "at_least", "values": [4]}])

    assert "no budget for your region" in words(lambda: applying.start(elsewhere, enterprise, by=owner))
    assert "no applications" in words(lambda: applying.start(closed, enterprise, by=owner))
    # Not known is not "no": the county asks.
    assert applying.start(picky, enterprise, by=owner).state == S.DRAFT
    enterprise.proof_level = "document"
    assert "staff have checked" in words(lambda: applying.start(programme(), enterprise, by=owner))


def test_one_active_voucher_and_the_yearly_limit_over_all_programmes() -> None:
    row, bought = programme(), product()
    enterprise, owner = works()
    first = submitted(row, bought, enterprise, owner)

    assert "of this programme already" in words(lambda: applying.start(row, enterprise, by=owner))
    assert "of this year" in words(lambda: applying.start(programme(), enterprise, by=owner))

    applying.withdraw(first, by=owner)
    assert applying.start(row, enterprise, by=owner).state == S.DRAFT


def test_two_drafts_of_two_programmes_cannot_both_be_submitted() -> None:
    enterprise, owner = works()
    one, other = (draft(programme(), product(), enterprise, owner) for _ in "12")
    applying.submit(one, no_contract=True, truthful=True, by=owner)

    refused = words(lambda: applying.submit(other, no_contract=True, truthful=True, by=owner))

    assert "of this year" in refused
    assert Voucher.objects.get(pk=other.pk).state == S.DRAFT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price_fen": 1_000_001}, "the list price"),
        ({"price_fen": 0}, "more than zero"),
        ({"price_fen": -5}, "more than zero"),
        ({"quoted_on": timedelta(days=1)}, "in the future"),
        ({"upload": None}, "Add the quotation"),
    ],
)
def test_a_quotation_with_a_fault_is_named_and_nothing_is_kept(change: dict[str, Any], said: str) -> None:
    enterprise, owner = works()
    begun = applying.start(programme(), enterprise, by=owner)
    given = {
        "product": product(),
        "quantity": 1,
        "number": "1",
        "quoted_on": calendar.today(),
        "price_fen": 1_000_000,
        "upload": None if "upload" in change else upload(),
    }
    for name, value in change.items():
        given[name] = calendar.today() + value if isinstance(value, timedelta) else value

    assert said in words(lambda: applying.save_quote(begun, applying.Quote(**given), by=owner))
    assert Voucher.objects.get(pk=begun.pk).quote_fen is None


@pytest.mark.parametrize(
    ("no_contract", "truthful", "said"), [(False, True, "signed or paid"), (True, False, "is true")]
)
def test_without_a_declaration_nothing_is_reserved(no_contract: bool, truthful: bool, said: str) -> None:
    row = programme()
    enterprise, owner = works()
    begun = draft(row, product(), enterprise, owner)

    assert said in words(lambda: applying.submit(begun, no_contract=no_contract, truthful=truthful, by=owner))
    assert row.funds.get().reserved_fen == 0


def test_a_product_that_left_the_list_gets_no_voucher() -> None:
    enterprise, owner = works()
    bought = product()
    begun = draft(programme(), bought, enterprise, owner)
    Listing.objects.update(state="suspended")

    refused = words(lambda: applying.submit(begun, no_contract=True, truthful=True, by=owner))

    assert "not on the list" in refused


# --- deciding -------------------------------------------------------------------------


def test_the_county_passes_only_what_meets_every_condition(people: Staff) -> None:
    picky = programme(criteria=[{"fact": "digital_level", "op": "at_least", "values": [4]}])
    voucher = in_state(S.SUBMITTED, people, programme=picky)

    assert "Not every condition" in words(lambda: reviewing.pass_on(voucher, by=people.county))


def test_three_different_people_decide(people: Staff) -> None:
    for person in (people.county, people.city):
        set_roles(person, roles=["county_reviewer", "city_reviewer", "finance_officer"], by=None)
    passed = in_state(S.COUNTY_PASSED, people)
    county = type(people.county).objects.get(pk=people.county.pk)
    city = type(people.city).objects.get(pk=people.city.pk)
    assert "Another person" in words(lambda: reviewing.approve(passed, by=county))
    assert "Another person" in words(lambda: reviewing.refuse(passed, reason="r", by=county))

    claimed = in_state(S.CLAIMED, people)
    for one in (county, city):
        assert "Another person" in words(lambda one=one: reviewing.verify(claimed, by=one))
    verified = reviewing.verify(claimed, by=people.checker)
    assert "Another person" in words(lambda: paying.settle(verified, batch="B", bank_confirmed=True, by=city))


@pytest.mark.parametrize("ended", [False, True])
def test_nobody_decides_about_an_enterprise_of_their_own(people: Staff, ended: bool) -> None:
    voucher = in_state(S.SUBMITTED, people)
    member = Membership.objects.create(enterprise=voucher.enterprise, user=people.county, role="viewer")
    if ended:
        Membership.objects.filter(pk=member.pk).update(ended_at=calendar.now())

    for act in (
        lambda: reviewing.pass_on(voucher, by=people.county),
        lambda: reviewing.ask(voucher, reason="r", by=people.county),
        lambda: reviewing.reject(voucher, reason="r", by=people.county),
    ):
        assert "act for this enterprise" in words(act)


def test_who_lacks_the_permission_decides_nothing(people: Staff) -> None:
    voucher = in_state(S.SUBMITTED, people)

    for act in (
        lambda: reviewing.pass_on(voucher, by=people.finance),
        lambda: reviewing.pass_on(voucher, by=people.auditor),
        lambda: reviewing.ask(voucher, reason="", by=people.county),
    ):
        with pytest.raises(TransitionRefused):
            act()


def test_the_amount_is_reckoned_anew_and_the_difference_released(people: Staff) -> None:
    in_use = backdate(in_state(S.IN_USE, people), 40)
    cheaper = using.claim(in_use, claim(in_use, invoice_fen=500_000), by=None)

    verified = reviewing.verify(cheaper, by=people.checker)

    assert verified.verified_fen == 150_000
    assert ledger.held_by(verified)["redeemed"] == 150_000
    assert verified.fund.available_fen if verified.fund else 0
    assert ledger.differences() == []


# --- using ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "change", "said"),
    [
        (-1, {}, "before the voucher was issued"),
        (1, {}, "at the latest"),
        (0, {"price_fen": 0}, "more than zero"),
        (0, {"number": " "}, "number of the contract"),
    ],
)
def test_a_contract_with_a_fault_is_named(
    people: Staff, days: int, change: dict[str, Any], said: str
) -> None:
    voucher = in_state(S.ISSUED, people)
    signed = contract(calendar.today() + timedelta(days=days), **change)

    assert said in words(lambda: using.use(voucher, signed, by=None))
    assert Voucher.objects.get(pk=voucher.pk).state == S.ISSUED


def test_a_contract_of_the_day_of_issue_is_fine_and_begins_the_checks_of_real_use(people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)

    used = using.use(voucher, contract(voucher.issued_on), by=None)

    assert used.claim_until == (voucher.valid_to or calendar.today()) + timedelta(days=180)
    plan = voucher.enterprise.onboardings.get(product=voucher.product)
    assert sorted(UseCheck.objects.filter(onboarding=plan).values_list("day", flat=True)) == [30, 90]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invoice_fen": 0}, "invoice_fen"),
        ({"invoice_number": "—"}, "invoice_number"),
        ({"invoice_on": -1}, "invoice_on"),
        ({"paid_on": -1}, "paid_on"),
        ({"used_from": -1}, "used_from"),
        ({"used_to": 28}, "used_to"),
        ({"used_to": 400}, "used_to"),
        ({"usage": None}, "usage_file"),
    ],
)
def test_a_claim_with_a_fault_is_named_by_field(people: Staff, change: dict[str, Any], field: str) -> None:
    voucher = backdate(in_state(S.IN_USE, people), 40)
    begins = voucher.contract_on or calendar.today()
    given = {
        name: begins + timedelta(days=value) if isinstance(value, int) and name != "invoice_fen" else value
        for name, value in change.items()
    }

    with pytest.raises(ValidationError) as refused:
        using.claim(voucher, claim(voucher, **given), by=None)

    assert list(refused.value.message_dict) == [field]
    assert not hasattr(Voucher.objects.get(pk=voucher.pk), "claim")


def test_the_same_invoice_is_refused_across_programmes_in_any_spelling(people: Staff) -> None:
    first = in_state(S.CLAIMED, people)
    second = backdate(in_state(S.IN_USE, people), 40)
    spelled = f" ｉｎｖ－{first.pk} "

    refused = words(lambda: using.claim(second, claim(second, invoice_number=spelled), by=None))

    assert "claimed already" in refused


def test_an_invoice_of_a_void_voucher_can_be_claimed_again(people: Staff) -> None:
    first = in_state(S.CLAIM_RETURNED, people)
    tending.expire(calendar.today() + timedelta(days=60))
    second = backdate(in_state(S.IN_USE, people), 40)

    assert Voucher.objects.get(pk=first.pk).state == S.VOID
    again = using.claim(second, claim(second, invoice_number=f"INV-{first.pk}"), by=None)
    assert again.state == S.CLAIMED


def test_after_a_question_the_kept_papers_are_enough(people: Staff) -> None:
    voucher = Voucher.objects.get(pk=in_state(S.CLAIM_RETURNED, people).pk)
    corrected = claim(voucher, invoice_fen=900_000, invoice=None, payment=None, usage=None)

    assert using.claim(voucher, corrected, by=None).state == S.CLAIMED


# --- paying ---------------------------------------------------------------------------


def test_payment_needs_a_batch_and_confirmed_bank_details(people: Staff) -> None:
    voucher = in_state(S.VERIFIED, people)

    assert "bank details" in words(
        lambda: paying.settle(voucher, batch="B", bank_confirmed=False, by=people.finance)
    )
    assert "payment batch" in words(
        lambda: paying.settle(voucher, batch=" ", bank_confirmed=True, by=people.finance)
    )


def test_money_comes_back_in_parts_and_the_rest_is_written_off(people: Staff) -> None:
    voucher = in_state(S.CLAWBACK_DUE, people)
    paying.recover(voucher, amount_fen=100_000, by=people.finance)
    assert "still due" in words(lambda: paying.recover(voucher, amount_fen=200_001, by=people.finance))

    ended = paying.write_off(voucher, reason="bankrupt", by=people.finance)

    assert ended.state == S.WRITTEN_OFF
    assert ledger.held_by(ended) | {"available": 0} == {
        "available": 0,
        "reserved": 0,
        "issued": 0,
        "redeemed": 0,
        "settled": 0,
        "written_off": 200_000,
    }
    assert ledger.differences() == []


# --- what happens by itself -------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "last", "after"),
    [
        (S.RETURNED, "due_on", S.EXPIRED),
        (S.ISSUED, "valid_to", S.VOID),
        (S.CLAIM_RETURNED, "due_on", S.VOID),
        (S.IN_USE, "claim_until", S.VOID),
    ],
)
def test_time_runs_out_the_day_after_the_last_and_once(
    people: Staff, state: str, last: str, after: str
) -> None:
    voucher = in_state(state, people)
    day = getattr(Voucher.objects.get(pk=voucher.pk), last)

    assert tending.expire(day) == 0
    assert tending.expire(day + timedelta(days=1)) == 1
    assert tending.expire(day + timedelta(days=2)) == 0

    assert Voucher.objects.get(pk=voucher.pk).state == after
    assert ledger.differences() == []


@pytest.mark.parametrize(
    ("left", "reminded", "due"),
    [
        (15, None, None),
        (14, None, 14),
        (10, 14, None),
        (10, None, 14),
        (3, 14, 3),
        (2, None, 3),
        (0, 3, None),
    ],
)
def test_reminders_come_14_and_3_days_before_and_once(
    left: int, reminded: int | None, due: int | None
) -> None:
    assert deadlines.reminder_due(left, reminded) == due


def test_owners_are_reminded_once_and_again_after_an_extension(people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)
    near = (voucher.valid_to or calendar.today()) - timedelta(days=10)

    assert [tending.remind(near), tending.remind(near)] == [1, 0]
    extended = applying.extend(voucher, by=None)
    assert extended.valid_to == (voucher.valid_to or near) + timedelta(days=30)
    assert tending.remind(near + timedelta(days=30)) == 1
    assert Notification.objects.filter(kind="cloud.voucher_ends").count() == 2
    assert "once" in words(lambda: applying.extend(extended, by=None))


def test_programmes_follow_days_and_balances(people: Staff) -> None:
    today = calendar.today()
    row = programme(state="published", opens_on=today, closes_on=today + timedelta(days=9), budget_yuan=3_000)

    def state() -> str:
        tending.tend_programmes(today)
        return str(type(row).objects.get(pk=row.pk).state)

    assert state() == "open"
    voucher = in_state(S.SUBMITTED, people, programme=type(row).objects.get(pk=row.pk))
    assert state() == "exhausted"
    reviewing.reject(voucher, reason="r", by=people.county)
    assert state() == "open"
    tending.tend_programmes(today + timedelta(days=10))
    assert type(row).objects.get(pk=row.pk).state == "closed"


# --- signals ----------------------------------------------------------------------------


def test_signals_are_raised_with_their_reason_once_and_stop_nothing(people: Staff) -> None:
    voucher = backdate(in_state(S.IN_USE, people), 70)
    Listing.objects.update(representative=voucher.declared_by)

    claimed = using.claim(voucher, claim(voucher, invoice_fen=1_200_000), by=None)

    assert claimed.state == S.CLAIMED
    assert {flag.code: flag.data for flag in Flag.objects.all()} == {
        "same_people": {"shared": ["person"]},
        "odd_invoice": {"invoice_fen": 1_200_000, "contract_fen": 1_000_000},
        "not_used": {"days": 60},
    }


def test_applicants_with_one_phone_and_one_provider_are_flagged_when_they_apply(people: Staff) -> None:
    bought, elsewhere = product(), product()
    given = [("0532 1111", bought), ("0532 1111", elsewhere), ("0532 2222", bought), ("0532 1111", bought)]
    *_others, last = [
        in_state(S.SUBMITTED, people, by=works(contact_phone=phone), product=one) for phone, one in given
    ]

    flag = Flag.objects.get(code="shared_contact")
    assert (flag.voucher, flag.data) == (last, {"enterprises": 1})
    assert flag_reason(flag.code, flag.data).endswith("applied with this provider: 1.")
