"""F-11: machines whose clocks are ten minutes ahead and behind, in a zone that changes its hour."""

import time

import pytest

from tests.faults.rig import FIGURES, eventually
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
AHEAD, BEHIND = {"FAULT_CLOCK": "600"}, {"FAULT_CLOCK": "-600"}
ELSEWHERE = {"TZ": "America/New_York"}
COUNT = 10
LATER = range(100, 105)
# Longer than the experiment takes, and past already for a machine that is ten minutes ahead.
SOON = 500
# Of notices and events only those of the experiment: what it begins with is as old as the reference rows.
FIRST = {
    "notice": "select coalesce(max(id), 0) + 1 from policies_policynotice",
    "event": "select coalesce(max(id), 0) + 1 from core_event",
}
IMPOSSIBLE = {
    "a request that came at another time than now, or was dealt with before it came": """
        select count(*) from service_requests_servicerequest
        where abs(extract(epoch from now() - submitted_at)) > 450
           or routed_at < submitted_at or first_reply_due_at < submitted_at or due_at < submitted_at""",
    "a message that left before it was written": """
        select count(*) from notifications_delivery as one
        join notifications_notification as told on told.id = one.notification_id
        where one.done_at < told.created_at or one.done_at > clock_timestamp()""",
    "a notice published at another time than now": """
        select count(*) from policies_policynotice
        where id >= {notice} and state = 'published'
           and abs(extract(epoch from now() - published_at)) > 450""",
    "an event of another time than now": """
        select count(*) from core_event where id >= {event} and abs(extract(epoch from now() - at)) > 450
        and verb in ('submit', 'publish')""",
}


def work_with_wrong_clocks(portal):
    """Let machines of all clocks work on what is due now; what is due in five minutes lies beside it."""
    portal.web(**BEHIND)
    portal.worker("ahead", **AHEAD)
    portal.worker("behind", **BEHIND)
    portal.beat(**BEHIND)
    portal.stage("letters", first=0, count=COUNT)
    portal.stage("later_letters", first=LATER.start, count=len(LATER), seconds=SOON)
    portal.stage("scheduled", seconds=SOON)
    in_time = portal.stage("scheduled", seconds=-1)
    one = visitor(portal.port, 0)
    assert one.reference_after(one.post("/requests/ask/", one.question(0)))
    published = "select count(*) from policies_policynotice where state = 'published' and slug = %s"
    eventually(
        lambda: len(portal.mailbox.ids) > COUNT and portal.number(published, in_time) == 1,
        FIGURES.patience,
        "what is due was not done",
    )
    time.sleep(4 * FIGURES.tick)


def came_early(portal):
    """Return what was done although its time has not come."""
    early = [address for address in portal.mailbox.recipients if address in later_readers()]
    early += portal.ask(
        "select slug from policies_policynotice where state = 'published' and title_zh like '海塔%%'"
        " and slug <> (select min(slug) from policies_policynotice where state = 'published'"
        " and title_zh like '海塔%%')"
    )
    return early


def later_readers():
    return [f"reader{number}@visitor.test" for number in LATER]


def test_the_clock_of_the_database_decides(portal):
    with portal(settings=ELSEWHERE) as p:
        first = {table: p.number(question) for table, question in FIRST.items()}
        work_with_wrong_clocks(p)

        assert came_early(p) == []
        assert "revoked" not in p.log_of("ahead"), "messages of a machine that is behind count as expired"
        found = {what: p.number(question.format(**first)) for what, question in IMPOSSIBLE.items()}
        assert found == dict.fromkeys(IMPOSSIBLE, 0)
        p.ask("update notifications_delivery set due_at = now() where state = 'pending' returning id")
        eventually(lambda: p.open_deliveries() == 0, FIGURES.patience, "not all was told")
        assert p.mailbox.ids.total() == len(p.mailbox.ids) == COUNT + len(LATER) + 1


def test_when_each_machine_goes_by_its_own_clock_messages_leave_early(portal):
    with portal(settings=ELSEWHERE, without="common clock") as p:
        work_with_wrong_clocks(p)

        assert came_early(p)
