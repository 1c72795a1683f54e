"""Turn rows into what the API and the open-data files hand out; the shapes stand in `payloads`.

Plain dictionaries, made by hand: checking each against its schema would cost more than the query. A test
compares every one with its schema instead. Notices, of which there are most, are written by `notice_json`.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from enterprises.models import Industry, Region, Zone
from portal.indicators import open_book
from portal.indicators.open_book import Book, Figures
from services.catalogue.models import Offering, Provider
from services.policies.models import PolicyItem

Record = dict[str, Any]


def item(row: PolicyItem) -> Record:
    """Give one item; its notice has to be loaded."""
    return {
        "key": f"{row.notice.slug}-{row.position}",
        "notice": row.notice.slug,
        "kind": row.kind,
        "title_zh": row.title_zh,
        "title_en": row.title_en or None,
        "max_fen": row.max_fen,
        "rate_percent": None if row.rate_percent is None else float(row.rate_percent),
        "amount_note_zh": row.amount_note_zh or None,
        "amount_note_en": row.amount_note_en or None,
        "delivery": row.delivery,
        "is_open_all_year": row.is_open_all_year,
        "opens_on": _day(row.opens_on),
        "closes_on": _day(row.closes_on),
        "apply_url": row.apply_url or None,
        "criteria": [_condition(criterion) for criterion in row.criteria],
    }


def _condition(stored: Record) -> Record:
    return {
        "fact": stored["fact"],
        "op": stored["op"],
        "values": stored.get("values") or [],
        "kind": stored.get("kind", "gate"),
    }


def offering(row: Offering) -> Record:
    """Give one offering; its provider has to be loaded."""
    return {
        "slug": row.slug,
        "url": _address("catalogue:detail").format(row.slug),
        "group": row.group,
        "provider": row.provider.slug,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "description_zh": row.description_zh,
        "description_en": row.description_en,
        "deliverable_zh": row.deliverable_zh or None,
        "deliverable_en": row.deliverable_en or None,
        "is_free": row.is_free,
        "price_note_zh": row.price_note_zh or None,
        "price_note_en": row.price_note_en or None,
        "turnaround_working_days": row.turnaround_days,
        "measured_working_days": row.measured_days,
        "audience": row.audience,
        "mode": row.mode,
        "criteria": [_condition(criterion) for criterion in row.criteria],
    }


def provider(row: Provider) -> Record:
    return {"slug": row.slug, "kind": row.kind, "name_zh": row.name_zh, "name_en": row.name_en or None}


def division(row: Region | Industry) -> Record:
    """Give a region or an industry."""
    return {
        "code": row.code,
        "parent": row.parent_id,
        "level": row.level,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
    }


def zone(row: Zone) -> Record:
    """Give one zone; its places have to be loaded."""
    return {
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "from_on": _day(row.from_on),
        "until_on": _day(row.until_on),
        "basis": row.basis or None,
        "places": [
            {
                "region": place.region_id,
                "is_whole": place.is_whole,
                "from_on": _day(place.from_on),
                "until_on": _day(place.until_on),
            }
            for place in row.places.all()
        ],
        "is_sample": row.is_sample,
    }


# Name of a figure, its unit.
MEASURED = {
    "received": "requests",
    "resolved": "requests",
    "on_time_percent": "percent",
    "free_percent": "percent",
    "median_days": "working_days",
    "stars": "stars",
}


def indicators() -> list[Record]:
    """Give every measured number; small ones of a city are left out as on the page."""
    book = open_book.read()
    found = _figures("total", "", book.total)
    for month, figures in book.months:
        found += _figures("month", f"{month:%Y-%m}", figures)
    for group, figures in book.groups:
        found += _figures("group", group or "question", figures)
    for city in book.cities:
        found += _figures("city", city.region.code, city.figures)
        found.append(_number("enterprises", "city", city.region.code, "enterprises", city.enterprises, True))
    return found + _levels(book)


def _figures(scope: str, key: str, figures: Figures) -> list[Record]:
    return [
        _number(code, scope, key, unit, getattr(figures, code), figures.few)
        for code, unit in MEASURED.items()
    ]


def _levels(book: Book) -> list[Record]:
    return [
        _number(code, "total", "", "enterprises", number, may_be_hidden=False) for code, number in book.levels
    ]


def _number(code: str, scope: str, key: str, unit: str, value: Any, may_be_hidden: bool) -> Record:
    return {
        "code": code,
        "scope": scope,
        "key": key,
        "unit": unit,
        "value": None if value is None else float(value),
        "is_hidden": may_be_hidden and value is None,
    }


def plan() -> list[Record]:
    """Give the targets of the plan with the values staff entered."""
    return [
        {
            "code": row.indicator.code,
            "name_zh": _in("zh-hans", row.indicator.label),
            "name_en": _in("en", row.indicator.label),
            "target_percent": float(row.indicator.target),
            "more_than": row.indicator.more_than,
            "values": [
                {
                    "value_percent": float(value.value),
                    "as_of": value.as_of.isoformat(),
                    "source": value.source,
                    "source_url": value.source_url or None,
                }
                for value in row.values
            ],
        }
        for row in open_book.read().plan
    ]


def _in(language: str, words: Any) -> str:
    with translation.override(language):
        return str(words)


def _address(name: str) -> str:
    """Return the absolute address of a kind of page in Chinese, with {} for the slug."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.PUBLIC_URL + reverse(name, args=["slug"]).replace("slug", "{}")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
