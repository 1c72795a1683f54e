"""Levels by city, sector and size; small numbers and what would give them away are not told."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from services.assessments import distribution
from services.assessments.distribution import hide_small
from services.assessments.models import Assessment
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.assessments import bank, finished, vector
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


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], []),
        ([0, 9, 30], [0, 9, 30]),
        ([4, 9, 30], [None, None, 30]),
        ([4, 3, 30], [None, None, 30]),
        ([1, 0], [None, 0]),
        ([5, 5], [5, 5]),
    ],
)
def test_a_small_number_cannot_be_worked_out(counts: list[int], told: list[int | None]) -> None:
    assert hide_small(counts) == told


def second_round(count: int, *, better: bool, region: str = "370211") -> None:
    """Let enterprises finish two rounds at once: the second with all best, or with the same answers."""
    for _number in range(count):
        enterprise, person = EnterpriseFactory(), UserFactory()
        finished(enterprise, person)
        row = finished(enterprise, person, answers=vector("v2_all_best") if better else None)
        Assessment.objects.filter(enterprise=enterprise).update(region=region)
        assert row.round == 2


def test_the_change_pairs_the_last_two_rounds() -> None:
    second_round(5, better=True)
    second_round(5, better=False)
    second_round(5, better=False, region="370102")
    rounds(3)

    with translation.override("en"):
        found = distribution.changes(bank())

    assert [(row.name, row.risen, row.same, row.fallen, row.points) for row in found] == [
        ("All together", 5, 10, 0, Decimal("14.7")),
        ("Qingdao City", 5, 5, 0, Decimal("22.0")),
        ("Jinan City", 0, 5, 0, None),
    ]


def test_one_round_is_no_change() -> None:
    rounds(1)

    assert distribution.changes(bank()) == []


def test_the_sheet_has_one_number_a_row_and_no_small_one(client: PageClient) -> None:
    rounds(5)
    rounds(4, level=1)
    url = reverse("admin:assessments_frameworkversion_distribution_sheet", args=["miit"])

    answer = sign_in(client, officer("Auditor", role="auditor")).get(url)

    rows = list(load_workbook(BytesIO(answer.content)).active.values)[1:]
    cities = [row[3] for row in rows if row[0] == rows[0][0]]
    assert cities == [0, "–", 5, 0, 0, "–"]
    assert sign_in(client, officer("Publisher", role="publisher")).get(url).status_code == 403
