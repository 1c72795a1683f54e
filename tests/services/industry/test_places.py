"""The directory: who reads it, what it says of its sources, and the two people behind every entry."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.lifecycle import TransitionRefused
from core.tiles import PLACES
from services.industry import actions
from services.industry.models import Park, Platform
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.industry import ParkFactory, PlatformFactory

pytestmark = pytest.mark.django_db
DIRECTORY = "/en/industry/places/"


@pytest.fixture(autouse=True)
def _empty_directory() -> None:
    Platform.objects.all().delete()
    Park.objects.all().delete()


def names(response: Any) -> list[str]:
    return [row["place"].name_en for row in response.context["rows"]]


def test_the_starter_directory_names_its_sources_and_loads_once() -> None:
    assert (actions.load_directory() >= 31, actions.load_directory()) == (True, 0)
    assert Platform.objects.public().first() == Platform.objects.get(slug="cosmoplat")
    assert not Platform.objects.filter(confidence="high", source_zh="").exists()
    assert not Park.objects.filter(source_zh="").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_takes_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    PlatformFactory.create_batch(count)
    ParkFactory.create_batch(count)

    # Platforms, parks, names of the cities.
    with django_assert_num_queries(3):
        response = client.get(DIRECTORY)

    assert len(names(response)) == 2 * count


def test_what_is_not_published_is_not_there(client: Client) -> None:
    draft = ParkFactory(draft=True)
    ParkFactory(name_en="Seen")

    assert names(client.get(DIRECTORY)) == ["Seen"]
    assert client.get(f"/en/industry/parks/{draft.slug}/").status_code == 404


def test_the_directory_is_narrowed_by_city_and_kind(client: Client) -> None:
    PlatformFactory(name_en="Near")
    PlatformFactory(name_en="Far", region_id=None, city_en="Beijing")
    ParkFactory(name_en="Zone", kind="zone")
    ParkFactory(name_en="Somewhere", region_id="370000")

    assert names(client.get(f"{DIRECTORY}?city=370200")) == ["Near", "Zone"]
    assert names(client.get(f"{DIRECTORY}?city=elsewhere")) == ["Far"]
    assert names(client.get(f"{DIRECTORY}?city=370000&kind=zone&kind=park")) == ["Somewhere"]
    everything = names(client.get(f"{DIRECTORY}?city=1e9&kind=nonsense"))
    assert sorted(everything) == ["Far", "Near", "Somewhere", "Zone"]


def test_map_and_filter_say_the_same_numbers(client: Client) -> None:
    PlatformFactory()
    ParkFactory.create_batch(2)

    response = client.get(DIRECTORY)

    drawn = {tile.name: tile.figure for tile in response.context["map"].tiles}
    listed = {option.label: option.count for option in response.context["facets"][1].options}
    assert drawn["Qingdao"] == "3"
    assert drawn == {name: f"{listed[name]}" for name in drawn}
    assert len(drawn) == len(PLACES)


@pytest.mark.parametrize(("language", "words"), [("", "待核实"), ("/en", "to be verified")])
def test_what_no_source_confirms_is_marked(client: Client, language: str, words: str) -> None:
    PlatformFactory(slug="doubtful", confidence="medium", unsure=["operator"], operator="某公司")

    page = client.get(f"{language}/industry/platforms/doubtful/").content.decode()

    assert page.count(f'<span class="tag tag--soon">{words}</span>') == 2


def test_an_entry_without_a_source_says_so(client: Client) -> None:
    PlatformFactory(slug="unnamed", confidence="low", source_zh="", source_year=None)

    assert "No source yet" in client.get("/en/industry/platforms/unnamed/").content.decode()


def test_nobody_publishes_what_they_sent_to_review() -> None:
    writer, other = UserFactory(roles=["publisher", "reviewer"]), UserFactory(roles=["reviewer"])
    park = actions.submit(ParkFactory(draft=True), by=writer)

    with pytest.raises(ValidationError, match=r"Somebody else|另一"):
        actions.publish(park, by=writer)
    assert actions.publish(park, by=other).is_public


def test_a_withdrawn_entry_is_gone_at_once_and_comes_back_through_review(client: Client) -> None:
    park, reviewer = ParkFactory(), UserFactory(roles=["reviewer"])

    actions.withdraw(park, reason="旧", by=reviewer)

    assert client.get(f"/industry/parks/{park.slug}/").status_code == 404
    with pytest.raises(TransitionRefused):
        actions.publish(park, by=reviewer)


@pytest.mark.parametrize(
    ("role", "verb", "status"),
    [("publisher", "submit", 302), ("reviewer", "submit", 403), ("auditor", "submit", 403)],
)
def test_who_may_send_to_review(client: Client, role: str, verb: str, status: int) -> None:
    park = ParkFactory(draft=True)
    sign_in(client, UserFactory(roles=[role]))

    response = client.post(f"/admin/industry/park/{park.pk}/{verb}/", {"form_token": "t"})

    park.refresh_from_db()
    assert response.status_code == status
    assert (park.state == "in_review") is (status == 302)


def test_what_is_public_is_not_edited(client: Client) -> None:
    park = ParkFactory()
    sign_in(client, UserFactory(roles=["publisher"]))

    assert client.post(f"/admin/industry/park/{park.pk}/change/", {"name_zh": "改"}).status_code == 403


def test_something_confirmed_names_its_source(client: Client) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    given = {"slug": "new", "name_zh": "新园区", "kind": "park", "confidence": "high", "position": 10}

    page = client.post("/admin/industry/park/add/", {**given, "region": "370200"})
    without_region = client.post("/admin/industry/park/add/", given | {"source_zh": "报道"})

    assert list(page.context["adminform"].form.errors) == ["source_zh"]
    assert list(without_region.context["adminform"].form.errors) == ["region"]
