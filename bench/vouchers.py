"""The voucher ledger: a balance over a million entries, and approvals of many people at once."""

import multiprocessing
import time
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from accounts import actions
from accounts.models import User
from bench import databases
from bench.rounds import Candidate, Result, alternate, compared
from enterprises.models import Enterprise, Region
from services.catalogue.models import Provider
from services.cloud import ledger
from services.cloud.actions import reviewing
from services.cloud.models import CloudProduct, Fund, Listing, PriceVersion, Programme, Voucher

ENTRIES, FEW = 1_000_000, 1_000
APPROVERS, APPROVALS = 8, 1_600
FACE = 100_000
SIZE_DOES_NOT_SHOW = 1.1
# A hundred a second.
MILLISECONDS = 10.0
_ENTRIES = """
INSERT INTO cloud_ledgerentry (fund_id, voucher_id, move, from_account, to_account, amount_fen, reason)
SELECT %s, voucher.id, way.move, way.origin, way.target, %s, ''
FROM cloud_voucher AS voucher CROSS JOIN (VALUES
    ('reserve', 'available', 'reserved'), ('issue', 'reserved', 'issued'),
    ('redeem', 'issued', 'redeemed'), ('settle', 'redeemed', 'settled')) AS way (move, origin, target)
WHERE voucher.programme_id = %s
"""


def results(rounds: int, *, scale: float) -> list[Result]:
    """Fill two funds, read and prove their balances, then let eight people approve on one budget."""
    stage = Stage()
    many, few = stage.fund("many", int(ENTRIES * scale)), stage.fund("few", FEW)
    one, other = _balance_of(many), _balance_of(few)
    alternate(rounds * 20, one, other, warm=5)
    what = f"balance, {many.entries.count():,} entries against {FEW:,}"
    return [
        compared("G11", what, one, other, SIZE_DOES_NOT_SHOW),
        _proved(many),
        _approvals(stage),
    ]


def _balance_of(fund: Fund) -> Candidate:
    return Candidate(
        f"balance of {fund.programme.slug}", lambda number: Fund.objects.get(pk=fund.pk).available_fen
    )


def _proved(fund: Fund) -> Result:
    """Add up every entry; the sum is the balance or the run ends here."""
    began = time.perf_counter()
    sums = ledger.sums_of(fund)
    taken = time.perf_counter() - began
    kept = {account: Fund.objects.get(pk=fund.pk).balance(account) for account in sums}
    assert sums == kept, (sums, kept)
    return Result("G11", "balance equals the sum of its entries; adding them all takes", taken, None, "s")


def _approvals(stage: "Stage") -> Result:
    """Share the vouchers among processes, each with a reviewer and a connection of its own.

    Each approves one before the clock starts, as any process that serves pages has: its first reads the
    addresses, the texts and the broker's connection, seconds that no later one takes.
    """
    numbers = stage.passed(APPROVALS + APPROVERS)
    shares = [numbers[place::APPROVERS] for place in range(APPROVERS)]
    name = str(connection.settings_dict["NAME"])
    databases.close_all()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(APPROVERS + 1)
    workers = [
        context.Process(target=_approve, args=(name, share, reviewer.pk, gate))
        for share, reviewer in zip(shares, stage.reviewers, strict=True)
    ]
    for worker in workers:
        worker.start()
    gate.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    taken = time.perf_counter() - began
    databases.use(name)
    issued = Voucher.objects.filter(pk__in=numbers, state="issued").count() - APPROVERS
    assert issued == len(numbers) - APPROVERS, issued
    print(f"     {issued / taken:,.0f} approvals a second, {APPROVERS} at once on one budget", flush=True)
    what = f"an approval, {APPROVERS} people at once on one budget"
    return Result("G11", what, taken * 1000 / issued, MILLISECONDS, "ms")


def _approve(name: str, numbers: list[int], reviewer: int, gate: Any) -> None:
    databases.use(name)
    by = User.objects.get(pk=reviewer)
    first, *rows = [Voucher.objects.get(pk=number) for number in numbers]
    reviewing.approve(first, by=by)
    gate.wait()
    for voucher in rows:
        reviewing.approve(voucher, by=by)


