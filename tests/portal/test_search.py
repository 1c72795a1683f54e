"""One box finds policies, services and help, forgives spelling, and never answers with an error."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal.search import Thing, nearest
from services.catalogue.models import Offering
from tests.factories.catalogue import OfferingFactory
from tests.factories.policies import published

pytestmark = pytest.mark.django_db


def titles(response: Any) -> dict[str, list[str]]:
    found = {kind.key: kind.hits for kind in response.context["others"]}
    shown = {key: ["".join(piece.text for piece in hit.title) for hit in hits] for key, hits in found.items()}
    notices = ["".join(piece.text for piece in row.title) for row in response.context["notices"].rows]
    return {"policies": notices, **shown}


@pytest.fixture
def _few(db: None) -> None:
    Offering.objects.all().delete()
    OfferingFactory(
        name_zh="上门诊断",
        name_en="On-site diagnosis",
        description_zh="专家到厂",
        description_en="Experts visit",
    )
    published(title_zh="关于开展诊断服务的通知")


@pytest.mark.usefixtures("_few")
def test_every_kind_is_found_in_one_go(client: Client) -> None:
    found = titles(client.get("/search/", {"q": "诊断"}))

    assert found == {"policies": ["关于开展诊断服务的通知"], "services": ["上门诊断"]}


@pytest.mark.usefixtures("_few")
def test_both_languages_are_searched_whatever_is_read(client: Client) -> None:
    assert titles(client.get("/search/", {"q": "DIAGNOSIS"}))["services"] == ["上门诊断"]
    assert titles(client.get("/en/search/", {"q": "上门诊断"}))["services"] == ["On-site diagnosis"]


def test_platforms_and_solutions_are_found(client: Client) -> None:
    found = titles(client.get("/en/search/", {"q": "COSMOPlat"}))

    assert found["platforms"][0] == "COSMOPlat"
    assert "COSMOPlat Industrial Internet Ecological Park" in found["parks"]


def test_help_is_found_by_title_and_summary(client: Client) -> None:
    found = titles(client.get("/en/search/", {"q": "reference number"}))

    assert found["help"] == ["How to follow a request"]


@pytest.mark.usefixtures("_few")
def test_a_slip_of_the_pen_finds_what_is_spelled_alike_and_says_so(client: Client) -> None:
    response = client.get("/en/search/", {"q": "on-site diagnosys"})

    assert titles(response)["services"] == ["On-site diagnosis"]
    assert ("Spelled much like them" in response.content.decode(), response.context["total"]) == (True, 0)


def test_what_is_spelled_otherwise_is_not_near() -> None:
    things = [Thing("/", "上门诊断", ""), Thing("/", "云服务比选", "")]

    assert [thing.title for thing in nearest("上门诊段", things)] == ["上门诊断"]
    assert nearest("贷款", things) == nearest("诊", things) == []


@pytest.mark.parametrize("typed", ["QD-260922-0417", "ｑｄ２６０９２２ 0417", "qd 260922-0417"])
def test_a_reference_leads_to_its_request(client: Client, typed: str) -> None:
    response = client.get("/search/", {"q": typed})

    assert (response.status_code, response["Location"]) == (302, "/requests/track/?reference=QD-260922-0417")


@pytest.mark.parametrize(
    "typed", ["", " ", "'", "\\", "〔", "%", "a" * 5000, "<script>", "((", "\u202e号", "😀"]
)
def test_whatever_is_typed_gets_a_page(client: Client, typed: str) -> None:
    response = client.get("/en/search/", {"q": typed})

    assert response.status_code == 200
    assert response.context["words"] == " ".join(typed.split())[:100]


def test_nothing_found_says_what_to_do(client: Client) -> None:
    html = client.get("/en/search/", {"q": "zyxwv"}).content.decode()

    assert ("Nothing was found" in html, "Ask a person" in html) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_searching_takes_the_same_queries_however_much_is_found(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    Offering.objects.all().delete()
    with translation.override("en"):
        OfferingFactory.create_batch(count, name_en="Zebra crossing")
        for _ in range(count):
            published(title_zh="斑马", title_en="Zebra")

    with django_assert_num_queries(9):
        response = client.get("/en/search/", {"q": "zebra"})

    assert response.context["total"] == 2 * count
