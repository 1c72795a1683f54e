"""What the API hands out fits its own description, row by row; what it cannot use it names."""

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import limits
from enterprises.models import ZonePlace
from portal.api import payloads, views
from services.catalogue.models import Offering
from services.policies import actions
from services.policies.models import PolicyNotice
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import ZoneFactory
from tests.factories.policies import IN_QINGDAO, published

pytestmark = pytest.mark.django_db

LISTS = {
    "policies": payloads.Notice,
    "items": payloads.Item,
    "offerings": payloads.Offering,
    "providers": payloads.Provider,
    "indicators": payloads.Indicator,
    "plan": payloads.PlanTarget,
    "regions": payloads.Region,
    "industries": payloads.Industry,
    "zones": payloads.Zone,
}


def get(client: Client, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{path}", query).json()


def every(client: Client, path: str) -> list[dict[str, Any]]:
    """Follow `next` to the end, as a program would."""
    found, page = [], get(client, path, page_size=100)
    while True:
        found += page["results"]
        if not page["next"]:
            return found
        page = client.get(page["next"].removeprefix("http://localhost:8000")).json()


@pytest.mark.parametrize("name", LISTS)
def test_every_record_fits_its_description(client: Client, name: str) -> None:
    rows = every(client, name)

    assert len(rows) == get(client, name)["total"]
    for row in rows:
        LISTS[name].model_validate(row, strict=False)


def test_every_public_notice_is_there_once_and_no_draft(client: Client) -> None:
    published(slug="ours", title_zh="发布")
    PolicyNotice.objects.filter(slug="ours").update(state="draft")

    slugs = [row["slug"] for row in every(client, "policies")]

    assert sorted(slugs) == sorted(PolicyNotice.objects.public().values_list("slug", flat=True))
    assert ("ours" in slugs, client.get("/api/v1/policies/ours").status_code) == (False, 404)


def test_one_notice_comes_with_its_items(client: Client) -> None:
    published(slug="ours", items=[{"criteria": [IN_QINGDAO], "max_fen": 5_000_00}])

    found = get(client, "policies/ours")

    payloads.NoticeWhole.model_validate(found)
    assert [(item["key"], item["max_fen"]) for item in found["items"]] == [("ours-1", 500_000)]
    assert found["items"][0]["criteria"] == [
        {"fact": "region", "op": "within", "values": ["370200"], "kind": "gate"}
    ]


def test_a_zone_comes_with_its_places_and_stays_when_it_has_ended(client: Client) -> None:
    places = [{"region_id": "370211", "from_on": "2020-01-01"}, {"region_id": "370214", "is_whole": True}]
    ZoneFactory(code="qd-ftz", until_on="2024-12-31", basis="国发〔2019〕16号", places=places)

    found = {row["code"]: row for row in every(client, "zones")}["qd-ftz"]

    assert (found["until_on"], found["from_on"], found["basis"]) == ("2024-12-31", None, "国发〔2019〕16号")
    assert found["places"] == [
        {"region": "370211", "is_whole": False, "from_on": "2020-01-01", "until_on": None},
        {"region": "370214", "is_whole": True, "from_on": None, "until_on": None},
    ]


def test_a_place_added_to_a_zone_is_seen_at_once(client: Client) -> None:
    zone = ZoneFactory(code="qd-ftz")
    tag = client.get("/api/v1/zones")["ETag"]
    ZonePlace.objects.create(zone=zone, region_id="370211")

    assert client.get("/api/v1/zones", headers={"if-none-match": tag}).status_code == 200


def test_lists_are_narrowed(client: Client) -> None:
    published(slug="ours", title_zh="斑马机床", kind="tax")

    assert [row["slug"] for row in get(client, "policies", q="斑马")["results"]] == ["ours"]
    assert get(client, "policies", q="斑马", kind="plan")["results"] == []
    assert {row["is_free"] for row in get(client, "offerings", is_free="false")["results"]} == {False}
    assert {row["group"] for row in get(client, "offerings", group="cloud")["results"]} == {"cloud"}


def test_what_is_counted_once_is_counted_for_each_narrowing(client: Client, settings: Any) -> None:
    settings.KEEP_DRAWN_PAGES = True
    published(slug="ours", title_zh="斑马机床", kind="tax", items=[{"criteria": [IN_QINGDAO]}])
    narrowed = [{"q": "斑马"}, {"q": "斑马", "kind": "plan"}, {"q": "斑马", "page_size": 1}]

    for _time in range(2):
        assert [get(client, "policies", **asked)["total"] for asked in narrowed] == [1, 0, 1]
        assert [get(client, "items", notice=slug)["total"] for slug in ("ours", "nothing")] == [1, 0]


def test_a_first_page_is_remembered_until_a_notice_changes(
    client: Client, settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.KEEP_DRAWN_PAGES = True
    notice = published(slug="ours", title_zh="斑马机床")
    first = client.get("/api/v1/policies")
    with django_assert_num_queries(2):  # the limit, and whether the contents stand
        assert client.get("/api/v1/policies").content == first.content

    actions.repeal(notice, reason="废止", by=None)

    assert {row["slug"]: row["state"] for row in get(client, "policies")["results"]}["ours"] == "repealed"


def test_a_notice_is_written_as_its_row_says(client: Client) -> None:
    later = published(slug="later")
    notice = published(
        slug="ours", title_zh='引号"与\\斜线\n', sources=["https://a.example/?a=1&b=2"], document_number=""
    )
    PolicyNotice.objects.filter(pk=notice.pk).update(
        issued_on=date(2024, 5, 31), issued_precision="month", effective_to=date(2026, 1, 2),
        published_at=datetime(2026, 1, 1, 7, 30, 59, 999_999, tzinfo=timezone(timedelta(hours=8))),
        superseded_by=later,
    )  # fmt: skip

    found = get(client, "policies/ours")

    assert (found["title_zh"], found["sources"]) == (
        '引号"与\\斜线\n',
        ["https://a.example/?a=1&b=2"],
    )
    assert (found["issued_on"], found["effective_to"]) == ("2024-05", "2026-01-02")
    assert (found["published_at"], found["superseded_by"]) == ("2025-12-31T23:30:59Z", "later")
    assert (found["document_number"], found["url"]) == (None, "http://localhost:8000/policies/ours/")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("policies?page=0", "page"),
        ("policies?page=x", "page"),
        ("policies?page_size=101", "page_size"),
        ("policies?page_size=1_0", "page_size"),
        ("policies?kind=nonsense", "kind"),
        ("policies?region=37", "region"),
        ("items?open=perhaps", "open"),
        ("regions?nonsense=1", "nonsense"),
    ],
)
def test_what_cannot_be_used_is_named(client: Client, path: str, field: str) -> None:
    response = client.get(f"/api/v1/{path}")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [one["field"] for one in response.json()["invalid"]] == [field]
    payloads.Problem.model_validate(response.json())


