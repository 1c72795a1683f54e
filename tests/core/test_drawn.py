"""Pages from memory: the same for every visitor, new at the next request after a change, never a person's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import drawn
from core.models import Miss
from services.policies import actions
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import published

pytestmark = pytest.mark.django_db
LIST = "/policies/?q=海塔"


@pytest.fixture(autouse=True)
def keeping(settings: Any) -> Iterator[None]:
    settings.KEEP_DRAWN_PAGES = True
    drawn.shelf.clear()
    yield
    drawn.shelf.clear()


@pytest.fixture
def notice() -> Any:
    return published(title_zh="海塔补贴", title_en="Tower subsidy")


def test_the_second_visitor_gets_the_same_page_for_one_query(
    notice: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        first = Client().get(LIST)
    with django_assert_num_queries(1):
        second = Client().get(LIST)

    assert "海塔" in second.content.decode()
    assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))
    assert "Content-Security-Policy" in second.headers


def test_a_change_is_seen_by_the_next_request(client: Client, notice: Any) -> None:
    before = client.get(LIST)

    actions.repeal(notice, reason="废止", by=None)

    after = client.get(LIST)
    assert after.content != before.content
    assert client.get(LIST, headers={"If-None-Match": before["ETag"]}).status_code == 200


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_page_is_told_that_it_still_holds(client: Client, notice: Any, shape: str) -> None:
    tag = client.get(LIST)["ETag"]

    answer = client.get(LIST, headers={"If-None-Match": shape.format(tag)})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert "Cookie" in answer["Vary"]
    assert answer["Cache-Control"] == "no-cache"


def test_the_page_of_a_person_is_neither_kept_nor_taken_from_memory(notice: Any) -> None:
    li = sign_in(Client(), UserFactory(name="Li Hua"))

    hers = li.get(LIST)
    visitors = Client().get(LIST)

    assert "Li Hua" in hers.content.decode()
    assert "Li Hua" not in visitors.content.decode()
    assert "Li Hua" in li.get(LIST).content.decode()
    assert "ETag" not in hers


def test_language_address_and_size_of_the_text_have_pages_of_their_own(notice: Any) -> None:
    large = Client()
    large.cookies[settings.TEXT_SIZE_COOKIE_NAME] = "large"
    pages = [
        Client().get(LIST),
        Client().get(f"/en{LIST}"),
        Client().get(f"{LIST}&kind=funding"),
        large.get(LIST),
    ]

    assert len({page.content for page in pages}) == 4
    assert 'data-text="large"' in large.get(LIST).content.decode()


def test_everyone_who_finds_nothing_is_counted(client: Client) -> None:
    for _time in range(2):
        client.get("/policies/?q=没有这个词")

    assert Miss.objects.get().times == 2


def test_other_pages_are_drawn_each_time(client: Client, notice: Any) -> None:
    assert "ETag" not in client.get(f"/policies/{notice.slug}/")
    assert "ETag" not in client.get("/policies/?page=99")
