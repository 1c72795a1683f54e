"""How far a notice came, from the rows that stand anyway."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import calendar
from enterprises.actions import record_fact
from notifications.models import Notification
from services.policies import actions, funnel, handing, tasks
from services.policies.funnel import Funnel
from services.policies.models import Benefit
from services.requests import actions as request_actions
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import cast
from tests.factories.policies import IN_QINGDAO, published

pytestmark = pytest.mark.django_db
READ = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_notice_nobody_has_met_counts_nothing() -> None:
    assert funnel.of(published(items=[{"criteria": []}])) == Funnel(0, 0, 0, 0, 0, 0, 0, 0, {})


def test_every_step_is_counted_by_enterprise(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = cast()
    for enterprise, region in ((people.enterprise, "370211"), (people.other, "370202")):
        record_fact(enterprise, "region", region, source="self", on=date(2026, 11, 1), by=None)
    tasks.rematch_changed()
    notice = published(slug="lathes", items=[{"criteria": [IN_QINGDAO]}])
    other = published(slug="other", items=[{"criteria": [IN_QINGDAO]}])
    tasks.announce_published()
    for reader in (people.li, people.wang):
        Notification.objects.filter(recipient=reader, subject_code="lathes").update(
            read_at="2026-11-20T00:00Z"
        )
    Notification.objects.filter(recipient=people.zhao, subject_code="other").update(
        read_at="2026-11-20T00:00Z"
    )
    item = notice.items.get()
    actions.mark(people.enterprise, notice, item, standing="applied", by=people.li)
    actions.mark(people.other, notice, item, standing="dismissed", reason="work", by=people.zhao)
    actions.mark(people.other, other, other.items.get(), standing="obtained", by=people.zhao)
    for path in ("/policies/lathes/", "/en/policies/lathes/", "/policies/other/"):
        request_actions.ask_question(
            request_actions.Question(
                subject="补贴",
                body="怎么申请？",
                contact_email="owner@works.example",
                source=request_actions.Source("办法", path),
            )
        )

    with django_assert_num_queries(1):
        found = funnel.of(notice)

    assert found == Funnel(
        matched=2,
        told=2,
        opened=1,
        asked=2,
        read=0,
        saved=1,
        applied=1,
        obtained=0,
        dismissed={"work": 1},
    )
    assert funnel.of(other).obtained == 1


def test_what_needs_no_application_counts_from_the_offer_to_the_grant() -> None:
    people = cast()
    record_fact(people.enterprise, "region", "370211", source="self", on=date(2026, 11, 1), by=None)
    tasks.rematch_changed()
    notice = published(
        items=[{"criteria": [IN_QINGDAO], "delivery": "no_application", "handed": ["employees"]}]
    )
    tasks.announce_published()
    tasks.offer_benefits()
    Notification.objects.filter(recipient=people.wang).update(read_at=READ)
    benefit = Benefit.objects.get()
    seen = handing.fingerprint(handing.data(people.enterprise, benefit.item.handed))
    benefit = actions.consent(benefit, seen=seen, by=people.li)
    agreed = funnel.of(notice)
    officer = UserFactory(roles=["finance_officer"])
    actions.hand_over(benefit.item, by=officer)
    benefit.refresh_from_db()
    actions.grant(benefit, settled_on=calendar.today(), by=officer)

    assert (agreed.matched, agreed.told, agreed.opened, agreed.applied, agreed.obtained) == (1, 1, 1, 1, 0)
    assert funnel.of(notice).obtained == 1


def test_its_page_counts_who_opens_it_in_either_language_and_nobody_else(client: Client) -> None:
    notice = published(slug="lathes")
    client.get("/policies/lathes/")
    client.get("/en/policies/lathes/")
    client.head("/policies/lathes/")
    client.get("/policies/lathes/versions/1/")

    assert funnel.of(notice).read == 2
    assert notice.readings.get().day == calendar.today()
