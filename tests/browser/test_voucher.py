"""A cloud voucher from the readiness check to payment, and another that every guard stops in turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.functional import Promise

from accounts.models import User
from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise
from services.assessments.models import Assessment
from services.cloud import ledger
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import CloudProduct, Listing, Programme, Reconciliation, Voucher, VoucherState
from tests.browser.chromium import click
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import come_in
from tests.factories import assessments
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.files import PDF
from tests.factories.vouchers import COUNTY, Staff, backdate, in_state, product, programme, staff, works

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY = [{"fact": "cloud_readiness", "op": "at_least", "values": ["30"]}]
FEW = [{"fact": "employees", "op": "at_most", "values": ["100"]}]
DECIDED_BEFORE = "You have decided about this voucher before. Another person must."


@dataclass(frozen=True)
class Round:
    """Who meets over a voucher, each at a browser of their own, and what it is about."""

    li: Person
    county: Person
    city: Person
    checker: Person
    provider: Person
    finance: Person
    both: Person
    owner: User
    enterprise: Enterprise
    programme: Programme
    product: CloudProduct
    desk: Staff

    @property
    def voucher(self) -> Voucher:
        return Voucher.objects.get(programme=self.programme)

    def stands_at(self, state: VoucherState) -> None:
        """Say where the voucher is now, and that the books balance."""
        assert self.voucher.state == state
        assert ledger.differences() == []


@pytest.fixture(params=list(LOCALES))
def people(request: Any, live_server: Any, new_page: Callable[..., Any]) -> Round:
    language = request.param

    def sit_down(user: User) -> Person:
        user.language = language
        user.save(update_fields=["language"])
        page = new_page(locale=LOCALES[language])
        come_in(page, live_server.url, sign_in(Client(), user))
        return Person(page, live_server.url, language)

    desk, (enterprise, owner) = staff(), works()
    record_fact(enterprise, "region", COUNTY, source="self", on=calendar.today(), by=None)
    bought, speaker = product(), UserFactory()
    Listing.objects.update(representative=speaker)
    several = UserFactory(name="Lu", roles=["county_reviewer", "city_reviewer", "finance_officer"])
    return Round(
        li=sit_down(owner),
        county=sit_down(desk.county),
        city=sit_down(desk.city),
        checker=sit_down(desk.checker),
        provider=sit_down(speaker),
        finance=sit_down(desk.finance),
        both=sit_down(several),
        owner=owner,
        enterprise=enterprise,
        programme=programme(budget_yuan=5_000, criteria=READY),
        product=bought,
        desk=desk,
    )


# --- what each does ---------------------------------------------------------------


def check_readiness(li: Person) -> None:
    """Go through the twelve questions from the page that explains the check."""
    li.go("/cloud/readiness/")
    li.press("Start the check")
    row = Assessment.objects.drafts().get()
    click(li.page.locator("main .buttons a.btn").first)
    answers = assessments.middling("cloud")
    for part in row.framework.sections:
        for item in part.items:
            for option in answers[item.id]:
                li.choose(item.id, option)
        li.press("Save and continue")
    li.page.locator("main [name=declared]").check()
    li.press("Finish and see the report")
    li.page.wait_for_url("**/result/")


def begin(people: Round) -> None:
    """Come from the product to the programme, and begin."""
    people.li.go(f"/cloud/products/{people.product.slug}/")
    people.li.follow("Apply for a voucher first")
    click(people.li.page.locator(f"main form[action$='/begin/{people.programme.slug}/'] button"))


def attach(person: Person, *names: str) -> None:
    for name in names:
        paper = {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        person.page.locator(f"main [name={name}_file]").set_input_files(paper)


def quote(li: Person, **changed: str) -> None:
    typed = {"quantity": "1", "quote_number": "Q-1", "quoted_on": calendar.today().isoformat()}
    li.write(**typed | {"quote_fen": "10000"} | changed)
    attach(li, "quote")
    li.press("Save and check")


def declare(li: Person, *names: str) -> None:
    for name in names:
        li.page.locator(f"main [name={name}]").check()
    li.press("Submit the application")


def decide(person: Person, voucher: Voucher, verb: str, **answers: str) -> None:
    """Find the voucher in the queue of the desk, and press the button of a verb."""
    person.go("/admin/cloud/voucher/")
    click(person.page.get_by_role("link", name=voucher.reference, exact=True))
    person.do(VOUCHER.transitions[verb].label, **answers)


def redeem(provider: Person, code: str, **changed: str) -> None:
    provider.go("/cloud/provider/vouchers/")
    typed = {"contract_number": "HT-1", "contract_on": calendar.today().isoformat()}
    provider.write(code=code, **typed | {"contract_fen": "10000"} | changed)
    provider.press("Redeem")


def claim(people: Round, **changed: str) -> None:
    """Hand in the claim from the list of the provider's customers."""
    provider, signed = people.provider, people.voucher.contract_on
    assert signed
    provider.go("/cloud/provider/vouchers/")
    click(provider.page.locator(f"main a[href$='/{people.voucher.reference}/claim/']"))
    fill_claim(provider, signed, **changed)


