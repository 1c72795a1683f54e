"""The nightly file holds what the API says, with licence and dictionary, and is made once a day."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from portal.api import documentation, open_data
from portal.tasks import publish_open_data
from services.policies.models import PolicyNotice
from tests.factories.policies import published

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_both_forms_hold_every_row() -> None:
    published(slug="ours", title_zh="=1+1", items=[{}])

    files = unpacked(open_data.packed(DAY))
    rows = list(csv.DictReader(io.StringIO(files["policies.csv"].decode("utf-8-sig"))))
    notices = json.loads(files["policies.json"])

    assert len(rows) == len(notices) == PolicyNotice.objects.public().count()
    assert [row["title_zh"] for row in rows if row["slug"] == "ours"] == ["'=1+1"]
    assert [row["title_zh"] for row in notices if row["slug"] == "ours"] == ["=1+1"]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert open_data.packed(DAY) == open_data.packed(DAY)


def test_every_column_is_explained_in_both_languages() -> None:
    rows = list(csv.DictReader(io.StringIO(open_data.dictionary().decode("utf-8-sig"))))

    assert {row["dataset"] for row in rows} == set(open_data.DATASETS)
    assert [row for row in rows if not row["meaning_zh"] or not row["meaning_en"]] == []


def test_the_licence_is_in_the_file() -> None:
    assert open_data.LICENCE in unpacked(open_data.packed(DAY))["README.txt"].decode()


def test_two_weeks_are_kept() -> None:
    for back in range(open_data.KEPT + 3):
        open_data.publish(DAY - timedelta(days=20 - back))

    assert [file.day for file in open_data.files()] == [
        DAY - timedelta(days=4 + back) for back in range(open_data.KEPT)
    ]


def test_a_day_has_one_file_however_often_it_is_made(client: Client) -> None:
    made, again = publish_open_data(), publish_open_data()

    assert (made.startswith("open-data/"), again, len(open_data.files())) == (True, "", 1)
    response = client.get(f"/open/data/{open_data.files()[0].name}")
    assert unpacked(b"".join(response.streaming_content))["plan.json"].startswith(b"[")


@pytest.mark.parametrize("day", ["2020-01-01", "x", "2026-13-45", "20261130"])
def test_a_day_without_a_file_is_not_found(client: Client, day: str) -> None:
    default_storage.save("open-data/other.zip", io.BytesIO(b""))

    assert client.get(f"/open/data/{day}.zip").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_name_every_table_and_field(client: Client, prefix: str) -> None:
    docs = client.get(f"{prefix}/api/docs/").content.decode()
    data = client.get(f"{prefix}/open/data/").content.decode()

    assert [one.path for one in documentation.endpoints() if one.path not in docs] == []
    assert [name for name in open_data.DATASETS if f"/api/v1/{name}" not in data] == []
