"""The file of everything about a person, and about the enterprise where an owner asks: JSON, xlsx, the files.

Other people are not named in it: a foreign key to a person says whether it is oneself, the staff or somebody
else. Files that are not through the malware scan are left out and named in the README.
"""

import io
import json
import logging
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import calendar, files, sheets
from core.models import StoredFile
from enterprises.models import Enterprise
from portal.personal_data.table import Table
from portal.personal_data.tables import TABLES

logger = logging.getLogger(__name__)
_DOS_EPOCH = (1980, 1, 1, 0, 0, 0)
# What names a row to people, the best first.
_NAMES = ("reference", "slug", "uscc", "code")


@dataclass(frozen=True)
class Part:
    """The rows of one table that are handed out, as plain values by column."""

    table: Table
    columns: list[Field]
    rows: list[dict[str, Any]]


def pack(user: User, enterprise: Enterprise | None = None) -> bytes:
    """Return the zip, worded in the person's language; who may have it is checked by the door.

    It holds `data.json`, `data.xlsx`, a README in both languages and the files under `files/`.
    """
    stored: dict[int, StoredFile] = {}
    with translation.override(user.language):
        about = {"person": _parts(user, None, stored)}
        if enterprise is not None:
            about["enterprise"] = _parts(user, enterprise, stored)
        contents = {
            "data.json": _json(about),
            "data.xlsx": _workbook(about),
        }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        left_out = [row for row in stored.values() if not _add_file(archive, row)]
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, _DOS_EPOCH), content, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("README.txt", _DOS_EPOCH), _read_me(left_out))
    return stream.getvalue()


def columns_of(table: Table) -> list[Field]:
    """Return the columns that are handed out; keys of rows are left out where a name stands for them."""
    return [one for one in table.model_class._meta.concrete_fields if one.name not in table.withheld]


def _parts(user: User, enterprise: Enterprise | None, stored: dict[int, StoredFile]) -> list[Part]:
    parts = []
    for table in TABLES:
        if table.handed_out and (part := _part(table, user, enterprise, stored)).rows:
            parts.append(part)
    return parts


def _part(
    table: Table, user: User, enterprise: Enterprise | None, stored: dict[int, StoredFile]
) -> Part:  # fmt: skip
    found = table.shown_to(user) if enterprise is None else table.of_enterprise(enterprise)
    if table.only is not None:
        found = found.filter(table.only)
    columns = columns_of(table)
    links = [one.name for one in columns if one.is_relation]
    rows = []
    for row in _with(found, links).order_by("pk").iterator(chunk_size=500):
        rows.append({one.name: _value(row, one, user) for one in columns})
        _note_files(row, columns, stored)
    return Part(table, columns, rows)


def _with(found: QuerySet[Any], links: list[str]) -> QuerySet[Any]:
    return found.select_related(*links) if links else found


def _note_files(row: Model, columns: list[Field], stored: dict[int, StoredFile]) -> None:
    if isinstance(row, StoredFile):
        stored[row.pk] = row
    for one in columns:
        if one.is_relation and one.related_model is StoredFile and (file := getattr(row, one.name)):
            stored[file.pk] = file


def _value(row: Model, one: Field, user: User) -> Any:
    if not one.is_relation:
        value = getattr(row, one.attname)
        return timezone.localtime(value) if isinstance(value, datetime) else value
    other = getattr(row, one.name)
    if isinstance(other, User):
        return _who(other, user)
    if isinstance(other, StoredFile):
        return _file_name(other)
    return other and next((getattr(other, name) for name in _NAMES if getattr(other, name, "")), other.pk)


def _who(other: User, user: User) -> str:
    if other.pk == user.pk:
        return "you"
    return "staff" if other.is_staff else "somebody else"


def _json(about: dict[str, list[Part]]) -> bytes:
    tables = {
        whose: {part.table.model: part.rows for part in parts} for whose, parts in about.items()
    }  # fmt: skip
    told = {"made_at": calendar.now(), "portal": settings.PUBLIC_URL, **tables}
    return json.dumps(told, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode("utf-8", "replace")


def _workbook(about: dict[str, list[Part]]) -> bytes:
    pages = []
    for whose, parts in about.items():
        for part in parts:
            name = part.table.name
            title = name if whose == "person" else _("%(table)s (enterprise)") % {"table": name}
            headings = [str(one.verbose_name) for one in part.columns]
            lines = [[_cell(row[one.name]) for one in part.columns] for row in part.rows]
            pages.append(sheets.Sheet(title, headings, lines))
    return sheets.workbook(pages)


def _cell(value: Any) -> sheets.Cell:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value if isinstance(value, str | int | float | None) else str(value)


def _file_name(stored: StoredFile) -> str:
    return f"files/{stored.pk}-{stored.name}"


def _add_file(archive: zipfile.ZipFile, stored: StoredFile) -> bool:
    """Copy a file as it is; tell whether it could be: unscanned, blocked and lost ones cannot."""
    if not stored.may_be_opened:
        return False
    try:
        with files.open_content(stored) as content:
            archive.writestr(
                zipfile.ZipInfo(_file_name(stored), _DOS_EPOCH), content.read(), zipfile.ZIP_STORED
            )
    except FileNotFoundError:
        logger.error("stored file %s has lost its bytes", stored.pk)
        return False
    return True


def _read_me(left_out: list[StoredFile]) -> bytes:
    missing = "\n".join(f"  {row.name}" for row in left_out) or "  –"
    return f"""{settings.PUBLIC_URL}

data.json  全部内容，程序可读 / everything, for programs
data.xlsx  同样内容，一表一页 / the same as sheets, one a table
files/     你（和企业）上传的文件 / the files that were uploaded

金额单位为分，时间为北京时间。其他人不写姓名。密码、密钥和内部备注不在其中。
Money is in fen (a hundredth of a yuan), times are Beijing time. Other people are not named. Passwords,
secrets and internal notes of the staff are not included.

未能放入的文件 / files that could not be included:
{missing}
""".encode()
