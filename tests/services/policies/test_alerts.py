"""Who hears when of what fits: topics, mornings, reminders before a last day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise
from notifications.models import Notification
from services.policies import actions, funnel, notifications, tasks
from services.policies.models import AlertDue, ItemMark, PolicyItem, Reminder
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory, cast
from tests.factories.policies import IN_QINGDAO, corrected, gate, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works lie in Qingdao, Zhao's in Jinan."""
    found = cast()
    know(found.enterprise, region="370211")
    know(found.other, region="370102")
    tasks.rematch_changed()
    AlertDue.objects.all().delete()
    return found


def know(enterprise: Enterprise, **facts: Any) -> None:
    for code, value in facts.items():
        record_fact(enterprise, code, value, source="self", on=date(2026, 11, 1), by=None)


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=f"policies.{kind}").order_by("pk")
    return sorted(row.recipient.name for row in rows if row.recipient)


def item(days: int | None = None, **fields: Any) -> PolicyItem:
    closes_on = None if days is None else calendar.today() + timedelta(days=days)
    given = {"criteria": [IN_QINGDAO], "closes_on": closes_on, **fields}
    return published(items=[given]).items.get()


# --- topics -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "days", "hears"),
    [
        ("instant", None, ["Li", "Wang"]),
        ("daily", None, ["Wang"]),
        ("weekly", 8, ["Wang"]),
        ("weekly", 7, ["Li", "Wang"]),
        ("deadlines", 3, ["Wang"]),
        ("never", 3, ["Wang"]),
    ],
)
def test_a_match_is_told_at_once_to_those_who_want_it_so(
    people: Cast, frequency: str, days: int | None, hears: list[str]
) -> None:
    actions.choose_topics(people.li, choices={"funding": frequency, "tax": "never"})
    item(days)

    tasks.announce_published()

    assert told("matched") == hears
    waits = frequency in {"daily", "weekly"} and hears == ["Wang"]
    assert AlertDue.objects.filter(user=people.li, told_at=None).count() == waits


