"""The columns of the publishers' sheet: a row a notice with at most one item, and a row each other item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import SIZES
from services.policies.intake.cells import (
    choice,
    day,
    line,
    number,
    percent,
    several,
    slug,
    url,
    wan,
    words,
)
from services.policies.models import Kind, Level, PolicyItem

MOST_ROWS = 500


@dataclass(frozen=True)
class Column:
    """One column: its code in the first row, its words, how a cell is read, and the choices it has."""

    code: str
    words: Callable[[], str]
    read: Callable[[Any], Any]
    choices: tuple[str, ...] = ()
    is_needed: bool = False


_KINDS = tuple(kind.value for kind in Kind)
_LEVELS = tuple(level.value for level in Level)
_REGIONS = (*regions.REGIONS, regions.COUNTRY)
_DELIVERIES = tuple(one.value for one in PolicyItem.Delivery)
COLUMNS = (
    Column("slug", lambda: gettext("web address; empty: made for you"), slug),
    Column("title_zh", lambda: gettext("Chinese title"), line(300), is_needed=True),
    Column("title_en", lambda: gettext("English title"), line(400)),
    Column("issuer_zh", lambda: gettext("issuer (Chinese)"), line(200), is_needed=True),
    Column("issuer_en", lambda: gettext("issuer (English)"), line(300)),
    Column("document_number", lambda: gettext("document number"), line(80)),
    Column("kind", lambda: gettext("kind"), choice(_KINDS), _KINDS, is_needed=True),
    Column("level", lambda: gettext("level"), choice(_LEVELS), _LEVELS, is_needed=True),
    Column("region", lambda: gettext("region"), choice(_REGIONS), _REGIONS, is_needed=True),
    Column("issued_on", lambda: gettext("issued on"), day),
    Column("effective_from", lambda: gettext("in force from"), day),
    Column("effective_to", lambda: gettext("in force until"), day),
    Column("summary_zh", lambda: gettext("plain summary (Chinese)"), words, is_needed=True),
    Column("summary_en", lambda: gettext("plain summary (English)"), words),
    Column("contact", lambda: gettext("whom to ask"), line(200)),
    Column("body_zh", lambda: gettext("official text"), words),
    Column("sources", lambda: gettext("sources, one a line"), words),
    Column("item_position", lambda: gettext("item: its place in the notice"), number(999)),
    Column("item_title_zh", lambda: gettext("item: Chinese title"), line(300)),
    Column("item_title_en", lambda: gettext("item: English title"), line(400)),
    Column("max_wan", lambda: gettext("item: at most per enterprise, in 10,000 yuan"), wan),
    Column("rate_percent", lambda: gettext("item: rate in percent"), percent),
    Column("delivery", lambda: gettext("item: how it is granted"), choice(_DELIVERIES), _DELIVERIES),
    Column("opens_on", lambda: gettext("item: opens on"), day),
    Column("closes_on", lambda: gettext("item: last day"), day),
    Column("steps_zh", lambda: gettext("item: how to apply (Chinese)"), words),
    Column("apply_url", lambda: gettext("item: where to apply"), url),
    Column(
        "regions", lambda: gettext("item: in one of these regions"), several(lambda code: code in _REGIONS)
    ),
    Column("industries", lambda: gettext("item: in one of these industries"), several(industries.is_known)),
    Column(
        "sizes",
        lambda: gettext("item: of one of these sizes"),
        several(lambda code: code in tuple(map(str, SIZES))),
    ),
    Column(
        "quals_any",
        lambda: gettext("item: holds at least one of these"),
        several(lambda code: code in QUALIFICATIONS),
    ),
    Column("employees_min", lambda: gettext("item: employees, at least"), number(10_000_000)),
    Column("employees_max", lambda: gettext("item: employees, at most"), number(10_000_000)),
    Column("years_min", lambda: gettext("item: years since founding, at least"), number(100)),
)
BY_CODE = {column.code: column for column in COLUMNS}
ITEM_CODES = tuple(column.code for column in COLUMNS[17:])
