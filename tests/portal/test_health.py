import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from notifications.models import Delivery, Notification
from portal import health, operations


@pytest.fixture
def tables_not_seen_yet(monkeypatch):
    monkeypatch.setitem(health._tables, "complete", False)


def overdue_delivery(state):
    notification = Notification.objects.create(kind="x", address="li@works.example", dedupe_key=f"x {state}")
    Delivery.objects.create(
        notification=notification, channel="email", state=state, due_at=timezone.now() - timedelta(seconds=90)
    )


def test_livez_answers_without_the_database(client):
    assert client.get("/livez").content == b"ok"


@pytest.mark.django_db
def test_readyz_answers_when_every_migration_is_applied(client, tables_not_seen_yet):
    assert client.get("/readyz").status_code == 200
    assert health._tables["complete"]


@pytest.mark.django_db
def test_readyz_refuses_while_a_migration_is_missing(client, tables_not_seen_yet):
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'core'")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"migrations are missing")


def test_readyz_refuses_while_the_database_is_away(client, monkeypatch):
    def no_database():
        raise OperationalError

    monkeypatch.setattr(health, "tables_are_complete", no_database)

    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("user", [AnonymousUser(), User(email="li@works.example")])
def test_statusz_is_for_staff(user):
    request = RequestFactory().get("/statusz")
    request.user = user

    with pytest.raises(PermissionDenied):
        health.statusz(request)


@pytest.mark.django_db
def test_statusz_shows_what_is_late():
    overdue_delivery(Delivery.State.PENDING)
    overdue_delivery(Delivery.State.FAILED)
    request = RequestFactory().get("/statusz")
    request.user = User(email="chen@desk.example", is_staff=True)

    status = json.loads(health.statusz(request).content)

    assert status["deliveries"]["pending"] == 1
    assert status["deliveries"]["failed"] == 1
    assert 90 <= status["deliveries"]["oldest_pending_seconds"] < 120
    assert status["broker"]["answers"] is True


@pytest.mark.django_db
def test_statusz_says_that_the_broker_is_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert operations.broker()["answers"] is False
