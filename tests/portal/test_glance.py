from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from enterprises.actions import record_fact
from enterprises.models import Region, StaffScope
from portal import glance
from services.cloud.models import VoucherState
from services.requests.models import ServiceRequest
from tests.factories import assessments
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.requests import in_state, officer, submitted
from tests.factories.vouchers import checked, draft, product, programme, staff
from tests.factories.vouchers import in_state as voucher_in

pytestmark = pytest.mark.django_db


def seen_by(row: ServiceRequest, person: User) -> glance.Glance | None:
    return glance.of(row, person, ServiceRequest.objects.on_desk_of(person))


def page_of(row: ServiceRequest) -> str:
    return f"/admin/service_requests/servicerequest/{row.pk}/change/"


def test_the_desk_sees_what_the_enterprise_asked_before_and_how_digital_it_is(client: Client) -> None:
    people, chen = cast(), officer("Chen")
    before = in_state("resolved", people.li, people.enterprise, chen)
    submitted(people.zhao, people.other)
    assessments.finished(people.enterprise, people.li)
    row = submitted(people.li, people.enterprise)

    found = seen_by(row, chen)
    shown = sign_in(client, chen).get(page_of(row)).text

    assert found
    assert found.levels
    assert [one.row for one in found.asked] == [before]
    assert (len(found.levels), found.more) == (1, False)
    assert before.reference in shown
    assert found.levels[0].url in shown


def test_the_profile_stands_in_words_for_whoever_may_see_it(client: Client) -> None:
    people, chen = cast(), officer("Chen")
    said = {"source": "self", "on": date(2026, 1, 5), "by": people.li}
    record_fact(people.enterprise, "employees", 86, **said)
    record_fact(people.enterprise, "revenue_wan", "4200", expires=date(2026, 1, 6), **said)
    record_fact(people.enterprise, "qualification.high_tech", True, **said)
    row = submitted(people.li, people.enterprise)

    found = seen_by(row, chen)

    assert found
    assert [words for _name, words in found.profile] == ["86人", "是"]
    assert "86人" in sign_in(client, chen).get(page_of(row)).text


def test_only_the_newest_five_are_shown_and_only_those_in_scope() -> None:
    people = cast()
    rows = [submitted(people.li, people.enterprise) for _number in range(7)]

    seen = seen_by(rows[0], officer("Chen"))
    far = seen_by(rows[0], officer("Far", region="371302"))

    assert seen
    assert far
    assert [one.row for one in seen.asked] == rows[6:1:-1]
    assert seen.more
    assert far.asked == []


def test_who_may_not_see_assessments_is_not_shown_them() -> None:
    people = cast()
    assessments.finished(people.enterprise, people.li)
    row = submitted(people.li, people.enterprise)

    found = seen_by(row, UserFactory(roles=["county_reviewer"]))

    assert found
    assert found.levels is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_county_sees_the_vouchers_of_the_enterprise(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    people, decide, bought = cast(), staff(), product()
    with checked(people.enterprise):
        own = {"by": (people.enterprise, people.li), "product": bought}
        held = [
            voucher_in(VoucherState.ISSUED, decide, programme=programme(yearly_limit=9), **own)
            for _number in range(count)
        ]
        draft(programme(yearly_limit=9), bought, people.enterprise, people.li)
    voucher_in(VoucherState.ISSUED, decide, product=bought)
    row = submitted(people.li, people.enterprise)
    # Asked once before, so that what this person may do is known.
    decide.county.has_perm("cloud.view_voucher")

    with django_assert_num_queries(3):  # the scopes of the person, for requests and vouchers, and the glance
        found = seen_by(row, decide.county)

    assert found
    assert [one.row for one in found.vouchers or []] == held[::-1]
    shown = sign_in(client, decide.county).get(page_of(row)).text
    assert f"{held[0].reference}</a> Cloud office · 3,000 yuan · Issued" in shown


def test_vouchers_keep_to_the_regions_and_rights_of_the_reader() -> None:
    people, decide = cast(), staff()
    with checked(people.enterprise):
        voucher_in(VoucherState.SUBMITTED, decide, by=(people.enterprise, people.li))
    row = submitted(people.li, people.enterprise)
    StaffScope.objects.create(user=decide.city, region=Region.objects.get(code="371302"))

    far, triage = seen_by(row, decide.city), seen_by(row, officer("Chen"))

    assert far
    assert triage
    assert far.vouchers == []
    assert triage.vouchers is None


def test_a_question_without_an_enterprise_has_none() -> None:
    with translation.override("en"):
        row = submitted(UserFactory(), None)

    assert seen_by(row, officer("Chen")) is None
