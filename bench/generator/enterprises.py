"""Draw enterprises: what is known of them, and one owner each."""

from array import array
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.generator.rows import FIRST, copy, key
from core import calendar
from enterprises import facts
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.models import Industry, Region

SEED = 20261125
_FACET = """enterprise_id region_low region_high industry_low industry_high size_bit quals quals_known
    revenue_yuan employees founded_low founded_high digital_level cloud_readiness"""
_ENTERPRISE = """id uscc name region_id proof_level contact_name contact_phone is_sample registered_at
    facts_changed_at matched_at"""
_USER = """id password is_superuser email name phone language is_staff is_active is_sample
    privacy_version"""


@transaction.atomic
def fill(count: int) -> None:
    """Write `count` enterprises with facets, owners and memberships."""
    regions = array("i")
    # All that is drawn from is read before: while rows flow in, the connection answers nothing else.
    facets = _facets(count, districts(), _groups(), regions.append)
    copy("enterprises_enterprisefacet", _FACET, facets)
    copy("enterprises_enterprise", _ENTERPRISE, _enterprises(regions))
    copy("accounts_user", _USER, _owners(count))
    owners = ((key(number), number, number, "owner") for number in numbers(count))
    copy("enterprises_membership", "key enterprise_id user_id role", owners)


def numbers(count: int) -> range:
    return range(FIRST, FIRST + count)


def districts() -> list[int]:
    """Return the codes of all districts and counties; the first are drawn most often."""
    codes = Region.objects.filter(level=Region.Level.COUNTY).order_by("code")
    return [int(code) for code in codes.values_list("code", flat=True)]


def _enterprises(regions: array) -> Iterator[tuple[Any, ...]]:
    now = timezone.now().isoformat()
    for number, region in enumerate(regions, start=FIRST):
        yield number, f"91370000{number:010d}", f"工厂{number}号", region, "email", "", "", "f", now, now, now


def _owners(count: int) -> Iterator[tuple[Any, ...]]:
    for number in numbers(count):
        language = "en" if number % 20 == 0 else "zh-hans"
        yield number, "!", "f", f"owner{number}@works.example", "李敏", "", language, "f", "t", "f", ""


def _facets(
    count: int, places: list[int], groups: list[tuple[int, int]], note_region: Callable[[int], None]
) -> Iterator[tuple[Any, ...]]:
    """Draw what is known: one fact in twenty is missing, one region in thirty known to its city only."""
    draw = Random(SEED)
    chance, whole = draw.random, draw.randrange
    days = _days()
    for number in numbers(count):
        region = places[int(chance() ** 1.5 * len(places))]
        note_region(region)
        city = region // 100 * 100
        founded = days[int(chance() ** 2 * len(days))] if whole(20) else None
        yield (
            number,
            *((city, city + 99) if whole(30) == 0 else (region, region)),
            *(groups[int(chance() ** 2 * len(groups))] if whole(20) else (None, None)),
            *_figures(draw),
            *(founded, founded),
            whole(4) if whole(5) == 0 else None,
            whole(101) if whole(5) == 0 else None,
        )


def _figures(draw: Random) -> tuple[int | None, ...]:
    """Draw size bit, certificates held and known, revenue and staff: few large works, many small ones."""
    held, known = _certificates(draw)
    if draw.randrange(20) == 0:
        return None, held, known, None, None
    employees = int(3 * 1.9 ** (draw.random() * 12))
    size = 1 if employees >= 1000 else 2 if employees >= 300 else 4 if employees >= 20 else 8
    return size, held, known, int(employees * (100_000 + draw.random() * 900_000)), employees


def _certificates(draw: Random) -> tuple[int, int]:
    held = draw.choice(_BITS) | draw.choice(_BITS) if draw.randrange(8) == 0 else 0
    return held, held if draw.randrange(3) == 0 else _ALL_BITS


_BITS = [row.bit for row in QUALIFICATIONS.values()]
_ALL_BITS = sum(_BITS)


def _days() -> list[str]:
    today = calendar.today()
    return [(today - timedelta(days=day)).isoformat() for day in range(30 * 365)]


def _groups() -> list[tuple[int, int]]:
    """Return the industry groups as facets hold them, manufacturing first: most enterprises are there."""
    codes = Industry.objects.filter(level=Industry.Level.GROUP).values_list("code", flat=True)
    spans = [facts.read(facts.INDUSTRY, code).value for code in sorted(codes, key=_manufacturing_first)]
    return [(span.low, span.high) for span in spans]


def _manufacturing_first(code: str) -> tuple[bool, str]:
    return not "13" <= code[:2] <= "43", code
