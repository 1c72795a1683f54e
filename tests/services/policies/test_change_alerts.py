"""A corrected, superseded or repealed notice: only those for whom it changes something are told, and what."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from enterprises.actions import record_fact
from notifications.models import Notification
from services.policies import actions, tasks
from services.policies.models import NoticeTelling, PolicyNotice
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory, cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, corrected, gate, published

pytestmark = pytest.mark.django_db
LAST_DAY = date(2099, 6, 30)


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works and Zhao's lie in Qingdao; Li's has 120 people, Zhao's 400."""
    tasks.tell_published()
    found = cast()
    for enterprise, employees in ((found.enterprise, 120), (found.other, 400)):
        for code, value in (("region", "370211"), ("employees", employees)):
            record_fact(enterprise, code, value, source="self", on=date(2026, 11, 1), by=None)
    tasks.rematch_changed()
    return found


@pytest.fixture
def notice(people: Cast) -> PolicyNotice:
    """Both met it and were told."""
    found = published(slug="lathes", items=[{"criteria": [IN_QINGDAO], "closes_on": LAST_DAY}])
    tasks.announce_published()
    tasks.tell_published()
    return found


def letters() -> list[Notification]:
    return list(Notification.objects.filter(kind="policies.changed").order_by("recipient__name", "pk"))


def told() -> list[str]:
    return [row.recipient.name for row in letters() if row.recipient]


def test_who_met_it_and_now_does_not_is_told_why_and_the_others_are_left_alone(notice: PolicyNotice) -> None:
    corrected(notice, item={"criteria": [IN_QINGDAO, AT_MOST_300]})

    tasks.tell_published()
    tasks.tell_published()
    tasks.announce_published()

    assert told() == ["Zhao"]
    context = letters()[0].context
    assert (context["was_met"], context["is_met"]) == (True, False)
    assert context["because_en"] == ["Employees: at most 300 people"]
    assert context["changes_en"] == ["New condition: Employees: at most 300 people"]
    assert Notification.objects.filter(kind="policies.matched").count() == 3


def test_a_moved_last_day_is_told_to_all_who_met_it_with_old_and_new(notice: PolicyNotice) -> None:
    corrected(notice, item={"closes_on": date(2099, 6, 20)})

    tasks.tell_published()
    tasks.announce_published()

    assert told() == ["Li", "Wang", "Zhao"]
    context = letters()[0].context
    assert (context["old_day"], context["new_day"], context["is_met"]) == ("2099-06-30", "2099-06-20", True)
    assert "earlier" in context["changes_en"][0]


@pytest.mark.parametrize("change", [{"title_en": "Another title"}, {"amount_note_zh": "分两年拨付"}])
def test_what_is_not_material_is_told_to_nobody(
    people: Cast, notice: PolicyNotice, change: dict[str, str]
) -> None:
    actions.mark(people.enterprise, notice, notice.items.get(), standing="saved", by=people.li)

    corrected(notice, item=change)
    tasks.tell_published()

    assert told() == []


def test_another_amount_is_told_only_to_those_who_saved_or_applied(
    people: Cast, notice: PolicyNotice
) -> None:
    actions.mark(people.other, notice, notice.items.get(), standing="applied", by=people.zhao)

    corrected(notice, item={"max_fen": 30_000_000})
    tasks.tell_published()

    assert told() == ["Zhao"]
    assert letters()[0].context["is_met"] is True


def test_the_dismissed_is_not_told(people: Cast, notice: PolicyNotice) -> None:
    item = notice.items.get()
    actions.mark(people.enterprise, notice, item, standing="dismissed", reason="work", by=people.li)

    corrected(notice, item={"closes_on": date(2099, 6, 20)})
    tasks.tell_published()

    assert told() == ["Zhao"]


def test_an_unstated_condition_is_one_nobody_surely_meets(notice: PolicyNotice) -> None:
    corrected(notice, item={"criteria": [IN_QINGDAO, gate("", "unstated")]})

    tasks.tell_published()

    assert told() == ["Li", "Wang", "Zhao"]
    assert {row.context["is_met"] for row in letters()} == {False}


@pytest.mark.parametrize("event", ["repealed", "superseded"])
def test_the_end_of_a_notice_is_told_once_with_what_replaced_it(
    people: Cast, notice: PolicyNotice, event: str
) -> None:
    if event == "repealed":
        actions.repeal(notice, reason="废止", by=None)
    else:
        actions.supersede(notice, successor=published(title_zh="新办法", title_en="New rules"), by=None)

    tasks.tell_published()
    tasks.tell_published()

    assert told() == ["Li", "Wang", "Zhao"]
    assert letters()[0].context["event"] == event
    assert letters()[0].context["successor_en"] == ("New rules" if event == "superseded" else "")
    assert NoticeTelling.objects.get(notice=notice, event=event).told == 3


def test_what_had_closed_already_or_is_to_be_verified_ends_in_silence_but_for_those_who_saved(
    people: Cast, notice: PolicyNotice
) -> None:
    PolicyNotice.objects.filter(pk=notice.pk).update(to_be_verified=True)
    actions.mark(people.other, notice, notice.items.get(), standing="saved", by=people.zhao)
    past = published(items=[{"criteria": [IN_QINGDAO], "closes_on": date(2020, 1, 1)}])
    for row in (PolicyNotice.objects.get(pk=notice.pk), past):
        actions.repeal(row, reason="废止", by=None)

    tasks.tell_published()

    assert told() == ["Zhao"]


def test_a_plan_that_was_saved_is_told_of_as_a_whole(people: Cast) -> None:
    plan = published(slug="plan", kind="plan")
    actions.mark(people.enterprise, plan, standing="saved", by=people.li)
    tasks.tell_published()

    corrected(plan, effective_to=date(2098, 1, 1))
    tasks.tell_published()
    actions.repeal(PolicyNotice.objects.get(pk=plan.pk), reason="废止", by=None)
    tasks.tell_published()

    assert told() == ["Li", "Li", "Wang", "Wang"]


def test_viewers_and_those_who_left_are_not_told(people: Cast, notice: PolicyNotice) -> None:
    people.enterprise.memberships.filter(user=people.wang).update(ended_at="2026-11-20T00:00Z")

    corrected(notice, item={"closes_on": date(2099, 6, 20)})
    tasks.tell_published()

    assert told() == ["Li", "Zhao"]


@pytest.mark.parametrize("works", [1, 4])
def test_telling_of_a_change_costs_the_same_for_one_and_for_many(
    people: Cast, notice: PolicyNotice, works: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item: Any = notice.items.get()
    for _works in range(works):
        member = MembershipFactory(enterprise=EnterpriseFactory(), user=UserFactory())
        item.matches.create(enterprise=member.enterprise, item_version=item.version)
    corrected(notice, item={"closes_on": date(2099, 6, 20)})

    with django_assert_num_queries(23):
        assert tasks.tell_published() == 1

    assert len(told()) == 3 + works
