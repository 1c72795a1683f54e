from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts import actions as accounts
from accounts.models import User
from core import audit, calendar
from core.criteria import FactValue
from enterprises.models import Region, StaffScope
from notifications.models import Notification
from services.catalogue.models import Group
from services.requests import actions, routing
from services.requests.models import (
    Absence,
    RoutingChoice,
    RoutingRule,
    ServiceRequest,
    State,
    WorkloadCap,
)
from services.requests.routing import Case, Why
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast
from tests.factories.requests import officer, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


RULES = "/admin/service_requests/routingrule/"
TODAY = date(2026, 11, 25)


def rule(name: str = "Cloud first", **given: Any) -> RoutingRule:
    return RoutingRule.objects.create(name=name, **({"to_group": Group.CLOUD} | given))


def case(**given: Any) -> Case:
    plain: dict[str, Any] = {
        "group": "cloud",
        "offering_id": None,
        "words": "设备上云",
        "region": "370211",
        "known": {},
    }
    return Case(**(plain | given))


def readers(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return [row.recipient.name for row in rows if row.recipient]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, Why.MATCHED),
        ({"group": "cloud"}, Why.MATCHED),
        ({"group": "policy"}, Why.GROUP),
        ({"words": "补贴 上云"}, Why.MATCHED),
        ({"words": "补贴"}, Why.WORDS),
        ({"region_id": "370200"}, Why.MATCHED),
        ({"region_id": "370100"}, Why.REGION),
        ({"offering_id": 7}, Why.OFFERING),
        ({"criteria": [{"fact": "employees", "op": "at_least", "values": [50]}]}, Why.UNKNOWN),
    ],
)
def test_each_condition_names_why_it_fails(asked: dict[str, Any], why: Why) -> None:
    assert routing.condition(RoutingRule(name="x", **asked), case(), TODAY)[0] is why


@pytest.mark.parametrize(("people", "why"), [(49, Why.NOT_MET), (50, Why.MATCHED), (51, Why.MATCHED)])
def test_a_condition_on_the_enterprise_is_judged_by_its_facts(people: int, why: Why) -> None:
    asked = RoutingRule(name="x", criteria=[{"fact": "employees", "op": "at_least", "values": [50]}])

    found = routing.condition(asked, case(known={"employees": FactValue(people)}), TODAY)

    assert found == (why, "" if why is Why.MATCHED else "employees")


def test_the_first_rule_that_matches_decides_and_every_look_is_kept(cast: Cast, chen: User) -> None:
    rule("Only policy", position=1, group=Group.POLICY)
    decides = rule("Factories", position=2, group=Group.DIGITAL_FACTORY, to_group=Group.INDUSTRIAL)
    rule("Never looked at", position=3)
    row = submitted(cast.li, cast.enterprise)

    actions.route_new()

    row.refresh_from_db()
    kept = RoutingChoice.objects.get(service_request=row)
    assert (row.group, kept.rule) == (Group.INDUSTRIAL, decides)
    assert [routing.in_words(look) for look in kept.looks] == [
        "not “Only policy”, because it is for another group",
        "decided by “Factories”",
    ]


def test_a_rule_that_names_a_person_gives_them_the_request(cast: Cast, chen: User) -> None:
    rule(officer=chen)
    row = submitted(cast.li, cast.enterprise)

    actions.route_new()
    actions.route_new()

    row.refresh_from_db()
    assert (row.state, row.holder) == (State.IN_PROGRESS, chen)
    assert (readers("requests.assigned"), readers("requests.new")) == (["Chen"], [])
    assert readers("requests.taken") == ["Li"]


def test_who_is_away_is_passed_over_unless_someone_stands_in(cast: Cast, chen: User) -> None:
    sun, today = officer("Sun"), calendar.today()
    rule(officer=chen)
    Absence.objects.create(user=chen, from_on=today, to_on=today)
    alone = submitted(cast.li, cast.enterprise)
    actions.route_new()
    Absence.objects.update(delegate=sun)
    covered = submitted(cast.li, cast.enterprise)
    actions.route_new()

    rows = ServiceRequest.objects.in_bulk([alone.pk, covered.pk])
    assert [rows[row.pk].holder for row in (alone, covered)] == [None, sun]
    looks = RoutingChoice.objects.get(service_request=alone).looks
    assert routing.in_words(looks[0]) == "not “Cloud first”, because Chen is away and nobody stands in"


