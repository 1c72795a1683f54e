"""F-18: all connections are taken, or a lock is held: visitors are told so soon, nobody hangs."""

from contextlib import ExitStack
from functools import partial

import psycopg
import pytest

from tests.faults.rig import eventually
from tests.faults.visitors import at_once, visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
CONNECTIONS = 12
FEW = {"max_connections": str(CONNECTIONS)}
# What a visitor may be kept waiting; the portal gives up a second earlier.
SOON = 5


def take_the_rest(portal, stack):
    """Open connections until the server has no more."""
    while True:
        try:
            stack.enter_context(psycopg.connect(portal.database_url))
        except psycopg.OperationalError:
            return


def send_while_locked(portal, *, clients):
    """Let so many visitors send a form while someone else holds the table; return forms and answers."""
    portal.web()
    forms = [(one, one.question(n)) for n in range(clients) for one in [visitor(portal.port, n)]]
    with psycopg.connect(portal.database_url) as holder:
        holder.execute("lock table service_requests_servicerequest in access exclusive mode")
        answers = at_once(*[partial(one.post, "/requests/ask/", form) for one, form in forms])
    return forms, answers


def assert_all_were_told_soon(answers):
    assert {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < SOON
    assert all("How does one begin?" in answer.text for answer in answers)


def assert_a_second_try_goes_through(portal, forms):
    references = {one.reference_after(one.post("/requests/ask/", form)) for one, form in forms}
    rows = portal.ask("select reference from service_requests_servicerequest")
    assert sorted(references) == sorted(row[0] for row in rows)
    assert len(references) == len(forms)


def test_a_held_lock_and_an_exhausted_pool_keep_nobody_waiting_for_long(portal):
    # Two processes with one connection each: two visitors wait for the lock, six for a connection.
    with portal(settings={"DATABASE_POOL_SIZE": "1"}) as p:
        forms, answers = send_while_locked(p, clients=8)

        assert_all_were_told_soon(answers)
        assert_a_second_try_goes_through(p, forms)


def test_without_an_end_to_waiting_for_a_lock_visitors_hang(portal):
    endless = {"DATABASE_LOCK_TIMEOUT_MS": "0", "DATABASE_STATEMENT_TIMEOUT_MS": "6000"}
    with portal(settings=endless) as p:
        _forms, answers = send_while_locked(p, clients=1)

        assert answers[0].seconds > SOON


def test_without_a_free_connection_visitors_are_told_at_once_and_come_in_later(portal):
    with portal(store=FEW) as p, ExitStack() as stack:
        p.web()
        one = visitor(p.port, 0)
        take_the_rest(p, stack)
        # The first pages keep the connections they have; a thread without one finds none left.
        answers = at_once(*[partial(visitor(p.port, n).get, "/policies/") for n in range(1, 9)])

        assert 503 in {answer.status for answer in answers} <= {200, 503}
        assert max(answer.seconds for answer in answers) < SOON
        stack.close()
        eventually(lambda: one.get("/policies/").status == 200, SOON, "nobody comes in again")
        assert {visitor(p.port, n).get("/policies/").status for n in range(9, 20)} == {200}
