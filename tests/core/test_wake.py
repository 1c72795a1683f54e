import logging
import socket
import time

import pytest
from django.db import transaction

from core import wake
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(monkeypatch):
    """Collect the messages instead of sending them: the outer edge."""
    tasks = []
    monkeypatch.setattr(wake, "_send", tasks.append)
    return tasks


@pytest.fixture
def broker(monkeypatch):
    """A function that moves the broker to another port."""
    app = wake.app_or_default()
    monkeypatch.setattr(wake, "_door", wake._Door())

    def at(port):
        monkeypatch.setitem(app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(wake, "_connection", wake.connection_to)

    return at


def test_a_knock_waits_for_the_commit(heard):
    with transaction.atomic():
        wake.knock("a.b")
        assert heard == []

    assert heard == ["a.b"]


def test_several_knocks_of_one_transaction_are_one_message(heard):
    with transaction.atomic():
        for task in ["a.b", "c.d", "a.b"]:
            wake.knock(task)
        with transaction.atomic():
            wake.knock("a.b")

    assert heard == ["a.b", "c.d"]


def test_a_rollback_takes_the_knock_along_and_the_next_one_is_heard(heard):
    with transaction.atomic():
        wake.knock("a.b")
        transaction.set_rollback(True)
    assert heard == []

    with transaction.atomic():
        wake.knock("a.b")
    assert heard == ["a.b"]


def test_a_rolled_back_savepoint_does_not_silence_the_rest(heard):
    with transaction.atomic():
        savepoint = transaction.savepoint()
        wake.knock("a.b")
        transaction.savepoint_rollback(savepoint)
        wake.knock("a.b")

    assert heard == ["a.b"]


def test_outside_a_transaction_each_knock_goes_at_once(heard):
    wake.knock("a.b")
    wake.knock("a.b")

    assert heard == ["a.b", "a.b"]


def test_a_broker_that_is_down_costs_less_than_a_second_and_is_then_left_alone(broker, unused_port):
    broker(unused_port)

    began = time.monotonic()
    for _ in range(20):
        wake.knock("a.b")

    assert time.monotonic() - began < 1
    assert wake.failures() == 1


def test_a_broker_that_does_not_answer_costs_less_than_a_second(broker):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker(silent.getsockname()[1])
        began = time.monotonic()
        wake.knock("a.b")

    assert time.monotonic() - began < 1
    assert wake.failures() == 1


def test_after_the_pause_the_door_is_tried_again(broker, unused_port, monkeypatch):
    broker(unused_port)
    monkeypatch.setattr(wake, "PAUSE_SECONDS", 0)

    wake.knock("a.b")
    wake.knock("a.b")

    assert wake.failures() == 2


def test_threads_share_the_pause(broker, unused_port):
    broker(unused_port)
    wake.knock("a.b")

    together(*[lambda: wake.knock("a.b")] * 5)

    assert wake.failures() == 1


def test_a_failed_knock_leaves_the_page_alone_and_a_line_in_the_log(broker, unused_port, caplog):
    broker(unused_port)

    with caplog.at_level(logging.WARNING), transaction.atomic():
        wake.knock("a.b")

    assert [record.getMessage() for record in caplog.records if record.name == "core.wake"] == [
        "knock for a.b not heard: OperationalError"
    ]


@pytest.fixture
def unused_port():
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
