"""A local variant stands in the place of its template, and only where it applies."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import calendar
from core.criteria import Span
from enterprises.actions import record_fact
from enterprises.criteria import read_criteria
from portal import my
from services.policies import actions, inheriting, matching, sorting, visitor, wording
from services.policies.models import ItemCriteria, ItemRelation, Match, PolicyItem
from services.policies.sorting import Group
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, NoticeFactory, gate, published
from tests.services.policies.views.test_checking import words

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)
QINGDAO, JINAN = "370211", "370102"


@pytest.fixture(autouse=True)
def _nothing_else() -> None:
    ItemCriteria.objects.update(is_open=False)


def item(slug: str, **fields: Any) -> PolicyItem:
    return published(
        slug=slug, title_en=slug, items=[{"title_en": slug, "criteria": [], **fields}]
    ).items.get()


def local(of: PolicyItem, *, region: str = "370200", **fields: Any) -> PolicyItem:
    """Publish an item whose local rules stand in the place of another in Qingdao."""
    found = item("local", **{"criteria": [IN_QINGDAO], **fields})
    actions.relate(ItemRelation(item=found, kind="local", other=of, region_id=region))
    return found


def met_in(region: str) -> set[str]:
    reader = visitor.of_answers({"region": region})
    numbers = sorting.sort(reader, ON, limit=99).first(Group.MET)
    return set(PolicyItem.objects.filter(pk__in=numbers).values_list("title_en", flat=True))


def test_a_local_variant_replaces_its_template_only_where_it_applies() -> None:
    local(item("national"))

    assert (met_in(QINGDAO), met_in(JINAN)) == ({"local"}, {"national"})


def test_an_expired_local_variant_hides_its_parent_only_where_it_applies() -> None:
    local(item("national"), closes_on=date(2026, 11, 24))

    assert (met_in(QINGDAO), met_in(JINAN)) == (set(), {"national"})


def test_where_the_place_is_not_known_the_template_asks_for_it_and_is_no_no() -> None:
    template = item("national")
    local(template)

    found = sorting.sort(visitor.of_answers({"employees": "20"}), ON, limit=99)

    assert set(found.first(Group.OPEN)) >= {template.pk}


def test_reasons_matches_and_groups_agree() -> None:
    template = item("national", criteria=[AT_MOST_300, gate("region", "within", "370000")])
    local(template)
    template.refresh_from_db()
    people = cast()
    for enterprise, region in ((people.enterprise, QINGDAO), (people.other, JINAN)):
        record_fact(enterprise, "region", region, source="self", on=ON, by=None)
        record_fact(enterprise, "employees", 20, source="self", on=ON, by=None)

    matching.match_all(template, ON)

    reached = Match.objects.filter(item=template).values_list("enterprise", flat=True)
    assert list(reached) == [people.other.pk]
    for enterprise, verdict in ((people.enterprise, "not_met"), (people.other, "met")):
        decided = visitor.of_enterprise(enterprise).decide(inheriting.criteria_of(template), ON)
        assert decided.verdict == verdict


def test_a_repealed_local_variant_gives_the_place_back() -> None:
    variant = local(item("national"))

    actions.repeal(variant.notice, reason="过期", by=None)

    assert (met_in(QINGDAO), met_in(JINAN)) == ({"national"}, {"national"})


def test_a_draft_replaces_nothing_until_it_is_published() -> None:
    template = item("national", criteria=[AT_MOST_300])
    draft = ItemFactory(notice=NoticeFactory(state="approved"), title_en="local", criteria=[IN_QINGDAO])
    actions.relate(ItemRelation(item=draft, kind="local", other=template, region_id="370200"))
    before = PolicyItem.objects.get(pk=template.pk).replaced_in

    actions.publish(draft.notice, by=None)

    assert (before, PolicyItem.objects.get(pk=template.pk).replaced_in) == ([], ["370200"])


def test_a_tie_taken_back_or_moved_gives_the_place_back() -> None:
    first, second = item("first"), item("second")
    variant = local(first)
    tie = ItemRelation.objects.get(item=variant)

    tie.other = second
    actions.relate(tie)
    moved = [PolicyItem.objects.get(pk=one.pk).replaced_in for one in (first, second)]
    tie.is_valid = False
    actions.relate(tie)

    assert moved == [[], ["370200"]]
    assert PolicyItem.objects.get(pk=second.pk).replaced_in == []


def test_a_draft_takes_what_it_leaves_empty_and_keeps_its_own() -> None:
    template = item(
        "national", max_fen=50_000_000, closes_on=date(2027, 1, 1), apply_url="https://a.example/",
        criteria=[gate("region", "within", "370000"), AT_MOST_300],
    )  # fmt: skip
    draft = ItemFactory(notice=NoticeFactory(), max_fen=10_000_000)

    actions.relate(ItemRelation(item=draft, kind="local", other=template, region_id="370200"))

    kept = PolicyItem.objects.get(pk=draft.pk)
    assert (kept.max_fen, kept.closes_on, kept.apply_url) == (
        10_000_000,
        date(2027, 1, 1),
        "https://a.example/",
    )
    assert kept.criteria == [one.to_json() for one in read_criteria([IN_QINGDAO, AT_MOST_300])]


def test_what_is_published_is_not_filled() -> None:
    template = item("national", max_fen=50_000_000)

    assert local(template).max_fen is None
    assert PolicyItem.objects.get(title_en="local").max_fen is None


@pytest.mark.parametrize(
    ("asked", "taken", "left"),
    [
        (["370000"], ["370200"], [(370000, 370199), (370300, 379999)]),
        (["370200"], ["370211"], [(370200, 370210), (370212, 370299)]),
        (["370211"], ["370200"], [(0, 0)]),
        (["370100", "370200"], ["370200"], [(370100, 370199)]),
        (["370100"], ["370200"], [(370100, 370199)]),
        ([], ["370200"], [(0, 370199), (370300, 2_147_483_646)]),
    ],
)
def test_regions_are_taken_out_of_the_place(
    asked: list[str], taken: list[str], left: list[tuple[int, int]]
) -> None:
    criteria = read_criteria([gate("region", "within", *asked)] if asked else [])

    found = inheriting.without(criteria, taken)

    assert found[0].values == tuple(Span(low, high) for low, high in left)


def test_the_condition_says_where_other_rules_apply() -> None:
    template = item("national")
    local(template)
    template.refresh_from_db()
    place = inheriting.criteria_of(template)[0]

    with translation.override("en"):
        english = wording.requirement(place)
    with translation.override("zh-hans"):
        chinese = wording.requirement(place)

    assert english == "Region: Whole country, except Qingdao City: other rules there"
    assert "全国（青岛市另有规定）" in chinese


def test_both_pages_say_so(client: Client) -> None:
    local(item("national"))

    national = words(client.get("/en/policies/national/").content)
    city = words(client.get("/en/policies/local/").content)

    assert "In Qingdao City these rules apply instead : local" in national
    assert "Region: Whole country, except Qingdao City: other rules there" in national
    assert "Local rules in the place of : national" in city


def test_an_earlier_match_is_not_shown_where_local_rules_apply() -> None:
    people = cast()
    template = item("national")
    for enterprise, region in ((people.enterprise, QINGDAO), (people.other, JINAN)):
        record_fact(enterprise, "region", region, source="self", on=calendar.today(), by=None)
        template.matches.create(enterprise=enterprise, item_version=template.version)
    local(template)

    found = [
        [one.title for one in my.fitting(enterprise)] for enterprise in (people.enterprise, people.other)
    ]

    assert [len(titles) for titles in found] == [0, 1]


# --- entering it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "region", "is_taken"),
    [("local", "370200", True), ("local", "", False), ("excludes", "370200", False), ("excludes", "", True)],
)
def test_a_region_belongs_to_a_local_variant_and_to_nothing_else(
    client: Client, kind: str, region: str, is_taken: bool
) -> None:
    national, city = item("national"), item("city")

    sign_in(client, UserFactory(roles=["reviewer"])).post(
        reverse("admin:policies_itemrelation_add"),
        {"item": city.pk, "kind": kind, "other": national.pk, "region": region, "is_valid": "on"},
    )

    assert ItemRelation.objects.exists() is is_taken
    expected = ["370200"] if kind == "local" and is_taken else []
    assert PolicyItem.objects.get(pk=national.pk).replaced_in == expected


def test_the_database_keeps_region_and_kind_together() -> None:
    national, city = item("national"), item("city")

    with pytest.raises((IntegrityError, ValidationError)):
        ItemRelation.objects.create(item=city, kind="local", other=national)