def fill_claim(provider: Person, signed: Any, **changed: str) -> None:
    days = dict.fromkeys(("invoice_on", "paid_on", "used_from"), signed.isoformat())
    typed = {"invoice_number": "INV-7", "invoice_fen": "9000"}
    provider.write(**typed | days | {"used_to": (signed + timedelta(days=29)).isoformat()} | changed)
    attach(provider, "invoice", "payment", "usage")
    provider.press("Send the claim")


def pay(finance: Person, voucher: Voucher, *, confirmed: bool) -> None:
    """Open the page of the payment, and record it with or without the word about the bank."""
    finance.go(f"/admin/cloud/voucher/{voucher.pk}/settle/")
    finance.write(batch="B-1")
    if confirmed:
        finance.page.locator("main [name=bank_confirmed]").check()
    click(finance.page.locator("main .submit-row input.default"))


def told(person: Person, words: str | Promise, **values: Any) -> None:
    """Say that the page tells this person so, in their language."""
    place = person.page.locator("main").get_by_text(person.word(words, **values))
    place.first.wait_for()


def prove_the_ledger(finance: Person) -> None:
    """Let finance prove every figure to its entries on the page of the desk."""
    finance.go("/admin/cloud/reconciliation/")
    finance.press("Prove the ledger now")
    told(finance, "none: every figure is proved")
    assert Reconciliation.objects.get().differences == []


# --- the way that goes well -------------------------------------------------------


def test_from_the_readiness_check_to_payment(people: Round) -> None:
    li = people.li
    check_readiness(li)
    begin(people)
    quote(li)
    assert li.word("%(worth)s yuan", worth="3,000") in li.text
    declare(li, "no_contract", "truthful")
    told(li, VoucherState.SUBMITTED.label)
    people.stands_at(VoucherState.SUBMITTED)

    decide(people.county, people.voucher, "pass")
    told(people.county, VoucherState.COUNTY_PASSED.label)
    decide(people.city, people.voucher, "approve")
    told(people.city, VoucherState.ISSUED.label)

    li.go("/cloud/vouchers/")
    click(li.page.locator(f"main a[href$='/{people.voucher.reference}/']"))
    code = li.page.locator("main .panel strong").inner_text()
    redeem(people.provider, code.lower().replace("-", " "))
    told(people.provider, "The contract is recorded; your customer is told.")
    backdate(people.voucher, 40)
    claim(people)
    told(people.provider, "The claim has arrived. The city checks it and writes to you.")
    people.stands_at(VoucherState.CLAIMED)

    decide(people.checker, people.voucher, "verify")
    told(people.checker, VoucherState.VERIFIED.label)
    pay(people.finance, people.voucher, confirmed=True)
    told(people.finance, VoucherState.SETTLED.label)
    people.stands_at(VoucherState.SETTLED)

    li.page.reload()
    assert "2,700" in li.text
    assert "B-1" in li.text
    prove_the_ledger(people.finance)
    assert ledger.sums_of(people.programme.funds.get()) == {
        "available": 230_000, "reserved": 0, "issued": 0, "redeemed": 0, "settled": 270_000, "written_off": 0,
    }  # fmt: skip
    li.go("/cloud/fund/")
    assert "2,300" in li.text


# --- the way past every guard -----------------------------------------------------


def test_every_guard_stops_a_voucher_in_words_and_moves_no_money(people: Round) -> None:
    apply_against_guards(people)
    decide_against_guards(people)
    use_against_guards(people)
    pay_against_guards(people)

    prove_the_ledger(people.finance)
    assert ledger.sums_of(people.programme.funds.get())["settled"] == 270_000


def apply_against_guards(people: Round) -> None:
    """Nobody unchecked, without budget or too large; nothing above the list or undeclared; none twice."""
    li, rows = people.li, Enterprise.objects.filter(pk=people.enterprise.pk)
    elsewhere, small = programme(region="370102"), programme(criteria=FEW)
    record_fact(people.enterprise, "employees", 120, source="self", on=calendar.today(), by=None)
    rows.update(proof_level=Enterprise.Proof.EMAIL)
    li.go("/cloud/vouchers/")
    told(li, "Vouchers are for enterprises that staff have checked. Send your business licence first.")
    assert li.page.locator("main form[action*='/begin/']").count() == 0
    rows.update(proof_level=Enterprise.Proof.STAFF)
    li.page.reload()
    told(li, "This programme has no budget for your region.")
    told(li, "By what we know, your enterprise does not meet a condition of this programme.")
    for closed in (elsewhere, small):
        assert li.page.locator(f"main form[action$='/begin/{closed.slug}/']").count() == 0

    begin(people)
    quote(li, quote_fen="1e4")
    told(li, "Write the amount out in full, for example 100000 instead of 1e5.")
    quote(li, quoted_on=(calendar.today() + timedelta(days=1)).isoformat())
    told(li, "The date of the quotation lies in the future.")
    quote(li, quote_fen="10000.01")
    above = (
        "By the list, %(quantity)s of it cost %(listed)s yuan in the first year. A quotation above the list"
    )
    told(li, f"{above} price gets no voucher: ask the provider for a new one.", quantity=1, listed="10,000")
    quote(li)
    declare(li)
    told(li, "Declare that nothing has been signed or paid yet.")
    declare(li, "no_contract")
    told(li, "Declare that what you say is true.")
    people.stands_at(VoucherState.DRAFT)
    assert ledger.sums_of(people.programme.funds.get())["reserved"] == 0
    declare(li, "no_contract", "truthful")
    told(li, VoucherState.SUBMITTED.label)
    people.stands_at(VoucherState.SUBMITTED)

    li.go("/cloud/vouchers/")
    told(li, "Your enterprise has a voucher of this programme already.")
    year = "Your enterprise has had all vouchers of this year that it may have (%(limit)s)."
    told(li, year, limit=1)


