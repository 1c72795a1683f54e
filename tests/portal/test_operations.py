import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.urls import reverse

from core.models import JobRun
from notifications.delivery import Drain
from notifications.models import ChannelPause, ContactTask, Delivery, Notification, SuppressedAddress
from portal import operations
from portal.celery import BEAT, app
from portal.tasks import watch
from tests.factories.accounts import UserFactory, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/operations/"


@pytest.fixture(autouse=True)
def no_earlier_runs():
    JobRun.objects.all().delete()


def waiting(seconds, state="pending"):
    told = Notification.objects.create(kind="x", address="li@works.example", dedupe_key=f"x{seconds}{state}")
    due_at = Now() - timedelta(seconds=seconds)
    return Delivery.objects.create(notification=told, channel="email", state=state, due_at=due_at)


def codes():
    return [alarm.code for alarm in operations.alarms()]


def test_all_is_well():
    assert codes() == []
    assert watch() == 0
    assert Notification.objects.filter(kind="portal.alarm").count() == 0


@pytest.mark.parametrize(("seconds", "expected"), [(290, []), (310, ["outbox_late"])])
def test_a_message_that_waits_for_more_than_five_minutes_is_alarming(seconds, expected):
    waiting(seconds)

    assert codes() == expected


def test_what_is_held_or_waits_on_purpose_is_not_alarming():
    waiting(9000, state="held")
    waiting(-9000)
    waiting(9000, state="failed")

    assert codes() == []
    assert operations.deliveries() == {
        "pending": 0,
        "later": 1,
        "held": 1,
        "failed": 1,
        "oldest_pending_seconds": 0,
    }


def test_a_job_that_failed_and_one_that_is_late_are_alarming():
    JobRun.objects.create(name="core.check_events", failed_at=Now(), error="ChainBroken: 7 altered")
    JobRun.objects.create(name="notifications.deliver_pending", ran_at=Now() - timedelta(hours=2))
    JobRun.objects.create(name="requests.route_new", ran_at=Now())

    assert codes() == ["job_late", "job_failed"]


def test_a_resting_channel_is_alarming_while_it_rests():
    ChannelPause.objects.create(channel="email", until=Now() + timedelta(seconds=30), error="refused")
    assert codes() == ["channel_rests"]

    ChannelPause.objects.update(until=Now() - timedelta(seconds=1))
    assert codes() == []


def test_administrators_are_told_once_an_hour_and_the_log_each_time(caplog, mailoutbox):
    waiting(400)
    administrator = UserFactory(email="root@desk.test", is_staff=True, language="en", roles=["administrator"])
    UserFactory(is_staff=True, roles=["auditor"])

    with caplog.at_level(logging.ERROR, logger="portal.tasks"):
        assert [watch(), watch()] == [1, 1]

    assert [record.getMessage().split(" ")[:2] for record in caplog.records] == [["alarm", "outbox_late"]] * 2
    assert Notification.objects.get(kind="portal.alarm").recipient == administrator
    Drain(10).run()
    (mail,) = mailoutbox
    assert "Messages wait longer than they should." in mail.body
    assert "http://localhost:8000/admin/operations/" in mail.body


def test_every_run_of_a_drain_is_noted():
    app.loader.import_default_modules()

    app.tasks["notifications.deliver_pending"]()

    assert list(JobRun.objects.values_list("name", flat=True)) == ["notifications.deliver_pending"]


def test_the_last_beat_is_the_last_watch():
    assert operations.last_beat() is None
    watch()

    assert operations.last_beat() == JobRun.objects.get(name="portal.watch").ran_at


@pytest.mark.parametrize("role", ["administrator", "triage_lead", "auditor"])
def test_those_who_answer_for_it_see_the_page(client, role):
    waiting(400)
    waiting(1, state="failed")
    SuppressedAddress.objects.create(address="gone@works.example", state="suppressed")
    ContactTask.objects.create(address="gone@works.example", why="550")
    sign_in(client, UserFactory(is_staff=True, roles=[role]))

    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert [alarm.code for alarm in answer.context["alarms"]] == ["outbox_late"]
    assert answer.context["unreachable"] == {"suppressed": 1, "calls": 1}
    assert [job.name for job in answer.context["jobs"]] == list(BEAT)
    assert answer.context["may_start"] is (role != "auditor")


@pytest.mark.parametrize("role", ["triage_officer", "publisher", "policymaker"])
def test_others_do_not(client, role):
    sign_in(client, UserFactory(is_staff=True, roles=[role]))

    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("admin:start_job", args=["portal.watch"])).status_code == 403
    assert "/admin/operations/" not in client.get("/admin/").content.decode()


def test_a_job_is_started_by_hand(client, django_capture_on_commit_callbacks, monkeypatch):
    sign_in(client, UserFactory(is_staff=True, roles=["administrator"]))
    asked = []
    monkeypatch.setattr(operations.wake, "knock", asked.append)

    assert client.post(reverse("admin:start_job", args=["portal.watch"]))["Location"] == PAGE
    assert client.post(reverse("admin:start_job", args=["no.such"])).status_code == 404
    assert client.get(reverse("admin:start_job", args=["portal.watch"])).status_code == 405
    assert asked == ["portal.watch"]


def test_an_auditor_starts_nothing():
    with pytest.raises(PermissionDenied):
        operations.start("portal.watch", by=UserFactory(is_staff=True, roles=["auditor"]))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, number, django_assert_num_queries):
    for n in range(number):
        waiting(400 + n)
        JobRun.objects.create(name=list(BEAT)[n], ran_at=Now())
    sign_in(client, UserFactory(is_staff=True, roles=["auditor"]))
    client.get(PAGE)

    with django_assert_num_queries(20):
        client.get(PAGE)


def test_statusz_names_the_alarms(client):
    waiting(400)
    sign_in(client, UserFactory(is_staff=True, roles=["auditor"]))

    assert json.loads(client.get("/statusz").content)["alarms"] == ["outbox_late"]
