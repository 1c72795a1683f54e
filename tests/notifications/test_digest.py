from datetime import time, timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from accounts.models import User
from core import calendar
from notifications import actions, delivery, digest, outbox
from notifications.delivery import Drain
from notifications.models import Delivery, Frequency, Notification, QuietHours
from notifications.notifications import DIGEST
from notifications.outbox import Letter
from notifications.tasks import send_digests
from notifications.timing import due_at
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import CODE, NEWS, URGENT
from tests.notifications.test_outbox import readers_of
from tests.together import together

pytestmark = pytest.mark.django_db


def wants(user, frequency, kind=NEWS):
    actions.set_preferences(user, choices={kind.code: frequency})


def tell(user, *keys, kind=NEWS):
    for key in keys:
        outbox.post(kind, Letter(key=key, recipient=user, url=f"/policies/{key}/", context={"what": key}))


def make_due():
    Delivery.objects.filter(state="held").update(due_at=Now() - timedelta(seconds=1))


def states(kind=NEWS):
    found = Delivery.objects.filter(notification__kind=kind.code).order_by("id")
    return list(found.values_list("state", flat=True))


def test_what_is_wanted_daily_is_held_until_eight():
    li, wang = UserFactory(), UserFactory()
    wants(li, "daily")

    tell(li, "a")
    tell(wang, "a")

    held, pending = Delivery.objects.order_by("id")
    assert (held.state, pending.state) == ("held", "pending")
    assert held.due_at == due_at(held.notification.created_at, frequency="daily")
    assert Drain(10).run() == 1
    assert send_digests() == 0


def test_a_selection_holds_what_its_readers_want_held(django_assert_num_queries):
    people = [UserFactory() for _ in range(3)]
    wants(people[0], "weekly")
    wants(people[1], "never")
    readers = readers_of(User.objects.filter(pk__in=[person.pk for person in people]))

    with django_assert_num_queries(1):
        outbox.post_select(NEWS, readers)

    found = Delivery.objects.order_by("notification__recipient").values_list(
        "notification__recipient", "state"
    )
    assert list(found) == [(people[0].pk, "held"), (people[2].pk, "pending")]


def test_a_digest_is_one_mail_and_its_members_end_with_its_message_id():
    li = UserFactory(email="li@works.example", language="en")
    wants(li, "daily")
    tell(li, "first", "second")
    make_due()

    assert send_digests() == 2
    assert Drain(10).run() == 1

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["li@works.example"], "2 messages for you")
    number = Notification.objects.get(url="/policies/first/").pk
    link = f"http://localhost:8000/en/policies/first/?told={number}"
    assert f"· first (en)\n  {link}\n· second (en)\n" in sent.body
    assert "http://localhost:8000/en/notifications/\n" in sent.body
    assert states() == ["sent", "sent"]
    ids = set(Delivery.objects.values_list("message_id", flat=True))
    assert ids == {sent.extra_headers["Message-ID"]}
    assert Notification.objects.for_user(li).count() == 2


def test_a_digest_is_made_once_however_often_it_is_asked_for():
    li = UserFactory()
    wants(li, "daily")
    tell(li, "a", "b")
    make_due()

    assert [send_digests(), send_digests()] == [2, 0]
    Drain(10).run()
    assert [send_digests(), Drain(10).run()] == [0, 0]

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_bind_each_message_once():
    for number in range(6):
        person = UserFactory(email=f"p{number}@works.example")
        wants(person, "daily")
        tell(person, "a", "b", "c")
    make_due()

    together(*[send_digests] * 4)
    Drain(20).run()

    assert set(states()) == {"sent"}
    told = sum((message.body.count("· ") for message in mail.outbox), 0)
    assert told == 18
    # Nobody has one message twice; where two workers met, somebody may have two mails.
    assert Delivery.objects.filter(digest__isnull=False).count() == 18


def test_each_reader_has_a_mail_of_their_own_in_batches(django_assert_num_queries):
    for _ in range(3):
        person = UserFactory()
        wants(person, "daily")
        tell(person, "a")
    make_due()

    with django_assert_num_queries(1):
        assert digest.bind_due(batch=2) == 2
    assert digest.bind_due(batch=2) == 1
    assert states(DIGEST) == ["pending"] * 3


