import socket
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.db.models.functions import Now

from notifications import delivery, outbox
from notifications.channels.email import compose
from notifications.delivery import Drain
from notifications.models import ChannelPause, Delivery, Notification
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import CODE, NEWS

pytestmark = pytest.mark.django_db


def composed(letter, kind=NEWS):
    outbox.post(kind, letter)
    return compose(delivery.claim(), kind)


def post_to(*addresses):
    outbox.post(NEWS, *(Letter(key="1", address=address) for address in addresses))


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def make_due():
    Delivery.objects.open().update(due_at=Now() - timedelta(seconds=1))
    ChannelPause.objects.all().delete()


def test_a_mail_speaks_the_readers_language(settings):
    li = UserFactory(language="en", name="Li & Sons")

    message = composed(Letter(key="1", recipient=li, context={"what": "R&D"}, url="/notifications/"))

    assert message.subject == "R&D (en)"
    link = f"http://localhost:8000/en/notifications/?told={Notification.objects.get().pk}"
    assert message.body.startswith(f"Li & Sons: R&D {link} SME Digital Transformation Service Platform")
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "Li &amp; Sons: R&amp;D" in html


def test_a_link_made_in_english_reaches_a_chinese_reader_in_chinese():
    message = composed(Letter(key="1", recipient=UserFactory(), url="/en/notifications/"))

    assert "http://localhost:8000/notifications/?told=" in message.body


def test_a_subject_is_one_line():
    message = composed(Letter(key="1", recipient=UserFactory(), context={"what": "a\r\nBcc: b@c.example"}))

    assert message.subject == "a Bcc: b@c.example (zh-hans)"


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "[Sample] x (en)"), ("zh-hans", "【演示】x (zh-hans)")]
)
def test_sample_data_is_flagged_in_the_subject(settings, language, subject):
    settings.SAMPLE_DATA = True

    message = composed(Letter(key="1", recipient=UserFactory(language=language), context={"what": "x"}))

    assert message.subject == subject


def test_replies_go_to_the_service(settings):
    settings.SITE = settings.SITE | {"email": "help@portal.example"}

    assert composed(Letter(key="1", recipient=UserFactory())).reply_to == ["help@portal.example"]


def test_a_kind_that_can_be_stopped_says_how():
    headers = composed(Letter(key="1", recipient=UserFactory())).extra_headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://localhost:8000/notifications/stop/")
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_kind_that_cannot_be_stopped_does_not():
    message = composed(Letter(key="1", recipient=UserFactory(), context={"code": "1"}), kind=CODE)

    assert set(message.extra_headers) == {"Message-ID", "Auto-Submitted"}
    assert "/stop/" not in message.body


def test_the_server_gets_what_was_written(smtp_in_use):
    post_to("zhao@works.cn")

    Drain(10).run()

    (message,) = smtp_in_use.messages
    assert smtp_in_use.recipients == ["zhao@works.cn"]
    assert message["Message-ID"] == Delivery.objects.get().message_id
    assert str(make_header(decode_header(message["Subject"]))) == "(zh-hans)"


def test_sample_addresses_never_reach_a_server(smtp_in_use):
    post_to("zhao@works.example", "Zhao@WORKS.EXAMPLE.", "real@works.cn")

    Drain(10).run()

    assert smtp_in_use.recipients == ["real@works.cn"]
    assert states() == ["dropped", "failed", "sent"]


def test_one_connection_carries_many(smtp_in_use, monkeypatch):
    opened = []
    real = delivery.Email._open
    monkeypatch.setattr(
        delivery.Email, "_open", lambda self: (opened.append(self.connection is None), real(self))
    )
    post_to("a@works.cn", "b@works.cn", "c@works.cn")

    Drain(10).run()

    assert opened == [True, False, False]
    assert len(smtp_in_use.messages) == 3


def test_a_refusal_for_now_is_tried_again(smtp_in_use):
    smtp_in_use.answer = "451 later"
    post_to("a@works.cn", "b@works.cn")

    Drain(10).run()
    assert states() == ["pending", "pending"]
    assert ChannelPause.objects.count() == 0

    smtp_in_use.answer = None
    make_due()
    Drain(10).run()
    assert states() == ["sent", "sent"]


def test_a_refusal_for_good_fails_that_one_alone(smtp_in_use):
    smtp_in_use.answer, smtp_in_use.refuse_only = "550 no such user", {"b@works.cn"}
    post_to("a@works.cn", "b@works.cn", "c@works.cn")

    Drain(10).run()

    assert states() == ["sent", "failed", "sent"]
    assert Delivery.objects.failed().get().error == "550 no such user"


def test_a_server_that_is_away_pauses_the_channel_and_loses_nothing(smtp_in_use):
    smtp_in_use.stop()
    post_to("a@works.cn", "b@works.cn")

    assert Drain(10).run() == 1
    assert states() == ["pending", "pending"]
    assert ChannelPause.objects.get().channel == "email"

    smtp_in_use.start()
    make_due()
    Drain(10).run()
    assert states() == ["sent", "sent"]


def test_a_server_that_stalls_costs_one_time_out(smtp_in_use):
    smtp_in_use.stall = 3
    post_to("a@works.cn", "b@works.cn")

    assert Drain(10).run() == 1

    assert states() == ["pending", "pending"]
    assert ChannelPause.objects.count() == 1


def test_a_connection_that_was_lost_is_made_again(smtp_in_use, monkeypatch):
    post_to("a@works.cn", "b@works.cn")
    channel = delivery.Email()
    monkeypatch.setitem(delivery.CHANNELS, "email", lambda: channel)
    channel._open()
    channel.connection.connection.sock.shutdown(socket.SHUT_RDWR)

    Drain(10).run()

    assert states() == ["pending", "sent"]
    assert ChannelPause.objects.count() == 0
