from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import calendar, misses
from core.models import Miss
from services.requests import unmet
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("  机器人　补贴 ", "机器人 补贴"),
        ("ＡＢＣ", "abc"),
        ("13800000000", ""),
        ("li@works.example", ""),
        ("x" * 41, ""),
        (" ", ""),
    ],
)
def test_words_are_kept_tidy_and_without_persons(words: str, kept: str) -> None:
    assert misses.note("policies", words) is bool(kept)
    assert list(Miss.objects.values_list("words", flat=True)) == ([kept] if kept else [])


def test_a_search_that_found_nothing_is_counted_and_told_from_three_times_on(client: Client) -> None:
    published(title_zh="技改补贴", slug="found")
    for _time in range(3):
        client.get("/policies/", {"q": "量子计算机"})
    client.get("/policies/", {"q": "深海采矿"})
    client.get("/policies/")

    page = sign_in(client, UserFactory(roles=["policymaker"])).get(
        "/admin/service_requests/servicerequest/unmet/"
    )

    assert [(one.words, one.times) for one in unmet.searches(timezone.now())] == [("量子计算机", 3)]
    assert "量子计算机" in page.text
    assert "深海采矿" not in page.text


def test_old_ones_are_swept() -> None:
    misses.note("policies", "旧词")
    Miss.objects.update(day=calendar.today() - timedelta(days=misses.KEPT_DAYS + 1))
    misses.note("policies", "新词")

    assert (misses.sweep(), misses.sweep()) == (1, 0)
    assert list(Miss.objects.values_list("words", flat=True)) == ["新词"]
