"""Words inside short texts are found by pairs of characters, the same rows as by comparing each."""

import pytest
from django.db import connection

from core.pairs import holds
from enterprises.models import Enterprise
from tests.factories.enterprises import EnterpriseFactory

pytestmark = pytest.mark.django_db

NAMES = ["青岛海洋机械厂", "青岛机械海洋厂", "Qingdao CNC Works", "straße 5", "%_\\", "海", "机械"]


@pytest.mark.parametrize("often", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        "海洋",
        "机械厂",
        "海",
        "cnc w",
        "CNC",
        "STRASSE",
        "ß 5",
        "%_",
        "_\\",
        "洋机",
        "青岛海洋机械厂",
        "nothing",
        "\u202e",
    ],
)
def test_the_same_is_found_as_by_comparing_each_row(words: str, often: bool) -> None:
    for name in NAMES:
        EnterpriseFactory(name=name)

    found = set(Enterprise.objects.filter(holds("name", words, often=often)).values_list("name", flat=True))

    assert found == set(Enterprise.objects.filter(name__icontains=words).values_list("name", flat=True))


def test_two_characters_in_the_middle_are_found_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "enterprise_name" in Enterprise.objects.named("海洋").explain()
