"""F-17: two releases are at work together: nothing is thrown away, what one does not know waits."""

import time

import pytest

from tests.faults import releases
from tests.faults.rig import FIGURES, eventually
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
OLD, NEW = {"FAULT_RELEASE": "old"}, {"FAULT_RELEASE": "new"}
QUESTIONS = 5
ROUTED = "select count(*) from service_requests_servicerequest where routed_at is not null"
FAILED = "select count(*) from notifications_delivery where state = 'failed'"


def ask(portal):
    """Ask the questions of some visitors."""
    for number in range(QUESTIONS):
        one = visitor(portal.port, number)
        assert one.reference_after(one.post("/requests/ask/", one.question(number)))


def all_told_once(portal):
    eventually(
        lambda: portal.number(ROUTED) == QUESTIONS and portal.open_deliveries() == 0,
        FIGURES.lease + FIGURES.patience,
        "not all was told",
    )
    told = portal.mailbox.ids
    readers = [address for address in portal.mailbox.recipients if address.startswith("visitor")]
    assert sorted(readers) == [f"visitor{number}@visitor.test" for number in range(QUESTIONS)]
    assert told.total() == len(told)


def work_with_the_old_worker(portal):
    """Let the new web write what the worker of the release before does not know; return that worker."""
    portal.web(**NEW)
    worker = portal.worker("old", **OLD)
    portal.beat("new-beat", **NEW)
    ask(portal)
    unknown = "Received unregistered task of type 'rig.now'"
    eventually(lambda: unknown in portal.log_of("old"), FIGURES.tick + 30, "nobody was asked")
    time.sleep(3 * FIGURES.tick)
    return worker


def test_what_an_old_worker_does_not_know_waits_for_the_new_one(portal):
    with portal() as p:
        worker = work_with_the_old_worker(p)
        assert (p.number(ROUTED), p.number(FAILED), p.mailbox.recipients) == (0, 0, [])

        worker.stop()
        p.worker("new", **NEW)

        all_told_once(p)
        assert p.number(FAILED) == 0


def test_what_the_old_release_still_sends_is_done_by_the_new_worker(portal):
    with portal() as p:
        p.web(**OLD)
        p.beat("old-beat", **OLD)
        p.worker("new", **NEW)
        ask(p)

        eventually((p.home / releases.LINES).exists, FIGURES.tick + 30, "the renamed task was thrown away")
        unknown = f"Received unregistered task of type '{releases.DELETED}'"
        eventually(lambda: unknown in p.log_of("new"), FIGURES.tick + 30, "nobody sent the deleted task")
        p.beat("new-beat", **NEW)
        all_told_once(p)


def test_without_waiting_a_message_of_an_unknown_kind_is_lost(portal):
    with portal(without="waiting kinds") as p:
        work_with_the_old_worker(p)

        assert p.number(FAILED) == QUESTIONS
