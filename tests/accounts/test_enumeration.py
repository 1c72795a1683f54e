"""Nobody learns from this site whether an address has an account."""

import re
import statistics
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.steps import LI, fresh, log_in, mails
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
Door = Callable[[Client, str], HttpResponse]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


class CountingHasher(MD5PasswordHasher):
    """Counts what takes the time in production: every hash made."""

    made = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.made += 1
        return super().encode(password, salt)


def seen(client: Client, answer: HttpResponse, address: str) -> tuple[int, str, str]:
    """Return what the visitor sees: status, target, page (the next one too), without what always differs."""
    page = answer.content.decode()
    if answer.status_code == 302:
        page += client.get(answer.url).content.decode()
    return answer.status_code, getattr(answer, "url", ""), TOKEN.sub("", page).replace(address, "ADDRESS")


def sign_up(client: Client, address: str) -> HttpResponse:
    return client.post(reverse("account_signup"), LI | {"email": address})


def reset(client: Client, address: str) -> HttpResponse:
    return client.post(reverse("account_reset_password"), {"email": address})


def wrong_password(client: Client, address: str) -> HttpResponse:
    return log_in(client, address, "not the password")


DOORS = [sign_up, reset, wrong_password]


@pytest.mark.parametrize("door", DOORS)
def test_a_known_and_an_unknown_address_see_the_same(door: Door) -> None:
    UserFactory(email="known@works.example")
    known, unknown = Client(), Client()

    answers = [
        seen(known, door(known, "known@works.example"), "known@works.example"),
        seen(unknown, door(unknown, "strange@works.example"), "strange@works.example"),
    ]

    assert answers[0] == answers[1]


@pytest.mark.parametrize("state", [{"is_active": False}, {"password": ""}])
def test_a_closed_account_looks_like_none(client: Client, state: dict) -> None:
    UserFactory(email="known@works.example", **state)
    other = Client()

    known = seen(client, wrong_password(client, "known@works.example"), "known@works.example")

    assert known == seen(other, wrong_password(other, "strange@works.example"), "strange@works.example")


def test_the_mails_say_what_the_page_does_not(client: Client) -> None:
    UserFactory(email="known@works.example")

    reset(client, "known@works.example")
    reset(client, "strange@works.example")

    assert mails() == [
        ("accounts.mail_reset", "known@works.example"),
        ("accounts.mail_no_account", "strange@works.example"),
    ]


@pytest.mark.parametrize("door", DOORS)
def test_a_known_and_an_unknown_address_cost_the_same_hashes(door: Door, settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    UserFactory(email="known@works.example")
    made = []

    for who in ("known", "strange"):
        CountingHasher.made = 0
        door(Client(), f"{who}@works.example")
        made.append(CountingHasher.made)

    assert made[0] == made[1]


@pytest.mark.parametrize("door", DOORS)
def test_a_known_and_an_unknown_address_take_the_same_time(door: Door) -> None:
    UserFactory(email="known@works.example")
    times: dict[str, list[float]] = {"known": [], "strange": []}

    for _round in range(9):
        for who, spent in times.items():
            cache.clear()
            begin = time.process_time()  # other work on this machine must not decide
            door(Client(), f"{who}@works.example")
            spent.append(time.process_time() - begin)

    assert abs(statistics.median(times["known"]) - statistics.median(times["strange"])) < 0.05


def test_another_persons_address_cannot_be_told_by_changing_to_it(client: Client) -> None:
    UserFactory(email="known@works.example")
    li = UserFactory(email="li@works.example")
    fresh(client, li)

    pages = [
        seen(client, client.post(reverse("account_email"), {"email": address, "action_add": "1"}), address)
        for address in ("known@works.example", "strange@works.example")
    ]

    assert pages[0] == pages[1]
