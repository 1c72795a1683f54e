"""Say facts and the values of criteria in the reader's language; nothing is decided here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from core.criteria import Criterion, FactValue, Op, Precision, Span
from enterprises import facts, zones
from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.classification.sizes import SizeClass
from enterprises.facts import FactType


def fact_in_words(code: str, fact: FactValue) -> str:
    """Say the value of a fact with its unit, for example "120 people" or "Huangdao District".

    Raises FactError for an unknown code.
    """
    kind = facts.kind_of(code)
    if facts.is_zone(code):
        return gettext("lies in it") if fact.value else gettext("lies outside")
    if kind.type is FactType.DATE:
        return date_in_words(fact.value, fact.precision)
    if kind.type is FactType.FLAG:
        return gettext("Yes") if fact.value else gettext("No")
    if kind.type is FactType.COUNT:
        return people(fact.value)
    if kind.type is FactType.AMOUNT_WAN:
        return amount(fact.value)
    return _name(code, fact.value)


def values_in_words(criterion: Criterion) -> list[str]:
    """Name what a criterion asks for, one text a value; empty for a gate that is not stated."""
    if criterion.op is Op.UNSTATED:
        return []
    if criterion.op in {Op.YEARS_AT_LEAST, Op.YEARS_AT_MOST}:
        return [years(value) for value in criterion.values]
    if criterion.fact == facts.EMPLOYEES:
        return [people(value) for value in criterion.values]
    if criterion.fact in {facts.REVENUE, facts.ASSETS}:
        return [amount(value) for value in criterion.values]
    return [_name(criterion.fact, value) for value in criterion.values]


def size_name(size: str) -> str:
    """Name a size class; raises ValueError for another word."""
    return {
        SizeClass.LARGE: pgettext("size class", "Large"),
        SizeClass.MEDIUM: pgettext("size class", "Medium"),
        SizeClass.SMALL: pgettext("size class", "Small"),
        SizeClass.MICRO: pgettext("size class", "Micro"),
        SizeClass.NOT_APPLICABLE: pgettext("size class", "Not applicable in this industry"),
        SizeClass.UNKNOWN: pgettext("size class", "Not yet known"),
    }[SizeClass(size)]


def region_name(code: str) -> str:
    """Name a region, 000000 included; raises KeyError for an unknown code."""
    return regions.names(code)[get_language() == "en"]


def industry_name(code: str) -> str:
    """Name an industry by the nearest listed one; raises ValueError for an unknown code."""
    industry = industries.nearest(code)
    return industry.name_en if get_language() == "en" else industry.name_zh


def qualification_name(code: str) -> str:
    row = QUALIFICATIONS[code]
    return row.name_en if get_language() == "en" else row.name_zh


def zone_name(code: str) -> str:
    """Name a zone of the desk by its code; the code itself where there is none."""
    zone = zones.table().get(code)
    if zone is None:
        return code
    return zone.name_en if get_language() == "en" else zone.name_zh


def fact_name(code: str) -> str:
    """Name a fact as forms and reasons do; of a zone it is the name of the zone."""
    kind = facts.kind_of(code)
    return zone_name(code.partition(".")[2]) if facts.is_zone(code) else str(kind.label)


def date_in_words(day: date, precision: Precision) -> str:
    """Say a date no more exactly than it is known."""
    if precision is Precision.YEAR:
        return gettext("%(year)s") % {"year": day.year}
    if precision is Precision.MONTH:
        return date_format(day, "YEAR_MONTH_FORMAT")
    return date_format(day, "DATE_FORMAT")


def people(count: int) -> str:
    text = ngettext("%(count)s person", "%(count)s people", count)
    return text % {"count": number_format(count, force_grouping=True)}


def amount(wan: Decimal) -> str:
    """Say an amount kept in units of 10,000 yuan: in English by the million, else in that unit (万元)."""
    if get_language() == "en":
        return gettext("CNY %(figure)s million") % {"figure": _figure(wan / 100)}
    return gettext("%(figure)s × 10,000 yuan") % {"figure": _figure(wan)}


def _figure(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def years(count: int) -> str:
    return ngettext("%(count)s year", "%(count)s years", count) % {"count": count}


def level(value: int) -> str:
    return gettext("level %(level)s") % {"level": value}


def _name(code: str, value: object) -> str:
    if isinstance(value, Span):
        return region_name(value.code) if code == facts.REGION else industry_name(value.code)
    if code == facts.SIZE:
        return size_name(str(value))
    if code == facts.QUALIFICATION:
        return qualification_name(str(value))
    if code == facts.ZONE:
        return zone_name(str(value))
    if code == facts.DIGITAL_LEVEL and isinstance(value, int):
        return level(value)
    return str(value)
