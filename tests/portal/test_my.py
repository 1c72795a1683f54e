"""My enterprise: what waits comes first, and only this enterprise's own rows are gathered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import calendar
from portal import my
from services.policies import actions as policy_actions
from services.requests.models import State
from tests.factories import assessments as assessment_factory
from tests.factories import conversions, vouchers
from tests.factories.accounts import sign_in
from tests.factories.assessments import campaign, finished
from tests.factories.enterprises import cast
from tests.factories.policies import published
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db


def test_waiting_requests_come_first_and_drafts_stand_apart() -> None:
    people, chen = cast(), officer()
    waiting = in_state(State.WAITING, people.li, people.enterprise, chen)
    draft = in_state(State.DRAFT, people.li, people.enterprise, chen)
    running = in_state(State.IN_PROGRESS, people.li, people.enterprise, chen)

    found = my.panels(people.li, people.enterprise, {})

    assert [row["reference"] for row in found.waiting] == [waiting.reference]
    assert [row["subject"] for row in found.drafts] == [draft.subject]
    assert [row["reference"] for row in found.latest] == [running.reference]


def test_another_enterprise_has_nothing_of_it() -> None:
    people, chen = cast(), officer()
    in_state(State.WAITING, people.li, people.enterprise, chen)

    found = my.panels(people.zhao, people.other, {})

    assert [found.waiting, found.fitting, found.drafts, found.latest] == [[], [], [], []]


def test_nothing_fits_is_said_only_after_the_facts_have_been_matched(client: Client) -> None:
    people = cast()
    sign_in(client, people.li)

    early = client.get("/en/enterprise/").content.decode()
    policy_actions.rematch(people.enterprise, on=calendar.today())
    later = client.get("/en/enterprise/").content.decode()

    assert "is being held against the policies" in early
    assert "No open policy is a sure match yet" not in early
    assert "No open policy is a sure match yet" in later


def test_a_match_shows_while_its_item_is_open() -> None:
    people = cast()
    notice = published(items=[{"criteria": []}])
    item = notice.items.get()
    item.matches.create(enterprise=people.enterprise, item_version=item.version)
    assert [row.title for row in my.fitting(people.enterprise)] == [item.title]

    notice.is_ended = True
    notice.save(update_fields=["is_ended"])

    assert my.fitting(people.enterprise) == []


def test_a_last_day_is_that_of_the_notice_or_not_known_and_the_nearest_comes_first() -> None:
    people, today = cast(), calendar.today()
    unknown, late, all_year, soon = (
        published(items=[{"criteria": [], **fields}], effective_to=ends).items.get()
        for fields, ends in (
            ({}, None),
            ({}, today + timedelta(days=395)),
            ({"is_open_all_year": True}, None),
            ({"closes_on": today + timedelta(days=9)}, None),
        )
    )
    for item in (unknown, late, all_year, soon):
        item.matches.create(enterprise=people.enterprise, item_version=item.version)

    shown = [(row.deadline.days_left, row.deadline.not_known) for row in my.fitting(people.enterprise)]

    assert shown == [(9, False), (395, False), (None, False), (None, True)]


def test_what_the_enterprise_dismissed_is_left_out() -> None:
    people = cast()
    first, second = (published(items=[{"criteria": []}]).items.get() for _notice in range(2))
    for item in (first, second):
        item.matches.create(enterprise=people.enterprise, item_version=item.version)
    assert len(my.fitting(people.enterprise)) == 2

    policy_actions.mark(
        people.enterprise, first.notice, first, standing="dismissed", reason="work", by=people.li
    )

    assert [row.url for row in my.fitting(people.enterprise)] == [f"/policies/{second.notice.slug}/"]


def test_a_conversion_project_shows_until_it_is_paid() -> None:
    people = vouchers.staff()
    paid = conversions.in_state("paid", people)
    running = conversions.in_state("filed", people, by=(paid.enterprise, paid.declared_by))

    found = my.panels(paid.declared_by, paid.enterprise, {})

    assert [row.pk for row in found.conversions] == [running.pk]


def test_the_newest_round_stands_with_its_next_step_and_a_call_with_its_day() -> None:
    people = cast()
    finished(people.enterprise, people.li)
    second = finished(people.enterprise, people.li)
    draft = assessment_factory.draft(people.enterprise, people.li, code="dma")
    call = campaign(officer("Lead", role="triage_lead"), state="running", launched_at=timezone.now())
    call.invitations.create(enterprise=people.enterprise)

    found = my.panels(people.li, people.enterprise, {})

    assert [(one.finished, one.draft) for one in found.standings] == [(second, None), (None, draft)]
    assert found.standings[0].step is not None
    assert [one.closes_on for one in found.invitations] == [call.closes_on]
    other = my.panels(people.zhao, people.other, {})
    assert (other.standings, other.invitations) == ([], [])
