"""F-04: the mail server is away, puts off, refuses some, stalls, cuts the line after a message, is slow."""

import time

import pytest

from tests.faults.rig import FIGURES, SHORT, eventually
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
IS_SHORT = FIGURES is SHORT
COUNT = 30 if IS_SHORT else 300
AWAY, PUT_OFF, STALLED = (3, 6, 4) if IS_SHORT else (60, 600, 60)
PACE = 0.1 if IS_SHORT else 1.0
# The first pause between two tries is 15 s at the least.
MOST_TRIES = 2 + PUT_OFF * FIGURES.haste // 15
HURRIED = {"FAULT_HASTE": str(FIGURES.haste)}


class Trouble:
    """One mail server with its troubles, one after the other, each with letters of its own."""

    def __init__(self, portal):
        self.portal = portal
        self.mailbox = portal.mailbox
        self.posted = 0

    def post(self):
        """Post letters; return their readers."""
        first, self.posted = self.posted, self.posted + COUNT
        self.portal.stage("letters", first=first, count=COUNT)
        return [f"reader{n}@visitor.test" for n in range(first, first + COUNT)]

    def all_settled(self, seconds=FIGURES.patience):
        eventually(lambda: self.portal.open_deliveries() == 0, seconds, "deliveries were left open")

    def arrived(self, readers):
        """Return how many messages of different Message-IDs each of these readers has got."""
        found = {reader: set() for reader in readers}
        for message in self.mailbox.messages:
            if message["To"] in found:
                found[message["To"]].add(message["Message-ID"])
        return [len(ids) for ids in found.values()]

    # --- the troubles -----------------------------------------------------------

    def refuses_all(self):
        self.mailbox.stop()
        readers = self.post()
        time.sleep(AWAY)
        self.mailbox.start()
        self.all_settled()
        return readers

    def puts_off(self):
        self.mailbox.answer = "451 4.3.0 later"
        readers = self.post()
        time.sleep(PUT_OFF)
        self.mailbox.answer = None
        self.all_settled()
        return readers

    def cuts_the_line(self):
        readers = self.post_for("hang_up_on")
        self.all_settled()
        return readers

    def post_for(self, trouble):
        """Prepare a trouble for every tenth of the readers to come, then post."""
        tenth = {f"reader{n}@visitor.test" for n in range(self.posted, self.posted + COUNT, 10)}
        setattr(self.mailbox, trouble, set(tenth))
        return self.post()

    def is_routed(self, number, *, within):
        """While the mail server stalls, send a question and see whether other work goes on."""
        one = visitor(self.portal.port, number)
        one.post("/requests/ask/", one.question(number))
        try:
            eventually(self.everything_routed, within + FIGURES.tick, "other work stands still")
        except AssertionError:
            return False
        return True

    def everything_routed(self):
        waiting = "select count(*) from service_requests_servicerequest where routed_at is null"
        return self.portal.number(waiting) == 0


def test_every_message_arrives_or_is_seen_to_have_failed(portal):
    with portal(settings=HURRIED) as p:
        p.web()
        p.worker()
        p.beat()
        trouble = Trouble(p)

        readers = trouble.refuses_all()
        assert trouble.arrived(readers) == [1] * COUNT

        readers = trouble.puts_off()
        assert trouble.arrived(readers) == [1] * COUNT
        assert max(p.mailbox.tries[reader] for reader in readers) <= MOST_TRIES

        readers = trouble.post_for("unknown")
        trouble.all_settled()
        assert trouble.arrived(readers) == [0, *[1] * 9] * (COUNT // 10)
        assert {p.mailbox.tries[reader] for reader in readers} == {1}
        assert p.number("select count(*) from notifications_delivery where state = 'failed'") == COUNT // 10

        readers = trouble.cuts_the_line()
        assert trouble.arrived(readers) == [1] * COUNT
        assert p.mailbox.ids.total() - len(p.mailbox.ids) <= COUNT // 10

        p.mailbox.pace = PACE
        readers = trouble.post()
        trouble.all_settled(COUNT * PACE + FIGURES.patience)
        p.mailbox.pace = 0
        assert trouble.arrived(readers) == [1] * COUNT

        p.mailbox.stall = 120
        readers = trouble.post()
        assert trouble.is_routed(0, within=30)
        time.sleep(STALLED)
        p.mailbox.stall = 0
        trouble.all_settled()
        assert trouble.arrived(readers) == [1] * COUNT


def test_without_patience_what_could_not_be_sent_is_lost(portal):
    with portal(without="patience", settings=HURRIED) as p:
        p.worker()
        p.beat()
        trouble = Trouble(p)

        assert 0 in trouble.arrived(trouble.refuses_all())


def test_without_its_rules_a_message_is_tried_again_repeated_and_waited_for(portal):
    with portal(without="last word,lasting name,end of waiting", settings=HURRIED) as p:
        p.web()
        p.worker()
        p.beat()
        trouble = Trouble(p)

        readers = trouble.cuts_the_line()
        assert max(trouble.arrived(readers)) > 1

        readers = trouble.post_for("unknown")
        eventually(lambda: p.mailbox.tries[readers[0]] > 1, FIGURES.patience, "a refusal was final")

        p.mailbox.stall = 120
        trouble.post()
        assert not trouble.is_routed(0, within=6)
