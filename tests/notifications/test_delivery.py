import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from notifications import actions, delivery, kinds, outbox
from notifications.channels import NotNow
from notifications.delivery import Drain
from notifications.models import ChannelPause, Delivery, Notification, Preference, StoppedAddress
from notifications.outbox import Letter
from notifications.tasks import deliver_pending
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import CODE, NEWS
from tests.together import together

pytestmark = pytest.mark.django_db


def post(*users, kind=NEWS, **context):
    outbox.post(kind, *(Letter(key="1", recipient=user, context=context) for user in users))
    return list(Delivery.objects.order_by("id"))


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def make_due():
    Delivery.objects.open().update(due_at=Now() - timedelta(seconds=1))


def test_what_is_due_is_sent_once():
    post(UserFactory(email="li@works.example"), what="hello")

    assert Drain(10).run() == 1
    assert Drain(10).run() == 0

    assert [message.to for message in mail.outbox] == [["li@works.example"]]
    sent = Delivery.objects.get()
    assert (sent.state, sent.attempts, sent.lease, sent.leased_until) == ("sent", 1, None, None)
    assert sent.done_at is not None


def test_the_task_may_run_twice():
    post(UserFactory(), UserFactory())

    assert deliver_pending() == 2
    assert deliver_pending() == 0


def test_what_is_due_later_waits():
    post(UserFactory())
    Delivery.objects.update(due_at=Now() + timedelta(minutes=1))

    assert Drain(10).run() == 0


def test_mails_to_one_person_overtake_bulk():
    bulk, single = post(UserFactory(), UserFactory())
    Delivery.objects.filter(pk=bulk.pk).update(is_bulk=True, due_at=Now() - timedelta(hours=1))

    assert delivery.claim() == single
    assert delivery.claim() == bulk
    assert delivery.claim() is None


def test_a_lapsed_lease_is_taken_up_with_the_same_message_id():
    post(UserFactory())
    first = delivery.claim()
    assert delivery.claim() is None

    make_due()
    second = delivery.claim()

    assert second == first
    assert second.lease != first.lease
    assert (second.message_id, second.attempts) == (first.message_id, 2)


def test_only_the_one_whose_lease_stands_may_mark():
    post(UserFactory())
    first = delivery.claim()
    make_due()
    second = delivery.claim()

    assert delivery.finish(first, Delivery.State.FAILED, "late") is False
    assert delivery.finish(second, Delivery.State.SENT) is True

    assert states() == ["sent"]


def test_a_crash_between_sending_and_marking_repeats_the_same_message(monkeypatch):
    post(UserFactory())
    with monkeypatch.context() as broken:
        broken.setattr(delivery, "finish", lambda *args: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            Drain(10).run()
    assert Drain(10).run() == 0

    make_due()
    Drain(10).run()

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert states() == ["sent"]


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_deliver_each_once():
    post(*[UserFactory(email=f"p{n}@works.example") for n in range(30)])

    handled = together(lambda: Drain(20).run(), lambda: Drain(20).run())

    assert sum(handled) == 30
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        f"p{n}@works.example" for n in range(30)
    )
    assert set(states()) == {"sent"}


def test_an_unknown_kind_waits_and_holds_nobody_up(monkeypatch):
    li, wang = UserFactory(), UserFactory()
    post(li)
    Notification.objects.update(kind="later.release", dedupe_key="later")
    post(wang)

    assert Drain(10).run() == 1

    assert states() == ["pending", "sent"]
    assert delivery.is_anything_due() is False


def test_what_is_no_longer_due_is_dropped(monkeypatch):
    gone = kinds.Kind(NEWS.code, NEWS.label, still_due=lambda notification: notification.subject_code == "")
    monkeypatch.setitem(kinds._KINDS, NEWS.code, gone)
    outbox.post(NEWS, Letter(key="1", recipient=UserFactory(), subject_code="QD-1"))

    Drain(10).run()

    assert Delivery.objects.values_list("state", "error").get() == ("dropped", "no longer due")
    assert mail.outbox == []


def test_a_closed_account_is_not_written_to():
    post(UserFactory(is_active=False))

    Drain(10).run()

    assert Delivery.objects.values_list("state", "error").get() == ("dropped", "the account is closed")


def test_who_stopped_after_the_posting_is_not_written_to():
    li = UserFactory()
    post(li)
    Preference.objects.create(user=li, kind=NEWS.code, channel="email", wanted=False)

    Drain(10).run()

    assert states() == ["dropped"]


@pytest.mark.parametrize(("kind", "state"), [("", "dropped"), (NEWS.code, "dropped"), ("other", "sent")])
def test_a_stopped_address_is_not_written_to(kind, state):
    outbox.post(NEWS, Letter(key="1", address="Zhao@works.example"))
    StoppedAddress.objects.create(address="zhao@works.example", kind=kind)

    Drain(10).run()

    assert states() == [state]


