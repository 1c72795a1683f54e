"""The stories other systems tell of matching gone wrong; each of ours must end well."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core import calendar
from enterprises.actions import record_fact
from notifications.models import Delivery, Notification
from services.policies import tasks
from services.policies.models import AlertDue, Match, NoticeTelling, PolicyItem, PolicyNotice, Reminder
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db
UNREADABLE = [{"fact": "blood_type", "op": "one_of", "values": ["a"], "kind": "gate"}]
PAGES = (
    "/en/policies/", "/en/policies/fitting/", "/en/policies/broken/", "/en/policies/combination/",
    "/en/policies/calendar/", "/en/policies/export.csv", "/en/policies/feed/", "/en/policies/quiz/",
    "/en/enterprise/", "/api/v1/items", "/en/search/?q=broken",
)  # fmt: skip


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works lie in Qingdao; what the reference data brought is announced."""
    tasks.announce_published()
    found = cast()
    record_fact(found.enterprise, "region", "370211", source="self", on=calendar.today(), by=None)
    tasks.rematch_changed()
    return found


def break_the_rule(notice: PolicyNotice) -> PolicyItem:
    """Leave conditions in the database that this release cannot read."""
    notice.items.update(criteria=UNREADABLE)
    return notice.items.get()


def told(notice: PolicyNotice, people: Cast) -> int:
    letters = Notification.objects.filter(kind="policies.matched", subject_code=notice.slug)
    return letters.filter(enterprise_id=people.enterprise.pk).count()


def test_one_bad_rule_does_not_keep_other_policies_from_being_announced(people: Cast) -> None:
    broken = published(slug="broken", items=[{"criteria": [IN_QINGDAO]}])
    sound = published(slug="sound", items=[{"criteria": [IN_QINGDAO]}])
    item = break_the_rule(broken)

    tasks.announce_published()
    first = (told(broken, people), told(sound, people) > 0)
    PolicyItem.objects.filter(pk=item.pk).update(criteria=[IN_QINGDAO])
    tasks.announce_published()

    assert first == (0, True)
    assert told(broken, people) == told(sound, people)


@pytest.mark.parametrize("path", PAGES)
def test_one_bad_rule_hides_no_page_and_no_other_policy(people: Cast, path: str) -> None:
    broken = published(slug="broken", title_en="Broken", items=[{"criteria": [IN_QINGDAO]}])
    published(slug="sound", title_en="Sound", items=[{"criteria": [IN_QINGDAO]}])
    break_the_rule(broken)

    page = sign_in(Client(), people.li).get(path, follow=True)

    assert page.status_code == 200


def test_a_rule_that_cannot_be_read_may_fit_and_is_no_no(people: Cast) -> None:
    broken = published(slug="broken", items=[{"criteria": [IN_QINGDAO]}])
    break_the_rule(broken)

    page = sign_in(Client(), people.li).get("/en/policies/broken/").context["sheet"]

    assert [claim.verdict for claim in page.claims] == ["unknown"]


@pytest.mark.parametrize(
    "asked",
    [
        gate("employees", "at_most", 300),
        gate("revenue_wan", "at_least", 1),
        gate("founded_on", "years_at_least", 1),
        gate("qualification", "has_any", "high_tech"),
        gate("digital_level", "at_least", 1),
        gate("industry", "within", "C"),
    ],
    ids=lambda one: one["fact"],
)
def test_a_missing_fact_is_never_a_no(people: Cast, asked: dict[str, Any]) -> None:
    notice = published(slug="ours", items=[{"criteria": [IN_QINGDAO, asked]}])
    tasks.announce_published()

    page = sign_in(Client(), people.li).get("/en/policies/ours/").context["sheet"]

    assert [claim.verdict for claim in page.claims] == ["unknown"]
    assert told(notice, people) == 0


def test_the_database_itself_lets_nothing_be_told_twice(people: Cast) -> None:
    notice = published(items=[{"criteria": [IN_QINGDAO], "closes_on": calendar.today()}])
    tasks.announce_published()
    item, today = notice.items.get(), calendar.today()
    both = {"enterprise": people.enterprise, "item": item}
    AlertDue.objects.create(user=people.li, item_version=1, due_on=today, **both)
    Reminder.objects.create(user=people.li, closes_on=today, days=2, **both)
    NoticeTelling.objects.get_or_create(notice=notice, version=1, event="published")

    for rows in (Match, AlertDue, Reminder, NoticeTelling, Notification, Delivery):
        again = rows.objects.order_by("-pk").first()
        again.pk, again._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)