def decide_against_guards(people: Round) -> None:
    """No condition unknown, nothing off the list, nobody for an enterprise of one's own, nobody twice."""
    decide(people.both, people.voucher, "pass")
    unknown = "Not every condition is met by what we know. Ask the enterprise, or reject with the reason."
    told(people.both, unknown)
    assessments.finished(people.enterprise, people.owner, code="cloud")
    CloudProduct.objects.update(state=CloudProduct.State.DELISTED)
    decide(people.both, people.voucher, "pass")
    told(people.both, "The product is no longer on the list. Ask for another quotation.")
    CloudProduct.objects.update(state=CloudProduct.State.LISTED)
    MembershipFactory(enterprise=people.enterprise, user=people.desk.county)
    decide(people.county, people.voucher, "pass")
    told(people.county, "You act for this enterprise, or have done so. Somebody else must decide.")
    people.stands_at(VoucherState.SUBMITTED)
    decide(people.both, people.voucher, "pass")
    decide(people.both, people.voucher, "approve")
    told(people.both, DECIDED_BEFORE)
    people.stands_at(VoucherState.COUNTY_PASSED)
    assert ledger.sums_of(people.programme.funds.get())["issued"] == 0
    decide(people.city, people.voucher, "approve")
    people.stands_at(VoucherState.ISSUED)


def use_against_guards(people: Round) -> None:
    """No foreign code, no contract before the voucher, no invoice twice, no use too short."""
    provider, issued_on = people.provider, people.voucher.issued_on
    code = str(people.voucher.code)
    assert issued_on
    redeem(provider, "7K3M")
    told(provider, "A code has twelve letters and digits, for example 7K3M-2Q9X-84TD.")
    redeem(provider, "0000-0000-0000")
    told(provider, "There is no voucher with this code for one of your products.")
    redeem(provider, code, contract_on=(issued_on - timedelta(days=1)).isoformat())
    dated = "The contract is dated before the voucher was issued (%(day)s)."
    told(provider, dated, day=issued_on.isoformat())
    redeem(provider, code, contract_on=(issued_on + timedelta(days=1)).isoformat())
    told(provider, "The contract may be dated until %(day)s at the latest.", day=issued_on.isoformat())
    people.stands_at(VoucherState.ISSUED)
    redeem(provider, code)
    redeem(provider, code)
    told(provider, "This voucher has been used already.")
    people.stands_at(VoucherState.IN_USE)

    signed = backdate(people.voucher, 40).contract_on
    assert signed
    claim(people, invoice_on=(signed - timedelta(days=1)).isoformat())
    told(provider, "The invoice is dated before the contract.")
    fill_claim(provider, signed, used_to=(signed + timedelta(days=28)).isoformat())
    told(provider, "Show at least %(days)s days of use.", days=30)
    fill_claim(provider, signed, invoice_number=f"ｉｎｖ {claimed_elsewhere(people).pk}")
    told(provider, "This invoice has been claimed already, here or for another support.")
    people.stands_at(VoucherState.IN_USE)
    fill_claim(provider, signed)
    people.stands_at(VoucherState.CLAIMED)


def claimed_elsewhere(people: Round) -> Voucher:
    """Return a voucher of another enterprise and programme whose invoice is INV- and its number."""
    return in_state(VoucherState.CLAIMED, people.desk, product=people.product)


def pay_against_guards(people: Round) -> None:
    """Nobody confirms or pays what they decided about, and nothing is paid before the bank is confirmed."""
    for person in (people.both, people.city):
        decide(person, people.voucher, "verify")
        told(person, DECIDED_BEFORE)
    people.stands_at(VoucherState.CLAIMED)
    decide(people.checker, people.voucher, "verify")
    pay(people.both, people.voucher, confirmed=True)
    told(people.both, DECIDED_BEFORE)
    pay(people.finance, people.voucher, confirmed=False)
    told(people.finance, "Confirm the bank details with the provider first.")
    people.stands_at(VoucherState.VERIFIED)
    assert ledger.sums_of(people.programme.funds.get())["settled"] == 0
    pay(people.finance, people.voucher, confirmed=True)
    people.stands_at(VoucherState.SETTLED)
