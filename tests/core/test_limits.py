from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import RequestFactory

from core import calendar, limits
from core.models import Limit
from tests.together import together

pytestmark = pytest.mark.django_db


def tries(number, key="ask:1", times=3, seconds=3600):
    return [limits.allow(key, times=times, seconds=seconds).ok for _ in range(number)]


def test_the_fourth_of_three_is_refused_and_told_when():
    assert tries(4) == [True, True, True, False]

    refused = limits.allow("ask:1", times=3, seconds=3600)
    assert timedelta(minutes=59) < refused.retry_at - calendar.now() < timedelta(minutes=61)
    assert not refused


def test_each_key_has_its_own_count():
    tries(4)

    assert tries(1, key="ask:2") == [True]


def test_a_new_window_begins_when_the_old_one_has_ended():
    tries(4)
    Limit.objects.update(ends_at=Now() - timedelta(seconds=1))

    assert tries(4) == [True, True, True, False]


def test_what_is_forgotten_counts_no_more():
    tries(4)
    limits.forget("ask:1")

    assert tries(1) == [True]


def test_addresses_are_not_stored():
    tries(1, key="ask:203.0.113.7")

    assert "203.0.113.7" not in Limit.objects.get().key


def test_ended_windows_are_swept_away():
    tries(1, key="old")
    Limit.objects.update(ends_at=Now() - timedelta(seconds=1))
    tries(1, key="new")

    assert (limits.sweep(), limits.sweep(), Limit.objects.count()) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_instant_are_counted_one_by_one():
    answers = together(*[lambda: limits.allow("ask:1", times=3, seconds=60).ok] * 12)

    assert sorted(answers) == [False] * 9 + [True] * 3


def test_only_a_count_of_its_own_does_not_wait_for_the_disk():
    def waits_for() -> str:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO 'local'")
        tries(1)

        assert waits_for() == "local"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "198.51.100.1"),
        (0, "203.0.113.7", "198.51.100.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (2, "10.9.9.9, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "198.51.100.1"),
        (1, None, "198.51.100.1"),
        (1, "nonsense", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    extra = {"REMOTE_ADDR": "198.51.100.1"} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert limits.client_address(RequestFactory().get("/", **extra)) == address
