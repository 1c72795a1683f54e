"""Conversion schemes, and projects moved to a state by the real actions."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise, Region
from services.cloud.actions import accepting, conversions
from services.cloud.models import Conversion, ConversionScheme, ConversionState
from tests.factories.files import upload
from tests.factories.vouchers import COUNTY, YUAN, Staff, works

S = ConversionState


def scheme(**fields: Any) -> ConversionScheme:
    """Return an open scheme: level 2, 30 %, at most 100 000 yuan."""
    number = ConversionScheme.objects.count() + 1
    given: dict[str, Any] = {
        "slug": f"scheme-{number}",
        "state": "open",
        "region": Region.objects.get(code=COUNTY),
        "title_zh": f"改造奖补{number}",
        "title_en": f"Conversion {number}",
        "rate_percent": 30,
        "cap_fen": 100_000 * YUAN,
        "opens_on": calendar.today() - timedelta(days=200),
        "closes_on": calendar.today() + timedelta(days=60),
    }
    return ConversionScheme.objects.create(**given | fields)


def level(enterprise: Enterprise, value: int, on: date | None = None, source: str = "assessment") -> None:
    """Let an enterprise have finished an assessment; its address, which no fact says here, stays."""
    before = enterprise.region_id
    record_fact(enterprise, "digital_level", value, source=source, on=on or calendar.today(), by=None)
    Enterprise.objects.filter(pk=enterprise.pk).update(region_id=before)
    enterprise.refresh_from_db()


def filing(**fields: Any) -> conversions.Filing:
    given = {
        "contractor": "示例软件",
        "number": "GZ-1",
        "signed_on": calendar.today() - timedelta(days=90),
        "price_fen": 200_000 * YUAN,
        "upload": upload("contract.pdf"),
    }
    return conversions.Filing(**given | fields)


def bought(**fields: Any) -> conversions.Bought:
    given = {
        "what": "生产管理系统",
        "invoice_number": f"FP-{Conversion.objects.count()}",
        "invoice_on": calendar.today() - timedelta(days=20),
        "amount_fen": 200_000 * YUAN,
        "upload": upload("invoice.pdf"),
    }
    return conversions.Bought(**given | fields)


def in_state(state: str, people: Staff, **fields: Any) -> Conversion:
    """Return a project of a new enterprise that has come to `state` by the real actions."""
    enterprise, owner = fields.get("by") or works()
    level(enterprise, 1, calendar.today() - timedelta(days=120))
    row = conversions.intend(fields.get("scheme") or scheme(), enterprise, goal="更快", by=owner)
    for name, step in _way_to(state, people, owner):
        if row.state == state:
            break
        row = step(row)
        assert row.state == name
    return row


def _way_to(state: str, people: Staff, owner: User) -> list[tuple[str, Any]]:
    """Return the steps from the intent, named by where each leads."""

    def result(row: Conversion) -> Conversion:
        level(row.enterprise, 2)
        conversions.add_invoice(row, bought(), by=owner)
        return conversions.take_result(row, by=owner)

    way = [
        (S.BASELINE, lambda c: conversions.take_baseline(c, by=owner)),
        (S.FILED, lambda c: conversions.file(c, filing(), truthful=True, by=owner)),
        (S.IN_PROGRESS, lambda c: accepting.confirm(c, by=people.county)),
        (S.RESULT, result),
        (S.ACCEPTANCE, lambda c: conversions.apply(c, truthful=True, by=owner)),
    ]
    if state == S.REJECTED:
        return [*way, (S.REJECTED, lambda c: accepting.reject(c, reason="r", by=people.city))]
    return [
        *way,
        (S.ACCEPTED, lambda c: accepting.accept(c, spent_fen=200_000 * YUAN, by=people.city)),
        (S.REWARD, lambda c: conversions.apply_for_reward(c, by=owner)),
        (S.PAID, lambda c: accepting.pay(c, batch="B-1", bank_confirmed=True, by=people.finance)),
        (S.AUDITED, lambda c: accepting.audit(c, finding="A-1", by=people.finance)),
    ]