def test_what_waits_goes_in_one_letter_and_once(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.choose_topics(people.li, choices={"funding": "daily"})
    found = [item(), item(40), item()]
    tasks.announce_published()
    actions.repeal(found[2].notice, reason="废止", by=None)
    day = AlertDue.objects.latest("pk").due_on

    with django_assert_num_queries(12):
        assert actions.send_match_digests(day=day - timedelta(days=1)) == 0
        assert actions.send_match_digests(day=day) == 3
    assert actions.send_match_digests(day=day) == 0

    letter = Notification.objects.get(kind="policies.match_digest")
    assert (letter.recipient, letter.context["count"], letter.context["enterprise"]) == (
        people.li, 2, "青岛海风机械厂",
    )  # fmt: skip
    assert [row["closes_on"] != "" for row in letter.context["items"]] == [True, False]
    assert funnel.of(found[0].notice).told == 1


def test_what_was_dismissed_or_is_no_longer_ones_own_waits_in_vain(people: Cast) -> None:
    actions.choose_topics(people.li, choices={"funding": "daily"})
    actions.choose_topics(people.wang, choices={"funding": "daily"})
    first = item()
    tasks.announce_published()
    actions.mark(people.enterprise, first.notice, first, standing="dismissed", reason="have", by=people.wang)
    item()
    tasks.announce_published()
    people.enterprise.memberships.filter(user=people.wang).update(ended_at=calendar.now())

    assert actions.send_match_digests(day=calendar.today() + timedelta(days=1)) == 4

    letter = Notification.objects.get(kind="policies.match_digest")
    assert (letter.recipient, letter.context["count"]) == (people.li, 1)


def test_the_dismissed_is_not_told_again_when_facts_change_or_it_is_amended(people: Cast) -> None:
    asks = item(criteria=[IN_QINGDAO, gate("digital_level", "at_least", 1)])
    tasks.announce_published()
    actions.mark(people.enterprise, asks.notice, asks, standing="dismissed", reason="work", by=people.li)

    know(people.enterprise, digital_level=2)
    tasks.rematch_changed()
    PolicyItem.objects.filter(pk=asks.pk).update(version=2, announced_at=None)
    tasks.announce_published()

    assert (told("rematched"), told("matched")) == ([], [])


def test_after_a_change_of_facts_each_topic_goes_its_own_way(people: Cast) -> None:
    actions.choose_topics(people.li, choices={"funding": "weekly", "tax": "never"})
    level = gate("digital_level", "at_least", 1)
    for kind in ("funding", "tax", "voucher"):
        item(criteria=[IN_QINGDAO, level], kind=kind)
    tasks.announce_published()

    know(people.enterprise, digital_level=2)
    tasks.rematch_changed()

    letters = {
        row.recipient.name: row.context["count"]
        for row in Notification.objects.filter(kind="policies.rematched")
        if row.recipient
    }
    assert letters == {"Li": 1, "Wang": 3}
    ledger = AlertDue.objects.filter(user=people.li).order_by("item__kind")
    assert [(row.item.kind, row.told_at is None, row.letter[:19]) for row in ledger] == [
        ("funding", True, ""),
        ("voucher", False, "policies.rematched:"),
    ]


# --- reminders -------------------------------------------------------------------------


def save(people: Cast, found: PolicyItem, *, days_ago: int = 60, standing: str = "saved") -> None:
    mark = actions.mark(people.enterprise, found.notice, found, standing=standing, by=people.li)
    ItemMark.objects.filter(pk=mark.pk).update(marked_at=calendar.now() - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("days", "step"),
    [(31, None), (30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (3, 7), (2, 2), (0, 2), (-1, None)],
)
def test_the_nearest_step_that_has_come_is_reminded_of_once(
    people: Cast, days: int, step: int | None
) -> None:
    save(people, item(days))
    today = calendar.today()

    assert [actions.remind(on=today), actions.remind(on=today)] == [2 if step is not None else 0, 0]

    assert told("reminder") == (["Li", "Wang"] if step is not None else [])
    assert set(Reminder.objects.values_list("days", flat=True)) == ({step} if step is not None else set())


def test_each_step_comes_once_and_missed_days_are_made_up_for_by_one(people: Cast) -> None:
    save(people, item(40))
    today = calendar.today()
    letters = [actions.remind(on=today + timedelta(days=n)) for n in range(45)]

    assert [n for n, count in enumerate(letters) if count] == [10, 26, 33, 38]

    Reminder.objects.all().delete()
    Notification.objects.filter(kind="policies.reminder").delete()
    assert [actions.remind(on=today + timedelta(days=n)) for n in (35, 36, 37, 39)] == [2, 0, 0, 2]


@pytest.mark.parametrize("standing", ["applied", "obtained", "dismissed"])
def test_no_reminder_once_applied_or_dismissed(people: Cast, standing: str) -> None:
    found = item(7)
    reason = {"reason": "have"} if standing == "dismissed" else {}
    actions.mark(people.enterprise, found.notice, found, standing=standing, by=people.li, **reason)
    ItemMark.objects.update(marked_at=calendar.now() - timedelta(days=60))

    assert actions.remind(on=calendar.today()) == 0


def test_what_was_saved_after_the_step_waits_for_the_next(people: Cast) -> None:
    save(people, item(5), days_ago=0)
    today = calendar.today()

    assert [actions.remind(on=today + timedelta(days=n)) for n in range(4)] == [0, 0, 0, 2]


def test_a_withdrawn_notice_reminds_nobody_also_not_of_what_lies_in_the_outbox(people: Cast) -> None:
    found, other = item(7), item(7)
    save(people, found)
    save(people, other)
    actions.repeal(other.notice, reason="废止", by=None)
    assert actions.remind(on=calendar.today()) == 2
    letter = Notification.objects.filter(kind="policies.reminder").latest("pk")
    assert notifications.still_to_be_done(letter)

    actions.repeal(found.notice, reason="废止", by=None)

    assert not notifications.still_to_be_done(letter)


def test_a_reminder_in_the_outbox_is_dropped_once_applied(people: Cast) -> None:
    found = item(7)
    save(people, found)
    actions.remind(on=calendar.today())
    letter = Notification.objects.filter(kind="policies.reminder").latest("pk")

    actions.mark(people.enterprise, found.notice, found, standing="applied", by=people.li)

    assert not notifications.still_to_be_done(letter)


def test_a_moved_last_day_begins_anew(people: Cast) -> None:
    found = item(7)
    save(people, found)
    assert actions.remind(on=calendar.today()) == 2

    later = calendar.today() + timedelta(days=14)
    corrected(found.notice, item={"closes_on": later})

    assert actions.remind(on=calendar.today()) == 2
    assert sorted(Reminder.objects.values_list("days", flat=True)) == [7, 7, 14, 14]


def test_who_wants_last_days_only_is_reminded_of_what_fits(people: Cast) -> None:
    actions.choose_topics(people.wang, choices={"funding": "deadlines"})
    found = item(20)
    item(20, criteria=[gate("region", "within", "370100")])
    tasks.announce_published()

    assert actions.remind(on=calendar.today()) == 1
    assert told("reminder") == ["Wang"]

    actions.mark(people.enterprise, found.notice, found, standing="dismissed", reason="work", by=people.li)
    assert actions.remind(on=calendar.today() + timedelta(days=10)) == 0


def test_reminding_costs_the_same_for_one_and_for_many(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = item(7)
    save(people, found)
    for _works in range(3):
        member = MembershipFactory(enterprise=EnterpriseFactory(), user=UserFactory())
        mark = actions.mark(member.enterprise, found.notice, found, standing="saved", by=member.user)
        ItemMark.objects.filter(pk=mark.pk).update(marked_at=calendar.now() - timedelta(days=60))

    with django_assert_num_queries(4):
        assert actions.remind(on=calendar.today()) == 5


def test_the_morning_task_asks_the_database_which_day_it_is(people: Cast) -> None:
    save(people, item(7))

    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC), tick=False):
        assert tasks.remind() == 2
        assert tasks.remind() == 0
