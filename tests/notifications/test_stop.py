from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from notifications import addresses, outbox
from notifications.models import Notification, Preference, StoppedAddress
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import CODE, NEWS

pytestmark = pytest.mark.django_db


def link_of(kind=NEWS, **reader):
    outbox.post(kind, Letter(key="1", **reader))
    return addresses.stop_link(Notification.objects.get(), "zh-hans").removeprefix("http://localhost:8000")


def test_looking_at_the_page_stops_nothing(client):
    answer = client.get(link_of(recipient=UserFactory()))

    assert answer.status_code == 200
    assert "News of the works" in answer.content.decode()
    assert Preference.objects.count() == 0


def test_a_mail_program_stops_with_one_click_without_cookies_or_token():
    li = UserFactory()
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(link_of(recipient=li), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert Preference.objects.values_list("user", "kind", "channel", "wanted").get() == (
        li.pk,
        "tests.news",
        "email",
        False,
    )


def test_the_button_stops_and_pressing_twice_is_fine(client):
    link = link_of(recipient=UserFactory())

    assert [client.post(link).status_code for _ in range(2)] == [200, 200]
    assert Preference.objects.count() == 1


def test_an_address_without_account_is_stopped_for_this_kind(client):
    client.post(link_of(address="Zhao@works.example"))

    assert StoppedAddress.objects.values_list("address", "kind").get() == ("zhao@works.example", "tests.news")


def test_what_cannot_be_stopped_is_not(client):
    answer = client.post(link_of(kind=CODE, recipient=UserFactory()))

    assert answer.status_code == 404
    assert Preference.objects.count() == 0


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        signing.dumps(1, salt="another purpose"),
        signing.dumps(1, salt=addresses.STOP)[:-1] + "x",
        signing.dumps(0, salt=addresses.STOP),
    ],
    ids=["nonsense", "another purpose", "altered", "of nothing"],  # the tokens carry the time
)
def test_a_made_up_link_stops_nothing(client, token):
    outbox.post(NEWS, Letter(key="1", recipient=UserFactory()))

    assert client.post(reverse("notifications:stop", args=[token])).status_code == 404
    assert Preference.objects.count() == 0


def test_a_link_ends_after_four_hundred_days(client, time_machine_back):
    with time_machine_back(days=401):
        link = link_of(recipient=UserFactory())

    assert client.post(link).status_code == 404


@pytest.fixture
def time_machine_back():
    """Do something some days ago."""
    return lambda days: time_machine.travel(datetime.now(UTC) - timedelta(days=days))
