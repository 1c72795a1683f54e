"""The stories other systems tell of alerts gone wrong; each of ours must end well."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from core import calendar
from core.models import Watermark
from enterprises.actions import record_fact
from notifications import delivery
from notifications.channels import NotNow
from notifications.channels.email import Email
from notifications.models import Delivery, Notification
from notifications.tasks import deliver_pending
from services.policies import actions, alerting, change_alerts, tasks, telling
from services.policies.models import AlertDue, ItemMark, Match, PolicyItem, PolicyNotice, SearchFound
from services.policies.search import Query
from services.requests.models import ServiceRequest
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import IN_QINGDAO, corrected, published
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works lie in Qingdao; what the reference data brought is settled."""
    tasks.tell_published()
    found = cast()
    record_fact(found.enterprise, "region", "370211", source="self", on=date(2026, 11, 1), by=None)
    tasks.rematch_changed()
    return found


def follow(user: Any, frequency: str = "instant") -> None:
    actions.follow(Query(), written="", name="all", frequency=frequency, by=user, language="en")


def told(kind: str) -> int:
    return Notification.objects.filter(kind=f"policies.{kind}").count()


def save(people: Cast, notice: PolicyNotice, days_ago: int = 60) -> None:
    mark = actions.mark(people.enterprise, notice, notice.items.get(), standing="saved", by=people.li)
    ItemMark.objects.filter(pk=mark.pk).update(marked_at=calendar.now() - timedelta(days=days_ago))


def in_days(days: int, **fields: Any) -> PolicyNotice:
    last_day = calendar.today() + timedelta(days=days)
    return published(items=[{"criteria": [IN_QINGDAO], "closes_on": last_day}], **fields)


def test_a_missed_beat_loses_nobody(people: Cast) -> None:
    """Days without any beat: then each task runs once, and everybody has heard of everything."""
    follow(people.zhao)
    actions.choose_topics(people.wang, choices={"funding": "daily"})
    notice = in_days(5)
    save(people, notice)
    Watermark.objects.filter(job="policies.remind").update(period="2026-11-01")

    for task in (tasks.announce_published, tasks.tell_published, tasks.send_match_digests, tasks.remind):
        task()

    assert (told("matched"), told("search_found"), told("reminder")) == (2, 1, 2)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (alerting, "find_searches"),
        (telling, "tell_found"),
        (change_alerts, "tell_corrected"),
        (alerting, "due_reminders"),
        (telling, "remind"),
        (telling, "tell_match_digests"),
        (telling, "tell_search_digests"),
    ],
)
def test_a_crash_in_the_middle_neither_loses_nor_repeats(
    people: Cast, place: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(people.zhao)
    follow(people.wang, "daily")
    actions.choose_topics(people.li, choices={"funding": "daily"})
    save(people, in_days(12))
    with monkeypatch.context() as patch:
        patch.setattr(place, name, failing_after(getattr(place, name)))
        with pytest.raises(RuntimeError):
            everything()

    everything()
    everything()

    assert (told("search_found"), told("search_digest"), told("match_digest"), told("reminder")) == (
        1,
        1,
        1,
        2,
    )


def everything() -> None:
    """Run what the beat runs, the morning letters as if it were tomorrow."""
    tasks.announce_published()
    tasks.tell_published()
    tomorrow = calendar.today() + timedelta(days=1)
    actions.send_search_digests(day=tomorrow)
    actions.send_match_digests(day=tomorrow)
    actions.remind(on=calendar.today())


def failing_after(act: Callable[..., Any]) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        raise RuntimeError("the power went out")

    return fail


def test_a_failed_send_is_not_marked_as_sent(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(people.zhao)
    published()
    tasks.tell_published()

    def refused(*_args: Any) -> None:
        raise NotNow("451 try later")

    with monkeypatch.context() as patch:
        patch.setattr(Email, "send", refused)
        deliver_pending()
    row = Delivery.objects.get(notification__kind="policies.search_found")
    assert (row.state, row.error) == (Delivery.State.PENDING, "451 try later")

    Delivery.objects.filter(pk=row.pk).update(due_at=calendar.now())
    assert delivery.Drain(5).run() >= 1
    row.refresh_from_db()
    assert row.state == Delivery.State.SENT


def test_the_26th_new_match_is_announced(people: Cast) -> None:
    actions.choose_topics(people.wang, choices={"funding": "daily"})
    follow(people.zhao, "daily")
    for _notice in range(26):
        in_days(40)

    everything()

    assert Notification.objects.filter(kind="policies.matched", recipient=people.li).count() == 26
    for kind in ("match_digest", "search_digest"):
        assert Notification.objects.get(kind=f"policies.{kind}").context["count"] == 26
    assert not AlertDue.objects.filter(told_at=None).exists()
    assert not SearchFound.objects.filter(told_at=None).exists()


def test_a_reopened_or_amended_notice_alerts_again(people: Cast) -> None:
    follow(people.zhao)
    notice = in_days(3)
    tasks.announce_published()
    tasks.tell_published()

    corrected(notice, item={"closes_on": calendar.today() + timedelta(days=300)})
    tasks.announce_published()
    tasks.tell_published()

    assert (told("matched"), told("changed"), told("search_found")) == (2, 2, 2)
    assert sorted(Match.objects.filter(item__notice=notice).values_list("item_version", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_send_once(people: Cast) -> None:
    follow(people.zhao)
    actions.choose_topics(people.wang, choices={"funding": "daily"})
    save(people, in_days(12))

    assert together(*[everything] * 4) == [None] * 4

    assert (told("matched"), told("search_found"), told("match_digest"), told("reminder")) == (1, 1, 1, 2)


def test_thresholds_are_those_of_the_time_of_running(people: Cast) -> None:
    """Nothing is planned ahead: what was saved long ago is looked at on the day itself."""
    save(people, in_days(20))
    today = calendar.today()

    assert [actions.remind(on=today + timedelta(days=n)) for n in (0, 6)] == [2, 2]
    item = PolicyItem.objects.latest("pk")
    corrected(item.notice, item={"closes_on": today + timedelta(days=90)})
    assert [actions.remind(on=today + timedelta(days=n)) for n in (13, 18, 60)] == [0, 0, 2]


def test_telling_changes_nothing_else(people: Cast) -> None:
    """Marks, notices, items and requests are the same before and after everybody was told."""
    follow(people.zhao)
    notice = in_days(12)
    save(people, notice)
    tasks.announce_published()

    before = everything_else()
    for _time in range(2):
        tasks.tell_published()
        actions.remind(on=calendar.today())
    assert everything_else() == before


def everything_else() -> list[list[Any]]:
    models: tuple[Any, ...] = (PolicyNotice, PolicyItem, ItemMark, Match, ServiceRequest)
    return [list(model.objects.order_by("pk").values()) for model in models]
