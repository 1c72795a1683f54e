"""F-02: the broker is killed while visitors submit; nobody notices, and everything is told afterwards."""

import os
import shutil
import signal
import statistics
import threading
import time
from urllib.parse import quote

import pytest

from tests.faults.rig import FIGURES, eventually
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


# What the first knock at a door that is shut may cost, and a submit with it.
MOST_SECONDS = 2
CALM = 2 * FIGURES.clients


class Crowd:
    """Clients who submit questions one after another, over the length of an outage, each form once."""

    def __init__(self, port, numbers):
        self.port = port
        self.acknowledged = []
        self.seconds = []
        self.failures = []
        self.numbers = iter(numbers)
        self.pace = FIGURES.outage * FIGURES.clients / FIGURES.submits
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.submit_all) for _ in range(FIGURES.clients)]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        return self

    def submit_all(self):
        while True:
            with self.lock:
                number = next(self.numbers, None)
            if number is None:
                return
            self.submit(number)
            time.sleep(self.pace)

    def submit(self, number):
        one = visitor(self.port, number)
        form = one.question(number)
        answer = one.post("/requests/ask/", form)
        reference = one.reference_after(answer)
        with self.lock:
            self.seconds.append(answer.seconds)
            if reference:
                self.acknowledged.append(reference)
            else:
                self.failures.append(answer.status)

    def p95(self):
        return statistics.quantiles(self.seconds, n=20)[-1]


def submit_through_outage(portal, *, with_emptied_broker=False):
    """Kill the broker, let the crowd submit, bring the broker back.

    Return the crowd, and the one that submitted before, with the broker there: what it was kept waiting is
    the machine's doing.
    """
    portal.web()
    portal.worker()
    portal.beat()
    portal.stage("owner", email="li@visitor.test", password="a long enough one")
    calm = Crowd(portal.port, range(FIGURES.submits, FIGURES.submits + CALM)).join()
    os.kill(portal.broker.process.pid, signal.SIGKILL)
    portal.broker.process.wait()
    if with_emptied_broker:
        shutil.rmtree(portal.broker.home / "appendonlydir")
    ends_at = time.monotonic() + FIGURES.outage
    crowd = Crowd(portal.port, range(FIGURES.submits))
    look_around(portal)
    crowd.join()
    time.sleep(max(0, ends_at - time.monotonic()))
    portal.broker.start()
    return crowd, calm


def look_around(portal):
    """Sign in, search and open the desk while the broker is away."""
    one = visitor(portal.port, 900)
    form = one.open_form("/accounts/login/") | {"login": "li@visitor.test", "password": "a long enough one"}
    assert one.post("/accounts/login/", form).status == 302
    assert [one.get(path).status for path in ("/", f"/policies/?q={quote('数字化')}")] == [
        200,
        200,
    ]
    assert one.get("/admin/").status < 500


@pytest.mark.parametrize("emptied", [False, True], ids=["with its file", "emptied"])
def test_nobody_notices_and_everything_is_told_afterwards(portal, emptied):
    with portal() as p:
        crowd, calm = submit_through_outage(p, with_emptied_broker=emptied)

        rows = {row[0] for row in p.ask("select reference from service_requests_servicerequest")}
        assert crowd.failures == calm.failures == []
        assert {*crowd.acknowledged, *calm.acknowledged} == rows
        assert len(rows) == FIGURES.submits + CALM
        assert crowd.p95() < MOST_SECONDS + calm.p95()
        eventually(
            lambda: p.open_deliveries() == 0 and len(p.mailbox.ids) >= len(rows), 120, "not all was told"
        )
        assert p.mailbox.ids.total() == len(p.mailbox.ids)


def test_with_the_task_sent_in_the_request_visitors_get_errors(portal):
    with portal(without="calm knock") as p:
        crowd, calm = submit_through_outage(p)

        assert crowd.failures
        assert calm.failures == []
