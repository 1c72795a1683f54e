"""F-05: every task message arrives three times, shuffled, at two workers."""

import random

import pytest
from celery import Celery

from tests.faults.rig import FIGURES, eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
TASKS = ["notifications.deliver_pending", "requests.route_new", "policies.announce_published"]


def deliver_with_copies(portal):
    """Let two workers fetch three copies of every message, and wait until nothing is open."""
    count = FIGURES.letters
    portal.stage("letters", first=0, count=count)
    copies = TASKS * 3 * (count // 10)
    random.shuffle(copies)
    broker = Celery(broker=portal.broker.url)
    with broker.connection_for_write() as line:
        for name in copies:
            broker.send_task(name, queue="portal", connection=line, ignore_result=True)
    portal.worker("one")
    portal.worker("two")
    portal.beat()
    eventually(lambda: portal.open_deliveries() == 0, FIGURES.patience, "not all was delivered")
    return count


def test_each_delivery_leaves_once(portal):
    with portal() as p:
        count = deliver_with_copies(p)

        assert (len(p.mailbox.ids), p.mailbox.ids.total()) == (count, count)
        assert p.number("select count(*) from notifications_notification") == count


def test_without_the_lock_some_leave_twice(portal):
    with portal(without="lock") as p:
        count = deliver_with_copies(p)

        assert p.mailbox.ids.total() > count
