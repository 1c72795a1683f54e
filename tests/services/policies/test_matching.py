"""Three evaluators of one definition, and the match ledger."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.criteria import CriteriaError, Verdict
from enterprises import eligibility, facts, zones
from enterprises.actions import load_reference
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise, EnterpriseFacet, Region
from services.policies import matching
from services.policies.matching import Gate, ItemFit
from services.policies.models import ItemCriteria, Match, PolicyItem, PolicyNotice
from tests.factories.enterprises import ZoneFactory

pytestmark = pytest.mark.long

ON = date(2026, 11, 25)
WIDTH = 8

# --- random criteria and facts, crowded around the boundaries ------------------------

REGIONS = ["370000", "370100", "370116", "370200", "370202", "370203"]
INDUSTRIES = ["C", "27", "273", "2730", "34", "F", "51", "59", "591", "70", "704"]
COUNTS = [0, 9, 10, 19, 20, 299, 300, 1000]
AMOUNTS = ["0", "299.9999", "300", "1999.99", "2000", "40000"]
DATES = [
    "2026-11-25", "2025-11-25", "2025-11-26", "2025-11-24", "2025-11", "2025", "2023-11-25", "2023-11",
    "2023", "2022", "2024-02-29", "2024-02", "2027-02-28", "2027-03-01",
]  # fmt: skip
DAYS = [ON, date(2027, 2, 28), date(2028, 2, 29)]
CODES = ["zjtx", "little_giant", "high_tech"]
ZONES = ["whole", "part", "said", "ended", "merged", "nowhere"]
EXPIRIES = st.sampled_from([None, None, None, ON, date(2026, 11, 24)])


def some(pool: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)


def one(pool: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.sampled_from(pool).map(lambda value: [value])


GATES = st.one_of(
    st.tuples(st.just("region"), st.just("within"), some([*REGIONS, "000000"])),
    st.tuples(st.just("industry"), st.just("within"), some(INDUSTRIES)),
    st.tuples(st.just("size"), st.just("one_of"), some(["large", "medium", "small", "micro"])),
    st.tuples(st.just("qualification"), st.just("has_any"), some(CODES)),
    st.tuples(st.just("zone"), st.just("has_any"), some(ZONES)),
    st.tuples(st.just("employees"), st.sampled_from(["at_least", "at_most"]), one(COUNTS)),
    st.tuples(st.just("revenue_wan"), st.sampled_from(["at_least", "at_most"]), one(AMOUNTS)),
    st.tuples(
        st.just("founded_on"), st.sampled_from(["years_at_least", "years_at_most"]), one([0, 1, 2, 3, 10])
    ),
    st.tuples(st.just("digital_level"), st.just("at_least"), one([0, 1, 2])),
    st.tuples(st.just("cloud_readiness"), st.just("at_least"), one([0, 50, 60])),
    st.tuples(st.just(""), st.just("unstated"), st.just([])),
)
KINDS = st.sampled_from(["gate", "gate", "gate", "bonus"])


def readable(raw: list[dict[str, Any]]) -> bool:
    try:
        read_criteria(raw)
    except CriteriaError:
        return False
    return True


CRITERIA = st.lists(
    st.tuples(GATES, KINDS).map(
        lambda pair: {"fact": pair[0][0], "op": pair[0][1], "values": pair[0][2], "kind": pair[1]}
    ),
    max_size=4,
).filter(readable)


def fact(code: str, pool: list[Any]) -> st.SearchStrategy[tuple[str, Any, date | None]]:
    return st.tuples(st.just(code), st.sampled_from(pool), EXPIRIES)


FACTS = st.lists(
    st.one_of(
        fact("region", REGIONS),
        fact("industry", INDUSTRIES),
        fact("employees", COUNTS),
        fact("revenue_wan", AMOUNTS),
        fact("assets_wan", AMOUNTS),
        fact("founded_on", DATES),
        *(fact(f"qualification.{code}", [True, False]) for code in CODES),
        *(fact(f"zone.{code}", [True, False]) for code in ZONES),
        fact("digital_level", [0, 1, 2, 3]),
        fact("cloud_readiness", [0, 49, 50, 60]),
    ),
    max_size=12,
    unique_by=lambda entry: entry[0],
).map(lambda entries: {code: facts.read(code, raw, expires_on=expiry) for code, raw, expiry in entries})


def notice() -> PolicyNotice:
    """Give a notice for our items, the only ones on record: the real notices are set aside."""
    ItemCriteria.objects.all().delete()
    region, _ = Region.objects.get_or_create(
        code="370000", defaults={"level": "province", "name_zh": "山东省", "name_en": "Shandong Province"}
    )
    return PolicyNotice.objects.create(
        slug="support",
        kind="funding",
        level="provincial",
        region=region,
        title_zh="支持",
        issuer_zh="省工信厅",
    )


def enterprises(count: int) -> list[Enterprise]:
    return Enterprise.objects.bulk_create(
        Enterprise(uscc=f"91370202MA3T{number:06}", name=f"Works {number}") for number in range(count)
    )


def keep_zones() -> None:
    """Keep one zone of each sort; "nowhere" is named by rules and does not exist."""
    load_reference()
    ZoneFactory(code="whole", places=[{"region_id": "370202", "is_whole": True}])
    ZoneFactory(
        code="part",
        places=[{"region_id": "370200"}, {"region_id": "370116", "is_whole": True, "from_on": DAYS[1]}],
    )
    ZoneFactory(code="said")
    ZoneFactory(code="ended", until_on=ON, places=[{"region_id": "370000", "is_whole": True}])
    ZoneFactory(code="merged", from_on=DAYS[1], places=[{"region_id": "370100", "until_on": DAYS[1]}])
    zones.forget()


class ThreeEvaluators(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        keep_zones()
        support = notice()
        cls.enterprises = enterprises(WIDTH)
        cls.items = PolicyItem.objects.bulk_create(
            PolicyItem(notice=support, kind="funding", title_zh="补助") for _ in range(WIDTH)
        )

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(CRITERIA, min_size=WIDTH, max_size=WIDTH),
        st.lists(FACTS, min_size=WIDTH, max_size=WIDTH),
        st.sampled_from(DAYS),
    )
    def test_all_three_agree(self, stored: list[Any], known: list[Any], on: date) -> None:
        criteria = [read_criteria(raw) for raw in stored]
        facets = EnterpriseFacet.objects.bulk_create(
            EnterpriseFacet(enterprise=made, **facts.to_facet(of_it, on))
            for made, of_it in zip(self.enterprises, known, strict=True)
        )
        ItemCriteria.objects.bulk_create(
            ItemCriteria(item=item, is_open=True, **matching.compile_criteria(its))
            for item, its in zip(self.items, criteria, strict=True)
        )

        explained = {
            (made.pk, item.pk): eligibility.explain(its, of_it, on).verdict
            for made, of_it in zip(self.enterprises, known, strict=True)
            for item, its in zip(self.items, criteria, strict=True)
        }
        by_item = {
            (facet.pk, fit.item_id): fit.verdict for facet in facets for fit in matching.items_for(facet, on)
        }
        selected = {
            (facet.pk, item.pk)
            for item, its in zip(self.items, criteria, strict=True)
            for facet in eligibility.select(its, on)
        }

        met = {pair for pair, verdict in explained.items() if verdict is Verdict.MET}
        met_by_item = {
            (facet.pk, fit.item_id)
            for facet in facets
            for fit in matching.items_for(facet, on, worst=Verdict.MET)
        }
        assert by_item == explained
        assert met_by_item == selected == met


# --- items_for ------------------------------------------------------------------------

DISTRICT = {"fact": "region", "op": "within", "values": ["370202"]}
STAFF = {"fact": "employees", "op": "at_least", "values": [20]}


def item(support: PolicyNotice, *criteria: dict[str, Any], **fields: Any) -> PolicyItem:
    closes_on = fields.pop("closes_on", None)
    made = PolicyItem.objects.create(
        notice=support,
        kind="funding",
        title_zh="补助",
        criteria=list(criteria),
        closes_on=closes_on,
        **fields,
    )
    ItemCriteria.objects.create(
        item=made, is_open=True, closes_on=closes_on, **matching.compile_criteria(read_criteria(criteria))
    )
    return made


def facet(**values: Any) -> EnterpriseFacet:
    return EnterpriseFacet(
        **facts.to_facet({code: facts.read(code, raw) for code, raw in values.items()}, ON)
    )


@pytest.mark.django_db
def test_the_best_fit_comes_first_and_names_its_gates(django_assert_num_queries: Any) -> None:
    support = notice()
    outside = item(support, {"fact": "region", "op": "within", "values": ["370100"]})
    unsure = item(support, DISTRICT, STAFF)
    fits = item(support, DISTRICT)

    with django_assert_num_queries(1):
        found = matching.items_for(facet(region="370202"), ON)

    nothing = Gate(0)
    assert found == [
        ItemFit(fits.pk, nothing, nothing),
        ItemFit(unsure.pk, nothing, Gate.EMPLOYEES),
        ItemFit(outside.pk, Gate.REGION, nothing),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("worst", "count"), [(Verdict.NOT_MET, 3), (Verdict.UNKNOWN, 2), (Verdict.MET, 1)])
def test_worse_fits_can_be_left_out(worst: Verdict, count: int) -> None:
    support = notice()
    item(support, {"fact": "region", "op": "within", "values": ["370100"]})
    item(support, DISTRICT, STAFF)
    item(support, DISTRICT)

    assert len(matching.items_for(facet(region="370202"), ON, worst=worst)) == count


@pytest.mark.django_db
def test_the_nearest_closing_comes_first_and_closed_items_do_not_come() -> None:
    support = notice()
    never = item(support)
    later = item(support, closes_on=date(2026, 12, 31))
    today = item(support, closes_on=ON)
    item(support, closes_on=date(2026, 11, 24))

    assert [fit.item_id for fit in matching.items_for(facet(), ON)] == [today.pk, later.pk, never.pk]
    assert [fit.item_id for fit in matching.items_for(facet(), ON, limit=1)] == [today.pk]


# --- the match ledger -----------------------------------------------------------------


def with_facets(*regions: str) -> list[Enterprise]:
    made = enterprises(len(regions))
    for one_of_them, region in zip(made, regions, strict=True):
        known = {"region": facts.read("region", region)}
        EnterpriseFacet.objects.create(enterprise=one_of_them, **facts.to_facet(known, ON))
    return made


def ledger() -> list[tuple[int, int, int]]:
    return list(Match.objects.order_by("pk").values_list("item", "item_version", "enterprise"))


@pytest.mark.django_db
def test_matching_an_item_writes_each_enterprise_once() -> None:
    li, _zhao = with_facets("370202", "370211")
    support = item(notice(), DISTRICT)

    assert [matching.match_all(support, ON), matching.match_all(support, ON)] == [1, 0]
    assert ledger() == [(support.pk, 1, li.pk)]


@pytest.mark.django_db
def test_a_new_version_is_matched_anew() -> None:
    (li,) = with_facets("370202")
    support = item(notice(), DISTRICT)
    matching.match_all(support, ON)

    support.version = 2

    assert matching.match_all(support, ON) == 1
    assert ledger() == [(support.pk, 1, li.pk), (support.pk, 2, li.pk)]


@pytest.mark.django_db
def test_matching_takes_one_statement_however_many_are_reached(django_assert_num_queries: Any) -> None:
    with_facets("370202", "370202", "370202")
    support = item(notice(), DISTRICT)

    with django_assert_num_queries(1):
        assert matching.match_all(support, ON) == 3


@pytest.mark.django_db
def test_an_item_not_stated_is_matched_to_nobody() -> None:
    with_facets("370202")

    assert matching.match_all(item(notice(), {"op": "unstated"}), ON) == 0


@pytest.mark.django_db
def test_an_enterprise_that_changed_is_matched_to_announced_items_only() -> None:
    (li,) = with_facets("370202")
    support = notice()
    announced = item(support, DISTRICT, announced_at="2026-11-20T08:00:00Z")
    item(support, DISTRICT)
    item(support, DISTRICT, STAFF, announced_at="2026-11-20T08:00:00Z")

    first, second = matching.match_enterprise(li, ON), matching.match_enterprise(li, ON)

    assert ([match.item_id for match in first], second) == ([announced.pk], [])
    assert ledger() == [(announced.pk, 1, li.pk)]


@pytest.mark.django_db
def test_an_enterprise_without_facts_on_record_is_matched_to_nothing() -> None:
    (li,) = enterprises(1)
    item(notice(), announced_at="2026-11-20T08:00:00Z")

    assert matching.match_enterprise(li, ON) == []


def test_gates_on_one_number_are_compiled_into_one_range() -> None:
    def employees(*limits: tuple[str, int]) -> Any:
        raw = [{"fact": "employees", "op": op, "values": [value]} for op, value in limits]
        return matching.compile_criteria(read_criteria(raw))["employees"]

    both = employees(("at_least", 20), ("at_most", 300), ("at_least", 10))
    assert (both.lower, both.upper) == (20, 301)
    assert employees(("at_least", 300), ("at_most", 20)).isempty
    assert employees() is None