class Stage:
    """A listed product, the people, and vouchers by the thousand."""

    def __init__(self) -> None:
        self.county, *self.reviewers = [self._person(number) for number in range(APPROVERS + 1)]
        provider = Provider.objects.create(slug="bench-cloud", kind="cloud_provider", name_zh="云")
        today = timezone.localdate()
        Listing.objects.create(
            provider=provider, state="listed", checked_by=self.county, listed_by=self.reviewers[0],
            listed_on=today, recheck_on=today + timedelta(days=365),
        )  # fmt: skip
        self.product = CloudProduct.objects.create(
            slug="bench-product", provider=provider, state="listed", category="application", name_zh="云",
            summary_zh="云", reviewed_by=self.county, reviewed_at=timezone.now(),
        )  # fmt: skip
        self.price = PriceVersion.objects.create(
            product=self.product, state="approved", price_fen=FACE * 10, unit="enterprise", period="year",
            valid_from=date(2020, 1, 1), decided_by=self.county, decided_at=timezone.now(),
        )  # fmt: skip

    def _person(self, number: int) -> User:
        person = User.objects.create_user(f"bench{number}-{time.time_ns()}@desk.example", name="Bench")
        role = "city_reviewer" if number else "county_reviewer"
        return actions.set_roles(person, roles=[role], by=None)

    def programme(self, slug: str) -> Programme:
        today = timezone.localdate()
        return Programme.objects.create(
            slug=f"bench-{slug}", state="open", title_zh=slug, opens_on=today,
            closes_on=today + timedelta(days=9),
        )  # fmt: skip

    def fund(self, slug: str, entries: int) -> Fund:
        """Return a fund with so many entries, four to a paid voucher, and balances that fit."""
        programme = self.programme(slug)
        fund = Fund.objects.create(programme=programme, region=Region.objects.get(code="370000"))
        enterprise = Enterprise.objects.order_by("pk")[0]
        voucher = self._voucher(programme, fund, enterprise, "settled", number=0)
        voucher.save(force_insert=True)
        count = max(1, entries // 4)
        overrides = {
            "id": None,
            "reference": f"'{slug[0].upper()}' || n",
            "code": f"'{slug[0].upper()}' || n",
        }
        columns = [field.column for field in Voucher._meta.concrete_fields if field.column != "id"]
        select = ", ".join(str(overrides.get(column) or f'"{column}"') for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO cloud_voucher ({', '.join(columns)}) SELECT {select} FROM cloud_voucher,"  # noqa: S608 - our own names
                " generate_series(2, %s) AS n WHERE id = %s",
                [count, voucher.pk],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._book_all(cursor, programme, fund, count)
        return Fund.objects.select_related("programme").get(pk=fund.pk)

    def _book_all(self, cursor: Any, programme: Programme, fund: Fund, count: int) -> None:
        """Write the entries past the trigger, which books one after another, then the balances they make."""
        tables = {"cloud_ledgerentry": "cloud_ledger_book", "cloud_fund": "cloud_fund_moves_by_entries"}
        for table, trigger in tables.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(
            "INSERT INTO cloud_ledgerentry (fund_id, move, from_account, to_account, amount_fen, reason)"
            " VALUES (%s, 'grant', 'outside', 'available', %s, '')",
            [fund.pk, count * FACE * 2],
        )
        cursor.execute(_ENTRIES, [fund.pk, FACE, programme.pk])
        cursor.execute(
            "UPDATE cloud_fund SET budget_fen = %s, available_fen = %s, settled_fen = %s WHERE id = %s",
            [count * FACE * 2, count * FACE, count * FACE, fund.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in tables.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        cursor.execute("ANALYZE cloud_ledgerentry")

    def passed(self, count: int) -> list[int]:
        """Return vouchers that wait for the city, each of another enterprise, their money reserved."""
        programme = self.programme("approving")
        fund = Fund.objects.create(programme=programme, region=Region.objects.get(code="370000"))
        ledger.grant(fund, FACE * count, by=None, reason="bench")
        enterprises = list(Enterprise.objects.order_by("pk")[:count])
        made = Voucher.objects.bulk_create(
            self._voucher(programme, fund, enterprise, "county_passed", number=number)
            for number, enterprise in enumerate(enterprises)
        )
        for voucher in made:
            ledger.reserve(voucher, by=None)
        return [voucher.pk for voucher in made]

    def _voucher(
        self, programme: Programme, fund: Fund, enterprise: Enterprise, state: str, *, number: int
    ) -> Voucher:
        now = timezone.now()
        day = timezone.localdate()
        row = Voucher(
            state=state, programme=programme, fund=fund, enterprise=enterprise, product=self.product,
            price=self.price, quote_fen=FACE * 10, rate_percent=10, cap_fen=FACE, amount_fen=FACE,
            declared_by=self.county, submitted_at=now, submitted_on=day, county_by=self.county, county_at=now,
        )  # fmt: skip
        if state == "settled":
            row.code, row.city_by = programme.slug[-14:], self.reviewers[0]
            row.issued_at, row.issued_on = now, day
            row.valid_to, row.verified_by, row.verified_fen = day, self.reviewers[1], FACE
        return row
