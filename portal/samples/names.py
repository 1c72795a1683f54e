"""Names, codes and figures of sample enterprises, drawn from one seeded generator."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from stdnum.cn import uscc as gb32100

from enterprises.classification import uscc

Value = TypeVar("Value")

SEED = 20261125
FIRST = (
    "海晟", "东岸", "启明", "远山", "和风", "北湾", "蓝屿", "青禾", "瑞峰", "嘉禾",
    "信达", "恒泰", "新航", "明川", "泰和", "华岳", "金澜", "立德", "永固", "祥云",
)  # fmt: skip
LINES = {
    "13": "食品", "14": "食品", "17": "纺织", "18": "服饰", "20": "木业",
    "22": "纸业", "26": "化工", "29": "橡塑", "30": "建材", "31": "铸造",
    "33": "金属", "34": "机械", "35": "装备", "36": "汽配", "38": "电气",
    "39": "电子", "40": "仪表", "51": "商贸", "54": "物流", "65": "软件",
}  # fmt: skip
# Qingdao first, then the other cities of the province; (city, weight).
CITIES = {
    "370200": 110, "370100": 30, "370600": 25, "370700": 25, "370300": 14, "370800": 14, "371000": 12,
    "371300": 12, "371100": 9, "370900": 9, "370500": 8, "371400": 8, "371500": 8, "371600": 6, "371700": 6,
    "370400": 4,
}  # fmt: skip
QUALIFICATIONS = ("tech_sme", "innovative_sme", "zjtx", "high_tech", "above_scale", "little_giant", "dcmm")


@dataclass(frozen=True)
class SampleEnterprise:
    """What one sample enterprise says of itself; None is "not told"."""

    uscc: str
    name: str
    region: str
    industry: str
    employees: int | None
    revenue_wan: Decimal | None
    assets_wan: Decimal | None
    founded_on: date | None
    qualifications: tuple[str, ...]
    contact_name: str
    contact_phone: str


def sample_enterprises(count: int, districts: dict[str, list[str]], today: date) -> list[SampleEnterprise]:
    """Return `count` enterprises, always the same; `districts` maps a city to the codes of its districts."""
    random = Random(SEED)
    return [_one(random, number, districts, today) for number in range(1, count + 1)]


def _one(random: Random, number: int, districts: dict[str, list[str]], today: date) -> SampleEnterprise:
    city = random.choices(list(CITIES), weights=list(CITIES.values()))[0]
    industry = random.choice(list(LINES))
    employees = int(random.lognormvariate(3.6, 1.0)) + 2
    revenue = Decimal(int(employees * random.uniform(25, 90))) + Decimal(random.randrange(100)) / 100
    return SampleEnterprise(
        uscc=_code(city, number),
        name=f"{FIRST[number % len(FIRST)]}{LINES[industry]}（演示{number:03d}）有限公司",
        region=random.choice(districts[city]),
        industry=industry,
        employees=_sometimes(random, employees),
        revenue_wan=_sometimes(random, revenue),
        assets_wan=_sometimes(random, (revenue * Decimal("0.8")).quantize(Decimal("0.01"))),
        founded_on=_sometimes(random, today - timedelta(days=random.randrange(200, 9000))),
        qualifications=tuple(code for code in QUALIFICATIONS if random.random() < 0.18),
        contact_name=f"{random.choice('王李张刘陈杨赵黄周吴')}经理",
        contact_phone=f"0532-0000{number:04d}",
    )


def _sometimes(random: Random, value: Value) -> Value | None:
    return value if random.random() < 0.88 else None


def _code(city: str, number: int) -> str:
    """Build a code whose two check digits fit; its organisation part begins MAX and is made up."""
    organisation = f"MAX{number:05d}"
    body = f"91{city}{organisation}{uscc.organisation_digit(organisation)}"
    return body + gb32100.calc_check_digit(body)