def test_what_has_lost_its_point_is_left_out():
    li = UserFactory(language="en")
    wants(li, "daily")
    wants(li, "daily", URGENT)
    tell(li, "a", "b")
    make_due()
    send_digests()
    Notification.objects.filter(context__what="a").update(kind="tests.gone")

    Drain(10).run()

    assert "· b (en)" in mail.outbox[0].body
    assert "· a" not in mail.outbox[0].body


def test_a_digest_whose_reader_has_stopped_in_the_meantime_is_not_sent():
    li = UserFactory()
    wants(li, "daily")
    tell(li, "a")
    make_due()
    send_digests()
    wants(li, "never")

    Drain(10).run()

    assert mail.outbox == []
    assert (states(), states(DIGEST)) == (["dropped"], ["dropped"])


def test_who_wants_it_at_once_again_has_what_was_held():
    li = UserFactory()
    wants(li, "weekly")
    tell(li, "a")

    wants(li, "instant")

    assert send_digests() == 1


def test_a_digest_that_fails_takes_its_members_along_and_back(smtp_in_use):
    li = UserFactory(email="li@works.test")
    chen = UserFactory(is_staff=True, is_superuser=True)
    wants(li, "daily")
    tell(li, "a")
    make_due()
    send_digests()
    smtp_in_use.answer = "550 no such user"

    Drain(10).run()
    assert (states(), states(DIGEST)) == (["failed"], ["failed"])

    smtp_in_use.answer = None
    actions.retry(Delivery.objects.get(notification__kind=DIGEST.code), by=chen)
    Drain(10).run()
    assert (states(), states(DIGEST)) == (["sent"], ["sent"])
    assert smtp_in_use.ids.total() == 1


def test_a_failed_member_may_go_alone():
    li = UserFactory()
    chen = UserFactory(is_staff=True, is_superuser=True)
    wants(li, "daily")
    tell(li, "a")
    make_due()
    send_digests()
    Delivery.objects.update(state="failed")

    actions.retry(Delivery.objects.get(notification__kind=NEWS.code), by=chen)

    Drain(10).run()
    assert (states(), states(DIGEST)) == (["sent"], ["failed"])


def test_too_many_in_an_hour_are_collected_but_not_what_is_urgent(settings):
    settings.MAILS_AN_HOUR = 2
    li = UserFactory()
    tell(li, "a", "b", "c", "d")
    tell(li, "u", kind=URGENT)
    outbox.post(CODE, Letter(key="1", recipient=li, context={"code": "1"}))

    Drain(10).run()

    assert (states(), states(URGENT), states(CODE)) == (["sent", "sent", "held", "held"], ["sent"], ["sent"])
    held = Delivery.objects.filter(state="held").first()
    assert timedelta(minutes=59) < held.due_at - calendar.now() <= timedelta(hours=1)
    make_due()
    send_digests()
    Drain(10).run()
    assert (states(), len(mail.outbox)) == (["sent"] * 4, 5)


def test_the_hour_of_one_reader_is_not_anothers(settings):
    settings.MAILS_AN_HOUR = 1

    for _ in range(3):
        tell(UserFactory(), "a")
    Drain(10).run()

    assert states() == ["sent"] * 3


def test_quiet_hours_put_off_what_can_wait_and_nothing_else():
    li = UserFactory()
    hour = calendar.now().astimezone(calendar.zone())
    QuietHours.objects.create(
        user=li, begins=(hour - timedelta(hours=1)).time(), ends=(hour + timedelta(hours=1)).time()
    )

    tell(li, "a")
    tell(li, "u", kind=URGENT)

    assert Drain(10).run() == 1
    assert (states(), states(URGENT)) == (["pending"], ["sent"])
    waiting = Delivery.objects.get(state="pending")
    assert timedelta(minutes=59) < waiting.due_at - calendar.now() < timedelta(minutes=61)
    assert delivery.oldest_due() is None


def test_quiet_hours_of_staff_hold_unless_they_chose_none(settings):
    settings.STAFF_QUIET_HOURS = (time(0), time(23, 59, 59))
    chen, sun, li = UserFactory(is_staff=True), UserFactory(is_staff=True), UserFactory()
    actions.set_quiet_hours(sun, begins=None, ends=None)

    for user in (chen, sun, li):
        tell(user, "a")

    assert Drain(10).run() == 2
    assert Delivery.objects.get(state="pending").notification.recipient == chen


def test_every_choice_is_a_frequency():
    assert set(NEWS.frequencies) == set(Frequency.values)
    assert URGENT.frequencies == ("instant", "never")
    assert CODE.frequencies == ("instant",)
