"""Campaigns: whom they invite, when they remind, how far they are, and that no small number is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise
from notifications.models import Notification
from services.assessments import actions, campaigns, tasks
from services.assessments.models import Campaign
from services.assessments.notifications import campaign_still_waits
from tests.factories.assessments import campaign, draft, finished
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def known(enterprise: Enterprise, **values: object) -> Enterprise:
    for code, value in values.items():
        record_fact(enterprise, code, value, source="self", on=calendar.today(), by=None)
    enterprise.refresh_from_db()
    return enterprise


def launched(**fields: object) -> Campaign:
    lead = officer("Lead", role="triage_lead")
    return actions.launch(campaign(lead, **fields), by=lead)


def invited(row: Campaign) -> set[str]:
    return {one.enterprise.name for one in row.invitations.select_related("enterprise")}


def letters(kind: str) -> list[int]:
    return list(
        Notification.objects.filter(kind=kind).order_by("recipient_id").values_list("recipient_id", flat=True)
    )


@pytest.fixture
def works(cast: Cast) -> Cast:
    known(cast.enterprise, region="370202", industry="341", employees=50, revenue_wan=900)
    known(cast.other, region="370102")
    return cast


def test_a_region_is_invited_and_told_once(works: Cast) -> None:
    row = launched()

    assert tasks.run_campaigns() == 2
    assert tasks.run_campaigns() == 0
    assert invited(row) == {works.enterprise.name}
    assert letters("assessments.invited") == sorted([works.li.pk, works.wang.pk])


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"sectors": ["34"]}, True),
        ({"sectors": ["27", "34"], "sizes": ["small"]}, True),
        ({"sectors": ["27"]}, False),
        ({"sizes": ["micro"]}, False),
        ({"region_id": "370203"}, False),
        ({"region_id": "370000"}, True),
    ],
)
def test_the_filter_asks_facts(works: Cast, fields: dict, fits: bool) -> None:
    row = campaign(officer("Lead", role="triage_lead"), **fields)

    assert (works.enterprise in campaigns.audience(row)) is fits


def test_what_is_not_known_is_not_invited(cast: Cast) -> None:
    assert not campaigns.audience(campaign(officer("Lead", role="triage_lead"))).exists()


def test_a_list_invites_whoever_registers_later_too(works: Cast) -> None:
    lead = officer("Lead", role="triage_lead")
    row = campaign(lead)
    later = EnterpriseFactory.build().uscc
    actions.set_list(row, codes=[works.other.uscc, later, works.other.uscc], by=lead)
    row.refresh_from_db()
    assert campaigns.unknown_codes(row) == [later]
    actions.launch(row, by=lead)
    actions.run_campaigns()
    MembershipFactory(enterprise=EnterpriseFactory(uscc=later, name="后来的厂"))

    actions.run_campaigns()

    assert invited(row) == {works.other.name, "后来的厂"}


def test_a_lead_invites_only_within_the_own_scope(works: Cast) -> None:
    lead = officer("Lead", role="triage_lead", region="370200")
    row = campaign(lead)
    actions.set_list(row, codes=[works.enterprise.uscc, works.other.uscc], by=lead)
    row.refresh_from_db()

    assert list(campaigns.audience(row)) == [works.enterprise]


def test_nobody_is_invited_before_the_first_day(works: Cast) -> None:
    row = launched(opens_on=calendar.today() + 2 * DAY)

    assert actions.run_campaigns() == 0
    assert actions.run_campaigns(calendar.now() + 2 * DAY) == 2
    assert invited(row) == {works.enterprise.name}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"opens_on": date(2026, 1, 1), "closes_on": date(2026, 1, 2)}, "The last day has passed"),
        ({"region_id": "371000"}, "Nobody would be invited"),
    ],
)
def test_what_makes_no_sense_is_not_launched(works: Cast, fields: dict, told: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=told):
        launched(**fields)


def test_two_reminders_for_who_has_not_finished(works: Cast) -> None:
    launched(days=30)
    now = calendar.now()
    actions.run_campaigns()

    assert actions.run_campaigns(now + 6 * DAY) == 0
    assert [actions.run_campaigns(now + 8 * DAY) for _run in range(2)] == [2, 0]
    assert [actions.run_campaigns(now + 28 * DAY) for _run in range(2)] == [2, 0]
    assert len(letters("assessments.reminded")) == 4


def test_a_late_tick_reminds_once_and_who_has_finished_never(works: Cast) -> None:
    row = launched(days=30, region_id="370000")
    actions.run_campaigns()
    finished(works.other, works.zhao)

    assert actions.run_campaigns(calendar.now() + 29 * DAY) == 2
    assert set(letters("assessments.reminded")) == {works.li.pk, works.wang.pk}
    assert sorted(row.invitations.values_list("reminders", flat=True)) == [0, 2]


def test_a_campaign_ends_by_itself_and_its_letters_with_it(works: Cast) -> None:
    row = launched()
    actions.run_campaigns()
    letter = Notification.objects.filter(kind="assessments.invited").earliest("pk")
    assert campaign_still_waits(letter)

    actions.run_campaigns(calendar.now() + 40 * DAY)

    row.refresh_from_db()
    assert row.state == Campaign.State.ENDED
    assert not campaign_still_waits(letter)


def test_the_last_day_of_a_running_campaign_can_be_moved(works: Cast) -> None:
    row = launched()
    later = row.closes_on + 10 * DAY

    assert actions.extend(row, closes_on=later, by=row.made_by).closes_on == later
    with pytest.raises(ValidationError):
        actions.extend(row, closes_on=calendar.today() - DAY, by=row.made_by)
    with translation.override("en"), pytest.raises(ValidationError, match="only before the launch"):
        actions.set_list(row, codes=[works.other.uscc], by=row.made_by)


def test_an_enterprise_sees_the_call_until_it_has_finished(works: Cast) -> None:
    finished(works.enterprise, works.li)
    launched()
    actions.run_campaigns()

    seen = [campaigns.open_for(works.li, works.enterprise)]
    begun = draft(works.enterprise, works.li)
    seen.append(campaigns.open_for(works.li, works.enterprise))
    actions.discard(begun, by=works.li)
    finished(works.enterprise, works.li)
    seen.append(campaigns.open_for(works.li, works.enterprise))

    assert [[one.has_begun for one in rows] for rows in seen] == [[False], [True], []]
    assert campaigns.open_for(works.zhao, works.enterprise) == []


def test_coverage_counts_the_rounds_since_the_launch(works: Cast) -> None:
    finished(works.enterprise, works.li)
    row = launched(region_id="370000")
    for number in range(12):
        known(EnterpriseFactory(), region="370202" if number < 6 else "370203")
    actions.run_campaigns()
    draft(works.enterprise, works.li)
    finished(works.other, works.zhao)

    with translation.override("en"):
        found = campaigns.coverage(row)

    assert [(one.name, one.invited, one.begun, one.finished) for one in found.rows] == [
        ("Qingdao City", None, None, 0),
        ("Jinan City", None, None, None),
    ]
    assert (found.total.invited, found.total.begun, found.total.finished) == (14, 2, 1)