def test_who_is_full_is_passed_over(cast: Cast, chen: User) -> None:
    WorkloadCap.objects.create(user=chen, limit=1)
    rule(officer=chen)
    first, second = (submitted(cast.li, cast.enterprise) for _ in range(2))

    actions.route_new()

    rows = ServiceRequest.objects.in_bulk([first.pk, second.pk])
    assert [rows[row.pk].holder for row in (first, second)] == [chen, None]


def test_a_team_is_told_instead_of_everyone(cast: Cast, chen: User) -> None:
    sun = officer("Sun")
    rule().team.add(sun)
    submitted(cast.li, cast.enterprise)

    actions.route_new()

    assert readers("requests.new") == ["Sun"]


# --- invariant 20: on somebody's list ------------------------------------------------


def test_what_lies_in_nobodys_scope_is_on_everybodys_list(cast: Cast) -> None:
    jinan = officer("Jinan", region="370100")
    row = submitted(cast.li, cast.enterprise)

    actions.route_new()

    assert list(ServiceRequest.objects.in_scope_of(jinan)) == [row]
    assert readers("requests.new") == ["Jinan"]


def test_what_falls_out_of_every_scope_later_is_put_on_everybodys_list(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()
    StaffScope.objects.create(user=chen, region=Region.objects.get(code="370100"))

    assert (actions.cover_open(), actions.cover_open()) == (1, 0)
    assert list(ServiceRequest.objects.in_scope_of(chen)) == [row]
    assert readers("requests.unheld") == ["Chen"]


def test_what_someone_held_who_no_longer_triages_is_free_again(cast: Cast, chen: User) -> None:
    officer("Sun")
    row = actions.take(submitted(cast.li, cast.enterprise), by=chen)
    accounts.set_roles(chen, roles=["publisher"], by=None)

    assert (actions.cover_open(), actions.cover_open()) == (1, 0)
    row.refresh_from_db()
    assert (row.holder, row.state) == (None, State.IN_PROGRESS)
    assert (readers("requests.unheld"), row.assignments.filter(ended_at=None).count()) == (["Sun"], 0)


def test_what_its_holder_no_longer_works_for_is_free_again(cast: Cast, chen: User) -> None:
    officer("Sun")
    row = actions.take(submitted(cast.li, cast.enterprise), by=chen)
    StaffScope.objects.create(user=chen, region=Region.objects.get(code="370100"))

    assert (actions.cover_open(), actions.cover_open()) == (1, 0)
    row.refresh_from_db()
    assert (row.holder, readers("requests.unheld")) == (None, ["Sun"])


def test_a_rule_does_not_give_to_someone_outside_their_region(cast: Cast) -> None:
    rule(officer=officer("Jinan", region="370100"))
    row = submitted(cast.li, cast.enterprise)

    actions.route_new()

    row.refresh_from_db()
    assert row.holder is None
    assert [look["why"] for look in RoutingChoice.objects.get(service_request=row).looks] == [Why.SCOPE]


# --- at the desk -------------------------------------------------------------------------


def answers(**given: Any) -> dict[str, Any]:
    return {"position": 5, "name": "Small ones", "is_active": "on", "to_group": "cloud", **given}


def test_the_lead_writes_a_rule_and_it_is_recorded(client: Client, lead: User) -> None:
    page = sign_in(client, lead).post(
        f"{RULES}add/", answers(sizes=["small", "micro"], employees_from="20", industry="344")
    )

    made = RoutingRule.objects.get()
    assert (page.status_code, made.criteria) == (
        302,
        [
            {"fact": "size", "op": "one_of", "values": ["small", "micro"]},
            {"fact": "industry", "op": "within", "values": ["344"]},
            {"fact": "employees", "op": "at_least", "values": [20]},
        ],
    )
    assert audit.history(made).get().verb == "add"


def test_a_rule_comes_back_into_its_form_as_it_was_typed(client: Client, lead: User) -> None:
    made = rule(criteria=[{"fact": "size", "op": "one_of", "values": ["small"]}])

    form = sign_in(client, lead).get(f"{RULES}{made.pk}/change/").context["adminform"].form

    assert (form.initial["sizes"], form.initial.get("industry")) == (["small"], None)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"to_group": ""}, "to_group"),
        ({"industry": "9999"}, "industry"),
        ({"employees_from": "99999999999999999999"}, "employees_from"),
        ({"position": "-1"}, "position"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(
    client: Client, lead: User, given: dict[str, str], wrong: str
) -> None:
    page = sign_in(client, lead).post(f"{RULES}add/", answers(**given))

    assert (list(page.context["adminform"].form.errors), RoutingRule.objects.count()) == ([wrong], 0)


def test_a_change_keeps_what_the_rule_says_now(client: Client, lead: User) -> None:
    made = rule()

    sign_in(client, lead).post(f"{RULES}{made.pk}/change/", answers(words="上云"))

    kept = audit.history(made).get().data
    assert (kept["now"]["words"], kept["now"]["position"]) == ("上云", 5)


@pytest.mark.parametrize("count", [1, 3])
def test_the_trial_takes_the_same_queries_however_many_requests(
    client: Client, cast: Cast, chen: User, count: int, django_assert_num_queries: Any
) -> None:
    rule("In use", officer=chen)
    for _ in range(count):
        submitted(cast.li, cast.enterprise)
    sign_in(client, chen).get(f"{RULES}trial/")

    with django_assert_num_queries(13):
        page = client.get(f"{RULES}trial/")

    assert [trial["now"] for trial in page.context["trials"]] == ["In use"] * count


def test_a_rule_is_tried_before_it_is_in_use(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    idle = rule("Idle", is_active=False)
    client = sign_in(client, chen)

    plain, tried = client.get(f"{RULES}trial/"), client.get(f"{RULES}trial/", {"with": idle.pk})

    assert [(one["now"], one["is_changed"]) for one in plain.context["trials"]] == [("", False)]
    assert [(one["now"], one["is_changed"]) for one in tried.context["trials"]] == [("Idle", True)]
    row.refresh_from_db()
    assert (row.routed_at, Notification.objects.filter(kind="requests.new").count()) == (None, 0)


@pytest.mark.parametrize("with_", ["x", "9" * 40, "-1", "٣"])
def test_a_strange_number_tries_nothing(client: Client, chen: User, with_: str) -> None:
    page = sign_in(client, chen).get(f"{RULES}trial/", {"with": with_})

    assert (page.status_code, page.context["trying"]) == (200, None)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("triage_officer", 200, 403),
        ("triage_lead", 200, 200),
        ("auditor", 200, 403),
        ("publisher", 403, 403),
        ("administrator", 403, 403),
    ],
)
@pytest.mark.parametrize("model", ["routingrule", "absence", "workloadcap"])
def test_rules_and_absences_are_read_by_triage_and_written_by_leads(
    client: Client, role: str, reads: int, writes: int, model: str
) -> None:
    client = sign_in(client, UserFactory(roles=[role]))

    rows = {
        "routingrule": lambda: rule("Old"),
        "absence": lambda: Absence.objects.create(user=officer("Wu"), from_on=TODAY, to_on=TODAY),
        "workloadcap": lambda: WorkloadCap.objects.create(user=officer("Wu"), limit=3),
    }
    row = rows[model]()

    pages = ("", f"{row.pk}/change/", "add/")
    found = [client.get(f"/admin/service_requests/{model}/{page}").status_code for page in pages]

    assert found == [reads, reads, writes]


