from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from services.catalogue.models import Group, Offering
from tests.factories.catalogue import OfferingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_catalogue() -> None:
    Offering.objects.all().delete()


def names(response: Any) -> list[str]:
    return [row.name_zh for row, _url in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_one_query_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    OfferingFactory.create_batch(count)

    with django_assert_num_queries(1):
        response = client.get("/services/")

    assert len(names(response)) == count


def test_the_list_is_narrowed_by_group(client: Client) -> None:
    OfferingFactory(group=Group.CLOUD, name_zh="上云评估")
    OfferingFactory(group=Group.POLICY)

    response = client.get("/services/?group=cloud")

    assert names(response) == ["上云评估"]
    assert response.context["nav"] == "cloud"


def test_the_list_says_which_condition_to_drop(client: Client) -> None:
    OfferingFactory(group=Group.CLOUD)

    response = client.get("/services/?group=cloud&price=paid")

    condition, number = response.context["best_to_drop"]
    assert (condition.url, number) == ("/services/?group=cloud", 1)


def test_a_page_beyond_the_last_leads_to_the_last(client: Client) -> None:
    OfferingFactory.create_batch(21)

    response = client.get("/services/?page=9&group=digital_factory")

    assert (response.status_code, response["Location"]) == (302, "/services/?group=digital_factory&page=2")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "１", "1e9", "9" * 30, ""])
def test_a_page_that_is_no_number_leads_to_one_that_is(client: Client, page: str) -> None:
    OfferingFactory()

    response = client.get("/services/", {"page": page})

    assert (response.status_code, response["Location"]) == (302, "/services/")


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_offering_says_what_it_is_and_leads_to_its_request(client: Client, language: str) -> None:
    OfferingFactory(slug="diagnosis", name_zh="入企诊断", name_en="On-site diagnosis")

    page = client.get(f"{language}/services/diagnosis/").content.decode()

    assert ("On-site diagnosis" if language else "入企诊断") in page
    assert f'href="{language}/requests/new/?offering=diagnosis"' in page


def test_a_sample_provider_is_called_one_in_the_list_and_on_the_page(client: Client) -> None:
    offering = OfferingFactory(provider__is_sample=True)

    pages = ["/en/services/", f"/en/services/{offering.slug}/"]

    assert [
        '<span class="tag tag--plain">sample</span>' in client.get(page).content.decode() for page in pages
    ] == [
        True,
        True,
    ]


def test_a_self_service_leads_to_its_page(client: Client) -> None:
    OfferingFactory(slug="policies", self_service=True, page="home")

    page = client.get("/services/policies/").content.decode()

    assert "/requests/new/" not in page


def test_a_retired_offering_keeps_its_page_without_a_way_to_request_it(client: Client) -> None:
    OfferingFactory(slug="gone", retired_at=timezone.now())

    response = client.get("/services/gone/")

    assert response.status_code == 200
    assert "/requests/new/" not in response.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"is_listed": False},
        {"self_service": True, "page": "nowhere:at-all"},
        {"self_service": True, "page": ""},
    ],
)
def test_what_is_not_listed_has_no_page(client: Client, fields: dict[str, Any]) -> None:
    OfferingFactory(slug="hidden", **fields)

    assert client.get("/services/hidden/").status_code == 404


def test_the_way_back_keeps_filters_page_and_place(client: Client) -> None:
    OfferingFactory(slug="diagnosis")

    response = client.get("/services/diagnosis/?back=/services/?group=cloud%26page=2%23diagnosis")

    assert response.context["list_url"] == "/services/?group=cloud&page=2#diagnosis"


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/services/", "/admin/", "javascript:alert(1)"]
)
def test_the_way_back_never_leaves_the_catalogue(client: Client, back: str) -> None:
    OfferingFactory(slug="diagnosis")

    response = client.get("/services/diagnosis/", {"back": back})

    assert response.context["list_url"] == "/services/?group=digital_factory"
