"""My enterprise with rows of every kind: each shows, and three of a kind cost no more queries than one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import calendar
from enterprises.models import Claim, Invitation, JoinRequest
from services.industry import actions as industry_actions
from services.industry.models import Booking, Need
from services.policies.models import Benefit, ItemMark
from services.requests.models import State
from tests.factories import assessments, cloud, conversions, vouchers
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, EnterpriseFactory, cast
from tests.factories.industry import OccasionFactory, need_text
from tests.factories.policies import published
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db

BANKS = ("miit", "cloud", "dma")


def _of_requests(people: Cast, rows: int) -> None:
    chen = officer()
    for state in (State.WAITING, State.DRAFT, State.IN_PROGRESS, State.RESOLVED):
        for _row in range(rows):
            in_state(state, people.li, people.enterprise, chen)


def _of_people(people: Cast, rows: int) -> None:
    until = timezone.now() + timedelta(days=7)
    for number in range(rows):
        asker, other = UserFactory(name=f"Asker {number}"), EnterpriseFactory(name=f"胶州包装厂{number}")
        JoinRequest.objects.create(
            enterprise=people.enterprise, uscc=people.enterprise.uscc, asked_by=asker, expires_at=until
        )
        JoinRequest.objects.create(uscc=other.uscc, asked_by=people.li, expires_at=until)
        Claim.objects.create(enterprise=other, claimant=people.li, answers={"name": f"即墨针织厂{number}"})
        Invitation.objects.create(
            enterprise=other,
            email=people.li.email,
            role="editor",
            token_hash=f"{number}",
            invited_by=asker,
            expires_at=until,
        )


def _of_policies(people: Cast, rows: int) -> None:
    for _row in range(rows):
        found, offered, hidden = (published(items=[{"criteria": []}]).items.get() for _notice in range(3))
        found.matches.create(enterprise=people.enterprise, item_version=found.version)
        Benefit.objects.create(item=offered, item_version=1, enterprise=people.enterprise)
        ItemMark.objects.create(
            enterprise=people.enterprise,
            notice=hidden.notice,
            item=hidden,
            standing="dismissed",
            reason="work",
            by=people.li,
        )
        published(items=[{"criteria": [{"fact": "employees", "op": "at_least", "values": [20]}]}])


def _of_the_factory(people: Cast, rows: int) -> None:
    expert, lead = officer("Expert"), officer("Lead", role="triage_lead")
    for code in BANKS[:rows]:
        done = assessments.finished(people.enterprise, people.li, code=code)
        assessments.draft(people.enterprise, people.li, code=code)
        done.verifications.create(score=10, level=1, visited_on=calendar.today(), verified_by=expert)
        call = assessments.campaign(lead, code=code, state="running", launched_at=timezone.now())
        call.invitations.create(enterprise=people.enterprise)


def _of_the_cloud(people: Cast, rows: int) -> None:
    staff = vouchers.staff()
    by = (people.enterprise, people.li)
    with vouchers.checked(people.enterprise):
        for _row in range(rows):
            cloud.plan(*by, cloud.on_sale())
            conversions.in_state("filed", staff, by=by)
            vouchers.in_state("issued", staff, by=by, programme=vouchers.programme(yearly_limit=rows))


def _of_industry(people: Cast, rows: int) -> None:
    for number in range(rows):
        posted = industry_actions.post_need(
            need_text(title=f"铸件{number}"), enterprise=people.enterprise, by=people.li
        )
        Need.objects.filter(pk=posted.pk).update(state="returned")
        for occasion in (OccasionFactory(), OccasionFactory(over=True)):
            Booking.objects.create(
                occasion=occasion,
                enterprise=people.enterprise,
                booked_by=people.li,
                attendee_name="李",
                state="booked",
                asked_at=Now(),
            )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_six_times_beside_session_person_and_membership(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    people = cast()
    for fill in (_of_requests, _of_people, _of_policies, _of_the_factory, _of_the_cloud, _of_industry):
        fill(people, rows)
    sign_in(client, people.li).get(reverse("home"))

    with django_assert_num_queries(9):
        page = client.get("/en/enterprise/")

    shown = page.content.decode()
    counts = {
        "invites you to act": rows,
        "is being checked": rows,
        "You asked to act for": rows,
        "asks to act for you": 2 * rows,
        "Say whether it helped": rows,
        "Use the voucher": rows,
        "Change it and send it again": rows,
        "Say what it was worth": rows,
        "Go on with the assessment": 2 * rows,
        "seen by an expert": rows,
        "steps done": rows,
        "Next step:": 1,
    }
    assert {words: shown.count(words) for words in counts} == counts
