"""Zones of the desk as rules, owners and staff meet them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import audit, calendar
from core.criteria import Verdict
from enterprises import actions, condition_words, eligibility, facts, tasks
from enterprises.actions import Statement, load_reference
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise, EnterpriseFacet, Zone
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, ZoneFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 25)
IN_FREE_TRADE = read_criteria([{"fact": "zone", "op": "has_any", "values": ["qd-ftz"]}])


@pytest.fixture(autouse=True)
def free_trade() -> Zone:
    load_reference()
    return ZoneFactory(code="qd-ftz", from_on=date(2019, 8, 31), places=[{"region_id": "370211"}])


def record(enterprise: Enterprise, **values: Any) -> None:
    statements = [Statement(code.replace("__", "."), value) for code, value in values.items()]
    actions.record_facts(enterprise, statements, source="self", on=ON, by=None)


def said(code: str, value: Any) -> dict[str, Any]:
    return {code: facts.read(code, value, source="self", on=ON)}


# --- reasons -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "verdict", "why", "used", "asks"),
    [
        (said("region", "370211"), Verdict.UNKNOWN, "not known yet", "", ["Qingdao free-trade area"]),
        (said("region", "370202"), Verdict.NOT_MET, "yours lies elsewhere", "not in it", []),
        (said("zone.qd-ftz", True), Verdict.MET, "", "in Qingdao free-trade area", []),
        (said("zone.qd-ftz", False), Verdict.NOT_MET, "yours lies elsewhere", "not in it", []),
    ],
)
def test_a_reason_names_the_zone_and_what_is_missing(
    known: dict[str, Any], verdict: Verdict, why: str, used: str, asks: list[str]
) -> None:
    translation.activate("en")

    decision = eligibility.explain(IN_FREE_TRADE, known, ON)

    [line] = condition_words.lines(decision)
    assert decision.verdict is verdict
    assert (line.why, line.fact, [ask.label for ask in line.missing]) == (why, used, asks)
    assert line.requirement == "Lies in: Qingdao free-trade area"


def test_a_region_that_belongs_wholly_says_since_when(free_trade: Zone) -> None:
    free_trade.places.update(is_whole=True)
    translation.activate("en")

    [line] = condition_words.lines(eligibility.explain(IN_FREE_TRADE, said("region", "370211"), ON))

    assert (line.fact, line.origin) == (
        "in Qingdao free-trade area since 2019-08-31", "worked out from what we know",
    )  # fmt: skip


def test_a_zone_that_has_ended_holds_nobody_whatever_was_said(free_trade: Zone) -> None:
    Zone.objects.update(until_on=ON)
    known = said("zone.qd-ftz", True)

    verdicts = [eligibility.explain(IN_FREE_TRADE, known, day).verdict for day in (ON, ON + timedelta(1))]

    assert verdicts == [Verdict.MET, Verdict.NOT_MET]


# --- former regions ---------------------------------------------------------------------------------


def test_what_was_recorded_under_a_former_region_goes_on_counting(people: Cast) -> None:
    record(people.enterprise, region="370181")
    asked = read_criteria([{"fact": "region", "op": "within", "values": ["370114"]}])

    assert [facet.pk for facet in eligibility.select(asked, ON)] == [people.enterprise.pk]
    assert Enterprise.objects.get(pk=people.enterprise.pk).region_id == "370114"


def test_enterprises_of_a_region_that_ends_move_with_the_next_table(people: Cast) -> None:
    record(people.enterprise, region="370114")
    people.enterprise.facts.update(value="370181")
    EnterpriseFacet.objects.update(region_low=370181, region_high=370181)
    former = Enterprise._meta.get_field("region").related_model.objects.create(
        code="370181", level="county", name_zh="章丘市", name_en="Zhangqiu City"
    )
    Enterprise.objects.filter(pk=people.enterprise.pk).update(region=former)

    load_reference()

    former.refresh_from_db()
    moved = Enterprise.objects.get(pk=people.enterprise.pk)
    assert (moved.region_id, moved.facet.region_low, former.is_selectable) == ("370114", 370114, False)


@pytest.mark.parametrize(
    ("asked", "region", "verdict"),
    [
        ("370181", "370114", Verdict.MET),
        ("371200", "370117", Verdict.MET),
        ("371200", "371200", Verdict.MET),
        ("371202", "371200", Verdict.UNKNOWN),
        ("371200", "370114", Verdict.NOT_MET),
    ],
)
def test_a_condition_that_names_a_former_region_asks_for_what_came_after_it(
    asked: str, region: str, verdict: Verdict
) -> None:
    [criterion] = read_criteria([{"fact": "region", "op": "within", "values": [asked]}])

    assert eligibility.explain([criterion], said("region", region), ON).verdict is verdict
    assert criterion.to_json()["values"] == [asked]


# --- the profile ----------------------------------------------------------------------------------------


def test_an_owner_says_in_which_zones_the_works_lie(client: Client, people: Cast) -> None:
    ZoneFactory(code="jn", name_en="Jinan area", places=[{"region_id": "370100"}])
    ZoneFactory(code="port", name_en="Port park")
    record(people.enterprise, region="370211")
    sign_in(client, people.li)
    page = reverse("enterprises:profile_edit", args=["zones"])

    asked = client.get(page).context["form"].codes
    client.post(page, {"in_qd-ftz": "on", "no_others": "on"})

    known = {row.code: row.value for row in people.enterprise.facts.current() if row.code != "region"}
    assert asked == ("port", "qd-ftz")
    assert known == {"zone.qd-ftz": True, "zone.port": False}
    facet = EnterpriseFacet.objects.get(pk=people.enterprise.pk)
    assert (facet.zones, facet.zones_out) == (["qd-ftz"], ["port"])
    shown = client.get(reverse("enterprises:profile")).content.decode()
    assert "Qingdao free-trade area" in shown or "青岛自贸片区" in shown


def test_what_is_unticked_is_unknown_again(client: Client, people: Cast) -> None:
    actions.record_facts(
        people.enterprise,
        [Statement("region", "370211"), Statement("zone.qd-ftz", True)],
        source="self",
        on=ON,
        by=None,
    )
    sign_in(client, people.li)

    client.post(reverse("enterprises:profile_edit", args=["zones"]), {})

    assert not people.enterprise.facts.current().filter(code="zone.qd-ftz").exists()


def test_where_no_zone_is_open_nothing_is_asked(client: Client, people: Cast) -> None:
    record(people.enterprise, region="370102")
    sign_in(client, people.li)

    page = client.get(reverse("enterprises:profile"))

    assert "zones" not in [section["slug"] for section in page.context["sections"]]


# --- the desk ---------------------------------------------------------------------------------------------


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "code": "yantai", "name_zh": "烟台片区", "name_en": "Yantai area", "from_on": "", "until_on": "",
        "basis": "", "places-TOTAL_FORMS": "1", "places-INITIAL_FORMS": "0", "places-0-region": "370600",
        "places-0-is_whole": "on", "places-0-from_on": "", "places-0-until_on": "", **fields,
    }  # fmt: skip


def test_a_reviewer_makes_a_zone_and_those_in_it_are_matched_anew(client: Client, people: Cast) -> None:
    record(people.enterprise, region="370602")
    record(people.other, region="370202")
    before = timezone.now()
    reviewer = UserFactory(roles=["reviewer"], language="en")
    sign_in(client, reviewer)

    client.post(reverse("admin:enterprises_zone_add"), typed())

    zone = Zone.objects.get(code="yantai")
    assert [place.region_id for place in zone.places.all()] == ["370600"]
    assert list(Enterprise.objects.filter(facts_changed_at__gte=before)) == [people.enterprise]
    assert audit.history(zone).get().verb == "add"
    asked = read_criteria([{"fact": "zone", "op": "has_any", "values": ["yantai"]}])
    assert [facet.pk for facet in eligibility.select(asked, ON)] == [people.enterprise.pk]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"code": "Yantai"}, "code"),
        ({"code": "qd-ftz"}, "code"),
        ({"code": "烟台"}, "code"),
        ({"from_on": "2026-02-01", "until_on": "2026-01-01"}, "until_on"),
    ],
)
def test_a_zone_that_cannot_be_is_told_at_its_field(
    client: Client, fields: dict[str, str], where: str
) -> None:
    sign_in(client, UserFactory(roles=["reviewer"]))

    page = client.post(reverse("admin:enterprises_zone_add"), typed(**fields))

    assert list(page.context["adminform"].form.errors) == [where]


@pytest.mark.parametrize("zones_kept", [1, 3])
def test_the_list_of_zones_asks_as_often_for_three_as_for_one(
    client: Client, zones_kept: int, django_assert_num_queries: Any
) -> None:
    for _ in range(zones_kept - 1):
        ZoneFactory(places=[{"region_id": "370202"}])
    sign_in(client, UserFactory(roles=["reviewer"]))
    page = reverse("admin:enterprises_zone_changelist")
    client.get(page)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(page)


LIST_QUERIES = 7


def test_a_zone_counts_from_its_first_day_on_once(people: Cast) -> None:
    record(people.enterprise, region="370211")
    tasks.refresh_facets()
    today = calendar.today()
    Zone.objects.update(from_on=today, counted_on=today - timedelta(3))

    assert [tasks.refresh_facets(), tasks.refresh_facets()] == [1, 0]
