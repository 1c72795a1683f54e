"""Say a dry run in the reader's language, as a line or as tables; small numbers are not told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from enterprises import wording as fact_wording
from enterprises.classification import industries
from services.policies import reach, readback, wording
from services.policies.models import PolicyItem
from services.policies.reach import Cell, Reach


@dataclass(frozen=True)
class Table:
    """A caption, the words of its columns, and rows of texts."""

    caption: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Run:
    """One item's dry run as a page shows it: sentences, then tables."""

    item: PolicyItem
    reading: str
    sentences: Sequence[str]
    tables: Sequence[Table]


def figure(count: int | None) -> str:
    """Write a count; one to four, and None, are "fewer than 5"."""
    told = None if count is None else reach.shown(count)
    return gettext("fewer than 5") if told is None else f"{told:,}"


def in_a_line(found: Reach) -> str:
    """Say in one line how many an item reaches today."""
    if found.total is None:
        return gettext("%(item)s: nobody will be told, because a condition is not stated.") % {
            "item": found.item.title
        }
    many = ngettext(
        "%(item)s: %(count)s enterprise meets the conditions today.",
        "%(item)s: %(count)s enterprises meet the conditions today.",
        found.total,
    )
    return many % {"item": found.item.title, "count": figure(found.total)}


def tables(found: Reach) -> Run:
    """Give everything the page of the dry run shows of one item."""
    reading = readback.of_stored(found.item.criteria)
    if found.total is None:
        return Run(found.item, reading, [in_a_line(found)], [])
    shown = [
        _cells(gettext("By city"), found.places, fact_wording.region_name),
        _cells(gettext("By industry"), found.industries, _section),
        _cells(gettext("By size"), found.sizes, fact_wording.size_name),
        _barriers(found),
    ]
    return Run(found.item, reading, [in_a_line(found), *_more(found)], [one for one in shown if one.rows])


def _more(found: Reach) -> list[str]:
    told = [gettext("Enterprises looked at: %(count)s.") % {"count": figure(found.considered)}]
    if found.total == 0:
        told.append(gettext("No enterprise known here meets the conditions today."))
    if found.highest:
        condition = wording.requirement(found.highest.gate)
        told.append(
            gettext("Leaves most out by itself: “%(condition)s” (%(count)s).")
            % {"condition": condition, "count": figure(found.highest.alone)}
        )
    if found.lost is not None and found.won is not None:
        told.append(
            gettext("Compared with the published version: %(lost)s no longer qualify, %(won)s newly qualify.")
            % {"lost": figure(found.lost), "won": figure(found.won)}
        )
    return told


def _cells(caption: str, cells: Sequence[Cell], name: Callable[[str], str]) -> Table:
    rows = [(_name(cell, name), figure(cell.count)) for cell in cells]
    return Table(caption, (gettext("Where"), gettext("Enterprises")), rows)


def _name(cell: Cell, name: Callable[[str], str]) -> str:
    if cell.gathered:
        many = ngettext("%(count)s other", "%(count)s others together", cell.gathered)
        return many % {"count": cell.gathered}
    return name(cell.code) if cell.code else gettext("not known")


def _section(code: str) -> str:
    row = industries.INDUSTRIES[code]
    return row.name_en if wording.is_english() else row.name_zh


def _barriers(found: Reach) -> Table:
    rows = [
        (wording.requirement(one.gate), figure(one.alone), figure(one.at_all), figure(one.unknown))
        for one in found.barriers
    ]
    columns = (
        gettext("Condition"), gettext("Leaves out by itself alone"), gettext("Leaves out in all"),
        gettext("Cannot be told"),
    )  # fmt: skip
    return Table(gettext("Whom each condition leaves out"), columns, rows)
