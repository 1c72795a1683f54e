import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from tests.accounts.steps import LI, log_in
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def test_the_sixth_wrong_password_is_refused_and_says_until_when(client: Client) -> None:
    UserFactory(email="li@works.example")

    statuses = [log_in(client, "li@works.example", "wrong").status_code for _ in range(5)]
    answer = log_in(client, "li@works.example", PASSWORD)

    assert statuses == [200] * 5
    assert answer.status_code == 429
    assert 240 < int(answer["Retry-After"]) <= 300
    assert re.search(r"\d\d:\d\d", answer.content.decode())


def test_wrong_passwords_never_get_through_again(client: Client) -> None:
    UserFactory(email="li@works.example")

    statuses = [log_in(client, "li@works.example", f"wrong {n}").status_code for n in range(100)]

    assert statuses == [200] * 5 + [429] * 95


def test_inventing_the_senders_address_does_not_help(client: Client) -> None:
    UserFactory(email="li@works.example")

    statuses = [
        log_in(
            client, "li@works.example", "wrong", headers={"x-forwarded-for": f"198.51.100.{n}"}
        ).status_code
        for n in range(8)
    ]

    assert statuses == [200] * 5 + [429] * 3


def test_behind_our_proxy_only_its_own_entry_counts(client: Client, settings) -> None:
    settings.TRUSTED_PROXIES = 1
    UserFactory(email="li@works.example")

    statuses = [
        log_in(
            client, "li@works.example", "wrong", headers={"x-forwarded-for": f"10.0.0.{n}, 203.0.113.9"}
        ).status_code
        for n in range(7)
    ]

    assert statuses == [200] * 5 + [429] * 2


def test_the_victim_signs_in_from_elsewhere(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_account": "8/h/key"}
    UserFactory(email="li@works.example")
    for _try in range(12):
        log_in(client, "li@works.example", "wrong")

    answer = log_in(Client(), "li@works.example", REMOTE_ADDR="203.0.113.7")

    assert answer.url == reverse("enterprises:home")


def test_one_address_cannot_try_many_accounts(client: Client) -> None:
    statuses = [log_in(client, f"person{n}@works.example", "wrong").status_code for n in range(22)]

    assert statuses == [200] * 20 + [429] * 2


def test_many_addresses_cannot_try_one_account_for_ever(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_account": "8/h/key"}

    statuses = [
        log_in(Client(), "li@works.example", "wrong", REMOTE_ADDR=f"203.0.113.{n}").status_code
        for n in range(10)
    ]

    assert statuses == [200] * 8 + [429] * 2


def test_right_passwords_are_not_counted(client: Client) -> None:
    UserFactory(email="li@works.example")

    for _time in range(7):
        assert log_in(client, "li@works.example").status_code == 302
        client.post(reverse("account_logout"))


def test_codes_are_limited(client: Client) -> None:
    chen = UserFactory(email="chen@triage.example", roles=["triage_officer"])
    second_factor.set_up(chen)
    log_in(client, "chen@triage.example")

    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 240 < int(answers[-1]["Retry-After"]) <= 300


def test_reset_is_limited_per_account(client: Client) -> None:
    post = {"email": "li@works.example"}

    answers = [client.post(reverse("account_reset_password"), post) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 840 < int(answers[-1]["Retry-After"]) <= 900


def test_sign_up_is_limited_per_address(client: Client) -> None:
    statuses = [
        client.post(reverse("account_signup"), LI | {"email": f"p{n}@works.example"}).status_code
        for n in range(31)
    ]

    assert statuses == [302] * 30 + [429]


def test_counts_live_in_the_database() -> None:
    log_in(Client(), "li@works.example", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (3,)
