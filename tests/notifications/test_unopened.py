"""Three deadlines in a row that nobody opened lead to a call."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from core.models import Watermark
from notifications import actions, outbox
from notifications.delivery import Drain
from notifications.models import ContactTask, Notification
from notifications.outbox import Letter
from notifications.tasks import call_the_silent
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import NEWS, URGENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return UserFactory(email="li@works.test", last_login=None)


def tell(user, *keys, kind=URGENT, days=4):
    for key in keys:
        letter = Letter(key=key, recipient=user, subject_code=key, enterprise_id=7, context={"what": key})
        outbox.post(kind, letter)
    Drain(10).run()
    told = Notification.objects.filter(subject_code__in=keys)
    told.update(created_at=timezone.now() - timedelta(days=days))


def a_new_day():
    Watermark.objects.filter(job=actions.UNOPENED).update(period="2000-01-01")
    return call_the_silent()


def test_three_unopened_deadlines_lead_to_one_call(li):
    tell(li, "a", "b", "c")

    assert [call_the_silent(), call_the_silent(), a_new_day()] == [1, 0, 0]

    task = ContactTask.objects.get()
    assert (task.cause, task.address, task.recipient) == ("unopened", "li@works.test", li)
    assert (task.enterprise_id, task.subject_code, task.why) == (7, "a", "a, b, c")


def test_two_are_not_enough_and_news_do_not_count(li):
    tell(li, "a", "b")
    tell(li, "c", kind=NEWS)

    assert call_the_silent() == 0


def test_what_came_less_than_three_days_ago_may_still_be_opened(li):
    tell(li, "a", "b")
    tell(li, "c", days=2)
    assert call_the_silent() == 0

    Notification.objects.update(created_at=F("created_at") - timedelta(days=2))

    assert a_new_day() == 1


def test_whoever_opened_one_or_signed_in_is_not_called(li):
    wang = UserFactory(last_login=timezone.now())
    tell(li, "a", "b", "c")
    tell(wang, "d", "e", "f")
    actions.mark_read(Notification.objects.get(subject_code="b"))

    assert call_the_silent() == 0


def test_what_was_never_sent_says_nothing(li):
    actions.set_preferences(li, choices={URGENT.code: "never"})
    tell(li, "a", "b", "c")

    assert call_the_silent() == 0


def test_after_a_call_it_takes_three_new_ones(li):
    tell(li, "a", "b", "c")
    call_the_silent()
    ContactTask.objects.update(state="done", done_at=timezone.now() - timedelta(days=3, hours=12))
    tell(li, "d", "e", days=3)
    assert a_new_day() == 0

    tell(li, "f", days=3)

    assert a_new_day() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_readers_the_look_is_one_statement(number, django_assert_num_queries):
    for place in range(number):
        tell(UserFactory(last_login=None), f"a{place}", f"b{place}", f"c{place}")
    Watermark.objects.create(job=actions.UNOPENED)

    # Clock, marks of the day and of the place, the look, the people, the calls before and after.
    with django_assert_num_queries(23):
        assert call_the_silent() == number
