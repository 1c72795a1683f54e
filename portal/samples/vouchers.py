"""Write a sample voucher programme with its money, and vouchers in every state, by the real actions."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import F

from accounts.actions import create_sample_user
from core import audit, calendar
from enterprises.models import Enterprise, Membership, Region
from portal.samples.names import SEED
from portal.samples.papers import pdf
from services.cloud.actions import applying, checking, paying, programmes, reviewing, tending, using
from services.cloud.models import CloudProduct, Programme, Voucher, VoucherState

_YUAN = 100
_BUDGETS = (("370200", 400_000), ("370000", 600_000))
# How many vouchers stop at each state; the first one belongs to the first enterprise.
_STOPS = (
    VoucherState.ISSUED, *[VoucherState.SETTLED] * 7, *[VoucherState.IN_USE] * 3, VoucherState.CLAIMED,
    VoucherState.CLAIMED, VoucherState.VERIFIED, VoucherState.COUNTY_PASSED, VoucherState.SUBMITTED,
    VoucherState.SUBMITTED, VoucherState.RETURNED, VoucherState.REJECTED, VoucherState.ISSUED,
    VoucherState.CLAWBACK_DUE, VoucherState.WITHDRAWN, VoucherState.DRAFT,
)  # fmt: skip
_WAY = (
    VoucherState.SUBMITTED, VoucherState.COUNTY_PASSED, VoucherState.ISSUED, VoucherState.IN_USE,
    VoucherState.CLAIMED, VoucherState.VERIFIED, VoucherState.SETTLED, VoucherState.CLAWBACK_DUE,
)  # fmt: skip
# So many days passed since each step of a finished voucher.
_AGES = {
    "submitted_at": (80, 90), "county_at": (76, 79), "issued_at": (71, 75), "used_at": (55, 70),
    "claimed_at": (15, 20), "verified_at": (10, 14), "settled_at": (1, 9),
}  # fmt: skip


def load_vouchers(people: Mapping[str, Any], enterprises: list[Enterprise]) -> int:
    """Write one open programme and its vouchers; return how many. Without listed products nothing."""
    products = [row for row in CloudProduct.objects.listed().order_by("pk") if _yearly_fen(row)]
    checked = [one for one in enterprises if one.region_id][: len(_STOPS)]
    if not products:
        return 0
    numbers = [one.pk for one in checked]
    Enterprise.objects.filter(pk__in=numbers).update(proof_level=Enterprise.Proof.STAFF)
    checked = list(Enterprise.objects.filter(pk__in=numbers).order_by("pk"))
    programme = _programme(people)
    random = Random(SEED + 7)
    rows = list(zip(checked, _STOPS, strict=False))
    for enterprise, stop in rows:
        _voucher(programme, enterprise, random.choice(products), stop, people, random)
    checking.draw(calendar.today().strftime("%Y-%m"))
    tending.tend_programmes()
    tending.reconcile()
    return len(rows)


def _programme(people: Mapping[str, Any]) -> Programme:
    today = calendar.today()
    programme = Programme.objects.create(
        slug="sample-cloud-voucher",
        state=Programme.State.OPEN,
        title_zh="示例上云券",
        title_en="Sample cloud voucher",
        summary_zh="示例数据：企业购买目录内云产品，首年费用由券抵扣一部分。",
        summary_en="Sample data: a part of the first year's price of a listed cloud product is paid.",
        criteria=[{"fact": "region", "op": "within", "values": ["370000"]}],
        opens_on=today - timedelta(days=100),
        closes_on=today + timedelta(days=120),
        is_sample=True,
        author=people["lead"],
    )
    for code, yuan in _BUDGETS:
        programmes.grant(
            programme,
            region=Region.objects.get(code=code),
            amount_fen=yuan * _YUAN,
            reason="sample",
            by=people["finance"],
        )
    audit.record(programme, "publish", by=people["finance"], before="draft", after="published")
    return programme


def _voucher(
    programme: Programme,
    enterprise: Enterprise,
    product: CloudProduct,
    stop: str,
    people: Mapping[str, Any],
    random: Random,
) -> None:
    owner = owner_of(enterprise)
    yearly = _yearly_fen(product)
    quantity = max(1, -(-random.randrange(800_000, 3_000_000) // yearly))
    quote = applying.Quote(
        product,
        quantity,
        f"BJ-{random.randrange(1000, 9999)}",
        calendar.today(),
        yearly * quantity,
        pdf("报价单"),
    )
    voucher = applying.save_quote(applying.start(programme, enterprise, by=owner), quote, by=owner)
    for step in _steps(stop, owner, people):
        voucher = step(voucher)
    _age(voucher, random)


def _yearly_fen(product: CloudProduct) -> int:
    price = product.price_on(calendar.today())
    return price.yearly_fen if price else 0


def owner_of(enterprise: Enterprise) -> Any:
    """Return who owns a sample enterprise; one that nobody owns gets a person who cannot sign in."""
    membership = enterprise.memberships.owners().select_related("user").first()
    if membership:
        return membership.user
    person = create_sample_user(
        f"works{enterprise.pk}@portal.example", f"示例业主{enterprise.pk}", password=secrets.token_urlsafe(24)
    )
    Membership.objects.create(enterprise=enterprise, user=person, role=Membership.Role.OWNER)
    return person


def _steps(stop: str, owner: Any, people: Mapping[str, Any]) -> list[Callable[[Voucher], Voucher]]:
    """Return the actions that lead from a draft to `stop`."""
    county, city, checker, finance = (people[key] for key in ("county", "city", "checker", "finance"))
    way: dict[str, Callable[[Voucher], Voucher]] = {
        VoucherState.SUBMITTED: lambda v: applying.submit(v, no_contract=True, truthful=True, by=owner),
        VoucherState.COUNTY_PASSED: lambda v: reviewing.pass_on(v, by=county),
        VoucherState.ISSUED: lambda v: reviewing.approve(v, by=city),
        VoucherState.IN_USE: lambda v: using.use(v, _contract(v), by=owner),
        VoucherState.CLAIMED: lambda v: using.claim(row := _shifted(v, 45), _claim(row), by=owner),
        VoucherState.VERIFIED: lambda v: reviewing.verify(v, by=checker),
        VoucherState.SETTLED: lambda v: paying.settle(v, batch="示例-1", bank_confirmed=True, by=finance),
        VoucherState.CLAWBACK_DUE: lambda v: paying.reclaim(
            v, finding="示例-A1", reason="示例：合同与使用记录不符。", by=finance
        ),
    }
    ends: dict[str, Callable[[Voucher], Voucher]] = {
        VoucherState.RETURNED: lambda v: reviewing.ask(
            v, reason="示例：请补充报价单上的产品规格。", by=county
        ),
        VoucherState.REJECTED: lambda v: reviewing.reject(
            v, reason="示例：报价单已签字，属先签后领。", by=county
        ),
        VoucherState.WITHDRAWN: lambda v: applying.withdraw(v, by=owner),
    }
    if stop == VoucherState.DRAFT:
        return []
    if stop in ends:
        return [way[VoucherState.SUBMITTED], ends[stop]]
    return [way[state] for state in _WAY[: _WAY.index(VoucherState(stop)) + 1]]


def _contract(voucher: Voucher) -> using.Contract:
    return using.Contract(f"HT-{voucher.pk}", calendar.today(), voucher.quote_fen or 0)


def _claim(voucher: Voucher) -> using.Claim:
    signed = voucher.contract_on or calendar.today()
    return using.Claim(
        invoice_number=f"示例 2437{voucher.pk:08d}",
        invoice_on=signed,
        invoice_fen=voucher.contract_fen or 0,
        paid_on=signed + timedelta(days=3),
        used_from=signed + timedelta(days=4),
        used_to=signed + timedelta(days=40),
        invoice=pdf("发票"),
        payment=pdf("付款凭证"),
        usage=pdf("使用记录"),
    )


def _shifted(voucher: Voucher, days: int) -> Voucher:
    """Move the days of a voucher back, as if it had been issued so long ago."""
    names = ("submitted_on", "issued_on", "valid_to", "contract_on", "claim_until")
    Voucher.objects.filter(pk=voucher.pk).update(**{name: F(name) - timedelta(days=days) for name in names})
    return Voucher.objects.get(pk=voucher.pk)


def _age(voucher: Voucher, random: Random) -> None:
    """Spread the times of a voucher that has gone all the way over the last months."""
    row = Voucher.objects.get(pk=voucher.pk)
    if row.settled_at is None:
        return
    changes = {
        name: getattr(row, name) - timedelta(days=random.uniform(*ages)) for name, ages in _AGES.items()
    }
    Voucher.objects.filter(pk=row.pk).update(**changes)
