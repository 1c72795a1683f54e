"""F-08: one form is sent again: within 50 ms, after going back, twenty times at once, after a cut line."""

import time
from functools import partial

import pytest

from tests.faults.rig import FIGURES, eventually
from tests.faults.visitors import at_once, visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


def double_click(one, form):
    return at_once(
        lambda: one.post("/requests/ask/", form),
        lambda: (time.sleep(0.05), one.post("/requests/ask/", form))[1],
    )


def back_and_again(one, form):
    return [one.post("/requests/ask/", form), one.post("/requests/ask/", form)]


def twenty_at_once(one, form):
    # From one address, which may ask five questions an hour: a form sent again is not another question.
    return at_once(*[partial(one.post, "/requests/ask/", form)] * 20)


def cut_line(one, form):
    one.post("/requests/ask/", form, hang_up=True)
    time.sleep(1)
    return [one.post("/requests/ask/", form)]


WAYS = [double_click, back_and_again, twenty_at_once, cut_line]


def send(portal):
    """Send one form in every way; return for each way the references answers led to ('' for none)."""
    portal.web()
    led_to = []
    for number, way in enumerate(WAYS):
        one = visitor(portal.port, number)
        answers = way(one, one.question(number))
        led_to.append({one.reference_after(answer) for answer in answers})
    return led_to


def test_one_form_leads_to_one_request_however_often_it_is_sent(portal):
    with portal() as p:
        led_to = send(p)

        assert [len(references) for references in led_to] == [1, 1, 1, 1]
        assert "" not in set.union(*led_to)
        rows = sorted(row[0] for row in p.ask("select reference from service_requests_servicerequest"))
        assert rows == sorted(set.union(*led_to))
        p.worker()
        p.beat()
        eventually(lambda: p.mailbox.recipients and p.open_deliveries() == 0, FIGURES.patience, "not told")
        assert sorted(p.mailbox.recipients) == [
            f"visitor{number}@visitor.test" for number in range(len(WAYS))
        ]


def test_without_the_token_a_form_makes_as_many_as_are_sent(portal):
    with portal(without="token") as p:
        send(p)

        assert p.number("select count(*) from service_requests_servicerequest") > len(WAYS)
