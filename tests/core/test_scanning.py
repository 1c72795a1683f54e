"""F-14: a scanner that is away, slow, confused, or finds something; also a month later."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core import scanning, tasks
from core.models import Event, StoredFile
from core.scanning import scan_pending
from tests.clamd import EICAR, Clamd
from tests.factories.files import PDF, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.CLAMD_TIMEOUT_SECONDS = 0.3


def scans() -> list[str]:
    return list(StoredFile.objects.order_by("pk").values_list("scan", flat=True))


def ready_again() -> None:
    StoredFile.objects.update(scan_after=timezone.now() - timedelta(seconds=1))


def test_what_waits_is_scanned_once(settings: Any) -> None:
    stored(scan="pending"), stored(scan="pending")
    with Clamd() as clamd:
        settings.CLAMD_URL = clamd.url

        assert (tasks.scan_pending(), tasks.scan_pending()) == (2, 0)

    assert clamd.seen == [PDF, PDF]
    assert scans() == ["clean", "clean"]


def test_the_scanner_may_sit_behind_a_local_socket(settings: Any, tmp_path: Path) -> None:
    stored(scan="pending")
    with Clamd(path=str(tmp_path / "clamd")) as clamd:
        settings.CLAMD_URL = clamd.url

        assert scan_pending() == 1

    assert scans() == ["clean"]


def test_an_infected_file_is_blocked_and_recorded(settings: Any) -> None:
    row = stored(scan="pending")
    with Clamd("infected") as clamd:
        settings.CLAMD_URL = clamd.url
        assert (scan_pending(), scan_pending()) == (1, 0)

    row.refresh_from_db()
    assert (row.scan, row.threat, row.may_be_opened) == ("infected", EICAR, False)
    assert [event.verb for event in Event.objects.filter(subject_type="core.storedfile")] == [
        "found_infected"
    ]


@pytest.mark.parametrize("mood", ["die", "stall", "babble", "away"])
def test_without_a_verdict_a_file_waits_and_is_asked_about_again(settings: Any, mood: str) -> None:
    stored(scan="pending"), stored(scan="pending")
    with Clamd("clean" if mood == "away" else mood) as clamd:
        settings.CLAMD_URL = "tcp://127.0.0.1:1" if mood == "away" else clamd.url
        assert scan_pending() == 0
        assert scans() == ["pending", "pending"]

        # the first one has a pause before it, the second was not bothered with
        tries = list(StoredFile.objects.order_by("pk").values_list("scan_tries", flat=True))
        assert tries == [1, 0]

        ready_again()
        settings.CLAMD_URL, clamd.mood = clamd.url, "clean"
        assert scan_pending() == 2

    assert scans() == ["clean", "clean"]


def test_a_file_found_clean_a_month_ago_is_looked_at_again(settings: Any) -> None:
    old, young = stored(), stored()
    now = timezone.now()
    StoredFile.objects.filter(pk=old.pk).update(scanned_at=now - timedelta(days=31))
    StoredFile.objects.filter(pk=young.pk).update(scanned_at=now - timedelta(days=29))
    with Clamd("infected") as clamd:
        settings.CLAMD_URL = clamd.url
        assert scan_pending() == 1

    assert scans() == ["infected", "clean"]


def test_while_a_second_look_has_no_verdict_the_first_one_stands(settings: Any) -> None:
    row = stored()
    StoredFile.objects.filter(pk=row.pk).update(scanned_at=timezone.now() - timedelta(days=31))
    settings.CLAMD_URL = "tcp://127.0.0.1:1"

    assert scan_pending() == 0

    assert scans() == ["clean"]


def test_a_file_a_dead_worker_held_comes_back_after_its_lease(settings: Any) -> None:
    row = stored(scan="pending")
    assert scanning._take(row.pk) is not None
    with Clamd() as clamd:
        settings.CLAMD_URL = clamd.url
        assert scan_pending() == 0

        ready_again()
        assert scan_pending() == 1


def test_what_was_let_through_without_a_scanner_is_scanned_once_there_is_one(settings: Any) -> None:
    stored(scan="skipped")
    with Clamd() as clamd:
        settings.CLAMD_URL = clamd.url
        assert scan_pending() == 1

    assert scans() == ["clean"]


@pytest.mark.parametrize(("trusted", "after"), [(True, "skipped"), (False, "pending")])
def test_without_a_scanner_the_setting_decides(settings: Any, trusted: bool, after: str) -> None:
    stored(scan="pending")
    settings.CLAMD_URL, settings.TRUST_UNSCANNED_FILES = "", trusted

    scan_pending()

    assert scans() == [after]


def test_the_sweep_runs_once_a_day() -> None:
    row = stored()
    StoredFile.objects.filter(pk=row.pk).update(uploaded_at=timezone.now() - timedelta(days=2))

    assert (tasks.sweep_files(), tasks.sweep_files()) == (1, 0)