@pytest.mark.parametrize("path", ["nothing", "policies/nothing", "policies/", "v2/x"])
def test_nothing_there_is_a_problem_not_a_page(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_reading_is_all_there_is(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/policies")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_a_head_answers_like_a_get_without_a_body(client: Client) -> None:
    got, asked = client.get("/api/v1/regions"), client.head("/api/v1/regions")

    assert (asked.status_code, asked["ETag"], asked.content) == (200, got["ETag"], b"")


def test_an_unchanged_answer_costs_nothing_and_a_change_is_seen_at_once(client: Client) -> None:
    tag = client.get("/api/v1/policies")["ETag"]
    again = client.get("/api/v1/policies", headers={"if-none-match": tag})
    published(slug="ours")

    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/v1/policies", headers={"if-none-match": tag}).status_code == 200


def test_a_page_beyond_the_last_is_empty_and_leads_back(client: Client) -> None:
    page = get(client, "plan", page=99, page_size=2)

    assert (page["results"], page["next"], page["total"]) == ([], None, 4)
    assert page["previous"].endswith("page=2&page_size=2")


def test_too_many_requests_are_told_when_to_go_on(client: Client) -> None:
    for _ in range(3):
        limits.allow("api:127.0.0.1", times=1, seconds=3600)
    views_limit = views.PER_HOUR
    views.PER_HOUR = 3
    try:
        response = client.get("/api/v1/plan")
    finally:
        views.PER_HOUR = views_limit

    assert (response.status_code, response["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(response["Retry-After"]) <= 3600


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("policies", 4), ("items", 4), ("offerings", 2), ("zones", 4)])
def test_lists_take_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, name: str, queries: int, count: int
) -> None:
    PolicyNotice.objects.update(state=PolicyNotice.State.DRAFT)
    Offering.objects.all().delete()
    OfferingFactory.create_batch(count)
    for _ in range(count):
        published(items=[{}])
        ZoneFactory(places=[{"region_id": "370211"}])

    with django_assert_num_queries(queries):
        found = get(client, name)

    assert found["total"] == count


def test_the_description_is_openapi_3_1(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/openapi.json").content)

    assert (schema["openapi"][:3], sorted(schema["paths"])) == (
        "3.1",
        sorted([f"/api/v1/{name}" for name in LISTS] + ["/api/v1/policies/{slug}"]),
    )
