"""One box finds policies, services and help, forgives spelling, and never answers with an error."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal.findable import Thing
from portal.search import nearest
from services.catalogue.models import Offering
from services.policies.models import OpinionAnswer
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import OfferingFactory, ProviderFactory
from tests.factories.cloud import listed
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.industry import CaseStudyFactory, OccasionFactory, ParkFactory, consented, on_board
from tests.factories.policies import NoticeFactory, published

pytestmark = pytest.mark.django_db


def titles(response: Any) -> dict[str, list[str]]:
    found = {found.kind.key: found.hits for found in response.context["others"]}
    shown = {key: ["".join(piece.text for piece in hit.title) for hit in hits] for key, hits in found.items()}
    notices = ["".join(piece.text for piece in row.title) for row in response.context["notices"].rows]
    return {"policies": notices, **shown}


def _need(title: str) -> None:
    on_board(EnterpriseFactory(), UserFactory(), UserFactory(roles=["triage_officer"]), title=title)


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


def test_events_are_found_while_they_are_ahead(client: Client) -> None:
    OccasionFactory(title_zh="焊接培训", title_en="Welding class")
    OccasionFactory(title_zh="焊接培训", title_en="Welding of old", over=True)
    OccasionFactory(title_zh="焊接培训", title_en="Welding to be", draft=True)

    assert titles(client.get("/en/search/", {"q": "welding"}))["events"] == ["Welding class"]


def test_cases_are_found_while_the_enterprise_agrees(client: Client) -> None:
    CaseStudyFactory(title_zh="裁断工序", title_en="Cutting without consent")
    consented(UserFactory(), title_zh="裁断工序", title_en="Cutting in half the time")

    assert titles(client.get("/en/search/", {"q": "裁断"}))["cases"] == ["Cutting in half the time"]


def test_providers_are_found_at_the_page_they_have(client: Client) -> None:
    ProviderFactory(name_zh="海云无所供", name_en="Haiyun Nothing")
    offers = OfferingFactory(provider__name_zh="海云检测", provider__name_en="Haiyun Testing").provider
    in_cloud = listed(provider=ProviderFactory(name_zh="海云软件", name_en="Haiyun Software")).provider

    response = client.get("/en/search/", {"q": "haiyun"})

    found = next(one for one in response.context["others"] if one.kind.key == "providers")
    assert {hit.thing.url for hit in found.hits} == {
        f"/en/industry/providers/{offers.slug}/",
        f"/en/cloud/providers/{in_cloud.slug}/",
    }


def test_needs_on_the_board_are_found(client: Client) -> None:
    _need("求购二手车床")

    assert titles(client.get("/search/", {"q": "车床"}))["needs"] == ["求购二手车床"]


def test_only_names_are_offered_while_somebody_types(client: Client) -> None:
    _need("每月铸件五百件")
    ParkFactory(name_zh="胶州湾产业园")

    offered = client.get("/search/").context["suggestions"]

    assert "胶州湾产业园" in offered
    assert "每月铸件五百件" not in offered


def test_answers_to_opinions_lead_to_their_notice(client: Client) -> None:
    hidden, shown = NoticeFactory(), published()
    for notice in (hidden, shown):
        OpinionAnswer.objects.create(notice=notice, topic="time", said_zh="期限太短", answer_zh="延长十天")

    response = client.get("/search/", {"q": "期限太短"})

    found = next(one for one in response.context["others"] if one.kind.key == "answers")
    assert [hit.thing.url for hit in found.hits] == [f"/policies/{shown.slug}/#opinions"]


def test_of_many_the_first_are_shown_and_all_are_one_click_away(client: Client) -> None:
    ParkFactory.create_batch(7, name_en="Lobster park")

    html = client.get("/en/search/", {"q": "lobster"}).content.decode()
    everything = client.get("/en/search/", {"q": "lobster", "in": "parks"})

    assert (html.count("/en/industry/parks/"), 'href="/en/search/?q=lobster&amp;in=parks"' in html) == (
        5,
        True,
    )
    assert [len(found.hits) for found in everything.context["others"]] == [7]
    assert everything.context["alone"].key == "parks"


def test_a_kind_without_hits_or_unknown_shows_everything(client: Client) -> None:
    ParkFactory(name_en="Lobster park")

    for kind in ("help", "nonsense", ""):
        assert client.get("/en/search/", {"q": "lobster", "in": kind}).context["alone"] is None


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
        ParkFactory.create_batch(count, name_en="Zebra park")
        OccasionFactory.create_batch(count, title_en="Zebra training")
        for _ in range(count):
            published(title_zh="斑马", title_en="Zebra")
            consented(UserFactory(), title_en="Zebra case", provider__name_en="Stripes")
            _need("Zebra wanted")

    client.get("/en/search/", {"q": "zebra"})  # what a process keeps in mind is read once
    with django_assert_num_queries(16):
        response = client.get("/en/search/", {"q": "zebra"})

    assert response.context["total"] == 6 * count