def test_a_secret_is_erased_once_sent():
    post(UserFactory(), kind=CODE, code="314159")

    Drain(10).run()

    assert "314159" in mail.outbox[0].body
    assert Notification.objects.get().context == {}


def test_a_secret_is_kept_until_then(monkeypatch):
    post(UserFactory(), kind=CODE, code="314159")
    monkeypatch.setattr(delivery.Email, "send", refuse_for_now)

    Drain(10).run()

    assert Notification.objects.get().context == {"code": "314159"}


def refuse_for_now(*args):
    raise NotNow("451 later")


def test_a_text_that_cannot_be_rendered_fails_visibly_and_holds_nobody_up(monkeypatch):
    post(UserFactory(), UserFactory())
    Notification.objects.filter(pk=Notification.objects.first().pk).update(context={"what": "x"}, url="/x")
    real = delivery.Email.send
    broken = Delivery.objects.first().pk

    def send(self, one, kind):
        if one.pk == broken:
            raise KeyError("nonsense")
        real(self, one, kind)

    monkeypatch.setattr(delivery.Email, "send", send)
    Drain(10).run()

    assert states() == ["failed", "sent"]
    assert Delivery.objects.failed().get().error == "KeyError: 'nonsense'"


def test_an_impossible_address_fails_for_good():
    outbox.post(NEWS, Letter(key="1", address="nobody at all"))

    Drain(10).run()

    assert Delivery.objects.values_list("state", "error").get() == ("failed", "not an e-mail address")


def test_a_failure_that_may_pass_is_tried_again_later(monkeypatch):
    post(UserFactory())
    with monkeypatch.context() as broken:
        broken.setattr(delivery.Email, "send", refuse_for_now)
        Drain(10).run()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.error, waiting.attempts) == ("pending", "451 later", 1)
    assert Drain(10).run() == 0

    make_due()
    Drain(10).run()

    assert states() == ["sent"]


def test_after_a_day_it_is_given_up(monkeypatch):
    post(UserFactory())
    Notification.objects.update(created_at=Now() - timedelta(hours=25))
    monkeypatch.setattr(delivery.Email, "send", refuse_for_now)

    Drain(10).run()

    assert Delivery.objects.values_list("state", "error").get() == ("failed", "451 later")


def test_what_takes_its_workers_down_for_a_day_fails():
    post(UserFactory())
    delivery.claim()
    make_due()
    assert delivery.abandon_hopeless() == 0

    Notification.objects.update(created_at=Now() - timedelta(hours=25))

    assert delivery.abandon_hopeless() == 1
    assert delivery.abandon_hopeless() == 0
    assert states() == ["failed"]


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0, 20), (2, 0, 40), (3, 0, 60), (29, 0, 60), (30, 0, 900), (1, 0.8, 16), (5000, 0, 900)],
)
def test_the_pauses_grow_to_a_minute_and_then_to_a_quarter_of_an_hour(attempts, chance, seconds):
    assert delivery.wait_seconds(attempts, chance) == pytest.approx(seconds)


def test_a_resting_channel_is_left_alone():
    post(UserFactory())
    delivery.pause("email", "refused")

    assert Drain(10).run() == 0
    assert delivery.is_anything_due() is False

    ChannelPause.objects.update(until=Now() - timedelta(seconds=1))
    assert Drain(10).run() == 1


def test_a_drain_ends_when_its_time_is_over():
    post(*[UserFactory() for _ in range(3)])

    assert Drain(0).run() == 0
    assert delivery.is_anything_due() is True


def test_the_gauge_tells_since_when_the_oldest_could_have_gone():
    late, later, held = post(UserFactory(), UserFactory(), UserFactory())
    Delivery.objects.filter(pk=later.pk).update(due_at=Now() + timedelta(hours=1))
    Delivery.objects.filter(pk=held.pk).update(state="held", due_at=Now() - timedelta(hours=1))

    assert delivery.oldest_due() == late.due_at
    Delivery.objects.filter(pk=late.pk).update(state="sent")
    assert delivery.oldest_due() is None


def test_staff_send_a_failed_one_again():
    chen = UserFactory(is_staff=True, is_superuser=True)
    (failed,) = post(UserFactory())
    Delivery.objects.update(state="failed", attempts=7, error="550 no such user", done_at=Now())

    actions.retry(failed, by=chen)

    assert (failed.state, failed.attempts, failed.error, failed.done_at) == ("pending", 0, "", None)
    Drain(10).run()
    assert states() == ["sent"]
    assert actions.retry(failed, by=chen).state == "sent"


def test_one_drain_of_many_is_quick():
    post(*[UserFactory() for _ in range(20)])
    began = time.monotonic()

    Drain(30).run()

    assert time.monotonic() - began < 5
