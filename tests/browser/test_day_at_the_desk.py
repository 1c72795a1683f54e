"""A day at the desk: three people work on 200 requests while the worker and the broker die again and again.

At the end every request, message, event and mail is accounted for, exactly.
"""

import os
import random
import signal
from collections import Counter, defaultdict

import pytest
from django.conf import settings

from tests.browser.chromium import click
from tests.browser.people import Person
from tests.faults.rig import FIGURES, eventually, kill_group

pytestmark = [pytest.mark.browser, pytest.mark.fault, pytest.mark.xdist_group("faults")]
REQUESTS, ENTERPRISES = 200, 20
LIST = "/admin/service_requests/servicerequest/"
SEED = 20261130
# All steps of the ladder have come: overdue, to the lead, to be reassigned.
DAYS_LATE, STEPS = 20, 3
CHOOSE = "(boxes, chosen) => boxes.filter(one => chosen.includes(one.value)).forEach(one => one.click())"
POOL = 2


class Misfortune:
    """Kills the worker or the broker between two steps, and brings back what has been away for a step."""

    def __init__(self, portal, worker):
        self.portal = portal
        self.worker = worker
        self.draw = random.Random(SEED)
        self.kills = Counter()
        self.broker_is_away = False

    def strike(self):
        if self.broker_is_away:
            self.bring_back()
        elif self.draw.random() < 0.5:
            self.kills["worker"] += 1
            kill_group(self.worker)
            self.worker = self.portal.begin_worker()
        elif self.draw.random() < 0.8:
            self.kills["broker"] += 1
            self.broker_is_away = True
            os.kill(self.portal.broker.process.pid, signal.SIGKILL)
            self.portal.broker.process.wait()

    def bring_back(self):
        self.broker_is_away = False
        self.portal.broker.start()


class Ledger:
    """What must stand in the database in the end, request by request, by what was done at the desk."""

    def __init__(self, rows):
        self.references = [reference for _number, reference, _owner in rows]
        self.owners = dict(row[1:] for row in rows)
        self.states = dict.fromkeys(self.references, "submitted")
        self.holders = dict.fromkeys(self.references)
        self.events = {reference: Counter(submit=1, route=1) for reference in self.references}
        self.messages = Counter()
        self.told = Counter()
        for reference in self.references:
            self.tell_owner("received", reference)

    def tell_owner(self, kind, *references):
        for reference in references:
            self.told[f"requests.{kind}", reference, self.owners[reference]] += 1

    def tell_staff(self, kind, name, *references):
        for reference in references:
            self.told[f"requests.{kind}", reference, f"{name.lower()}@desk.test"] += 1

    def note(self, verb, references, state, holder=""):
        """Note a verb and the state it leads to; without `holder` the holder stays."""
        for reference in references:
            self.events[reference][verb] += 1
            self.states[reference] = state
            self.holders[reference] = holder or self.holders[reference]

    def take(self, who, references):
        self.note("take", references, "in_progress", who)
        self.tell_owner("taken", *references)

    def assign(self, to, references):
        for reference in references:
            if self.states[reference] == "submitted":
                self.tell_owner("taken", reference)
        self.note("assign", references, "in_progress", to)
        self.tell_staff("assigned", to, *references)

    def ask(self, who, references):
        for reference in references:
            self.note("ask", [reference], "waiting", self.holders[reference] or who)
        self.messages.update(references)
        self.tell_owner("asked", *references)

    def resolve(self, references):
        self.note("resolve", references, "resolved")
        self.messages.update(references)
        self.tell_owner("resolved", *references)

    def reply(self, who, reference):
        self.note("take", [reference], "in_progress", who)
        self.events[reference]["reply"] += 1
        self.messages[reference] += 1
        self.tell_owner("replied", reference)

    def join(self, kept, joined, before):
        """Join two; the thread of the joined one comes over."""
        self.note("join", [joined], "closed")
        self.events[kept]["merge"] += 1
        self.tell_owner("merged", joined)
        self.messages[kept] += self.messages.pop(joined, 0) + before[joined]
        self.messages[joined] -= before[joined]

    def grow_late(self, references, *, lead):
        for reference in references:
            self.events[reference]["escalate"] += STEPS
            self.tell_staff("overdue", self.holders[reference], reference)
            self.tell_staff("late", lead, reference)


