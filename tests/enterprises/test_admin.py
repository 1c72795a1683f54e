"""The desk: who sees which enterprises, settles claims and sets proof levels."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from core import audit
from enterprises import actions
from enterprises.actions import Registration, register
from enterprises.models import Claim, Enterprise, Fact, StaffScope
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, EnterpriseFactory
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
LIST_QUERIES = 7


def chen(*roles: str) -> User:
    return UserFactory(
        email="chen@portal.example", name="Chen", is_staff=True, roles=list(roles or ["triage_lead"])
    )


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:enterprises_{model}_{page}", args=args)


@pytest.fixture
def claim(people: Cast) -> Claim:
    taken = Registration(
        uscc=people.enterprise.uscc, name="海风厂", contact_name="赵明", contact_phone="13800000000"
    )
    return register(taken, by=people.zhao)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    client: PageClient, count: int, django_assert_num_queries: Any
) -> None:
    for _row in range(count):
        actions.record_fact(EnterpriseFactory(), "region", "370211", source="self", on=ON, by=None)
    sign_in(client, chen()).get(url("enterprise", "changelist"))

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(url("enterprise", "changelist"))

    assert page.context["cl"].result_count == count


def test_enterprises_are_found_by_code_and_name_and_narrowed_by_city(
    client: PageClient, people: Cast
) -> None:
    actions.record_fact(people.enterprise, "region", "370211", source="self", on=ON, by=None)
    sign_in(client, chen())

    def found(**query: str) -> list[str]:
        page = client.get(url("enterprise", "changelist"), query)
        return [row.name for row in page.context["cl"].result_list]

    assert found(q=people.other.uscc) == [people.other.name]
    assert found(q="海风") == [people.enterprise.name]
    assert found(city="370200") == [people.enterprise.name]
    assert found(city="370100") == []


def test_staff_see_only_the_regions_granted_to_them(client: PageClient, people: Cast) -> None:
    actions.record_fact(people.enterprise, "region", "370211", source="self", on=ON, by=None)
    reader = chen()
    StaffScope.objects.create(user=reader, region_id="370100")
    sign_in(client, reader)

    assert client.get(url("enterprise", "changelist")).context["cl"].result_count == 0
    page = client.get(url("enterprise", "change", people.enterprise.pk))
    assert (page.status_code, page["Location"]) == (302, reverse("admin:index"))


def test_the_page_of_an_enterprise_is_read_only_and_hides_persons_without_permission(
    client: PageClient, people: Cast
) -> None:
    actions.update_contact(people.enterprise, contact_name="李华", contact_phone="13800000000", by=people.li)
    actions.record_fact(people.enterprise, "employees", 85, source="self", on=ON, by=people.li)

    lead = sign_in(client, chen()).get(url("enterprise", "change", people.enterprise.pk)).content.decode()
    finance = UserFactory(email="fin@portal.example", is_staff=True, roles=["finance_officer"])
    money = sign_in(client, finance).get(url("enterprise", "change", people.enterprise.pk)).content.decode()

    assert ("13800000000" in lead, "13800000000" in money) == (True, False)
    assert ("Wang" in lead, "Wang" in money) == (True, False)
    assert ('name="_save"' in lead, 'name="uscc"' in lead) == (False, False)
    assert client.post(url("enterprise", "change", people.enterprise.pk), {"uscc": "x"}).status_code == 403


def test_a_lead_sets_the_proof_level_with_a_reason(client: PageClient, people: Cast) -> None:
    sign_in(client, chen())
    page = url("enterprise", "prove_by_staff", people.enterprise.pk)

    assert client.post(page, {"reason": ""}).status_code == 200
    client.post(page, {"reason": "执照已核对"})

    assert Enterprise.objects.get(pk=people.enterprise.pk).proof_level == "staff"
    assert audit.history(people.enterprise).first().detail.data == {"reason": "执照已核对"}


def test_who_may_not_set_the_proof_level_gets_403(client: PageClient, people: Cast) -> None:
    sign_in(client, chen("triage_officer"))

    for verb in ("prove_by_staff", "record_fact"):
        assert client.post(url("enterprise", verb, people.enterprise.pk), {"reason": "x"}).status_code == 403
    assert Enterprise.objects.get(pk=people.enterprise.pk).proof_level == "email"


def test_staff_record_a_fact_that_outweighs_the_enterprises_own(client: PageClient, people: Cast) -> None:
    actions.record_fact(people.enterprise, "employees", 85, source="self", on=ON, by=people.li)
    sign_in(client, chen())
    page = url("enterprise", "record_fact", people.enterprise.pk)
    given = {"code": "employees", "value": "９０", "source": "staff", "on": "2026-01-31"}

    assert client.post(page, {**given, "value": "many"}).status_code == 200
    client.post(page, given)

    now = people.enterprise.facts.current().get()
    assert (now.value, now.source, str(now.on)) == (90, "staff", "2026-01-31")


def test_a_certificate_is_recorded_with_yes_and_its_last_day(client: PageClient, people: Cast) -> None:
    sign_in(client, chen()).post(
        url("enterprise", "record_fact", people.enterprise.pk),
        {
            "code": "qualification.zjtx",
            "value": "是",
            "source": "document",
            "on": "2026-01-31",
            "expires": "2027-12-31",
        },
    )

    fact = Fact.objects.get()
    assert (fact.value, str(fact.expires_on)) == (True, "2027-12-31")


def test_a_claim_is_accepted_at_the_desk(client: PageClient, claim: Claim, people: Cast) -> None:
    sign_in(client, chen())
    page = url("claim", "accept", claim.pk)
    assert client.get(page).status_code == 200

    client.post(page, {"reason": "执照已核对", "role": "viewer"})

    assert Claim.objects.get().state == "accepted"
    assert people.enterprise.memberships.get(user=people.zhao).role == "viewer"


def test_a_claim_is_refused_with_a_reason_only(client: PageClient, claim: Claim) -> None:
    sign_in(client, chen())
    page = url("claim", "refuse", claim.pk)

    assert client.post(page, {"reason": " "}).status_code == 200
    assert Claim.objects.get().state == "open"
    client.post(page, {"reason": "执照不符"})
    assert Claim.objects.get().state == "refused"


def test_the_queue_of_claims_shows_open_ones_first(client: PageClient, claim: Claim, people: Cast) -> None:
    second = register(Registration(uscc=people.other.uscc, name="泉城"), by=people.li)
    lead = chen()
    actions.refuse_claim(claim, reason="执照不符", by=lead)

    page = sign_in(client, lead).get(url("claim", "changelist"))

    assert list(page.context["cl"].result_list) == [second, claim]


def test_an_officer_may_read_claims_and_settle_none(client: PageClient, claim: Claim) -> None:
    sign_in(client, chen("triage_officer"))

    assert client.get(url("claim", "change", claim.pk)).status_code == 200
    assert client.post(url("claim", "accept", claim.pk), {"reason": "x", "role": "owner"}).status_code == 403


@pytest.mark.parametrize("model", ["membership", "invitation"])
def test_rows_about_persons_need_their_permission(client: PageClient, people: Cast, model: str) -> None:
    auditor = UserFactory(email="audit@portal.example", is_staff=True, roles=["auditor"])
    finance = UserFactory(email="fin@portal.example", is_staff=True, roles=["finance_officer"])

    assert sign_in(client, auditor).get(url(model, "changelist")).status_code == 200
    assert sign_in(client, finance).get(url(model, "changelist")).status_code == 403


def test_an_administrator_grants_and_takes_back_a_scope(client: PageClient) -> None:
    officer = chen("triage_officer")
    admin = UserFactory(email="root@portal.example", is_staff=True, roles=["administrator"])
    sign_in(client, admin)

    client.post(url("staffscope", "add"), {"user": officer.pk, "region": "370200", "group": ""})
    scope = StaffScope.objects.get()
    assert (scope.user, scope.region_id) == (officer, "370200")
    client.post(url("staffscope", "delete", scope.pk), {"post": "yes"})
    assert not StaffScope.objects.exists()


@pytest.mark.parametrize(("model", "key"), [("region", "370200"), ("industry", "344")])
def test_the_official_tables_can_be_read(client: PageClient, model: str, key: str) -> None:
    sign_in(client, chen())

    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "change", key)).status_code == 200
