from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tasks import disable_unused_staff, sweep_limits
from core.models import Event, FormToken
from tests.accounts.steps import log_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def ago(days: int):
    return timezone.now() - timedelta(days=days)


def test_staff_unused_for_90_days_are_closed_once() -> None:
    unused = UserFactory(roles=["auditor"], last_login=ago(91))
    never = UserFactory(roles=["auditor"], date_joined=ago(91))
    UserFactory(roles=["auditor"], last_login=ago(89))
    UserFactory(roles=["auditor"], date_joined=ago(89))
    UserFactory(last_login=ago(400))
    UserFactory(roles=["auditor"], last_login=ago(91), is_sample=True)

    assert [disable_unused_staff(), disable_unused_staff()] == [2, 0]

    assert set(User.objects.filter(is_active=False)) == {unused, never}
    assert Event.objects.filter(verb="deactivated", actor_id=None).count() == 2


def test_sweeping_takes_what_is_over_and_leaves_the_rest(client: Client) -> None:
    UserFactory(email="li@works.example")
    log_in(client, "li@works.example")
    cache.clear()
    cache.set("over", 1, 60)
    cache.set("going-on", 1, 3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = now() - interval '1 second' WHERE cache_key LIKE '%over'"
        )
    FormToken.objects.create(token="a", purpose="p", owner="o", used_at=ago(31))
    FormToken.objects.create(token="b", purpose="p", owner="o", used_at=ago(29))
    Session.objects.create(session_key="old", session_data="", expire_date=ago(1))

    assert [sweep_limits(), sweep_limits()] == [2, 0]

    assert cache.get("going-on") == 1
    assert list(FormToken.objects.values_list("token", flat=True)) == ["b"]
    assert client.get("/accounts/").status_code == 200