class Desk:
    """The three people at their browsers; what they do is written into the ledger."""

    def __init__(self, portal, new_page):
        set_up = portal.stage("desk", requests=REQUESTS, enterprises=ENTERPRISES)
        self.portal = portal
        self.numbers = {reference: number for number, reference, _owner in set_up["rows"]}
        self.staff = {name: number for name, (number, _session) in set_up["staff"].items()}
        self.ledger = Ledger(set_up["rows"])
        self.answers = []
        self.people = {
            name: self.sit_down(new_page(), session) for name, (_number, session) in set_up["staff"].items()
        }

    def sit_down(self, page, session):
        address = f"http://localhost:{self.portal.port}"
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        page.on("response", lambda response: self.answers.append(response.status))
        return Person(page, address, "zh-hans")

    def __getitem__(self, places):
        """Return references in the order in which the requests came."""
        return self.ledger.references[places]

    def in_bulk(self, who, verb, references, **answers):
        """Choose requests in the queue, page by page, and carry out a verb on them."""
        person, left, number = self.people[who], {str(self.numbers[one]) for one in references}, 0
        while left:
            number += 1
            person.go(f"{LIST}?view=all&p={number}")
            boxes = person.page.locator("input[name=_selected_action]")
            there = boxes.evaluate_all("boxes => boxes.map(one => one.value)")
            assert there, "the queue ended before all were found"
            chosen = sorted(left.intersection(there))
            left -= set(chosen)
            if chosen:
                boxes.evaluate_all(
                    CHOOSE,
                    chosen,
                )
                self.confirm(person, verb, answers)

    def confirm(self, person, verb, answers):
        person.page.locator("select[name=action]").first.select_option(f"{verb}_chosen")
        click(person.page.locator("button[name=index]").first)
        person.write(**answers)
        click(person.page.locator("main .submit-row input.default"))
        person.page.locator(".messagelist .success").wait_for()
        assert person.page.locator(".messagelist .warning").count() == 0

    def open(self, who, reference):
        person = self.people[who]
        person.go(f"{LIST}{self.numbers[reference]}/change/")
        return person

    # --- the day ------------------------------------------------------------------

    def take(self, who, references):
        self.in_bulk(who, "take", references)
        self.ledger.take(who, references)

    def assign(self, who, to, references):
        self.in_bulk(who, "assign", references, to=str(self.staff[to]))
        self.ledger.assign(to, references)

    def ask(self, who, references):
        self.in_bulk(who, "ask", references, asks="营业执照照片\n设备清单")
        self.ledger.ask(who, references)

    def ask_one(self, who, reference):
        self.open(who, reference).do("ask for papers", asks="设备清单")
        self.ledger.ask(who, [reference])

    def close(self, who, references):
        self.in_bulk(who, "resolve", references, outcome="已到厂诊断。")
        self.ledger.resolve(references)

    def reply(self, who, reference):
        self.open(who, reference).do("reply to the enterprise", text="周三上午到厂。")
        self.ledger.reply(who, reference)

    def join(self, who, kept, joined):
        self.open(who, kept).do("join another one to this", other=joined)
        self.ledger.join(kept, joined, self.before)

    def grow_late(self, references, *, lead):
        numbers = [self.numbers[one] for one in references]
        self.portal.stage("grow_late", numbers=numbers, days=DAYS_LATE)
        self.ledger.grow_late(references, lead=lead)

    def day(self):
        """Give the steps of the day in their order."""
        yield lambda: self.assign("Zhou", "Chen", self[0:40])
        yield lambda: self.take("Sun", self[100:140])
        yield lambda: self.take("Chen", self[40:70])
        yield lambda: self.ask("Sun", self[100:115])
        yield lambda: self.assign("Zhou", "Sun", self[140:146])
        yield lambda: self.grow_late(self[140:146], lead="Zhou")
        yield lambda: self.ask_one("Chen", self[150])
        yield lambda: self.join("Chen", self[40], self[41])
        yield lambda: self.close("Chen", self[0:30])
        yield lambda: self.join("Sun", self[116], self[117])
        yield lambda: self.reply("Sun", self[160])
        yield lambda: self.close("Sun", self[118:140])
        yield lambda: self.assign("Zhou", "Sun", self[60:64])
        yield lambda: self.join("Chen", self[50], self[51])
        yield lambda: self.ask_one("Sun", self[60])
        yield lambda: self.close("Chen", self[42:48])


