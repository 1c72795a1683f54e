from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import calendar
from enterprises.models import Region
from services.requests import actions, load, unmet
from services.requests.models import Absence, ServiceRequest, WorkloadCap
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/service_requests/servicerequest/"
NEVER = "2026-01-05T23:59:59+08:00"


def refused(cast: Cast, by: User, **given: Any) -> ServiceRequest:
    return actions.refuse(
        submitted(cast.li, cast.enterprise, given.pop("offering", None)), "不办。", by=by, **given
    )


def test_the_load_of_each_officer_with_what_nobody_has(cast: Cast, chen: User, lead: User) -> None:
    today = calendar.today()
    WorkloadCap.objects.create(user=chen, limit=2)
    Absence.objects.create(user=lead, from_on=today, to_on=today, delegate=chen)
    late = in_state("in_progress", cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=NEVER)
    in_state("waiting", cast.li, cast.enterprise, chen)
    in_state("resolved", cast.li, cast.enterprise, chen)
    submitted(cast.li, cast.enterprise)

    found = load.overview(lead, timezone.now())

    assert (found.unheld, found.unheld_overdue) == (1, 0)
    assert [
        (row.load.person, row.load.open, row.load.has_room, row.overdue, row.waiting, row.settled)
        for row in found.rows
    ] == [(chen, 2, False, 1, 1, 1), (lead, 0, True, 0, 0, 0)]
    assert [row.median_first_reply for row in found.rows] == [0, None]
    assert found.rows[1].load.away_until == today


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_the_same_queries_however_many_people(
    client: Client, lead: User, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        officer(f"Officer{number}")
    sign_in(client, lead).get(f"{QUEUE}load/")

    with django_assert_num_queries(15):
        page = client.get(f"{QUEUE}load/")

    assert len(page.context["overview"].rows) == count + 1


def test_what_was_returned_is_counted_by_service(cast: Cast, chen: User) -> None:
    asked, instead = OfferingFactory(name_zh="驻厂诊断"), OfferingFactory()
    refused(cast, chen, offering=asked)
    refused(cast, chen, offering=asked, next_offering=instead)
    submitted(cast.li, cast.enterprise, asked)
    submitted(cast.li, cast.enterprise, instead)
    old = refused(cast, chen, offering=asked)
    ServiceRequest.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=181))

    found = unmet.wishes(timezone.now())

    assert [(str(wish.name), wish.asked, wish.returned, wish.rerouted, wish.percent) for wish in found] == [
        ("驻厂诊断", 3, 2, 1, 67)
    ]


@pytest.mark.parametrize(("count", "places"), [(2, [("", 2)]), (3, [("青岛市", 3)])])
def test_a_place_is_named_from_three_on(
    cast: Cast, chen: User, count: int, places: list[tuple[str, int]]
) -> None:
    rows = [refused(cast, chen) for _ in range(count)]
    ServiceRequest.objects.filter(pk__in=[row.pk for row in rows]).update(
        region=Region.objects.get(code="370202")
    )

    found = unmet.places(timezone.now())

    assert [place.returned for place in found] == [number for _name, number in places]
    assert (found[0].name == "青岛市") is (count == 3)


@pytest.mark.parametrize(
    ("role", "sees_load", "sees_unmet"),
    [
        ("triage_officer", 403, 403),
        ("triage_lead", 200, 200),
        ("policymaker", 403, 200),
        ("auditor", 403, 200),
        ("publisher", 403, 403),
    ],
)
def test_leads_see_the_load_and_policymakers_what_could_not_be_met(
    client: Client, role: str, sees_load: int, sees_unmet: int
) -> None:
    client = sign_in(client, UserFactory(roles=[role]))

    found = [client.get(f"{QUEUE}{board}/").status_code for board in ("load", "unmet")]

    assert found == [sees_load, sees_unmet]


def test_the_landing_board_leads_policymakers_there(client: Client, cast: Cast, chen: User) -> None:
    refused(cast, chen)

    page = sign_in(client, UserFactory(roles=["policymaker"])).get("/admin/")

    assert [(counter.code, counter.number, counter.url) for counter in page.context["counters"]] == [
        ("opinions", 0, "/admin/policies/opinion/?state__exact=new"),
        ("unmet", 1, "/admin/policy-board/"),
        ("activity", 0, "/admin/activity/"),
    ]
