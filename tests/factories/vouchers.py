"""Programmes with a budget, a listed product, and vouchers moved to a state by the real actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.models import User
from core import calendar
from enterprises.models import Enterprise, Region
from services.cloud.actions import applying, checking, paying, programmes, reviewing, tending, using
from services.cloud.models import CloudProduct, Flag, Listing, PriceVersion, Programme, Voucher, VoucherState
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ProviderFactory
from tests.factories.enterprises import EnterpriseFactory, MembershipFactory
from tests.factories.files import upload

COUNTY = "370202"
YUAN = 100


@dataclass(frozen=True)
class Staff:
    """One of each who decide, and a second of those who decide twice."""

    county: User
    city: User
    checker: User
    finance: User
    auditor: User


def staff() -> Staff:
    """Make the five people; names and addresses say what they are."""
    roles = {
        "county": "county_reviewer",
        "city": "city_reviewer",
        "checker": "city_reviewer",
        "finance": "finance_officer",
        "auditor": "auditor",
    }
    people = {
        name: UserFactory(name=name.title(), email=f"{name}@money.example", language="en", roles=[role])
        for name, role in roles.items()
    }
    return Staff(**people)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """An open programme for everybody, with the starter parameters and no budget yet."""

    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    state = Programme.State.OPEN
    title_zh = factory.Sequence(lambda n: f"上云券{n}")
    title_en = factory.Sequence(lambda n: f"Cloud voucher {n}")
    opens_on = factory.LazyFunction(lambda: calendar.today() - timedelta(days=30))
    closes_on = factory.LazyFunction(lambda: calendar.today() + timedelta(days=60))


def programme(*, budget_yuan: int = 1_000_000, region: str = COUNTY, **fields: Any) -> Programme:
    """Return an open programme with a budget in one region."""
    row = ProgrammeFactory(**fields)
    programmes.grant(
        row, region=Region.objects.get(code=region), amount_fen=budget_yuan * YUAN, reason="test", by=None
    )
    return row


def product(*, price_yuan: int = 10_000, **fields: Any) -> CloudProduct:
    """Return a listed product of a listed provider with a price in force, per enterprise and year."""
    maker, looker = UserFactory(), UserFactory()
    provider = ProviderFactory()
    day = calendar.today()
    Listing.objects.create(
        provider=provider,
        state=Listing.State.LISTED,
        checked_by=maker,
        listed_by=looker,
        listed_on=day,
        recheck_on=day + timedelta(days=365),
        **fields,
    )
    row = CloudProduct.objects.create(
        slug=f"product-{provider.slug}",
        provider=provider,
        state=CloudProduct.State.LISTED,
        category="application",
        needs=["office"],
        name_zh="云办公",
        name_en="Cloud office",
        summary_zh="文档与会议",
        author=maker,
        reviewed_by=looker,
        reviewed_at=timezone.now(),
    )
    PriceVersion.objects.create(
        product=row,
        state=PriceVersion.State.APPROVED,
        price_fen=price_yuan * YUAN,
        unit="enterprise",
        period="year",
        valid_from=day - timedelta(days=100),
        proposed_by=maker,
        decided_by=looker,
        decided_at=timezone.now(),
    )
    return row


def works(**fields: Any) -> tuple[Enterprise, User]:
    """Return an enterprise that staff have checked, with its owner."""
    region = Region.objects.get(code=COUNTY)
    enterprise = EnterpriseFactory(region=region, proof_level="staff", **fields)
    return enterprise, MembershipFactory(enterprise=enterprise).user


def draft(
    row: Programme, bought: CloudProduct, enterprise: Enterprise, owner: User, yuan: int = 10_000
) -> Voucher:
    """Return a draft with its quotation, ready to submit."""
    begun = applying.start(row, enterprise, by=owner)
    quote = applying.Quote(bought, 1, "Q-1", calendar.today(), yuan * YUAN, upload("quote.pdf"))
    return applying.save_quote(begun, quote, by=owner)


def submitted(row: Programme, bought: CloudProduct, enterprise: Enterprise, owner: User) -> Voucher:
    begun = draft(row, bought, enterprise, owner)
    return applying.submit(begun, no_contract=True, truthful=True, by=owner)


def contract(day: date | None = None, **fields: Any) -> using.Contract:
    return using.Contract(
        **{"number": "HT-1", "signed_on": day or calendar.today(), "price_fen": 10_000 * YUAN} | fields
    )


def claim(voucher: Voucher, **fields: Any) -> using.Claim:
    """Return a claim without fault, as of thirty days after the contract."""
    begins = voucher.contract_on or calendar.today()
    return using.Claim(
        **{
            "invoice_number": f"INV-{voucher.pk}",
            "invoice_on": begins,
            "invoice_fen": 10_000 * YUAN,
            "paid_on": begins,
            "used_from": begins,
            "used_to": begins + timedelta(days=29),
            "invoice": upload("invoice.pdf"),
            "payment": upload("payment.pdf"),
            "usage": upload("usage.pdf"),
        }
        | fields
    )


def backdate(voucher: Voucher, days: int) -> Voucher:
    """Move the days of an issued voucher into the past, as if it had been issued so long ago."""
    row = Voucher.objects.get(pk=voucher.pk)
    changes = {
        name: getattr(row, name) - timedelta(days=days)
        for name in ("submitted_on", "issued_on", "valid_to", "contract_on", "claim_until")
        if getattr(row, name)
    }
    Voucher.objects.filter(pk=row.pk).update(**changes)
    return Voucher.objects.get(pk=row.pk)


def in_state(state: str, people: Staff, **fields: Any) -> Voucher:
    """Return a voucher of a new enterprise that has come to `state` by the real actions."""
    enterprise, owner = fields.get("by") or works()
    row = fields.get("programme") or programme()
    bought = fields.get("product") or product()
    voucher = draft(row, bought, enterprise, owner)
    for name, step in _way_to(state, people, owner):
        voucher = step(voucher)
        if name == state:
            return voucher
    return voucher


@contextmanager
def checked(enterprise: Enterprise) -> Iterator[None]:
    """Treat an enterprise as checked by staff, with an address, for as long as this lasts."""
    before = {"proof_level": enterprise.proof_level, "region_id": enterprise.region_id}
    rows = Enterprise.objects.filter(pk=enterprise.pk)
    rows.update(proof_level=Enterprise.Proof.STAFF, region_id=COUNTY)
    enterprise.refresh_from_db()
    try:
        yield
    finally:
        rows.update(**before)
        enterprise.refresh_from_db()


def for_every_page(enterprise: Enterprise, owner: User) -> dict[str, Voucher]:
    """Return one voucher of an enterprise in each state a page is about, with a flag, a visit and a proof."""
    people, bought = staff(), product()
    states = (VoucherState.DRAFT, VoucherState.RETURNED, VoucherState.ISSUED, VoucherState.IN_USE)
    with checked(enterprise):
        found = {
            str(state): in_state(
                state, people, by=(enterprise, owner), product=bought, programme=programme(yearly_limit=99)
            )
            for state in states
        }
    Flag.objects.create(voucher=found["in_use"], code=Flag.Code.SPLIT, data={"vouchers": 2})
    checking.draw("2026-01")
    tending.reconcile()
    return found


def _way_to(state: str, people: Staff, owner: User) -> list[tuple[str, Any]]:
    """Return the steps from a draft to a state, named by where each leads."""
    submit = (VoucherState.SUBMITTED, lambda v: applying.submit(v, no_contract=True, truthful=True, by=owner))
    passed = (VoucherState.COUNTY_PASSED, lambda v: reviewing.pass_on(v, by=people.county))
    issue = (VoucherState.ISSUED, lambda v: reviewing.approve(v, by=people.city))
    use = (VoucherState.IN_USE, lambda v: using.use(v, contract(), by=owner))
    claimed = (VoucherState.CLAIMED, lambda v: using.claim(row := backdate(v, 40), claim(row), by=owner))
    verified = (VoucherState.VERIFIED, lambda v: reviewing.verify(v, by=people.checker))
    settled = (
        VoucherState.SETTLED,
        lambda v: paying.settle(v, batch="B-1", bank_confirmed=True, by=people.finance),
    )
    due = (
        VoucherState.CLAWBACK_DUE,
        lambda v: paying.reclaim(v, finding="A-1", reason="r", by=people.finance),
    )
    main = [submit, passed, issue, use, claimed, verified, settled, due]
    side: dict[str, list[tuple[str, Any]]] = {
        VoucherState.DRAFT: [],
        VoucherState.RETURNED: [
            submit,
            (VoucherState.RETURNED, lambda v: reviewing.ask(v, reason="r", by=people.county)),
        ],
        VoucherState.REJECTED: [
            submit,
            (VoucherState.REJECTED, lambda v: reviewing.reject(v, reason="r", by=people.county)),
        ],
        VoucherState.WITHDRAWN: [submit, (VoucherState.WITHDRAWN, lambda v: applying.withdraw(v, by=owner))],
        VoucherState.CLAIM_RETURNED: [
            *main[:5],
            (VoucherState.CLAIM_RETURNED, lambda v: reviewing.query(v, reason="r", by=people.checker)),
        ],
        VoucherState.RECOVERED: [
            *main,
            (
                VoucherState.RECOVERED,
                lambda v: paying.recover(v, amount_fen=paying.still_due(v), by=people.finance),
            ),
        ],
        VoucherState.WRITTEN_OFF: [
            *main,
            (VoucherState.WRITTEN_OFF, lambda v: paying.write_off(v, reason="r", by=people.finance)),
        ],
    }
    return side.get(state, main)