def test_the_page_of_a_request_says_why_it_is_there(client: Client, cast: Cast, chen: User) -> None:
    rule("Everything")
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()
    User.objects.filter(pk=chen.pk).update(language="en")

    page = sign_in(client, chen).get(f"/admin/service_requests/servicerequest/{row.pk}/change/")

    assert page.context["looks"] == ["decided by “Everything”"]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"to_on": "2026-11-01"}, "to_on"),
        ({"delegate": "self"}, "delegate"),
        ({"from_on": "tomorrow"}, "from_on"),
    ],
)
def test_a_wrong_absence_is_refused_at_its_field(
    client: Client, lead: User, chen: User, given: dict[str, str], wrong: str
) -> None:
    typed = {"user": chen.pk, "from_on": "2026-11-25", "to_on": "2026-11-26", "delegate": lead.pk, **given}
    if typed["delegate"] == "self":
        typed["delegate"] = chen.pk

    page = sign_in(client, lead).post("/admin/service_requests/absence/add/", typed)

    assert list(page.context["adminform"].form.errors) == [wrong]


def test_absences_and_limits_are_entered_by_the_lead(client: Client, lead: User, chen: User) -> None:
    client = sign_in(client, lead)
    typed = {"user": chen.pk, "from_on": "2026-11-25", "to_on": "2026-11-26", "delegate": lead.pk}

    pages = [
        client.post("/admin/service_requests/absence/add/", typed),
        client.post("/admin/service_requests/workloadcap/add/", {"user": chen.pk, "limit": 3}),
        client.post("/admin/service_requests/workloadcap/add/", {"user": lead.pk, "limit": 0}),
    ]

    assert [page.status_code for page in pages] == [302, 302, 200]
    assert (Absence.objects.get().delegate, WorkloadCap.objects.get().limit) == (lead, 3)
