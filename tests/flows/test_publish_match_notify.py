"""Flow 1: a notice is published, every enterprise is matched, exactly its people are told, once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise
from notifications.models import Delivery, Notification
from services.policies import actions, matching, notifications, tasks
from services.policies.actions import notices
from services.policies.models import Match, PolicyItem, PolicyNotice
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory, cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works lie in Qingdao and have 120 people; Zhao's in Jinan."""
    found = cast()
    know(found.enterprise, region="370211", employees=120)
    know(found.other, region="370102", employees=40)
    tasks.rematch_changed()
    return found


def know(enterprise: Enterprise, **facts: Any) -> None:
    for code, value in facts.items():
        record_fact(enterprise, code, value, source="self", on=date(2026, 11, 1), by=None)


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind__in=["policies.matched", "policies.rematched"]).order_by("pk")
    return sorted((row.kind, row.recipient.email) for row in rows if row.recipient)


FOR_LI_AND_WANG = [("policies.matched", "li@works.example"), ("policies.matched", "wang@works.example")]


def test_publish_tick_and_exactly_the_people_of_matched_enterprises_are_told(people: Cast) -> None:
    notice = published(items=[{"criteria": [IN_QINGDAO, AT_MOST_300]}])
    assert told() == []

    assert tasks.announce_published() == 2

    assert told() == FOR_LI_AND_WANG
    assert [match.enterprise for match in Match.objects.filter(item__notice=notice)] == [people.enterprise]
    assert notice.items.get().announced_at is not None
    assert Delivery.objects.filter(notification__kind="policies.matched").count() == 2


def test_the_letter_says_why_in_both_languages(people: Cast) -> None:
    published(items=[{"criteria": [IN_QINGDAO, AT_MOST_300], "max_fen": 50_000_000}])

    tasks.announce_published()

    context = Notification.objects.get(recipient=people.li, kind="policies.matched").context
    assert context["enterprise"] == "青岛海风机械厂"
    assert context["benefit_en"] == "up to CNY 500,000 each"
    assert context["reasons_en"] == ["Region: Qingdao City", "Employees: at most 300 people"]
    assert len(context["reasons_zh"]) == 2


def test_replay_tells_nobody_and_changes_nothing(people: Cast) -> None:
    notice = published(items=[{"criteria": [IN_QINGDAO]}])
    tasks.announce_published()

    assert tasks.announce_published() == 0
    PolicyItem.objects.filter(notice=notice).update(announced_at=None)
    tasks.announce_published()

    assert told() == FOR_LI_AND_WANG


@pytest.mark.parametrize("broken", ["match_all", "tell_matched", "record"])
def test_a_crash_in_the_middle_leaves_nothing_half_and_the_next_tick_does_it(
    people: Cast, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(items=[{"criteria": [IN_QINGDAO]}])
    places: dict[str, Any] = {"match_all": matching, "tell_matched": notifications, "record": notices.audit}
    with monkeypatch.context() as patch:
        patch.setattr(places[broken], broken, failing_after(getattr(places[broken], broken)))
        with pytest.raises(RuntimeError):
            tasks.announce_published()

    assert (told(), Match.objects.filter(item__announced_at=None).count()) == ([], 0)

    tasks.announce_published()

    assert told() == FOR_LI_AND_WANG


def failing_after(act: Callable[..., Any]) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        raise RuntimeError("the power went out")

    return fail


def test_a_person_of_two_enterprises_is_told_for_each(people: Cast) -> None:
    second = EnterpriseFactory(name="青岛第二厂")
    know(second, region="370202")
    MembershipFactory(enterprise=second, user=people.li)
    published(items=[{"criteria": [IN_QINGDAO]}])

    tasks.announce_published()

    mine = Notification.objects.filter(recipient=people.li, kind="policies.matched")
    assert sorted(row.context["enterprise"] for row in mine) == ["青岛海风机械厂", "青岛第二厂"]


def test_those_who_left_or_may_not_sign_in_are_not_told(people: Cast) -> None:
    people.wang.is_active = False
    people.wang.save()
    people.enterprise.memberships.filter(user=people.li).update(ended_at=calendar.now())
    published(items=[{"criteria": [IN_QINGDAO]}])

    tasks.announce_published()

    assert told() == []


@pytest.mark.parametrize(
    "item",
    [
        {"criteria": [IN_QINGDAO, gate("", "unstated")]},
        {"criteria": [IN_QINGDAO], "closes_on": date(2020, 1, 1)},
    ],
)
def test_what_is_not_stated_or_over_is_never_announced(people: Cast, item: dict[str, Any]) -> None:
    published(items=[item])

    tasks.announce_published()

    assert (told(), Match.objects.filter(item__notice__slug__startswith="notice-").count()) == ([], 0)


def test_an_unknown_fact_is_never_told(people: Cast) -> None:
    published(items=[{"criteria": [IN_QINGDAO, gate("digital_level", "at_least", 1)]}])

    tasks.announce_published()

    assert told() == []


def test_a_changed_fact_tells_only_what_is_new_in_one_letter(people: Cast) -> None:
    for level in (1, 2, 3):
        published(items=[{"criteria": [IN_QINGDAO, gate("digital_level", "at_least", level)]}])
    published(items=[{"criteria": [IN_QINGDAO]}])
    tasks.announce_published()
    assert told() == FOR_LI_AND_WANG

    know(people.enterprise, digital_level=2)
    tasks.rematch_changed()
    tasks.rematch_changed()

    assert told() == [
        *FOR_LI_AND_WANG,
        ("policies.rematched", "li@works.example"),
        ("policies.rematched", "wang@works.example"),
    ]
    letter = Notification.objects.get(recipient=people.li, kind="policies.rematched")
    assert letter.context["count"] == 2


def test_what_is_still_to_be_verified_is_recorded_but_never_mailed(people: Cast) -> None:
    """Li's works met imported notices when their facts came in: nobody was written to."""
    assert Match.objects.filter(enterprise=people.enterprise, item__notice__to_be_verified=True).exists()
    assert told() == []


def test_a_letter_about_a_notice_that_was_repealed_meanwhile_is_not_due(people: Cast) -> None:
    notice = published(items=[{"criteria": [IN_QINGDAO]}])
    tasks.announce_published()
    letter = Notification.objects.get(recipient=people.li, kind="policies.matched")
    assert notifications.is_in_force(letter)

    actions.repeal(PolicyNotice.objects.get(pk=notice.pk), reason="废止", by=None)

    assert not notifications.is_in_force(letter)


def test_telling_costs_the_same_for_one_and_for_many(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = published(items=[{"criteria": [IN_QINGDAO]}]).items.get()
    for _ in range(5):
        works = EnterpriseFactory()
        know(works, region="370211")
        MembershipFactory(enterprise=works, user=UserFactory())

    with django_assert_num_queries(11):
        assert actions.announce(item, on=calendar.today()) == 7
