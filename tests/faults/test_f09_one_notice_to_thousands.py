"""F-09: a notice goes to thousands while workers and the broker are killed, and another is repealed."""

import os
import signal
import time
from email.header import decode_header, make_header

import pytest
from django.utils.translation import gettext, override

from tests.faults.rig import FIGURES, SHORT, eventually, kill_group, peak_megabytes

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
COUNT = 300 if FIGURES is SHORT else 10_000
# A slow enough mail server for somebody to be killed in the middle.
PACE = 0.01
KILLED_AT, BROKER_AT, REPEALED_AT = (0.1, 0.5, 0.9), 0.7, 0.8
POOL = 2
MEGABYTES, SECONDS_FOR_OTHERS = 300, 60
LONG = COUNT * 0.1 + FIGURES.lease + FIGURES.patience
TITLE = "A new policy fits your enterprise"
DELIVERIES = """
    select count(*), count(distinct told.recipient_id) from notifications_delivery as one
    join notifications_notification as told on told.id = one.notification_id
    where told.subject_code = %s and told.kind = 'policies.matched'"""


def wait_for_share(portal, share, before=0):
    eventually(
        lambda: len(portal.mailbox.ids) >= before + share * COUNT,
        LONG,
        f"never came to {share:.0%} of the mails",
    )


def news(portal):
    """Return how many heard that a notice fits; whoever heard of a repealed one hears of its end as well."""
    titles = {TITLE}
    with override("zh-hans"):
        titles.add(gettext(TITLE))
    mails = {
        one["Message-ID"]: str(make_header(decode_header(one["Subject"]))) for one in portal.mailbox.messages
    }
    return sum(subject in titles for subject in mails.values())


def other_mail_arrives_in(portal, number):
    """Post a letter to somebody else and return how long it took."""
    portal.stage("letters", first=number, count=1)
    address = f"reader{number}@visitor.test"
    return eventually(lambda: address in portal.mailbox.recipients, LONG, "the other mail never came")


def send_to_all(portal):
    """Publish, kill the worker at each share and the broker once; return slug, most memory, longest wait."""
    portal.mailbox.pace = PACE
    worker = portal.worker()
    portal.beat()
    slug = portal.stage("announced", count=COUNT)
    peaks, waits = [], []
    for share in KILLED_AT:
        if share > BROKER_AT:
            wait_for_share(portal, BROKER_AT)
            os.kill(portal.broker.process.pid, signal.SIGKILL)
            portal.broker.process.wait()
            portal.broker.start()
        wait_for_share(portal, share)
        peaks.append(peak_megabytes(worker.process.pid))
        kill_group(worker)
        worker = portal.worker()
        waits.append(other_mail_arrives_in(portal, len(waits)))
    eventually(lambda: portal.open_deliveries() == 0, LONG, "deliveries were left open")
    return slug, max(*peaks, peak_megabytes(worker.process.pid)), max(waits)


def test_everybody_hears_once_and_nobody_after_the_repeal(portal):
    with portal() as p:
        slug, megabytes, longest_wait = send_to_all(p)

        assert p.ask(DELIVERIES, slug) == [(COUNT, COUNT)]
        assert len(p.mailbox.ids) == COUNT + len(KILLED_AT)
        assert p.mailbox.ids.total() - len(p.mailbox.ids) <= POOL * len(KILLED_AT)
        assert megabytes < MEGABYTES
        assert longest_wait < SECONDS_FOR_OTHERS

        sent, told = len(p.mailbox.ids), news(p)
        assert told == COUNT
        slug = p.stage("announced", count=COUNT)
        wait_for_share(p, REPEALED_AT, before=sent)
        p.stage("repeal", slug=slug)
        time.sleep(0.2)  # what is being sent at this moment arrives
        at_repeal = news(p)
        eventually(lambda: p.open_deliveries() == 0, LONG, "deliveries were left open")
        assert news(p) <= at_repeal + POOL
        assert news(p) < told + COUNT
        assert p.ask(DELIVERIES, slug) == [(COUNT, COUNT)]


def test_without_its_rules_others_wait_for_thousands_and_a_repealed_notice_is_still_told(portal):
    with portal(without="bulk last,last look") as p:
        p.mailbox.pace = PACE
        p.worker()
        p.beat()
        slug = p.stage("announced", count=COUNT)
        wait_for_share(p, 0.1)
        p.stage("letters", first=0, count=1)
        p.stage("repeal", slug=slug)
        eventually(lambda: p.open_deliveries() == 0, LONG, "deliveries were left open")

        assert news(p) == COUNT
        assert p.mailbox.recipients.index("reader0@visitor.test") > 0.9 * COUNT
