"""A new edition is tried out before it is published, and what is published never changes."""

import pytest
from django.db import Error, transaction

from services.assessments import actions
from services.assessments.frameworks import loader
from services.assessments.models import FrameworkVersion
from tests.factories.assessments import bank, finished
from tests.factories.enterprises import Cast

pytestmark = pytest.mark.django_db


def next_edition(*changes: tuple[str, str]) -> str:
    """Return the text of the MIIT bank as another edition."""
    text = bank().text.replace("edition: '2024'", "edition: '2027'", 1)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def test_the_shipped_banks_are_loaded_once() -> None:
    assert (actions.load_shipped(), FrameworkVersion.objects.count()) == (0, len(loader.shipped()))


def test_a_sound_edition_becomes_the_current_one(cast: Cast) -> None:
    old = finished(cast.enterprise, cast.li)

    version = actions.publish(next_edition(), by=cast.li)

    assert bank() == version
    assert actions.start(cast.enterprise, bank(), by=cast.li).version == version
    old.refresh_from_db()
    assert old.version != version


def test_a_dry_run_writes_nothing_and_names_what_changes() -> None:
    text = next_edition(("id: q15", "id: q16")).replace("q15:", "q16:")

    found = actions.try_out(text)

    assert (found.is_sound, found.added, found.dropped) == (True, ("q16",), ("q15",))
    assert FrameworkVersion.objects.filter(edition="2027").count() == 0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (lambda: bank().text, "is_taken"),
        (lambda: next_edition(("expected_level: 4", "expected_level: 3")), "wrong_vectors"),
        (lambda: next_edition(("fact: digital_level", "fact: revenue_wan")), "unknown_fact"),
        (lambda: "portal: [", "faults"),
    ],
)
def test_an_unsound_edition_is_not_published(text, what: str) -> None:
    found = actions.try_out(text())

    assert getattr(found, what)
    assert not found.is_sound
    with pytest.raises(ValueError, match="cannot be published"):
        actions.publish(text(), by=None)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_is_published(change: str) -> None:
    rows = FrameworkVersion.objects.filter(code="dma")

    with pytest.raises(Error, match="never changes"), transaction.atomic():
        rows.update(text="") if change == "update" else rows.delete()
