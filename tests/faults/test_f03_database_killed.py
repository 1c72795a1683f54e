"""F-03: PostgreSQL is killed while visitors submit: what was acknowledged is there, the rest comes again."""

import threading
import time

import pytest

from tests.faults.rig import FIGURES, eventually
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
BODY = "How does one begin?"
AWAY = 10 if FIGURES.lease >= 60 else 3
# Commits are answered before they are on the disk, and reach it after a while.
LAZY = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


class Persistent:
    """Clients who send each form, always with its own token, until they are shown a reference."""

    def __init__(self, port, submits):
        self.answers = []
        self.acknowledged = {}
        self.lock = threading.Lock()
        self.forms = [(one, one.question(n), n) for n in range(submits) for one in [visitor(port, n)]]
        self.waiting = iter(self.forms)
        self.threads = [threading.Thread(target=self.send_all) for _ in range(FIGURES.clients)]
        for thread in self.threads:
            thread.start()

    def send_all(self):
        while True:
            with self.lock:
                form = next(self.waiting, None)
            if form is None:
                return
            while not self.send(*form):
                time.sleep(0.3)

    def send(self, one, form, number):
        answer = one.post("/requests/ask/", form)
        reference = one.reference_after(answer)
        with self.lock:
            self.answers.append((time.monotonic(), answer))
            if reference:
                self.acknowledged[f"visitor{number}@visitor.test"] = reference
        return reference

    def join(self):
        for thread in self.threads:
            thread.join()


def kill_under_load(portal):
    """Kill the database when a third is acknowledged and bring it back.

    Return the clients, what was acknowledged before, and when it was back.
    """
    portal.web()
    clients = Persistent(portal.port, FIGURES.submits)
    eventually(lambda: len(clients.acknowledged) >= FIGURES.submits // 3, 60, "nobody was acknowledged")
    portal.store.kill()
    before = dict(clients.acknowledged)
    time.sleep(AWAY)
    portal.store.start()
    back_at = time.monotonic()
    clients.join()
    return clients, before, back_at


def rows_of(portal):
    return dict(portal.ask("select contact_email, reference from service_requests_servicerequest"))


def test_what_was_acknowledged_is_there_and_the_rest_is_sent_again(portal):
    with portal(store={}) as p:
        clients, before, back_at = kill_under_load(p)

        assert before.items() <= clients.acknowledged.items() == rows_of(p).items()
        assert len(rows_of(p)) == FIGURES.submits
        refused = [answer for _at, answer in clients.answers if answer.status != 302]
        assert {answer.status for answer in refused} == {503}
        assert all(BODY in answer.text for answer in refused)
        assert max(answer.seconds for answer in refused) < 5
        taken = [at for at, answer in clients.answers if answer.status == 302]
        assert min(at for at in taken if at > back_at) < back_at + 5
        p.worker()
        p.beat()
        eventually(lambda: p.open_deliveries() == 0, FIGURES.patience, "not all was told")
        sent = p.ask("select message_id from notifications_delivery where state = 'sent'")
        assert p.mailbox.ids.keys() == {row[0] for row in sent}
        assert set(p.mailbox.recipients) == rows_of(p).keys()


def test_with_commits_that_do_not_wait_for_the_disk_acknowledged_ones_are_missing(portal):
    with portal(store=LAZY) as p:
        _clients, before, _back_at = kill_under_load(p)

        assert before.items() - rows_of(p).items()
