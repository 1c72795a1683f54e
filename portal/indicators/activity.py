"""The report of a month for whoever leads a city or a module: a page of the desk, a PDF, a sheet.

It reads the measurements the open book is made of, so the two cannot disagree; what is too small for
everybody is shown here. A scope of a county gets the figures of its city.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import calendar, pdf, sheets
from core.models import Watermark
from enterprises.models import Region, StaffScope, region_prefix
from portal.indicators.definitions import MONTHS
from portal.indicators.measuring import months
from portal.indicators.models import Measurement
from portal.indicators.open_book import JOB, Figures, figures_of
from portal.indicators.tables import Table, figures_table, group_name
from services.catalogue.models import Group

VIEW = "indicators.view_measurement"
TEMPLATE = Path(__file__).parent / "activity.typ"


@dataclass(frozen=True)
class Cut:
    """What a report is about: a city by its code, a module; '' is all of them."""

    city: str = ""
    group: str = ""

    def covers(self, other: "Cut") -> bool:
        return self.city in ("", other.city) and self.group in ("", other.group)


@dataclass(frozen=True)
class Report:
    """One month in one cut, with the month before, by module and by city."""

    month: date
    cut: Cut
    city: str
    tables: list[Table]
    measured_at: datetime | None

    @property
    def about(self) -> str:
        """Say what it is about, such as “青岛市 · Cloud onboarding”."""
        group = group_name(self.cut.group) if self.cut.group else _("all modules")
        return f"{self.city or _('all cities')} · {group}"

    @property
    def title(self) -> str:
        return _("Activity in %(month)s") % {"month": f"{self.month:%Y-%m}"}


def cuts_of(user: Any) -> list[Cut]:
    """Return what a member of staff may see, the first one by default; without a scope everything."""
    scopes = StaffScope.objects.filter(user=user).order_by("pk").values_list("region_id", "group")
    return [Cut(_city_of(region or ""), group) for region, group in scopes] or [Cut()]


def may_see(user: Any, cut: Cut) -> bool:
    return any(one.covers(cut) for one in cuts_of(user))


def offered() -> list[date]:
    """Return the months that are measured, the newest first."""
    return months(calendar.today())[::-1][:MONTHS]


def last_month() -> date:
    """Return the first day of the month that is over."""
    return offered()[1]


def is_complete(month: date) -> bool:
    """Tell whether a month was measured after it had ended."""
    measured = _measured_at()
    return measured is not None and calendar.day_of(measured) >= _following(month)


def cities() -> list[Region]:
    return list(Region.objects.filter(level=Region.Level.PREFECTURE).order_by("code"))


def report(month: date, cut: Cut) -> Report:
    """Read one month in one cut; three queries, however many requests there are."""
    before = _before(month)
    found = Measurement.objects.filter(month__in=[before, month])
    if cut.city:
        found = found.filter(city=cut.city)
    if cut.group:
        found = found.filter(group=cut.group)
    rows = list(found.values_list("month", "group", "city", "code", "number"))
    names = {region.code: region.name for region in cities()}
    return Report(
        month=month,
        cut=cut,
        city=names.get(cut.city, ""),
        tables=list(_tables(rows, month, before, cut, names)),
        measured_at=_measured_at(),
    )


def totals(month: date, cut: Cut) -> Figures:
    """Return the figures of one month in one cut."""
    found = Measurement.objects.filter(month=month)
    found = found.filter(city=cut.city) if cut.city else found
    found = found.filter(group=cut.group) if cut.group else found
    return figures_of(list(found.values_list("month", "group", "city", "code", "number")))


def as_pdf(found: Report, *, language: str) -> bytes:
    """Set a report on paper, in the language that is active."""
    data = {
        "lang": "en" if language == "en" else "zh",
        "title": found.title,
        "about": found.about,
        "author": _("SME Digital Transformation Service Platform"),
        "footer": _footer(found),
        "tables": [
            {
                "title": str(table.title),
                "heads": table.columns,
                "rows": [["–" if cell is None else f"{cell}" for cell in row] for row in table.rows],
            }
            for table in found.tables
        ],
    }
    return pdf.render(TEMPLATE, data, at=found.measured_at or calendar.now())


def as_xlsx(found: Report) -> bytes:
    """Write a report as one sheet; the first column names the table a row belongs to."""
    columns = [_("Table"), pgettext("of a row", "Name"), *found.tables[0].columns[1:]]
    rows = [[str(table.title), *row] for table in found.tables for row in table.rows]
    return sheets.xlsx(found.title, columns, rows)


def _tables(rows: list[tuple], month: date, before: date, cut: Cut, names: dict[str, str]) -> Iterator[Table]:
    present = [row for row in rows if row[0] == month]
    past = [row for row in rows if row[0] == before]
    totals = [(f"{month:%Y-%m}", figures_of(present)), (f"{before:%Y-%m}", figures_of(past))]
    yield figures_table(_("In all, and the month before"), _("Month"), totals)
    if not cut.group:
        groups = [(group_name(code), figures_of(_only(present, 1, code))) for code in (*Group.values, "")]
        yield figures_table(_("By service module"), _("Module"), groups)
    if not cut.city:
        by_city = [(name, figures_of(_only(present, 2, code))) for code, name in names.items()]
        unknown = (_("city not known"), figures_of(_only(present, 2, "")))
        yield figures_table(_("By city"), _("City"), [*by_city, unknown])


def _only(rows: list[tuple], place: int, value: str) -> list[tuple]:
    return [row for row in rows if row[place] == value]


def _city_of(region: str) -> str:
    """Return the city a region lies in; '' for the whole province."""
    return f"{region[:4]}00" if len(region_prefix(region)) > 2 else ""


def _measured_at() -> datetime | None:
    return Watermark.objects.filter(job=JOB).values_list("ran_at", flat=True).first()


def _footer(found: Report) -> str:
    if found.measured_at is None:
        return _("Not measured yet")
    at = found.measured_at.astimezone(calendar.zone())
    return _("As measured at %(when)s") % {"when": f"{at:%Y-%m-%d %H:%M}"}


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _following(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)
