"""Write the sample enterprises with their facts, facets and members, in a handful of statements."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from core import calendar
from enterprises import facts
from enterprises.models import Enterprise, EnterpriseFacet, Fact, Membership, Region
from portal.samples.names import SampleEnterprise, sample_enterprises

COUNT = 300
QUALIFICATION_YEARS = 3


def load_enterprises(owners: list[Any]) -> list[Enterprise]:
    """Write 300 enterprises; of `owners` Li owns two, Wang and Sun are her colleagues, Zhao owns one."""
    today = calendar.today()
    drawn = sample_enterprises(COUNT, _districts(), today)
    rows = Enterprise.objects.bulk_create(_row(sample) for sample in drawn)
    stated = [(row, _facts(sample, row, today)) for sample, row in zip(drawn, rows, strict=True)]
    Fact.objects.bulk_create(fact for _row_, known in stated for fact in known)
    EnterpriseFacet.objects.bulk_create(
        EnterpriseFacet(enterprise=row, **facts.to_facet(facts.from_rows(known), today))
        for row, known in stated
    )
    _join(rows, owners)
    return rows


def _districts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, parent in Region.objects.filter(level=Region.Level.COUNTY).values_list("code", "parent_id"):
        found[str(parent)].append(code)
    return found


def _row(sample: SampleEnterprise) -> Enterprise:
    return Enterprise(
        uscc=sample.uscc,
        name=sample.name,
        region_id=sample.region,
        contact_name=sample.contact_name,
        contact_phone=sample.contact_phone,
        is_sample=True,
    )


def _facts(sample: SampleEnterprise, row: Enterprise, today: date) -> list[Fact]:
    told = {
        facts.REGION: sample.region,
        facts.INDUSTRY: sample.industry,
        facts.EMPLOYEES: sample.employees,
        facts.REVENUE: sample.revenue_wan,
        facts.ASSETS: sample.assets_wan,
        facts.FOUNDED: sample.founded_on,
    }
    stated = [_fact(row, code, value, today) for code, value in told.items() if value is not None]
    valid = today + timedelta(days=365 * QUALIFICATION_YEARS)
    held = [
        _fact(row, f"{facts.QUALIFICATION}.{code}", True, today, expires=valid)
        for code in sample.qualifications
    ]
    return stated + held


def _fact(row: Enterprise, code: str, value: Any, today: date, expires: date | None = None) -> Fact:
    stored = facts.stored(code, facts.read(code, value))
    return Fact(
        enterprise=row, code=code, value=stored, source=Fact.Source.SELF, on=today, expires_on=expires
    )


def _join(rows: list[Enterprise], owners: list[Any]) -> None:
    li, wang, sun, zhao = owners
    role = Membership.Role
    Membership.objects.bulk_create(
        [
            Membership(enterprise=rows[0], user=li, role=role.OWNER),
            Membership(enterprise=rows[1], user=li, role=role.OWNER),
            Membership(enterprise=rows[0], user=wang, role=role.EDITOR),
            Membership(enterprise=rows[0], user=sun, role=role.VIEWER),
            Membership(enterprise=rows[2], user=zhao, role=role.OWNER),
        ]
    )
    Enterprise.objects.filter(pk=rows[0].pk).update(proof_level=Enterprise.Proof.STAFF)
