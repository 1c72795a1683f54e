"""Levels by city, sector and size; small numbers and what would give them away are not told."""

import pytest
from django.urls import reverse
from django.utils import translation

from services.assessments import distribution
from services.assessments.models import Assessment
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.assessments import bank, finished
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def rounds(count: int, *, level: int = 2, region: str = "370211", size: str = "small") -> None:
    for _number in range(count):
        row = finished(EnterpriseFactory(), UserFactory())
        Assessment.objects.filter(pk=row.pk).update(region=region, size=size, sector="34", level=level)


def test_counts_stand_by_level_and_by_city() -> None:
    rounds(5)
    rounds(6, level=3, region="370102")

    by_city, by_sector, by_size = distribution.tables(bank())

    assert [(row.counts, row.total) for row in by_city.rows] == [((0, 0, 0, 6, 0), 6), ((0, 0, 5, 0, 0), 5)]
    assert [(row.counts, row.total) for row in by_sector.rows] == [((0, 0, 5, 6, 0), 11)]
    assert [(row.counts, row.total) for row in by_size.rows] == [((0, 0, 5, 6, 0), 11)]


def test_four_enterprises_are_not_told_nor_is_the_sum_they_are_in() -> None:
    rounds(5)
    rounds(4, level=1)

    row = distribution.tables(bank())[0].rows[0]

    assert (row.counts, row.total) == ((0, None, 5, 0, 0), None)


def test_a_facet_that_is_not_known_has_its_own_row() -> None:
    rounds(5, region="", size="")

    with translation.override("en"):
        assert distribution.tables(bank())[0].rows[0].name == "not known"


def test_weak_scenes_are_named_from_ten_enterprises_upwards() -> None:
    rounds(9)
    assert distribution.weakest_scenes(bank()) == []

    rounds(1)
    assert [scene.percent for scene in distribution.weakest_scenes(bank())] == [100] * 5


@pytest.mark.parametrize(
    ("role", "status"), [("policymaker", 200), ("auditor", 200), ("triage_officer", 403), ("publisher", 403)]
)
def test_who_sees_how_the_levels_are_spread(client: PageClient, role: str, status: int) -> None:
    url = reverse("admin:assessments_frameworkversion_distribution", args=["miit"])

    assert sign_in(client, officer(role.title(), role=role)).get(url).status_code == status


def test_an_unknown_question_bank_is_not_found(client: PageClient) -> None:
    url = reverse("admin:assessments_frameworkversion_distribution", args=["nothing"])

    assert sign_in(client, officer("Auditor", role="auditor")).get(url).status_code == 404
