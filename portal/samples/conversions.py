"""Write a sample conversion scheme and projects at four places of their way, by the real actions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from core import audit, calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise, Region
from portal.samples.papers import pdf
from portal.samples.vouchers import owner_of
from services.cloud.actions import accepting, conversions
from services.cloud.models import Conversion, ConversionScheme, ConversionState

_YUAN = 100
_GOALS = ("示例：订单、库存和排产在一处。", "示例：看到每台机床的开动时间。", "示例：质检记录不再用纸。")
_STOPS = (
    ConversionState.IN_PROGRESS,
    ConversionState.FILED,
    ConversionState.ACCEPTANCE,
    ConversionState.PAID,
)


def load_conversions(people: Mapping[str, Any], enterprises: list[Enterprise]) -> int:
    """Write one open scheme and a project for each stop; return how many projects."""
    scheme = _scheme(people)
    # The first one's owner is a sample person; the others have not been assessed by other samples.
    rows = [one for one in (enterprises[0], *enterprises[200:]) if scheme.is_for(one)]
    pairs = list(zip(rows, _STOPS, strict=False))
    for number, (enterprise, stop) in enumerate(pairs):
        _project(scheme, enterprise, stop, number, people)
    return len(pairs)


def _scheme(people: Mapping[str, Any]) -> ConversionScheme:
    today = calendar.today()
    row = ConversionScheme.objects.create(
        slug="sample-conversion",
        state=ConversionScheme.State.OPEN,
        region=Region.objects.get(code="370000"),
        title_zh="示例数字化改造奖补",
        title_en="Sample support for digital conversion",
        summary_zh="示例数据：改造后达到二级的企业，按认可支出的一部分给予奖补。",
        summary_en="Sample data: who reaches level 2 gets a part of the recognised spending back.",
        target_level=2,
        rate_percent=30,
        cap_fen=300_000 * _YUAN,
        opens_on=today - timedelta(days=200),
        closes_on=today + timedelta(days=150),
        is_sample=True,
        author=people["lead"],
    )
    audit.record(row, "publish", by=people["finance"], before="draft", after="open")
    return row


def _project(
    scheme: ConversionScheme, enterprise: Enterprise, stop: str, number: int, people: Mapping[str, Any]
) -> None:
    owner = owner_of(enterprise)
    if conversions.level_of(enterprise) is None:
        _assessed(enterprise, 1, days_ago=150)
    row = conversions.intend(scheme, enterprise, goal=_GOALS[number % len(_GOALS)], by=owner)
    for state, step in _way(owner, people):
        row = step(row)
        if state == stop:
            return


def _assessed(enterprise: Enterprise, level: int, *, days_ago: int) -> None:
    day = calendar.today() - timedelta(days=days_ago)
    record_fact(enterprise, "digital_level", level, source="assessment", on=day, by=None)


def _way(owner: Any, people: Mapping[str, Any]) -> list[tuple[str, Callable[[Conversion], Conversion]]]:
    today = calendar.today()
    contract = conversions.Filing(
        "示例厂务软件公司", "HT-示例", today - timedelta(days=120), 260_000 * _YUAN, pdf("合同")
    )

    def bought(row: Conversion) -> conversions.Bought:
        number = f"示例 2438{row.pk:08d}"
        return conversions.Bought(
            "示例生产管理系统", number, today - timedelta(days=40), 240_000 * _YUAN, pdf("发票")
        )

    def result(row: Conversion) -> Conversion:
        conversions.add_invoice(row, bought(row), by=owner)
        _assessed(row.enterprise, 2, days_ago=10)
        return conversions.take_result(row, by=owner)

    return [
        (ConversionState.BASELINE, lambda row: conversions.take_baseline(row, by=owner)),
        (ConversionState.FILED, lambda row: conversions.file(row, contract, truthful=True, by=owner)),
        (ConversionState.IN_PROGRESS, lambda row: accepting.confirm(row, by=people["county"])),
        (ConversionState.RESULT, result),
        (ConversionState.ACCEPTANCE, lambda row: conversions.apply(row, truthful=True, by=owner)),
        (
            ConversionState.ACCEPTED,
            lambda row: accepting.accept(row, spent_fen=200_000 * _YUAN, by=people["city"]),
        ),
        (ConversionState.REWARD, lambda row: conversions.apply_for_reward(row, by=owner)),
        (
            ConversionState.PAID,
            lambda row: accepting.pay(row, batch="示例-2", bank_confirmed=True, by=people["finance"]),
        ),
    ]