def open_the_desk(portal, new_page):
    """Start everything and wait until each request is in its queue."""
    portal.web()
    worker = portal.worker()
    portal.beat()
    desk = Desk(portal, new_page)
    waiting = "select count(*) from service_requests_servicerequest where routed_at is null"
    eventually(lambda: portal.number(waiting) == 0, FIGURES.patience, "not all came into the queue")
    desk.before = Counter(messages_of(portal))
    return desk, worker


def messages_of(portal):
    return dict(
        portal.ask(
            "select reference, count(one.id) from service_requests_servicerequest as row"
            " left join service_requests_message as one on one.service_request_id = row.id group by reference"
        )
    )


def events_of(portal):
    """Return how often each verb stands in the record of each request."""
    found = defaultdict(Counter)
    question = (
        "select reference, verb from core_event as event join service_requests_servicerequest as row"
        " on event.subject_type = 'service_requests.servicerequest' and event.subject_id = row.id"
    )
    for reference, verb in portal.ask(question):
        found[reference][verb] += 1
    return found


def told_of(portal):
    """Return who was told what of which request."""
    question = (
        "select kind, subject_code, reader.email, count(*) from notifications_notification as told"
        " join accounts_user as reader on reader.id = told.recipient_id"
        " where subject_code <> '' group by 1, 2, 3"
    )
    return Counter({(kind, code, email): number for kind, code, email, number in portal.ask(question)})


def test_every_request_message_event_and_mail_of_a_day_is_accounted_for(portal, new_page):
    with portal(settings={"MAILS_AN_HOUR": "100000"}) as p:
        desk, worker = open_the_desk(p, new_page)
        misfortune = Misfortune(p, worker)

        for step in desk.day():
            misfortune.strike()
            step()

        if misfortune.broker_is_away:
            misfortune.bring_back()
        climbed = "select count(*) from service_requests_escalation"
        eventually(
            lambda: p.open_deliveries() == 0 and p.number(climbed) == 6 * STEPS,
            FIGURES.lease + 10 * FIGURES.tick + FIGURES.patience,
            "not all was told",
        )
        ledger = desk.ledger
        assert min(misfortune.kills["worker"], misfortune.kills["broker"]) >= 2
        assert max(desk.answers) < 500

        rows = p.ask(
            "select reference, state, name from service_requests_servicerequest as row"
            " left join accounts_user as holder on holder.id = row.holder_id"
        )
        assert {reference: state for reference, state, _name in rows} == ledger.states
        assert {reference: name for reference, _state, name in rows} == ledger.holders
        assert events_of(p) == ledger.events
        # A sum of counters leaves out what is none: the emptied threads of joined requests.
        assert +Counter(messages_of(p)) == desk.before + ledger.messages
        for name in desk.staff:
            ledger.tell_staff("new", name, *ledger.references)
        assert told_of(p) == ledger.told
        assert p.stage("broken_chain") == []
        account_for_mails(p, misfortune.kills["worker"])


def account_for_mails(portal, kills):
    """Each delivery has ended, each sent one has arrived under its name, and hardly any twice."""
    # The beat goes on: a summary or an alarm may have been written since the requests were all told.
    eventually(lambda: portal.open_deliveries() == 0, FIGURES.patience, "something was told late")
    ends = defaultdict(set)
    for state, message_id in portal.ask("select state, message_id from notifications_delivery"):
        ends[state].add(message_id)
    arrived = portal.mailbox.ids
    assert set(ends) <= {"sent", "dropped"}
    assert ends["sent"] <= set(arrived)
    # Sent in the instant of a kill, and no longer due when it was taken up again.
    unmarked = set(arrived) - ends["sent"]
    assert unmarked <= ends["dropped"]
    assert len(unmarked) + arrived.total() - len(arrived) <= POOL * kills
