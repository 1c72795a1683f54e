"""The nightly open-data file: every list of the API as CSV and JSON, licence and data dictionary, in one zip.

What is in it is what the API would answer at that moment. A file of an earlier day is kept for two weeks.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation

from core import generated, sheets
from enterprises.models import Industry, Region, Zone
from portal.api import documentation, notice_json, records
from portal.api.records import Record
from services.catalogue import listing
from services.catalogue.models import Provider
from services.policies.models import PolicyItem, PolicyNotice

FOLDER = "open-data"
KEPT = 14
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
_DOS_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class DataFile:
    """One file that can be taken away: the day it stands for, and how many bytes it has."""

    day: date
    size: int

    @property
    def name(self) -> str:
        return f"{self.day.isoformat()}.zip"


def _notices() -> Iterable[Record]:
    return notice_json.read(PolicyNotice.objects.public().order_by("slug"))


def _items() -> Iterable[Record]:
    rows = PolicyItem.objects.filter(notice__in=PolicyNotice.objects.public()).select_related("notice")
    return map(records.item, rows.order_by("notice__slug", "position", "pk"))


def _providers() -> Iterable[Record]:
    listed = {row.provider_id for row in listing.listed()}
    return map(records.provider, Provider.objects.filter(pk__in=listed).order_by("slug"))


# Name, as in the API, and its records.
DATASETS: dict[str, Callable[[], Iterable[Record]]] = {
    "policies": _notices,
    "items": _items,
    "offerings": lambda: map(records.offering, listing.listed()),
    "providers": _providers,
    "indicators": records.indicators,
    "plan": records.plan,
    "regions": lambda: map(records.division, Region.objects.order_by("code")),
    "industries": lambda: map(records.division, Industry.objects.order_by("code")),
    "zones": lambda: map(records.zone, Zone.objects.prefetch_related("places").order_by("code")),
}


def publish(day: date) -> str:
    """Write the file of a day and drop those that are too old; return its name."""
    path = f"{FOLDER}/{day.isoformat()}.zip"
    generated.put(path, packed(day))
    for old in files()[KEPT:]:
        generated.drop(f"{FOLDER}/{old.name}")
    return path


def files() -> list[DataFile]:
    """Return the files there are, newest first."""
    days = sorted(filter(None, map(_day_of, generated.names(FOLDER))), reverse=True)
    return [DataFile(day, generated.size(f"{FOLDER}/{day.isoformat()}.zip")) for day in days]


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name.removesuffix(".zip"))
    except ValueError:
        return None


def packed(day: date) -> bytes:
    """Return the zip of a day; the same rows give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(day).items():
            entry = zipfile.ZipInfo(name, _DOS_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def _contents(day: date) -> dict[str, bytes]:
    tables = {name: list(give()) for name, give in DATASETS.items()}
    contents = {"README.txt": _read_me(day, tables), "dictionary.csv": dictionary()}
    for name, rows in tables.items():
        contents[f"{name}.csv"] = _csv(name, rows)
        contents[f"{name}.json"] = json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return contents


def fields(name: str) -> list[documentation.Field]:
    """Describe the columns of one data set, in the reader's language."""
    path = f"/api/v1/{name}"
    return next(one.fields for one in documentation.endpoints() if one.path == path)


def _csv(name: str, rows: Iterable[Record]) -> bytes:
    columns = [field.name for field in fields(name)]
    return sheets.csv(columns, ([_cell(row[column]) for column in columns] for row in rows))


def _cell(value: object) -> sheets.Cell:
    """Give lists as JSON: a cell of a table holds one value."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value  # type: ignore[return-value]  # JSON's own values


def dictionary() -> bytes:
    """Return the data dictionary: every column of every data set with its type and meaning."""
    meanings: dict[str, list[list[documentation.Field]]] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for name in DATASETS:
                meanings.setdefault(name, []).append(fields(name))
    rows = [
        (name, chinese.name, chinese.kind, chinese.meaning, english.meaning)
        for name, (in_chinese, in_english) in meanings.items()
        for chinese, english in zip(in_chinese, in_english, strict=True)
    ]
    return sheets.csv(["dataset", "column", "type", "meaning_zh", "meaning_en"], rows)


def _read_me(day: date, tables: dict[str, list[Record]]) -> bytes:
    counts = "\n".join(f"  {name}: {len(rows)}" for name, rows in tables.items())
    sample = "\n样例数据，不是真实情况。 Generated sample data, not real.\n" if settings.SAMPLE_DATA else ""
    return f"""{settings.PUBLIC_URL}
{day.isoformat()}
{sample}
许可 / licence: {LICENCE} {LICENCE_URL}
字段说明见 dictionary.csv。空值表示不掌握，不等于零。金额单位为分，比率为百分数，期限为工作日。
The columns are explained in dictionary.csv. Empty means not known, never zero. Money is in fen (a hundredth
of a yuan), rates are in percent, periods in working days.

{counts}
""".encode()
