"""Opened from the mail or from the inbox: the same row is read."""

from urllib.parse import urlsplit

import pytest
from django.core import mail

from notifications import outbox
from notifications.delivery import Drain
from notifications.models import Notification
from notifications.outbox import Letter
from notifications.tasks import send_digests
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import NEWS
from tests.notifications.test_digest import make_due, wants

pytestmark = pytest.mark.django_db
PAGE = "/policies/?q=x#list"


@pytest.fixture
def li():
    return UserFactory(name="Li")


def told(user, key="1"):
    outbox.post(NEWS, Letter(key=key, recipient=user, url=PAGE, context={"what": "news"}))
    return Notification.objects.order_by("-pk").first()


def linked(text, number):
    """Return the link of a mail that carries this message's number, without host and place."""
    parts = urlsplit(next(word for word in text.split() if f"told={number}" in word))
    assert parts.fragment == "list"
    return f"{parts.path}?{parts.query}"


def test_a_page_opened_from_the_mail_reads_the_message_and_has_its_plain_address(client, li):
    message = told(li)
    Drain(10).run()
    link = linked(mail.outbox[0].body, message.pk)

    answer = sign_in(client, li).get(link)

    message.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/policies/?q=x")
    assert message.read_at is not None


def test_each_line_of_a_digest_reads_its_own_message(client, li):
    wants(li, "daily")
    first, second = told(li, "1"), told(li, "2")
    make_due()
    send_digests()
    Drain(10).run()

    sign_in(client, li).get(linked(mail.outbox[0].body, second.pk))

    unread = Notification.objects.for_user(li).unread()
    assert list(unread) == [first]


@pytest.mark.parametrize("who", ["visitor", "another"])
def test_nobody_else_reads_it(client, li, who):
    message = told(li)
    if who == "another":
        sign_in(client, UserFactory())

    answer = client.get(f"/policies/?told={message.pk}")

    message.refresh_from_db()
    assert (answer.status_code, answer["Location"], message.read_at) == (302, "/policies/", None)


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "-1"])
def test_what_is_no_number_is_dropped(client, li, number):
    answer = sign_in(client, li).get("/policies/", {"told": number, "q": "x"})

    assert answer["Location"] == "/policies/?q=x"


def test_a_visitor_signs_in_first_and_comes_back_to_the_same_link(client, li):
    answer = client.get(f"/requests/?told={told(li).pk}")

    assert answer["Location"].endswith(f"%3Ftold%3D{Notification.objects.get().pk}")
