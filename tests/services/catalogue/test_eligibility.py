"""Conditions of an offering: entered at the desk, judged on its page, hindering only where not met."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from core import audit, calendar
from core.criteria import Verdict
from enterprises import actions as facts_of
from enterprises.models import Enterprise
from services.catalogue import eligibility, listing
from services.catalogue.models import Offering
from services.requests import actions
from services.requests.entitlement import CannotBeRequested, Hindrance, hindrance
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast, cast
from tests.factories.requests import draft, officer, submitted

pytestmark = pytest.mark.django_db
FEW = {"fact": "employees", "op": "at_most", "values": [300]}
QINGDAO = {"fact": "region", "op": "within", "values": ["370200"]}
BONUS = {
    "fact": "employees",
    "op": "at_most",
    "values": [20],
    "kind": "bonus",
    "note_en": "Small works first",
}


@pytest.fixture(autouse=True)
def _empty_catalogue() -> None:
    Offering.objects.all().delete()


@pytest.fixture
def people() -> Cast:
    return cast()


def employs(enterprise: Enterprise, count: int) -> None:
    facts_of.record_fact(
        enterprise, code="employees", value=count, source="self", on=calendar.today(), by=None
    )


def has_fields(offering: Offering, **changes: Any) -> dict[str, Any]:
    names = (
        "group", "name_zh", "name_en", "description_zh", "description_en", "turnaround_days", "audience",
        "mode", "position",
    )  # fmt: skip
    given = {name: getattr(offering, name) for name in names}
    none_asked = {"particulars-TOTAL_FORMS": "0", "particulars-INITIAL_FORMS": "0"}
    fixed = {"provider": offering.provider_id, "is_free": "on", "is_listed": "on"}
    return {**given, **fixed, **none_asked, **changes}


@pytest.mark.parametrize(
    ("count", "verdict", "found"),
    [
        (300, Verdict.MET, None),
        (301, Verdict.NOT_MET, Hindrance.CONDITIONS),
        (None, Verdict.UNKNOWN, None),
    ],
)
def test_only_what_is_not_met_hinders(
    people: Cast, count: int | None, verdict: Verdict, found: Hindrance | None
) -> None:
    offering = OfferingFactory(criteria=[FEW])
    if count is not None:
        employs(people.enterprise, count)

    assert eligibility.judge(offering, people.enterprise).verdict is verdict
    assert hindrance(offering, people.enterprise) is found


def test_an_offering_without_conditions_costs_no_query(people: Cast, django_assert_num_queries: Any) -> None:
    offering = OfferingFactory()

    with django_assert_num_queries(0):
        assert eligibility.judge(offering, people.enterprise).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("address", "words"),
    [("/en/services/few/", "Employees: at most 300 people"), ("/services/few/", "300")],
)
def test_a_guest_reads_the_conditions_in_plain_words(client: Client, address: str, words: str) -> None:
    OfferingFactory(slug="few", criteria=[FEW, BONUS])

    page = client.get(address)

    assert (len(page.context["told"]), words in page.content.decode()) == (1, True)
    assert "/requests/new/?offering=few" in page.content.decode()


def test_a_member_reads_each_verdict_with_fact_source_and_day(client: Client, people: Cast) -> None:
    OfferingFactory(slug="few", criteria=[FEW, QINGDAO])
    employs(people.enterprise, 500)
    sign_in(client, people.li)

    page = client.get("/en/services/few/")

    few, region = page.context["lines"]
    day = people.enterprise.facts.get(code="employees").on.isoformat()
    assert (few.verdict, few.fact, few.origin) == ("not_met", "500 people", f"own statement · {day}")
    assert (region.verdict, [ask.label for ask in region.missing]) == ("unknown", ["Region"])
    assert f'href="{region.missing[0].url}"' in page.content.decode()
    assert "See what else is possible" in page.content.decode()


def test_what_is_not_known_leaves_the_way_open(client: Client, people: Cast) -> None:
    OfferingFactory(slug="few", criteria=[FEW])
    sign_in(client, people.li)

    page = client.get("/en/services/few/").content.decode()
    start = client.get("/en/requests/new/?offering=few")

    assert "Request this" in page
    assert start.templates[0].name == "requests/start.html"


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_met_leads_to_a_page_with_what_else_is_possible(
    client: Client, people: Cast, method: str
) -> None:
    OfferingFactory(slug="few", criteria=[FEW])
    OfferingFactory(position=1, criteria=[FEW])
    open_one = OfferingFactory(position=2)
    employs(people.enterprise, 500)
    sign_in(client, people.li)

    page = getattr(client, method)("/en/requests/new/", {"offering": "few"})

    assert (page.status_code, page.context["hindrance"]) == (200, "conditions")
    assert [line.fact for line in page.context["lines"]] == ["500 people"]
    assert page.context["instead"] == open_one
    assert ServiceRequest.objects.count() == 0


def test_a_draft_stays_when_a_condition_came_in_between(client: Client, people: Cast) -> None:
    row = draft(people.li, people.enterprise, OfferingFactory(criteria=[FEW]))
    employs(people.enterprise, 500)

    with pytest.raises(CannotBeRequested):
        actions.submit(row, by=people.li)
    page = sign_in(client, people.li).post(f"/en/requests/drafts/{row.key}/submit/")

    row.refresh_from_db()
    assert (row.state, page.context["hindrance"]) == (State.DRAFT, "conditions")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"criteria": [FEW]}, "does not meet a condition"),
        ({"paused_until": date(2099, 1, 1), "pause_note_zh": "休假"}, "takes no new requests"),
    ],
)
def test_staff_move_no_request_to_what_is_closed_or_paused(
    people: Cast, fields: dict[str, Any], words: str
) -> None:
    row = submitted(people.li, people.enterprise)
    employs(people.enterprise, 500)

    with translation.override("en"), pytest.raises(ValidationError, match=words):
        actions.reclassify(row, OfferingFactory(**fields), by=officer("Lead", role="triage_lead"))


@pytest.mark.parametrize("count", [1, 3])
def test_next_best_takes_two_queries_however_many(
    people: Cast, django_assert_num_queries: Any, count: int
) -> None:
    employs(people.enterprise, 500)
    OfferingFactory.create_batch(count, criteria=[FEW])
    closed = OfferingFactory(criteria=[FEW])

    with django_assert_num_queries(2):
        assert listing.next_best(closed, enterprise=people.enterprise) is None


def test_the_desk_enters_conditions_and_reads_them_back(client: Client) -> None:
    offering = OfferingFactory(criteria=[BONUS])
    sign_in(client, officer("Lead", role="triage_lead"))
    address = f"/admin/catalogue/offering/{offering.pk}/change/"

    sent = client.post(
        address, has_fields(offering, regions=["370200"], employees_max="300", revenue_max="5000.5")
    )
    page = client.get(address)

    offering.refresh_from_db()
    stored = [(one["fact"], one["values"], one["kind"]) for one in offering.criteria]
    assert sent.status_code == 302
    assert stored == [
        ("region", ["370200"], "gate"),
        ("employees", [300], "gate"),
        ("revenue_wan", ["5000.5"], "gate"),
        ("employees", [20], "bonus"),
    ]
    assert "300" in page.context["adminform"].model_admin.conditions(offering)
    # Sent again as it stands, nothing counts as changed.
    client.post(address, has_fields(offering, regions=["370200"], employees_max="300", revenue_max="5000.5"))
    assert audit.history(offering).count() == 1


def test_a_condition_that_cannot_be_is_said_at_its_field(client: Client) -> None:
    offering = OfferingFactory(criteria=[FEW])
    sign_in(client, officer("Lead", role="triage_lead"))

    page = client.post(
        f"/admin/catalogue/offering/{offering.pk}/change/",
        has_fields(offering, regions=["999999"], years_min="500"),
    )

    offering.refresh_from_db()
    assert sorted(page.context["adminform"].form.errors) == ["regions", "years_min"]
    assert 'value="500"' in page.content.decode()
    assert offering.criteria == [FEW]


def test_who_only_looks_reads_the_conditions(client: Client) -> None:
    offering = OfferingFactory(criteria=[FEW])
    sign_in(client, UserFactory(roles=["auditor"], language="en"))

    page = client.get(f"/admin/catalogue/offering/{offering.pk}/change/")

    assert (page.status_code, "employees_max" in page.content.decode()) == (200, False)
    assert "Employees: at most 300 people" in page.content.decode()


def test_the_api_gives_the_conditions(client: Client) -> None:
    OfferingFactory(slug="few", criteria=[FEW])

    found = client.get("/api/v1/offerings").json()["results"]

    assert [one["criteria"] for one in found] == [[{**FEW, "kind": "gate"}]]
