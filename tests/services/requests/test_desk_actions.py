from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from accounts.models import User
from core import audit
from core.lifecycle import TransitionRefused
from core.models import CalendarDay, CalendarYear
from enterprises.models import Region, StaffScope
from notifications.models import Notification
from services.catalogue.models import Group
from services.requests import actions, parties
from services.requests.models import Assignment, Message, ServiceRequest, State
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import STATES, in_state, officer, submitted

pytestmark = pytest.mark.django_db


def readers(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return [row.recipient.name for row in rows if row.recipient]


def in_region(cast: Cast, code: str) -> None:
    cast.enterprise.region = Region.objects.get(code=code)
    cast.enterprise.save(update_fields=["region"])


def test_a_new_request_is_told_to_the_officers_of_its_region_and_group(cast: Cast) -> None:
    in_region(cast, "370202")
    officer("Province")
    officer("Qingdao", region="370200")
    officer("Jinan", region="370100")
    officer("Cloud", region="370200", group=Group.CLOUD)
    submitted(cast.li, cast.enterprise, OfferingFactory(group=Group.INDUSTRIAL))

    actions.route_new()

    assert readers("requests.new") == ["Province", "Qingdao"]


def test_a_request_nobody_is_in_charge_of_is_told_to_the_lead(cast: Cast) -> None:
    in_region(cast, "370202")
    officer("Jinan", region="370100")
    officer("Boss", region="370100", role="triage_lead")
    submitted(cast.li, cast.enterprise)

    actions.route_new()

    assert readers("requests.new") == ["Jinan", "Boss"]


def test_a_scope_without_region_and_group_is_everything(cast: Cast) -> None:
    all_and_jinan = officer("Chen", region="370100")
    StaffScope.objects.create(user=all_and_jinan, region=None, group="")
    row = submitted(cast.li, cast.enterprise)

    assert parties.is_in_scope(row, all_and_jinan)


def test_taking_tells_the_owner_who_has_it(cast: Cast, chen: User) -> None:
    row = actions.take(submitted(cast.li, cast.enterprise), by=chen)

    assert (row.state, row.holder) == (State.IN_PROGRESS, chen)
    assert readers("requests.taken") == ["Li"]
    assert [a.holder for a in Assignment.objects.filter(ended_at=None)] == [chen]


def test_taking_twice_is_refused(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.take(row, by=chen)

    with pytest.raises(TransitionRefused):
        actions.take(row, by=officer("Zhou"))

    row.refresh_from_db()
    assert row.holder == chen


@pytest.mark.parametrize("state", ["submitted", "in_progress", "waiting"])
def test_the_lead_assigns_open_requests(state: str, cast: Cast, chen: User, lead: User) -> None:
    zhou = officer("Zhou")
    row = in_state(state, cast.li, cast.enterprise, chen)

    row = actions.assign(row, to=zhou, by=lead)

    assert row.holder == zhou
    assert readers("requests.assigned") == ["Zhou"]
    assert Assignment.objects.filter(ended_at=None).count() == 1


def test_nobody_is_assigned_what_lies_outside_their_scope(cast: Cast, lead: User) -> None:
    in_region(cast, "370202")
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()

    with pytest.raises(ValidationError):
        actions.assign(row, to=officer("Jinan", region="370100"), by=lead)


def test_asking_for_papers_stops_the_clock(cast: Cast, chen: User) -> None:
    row = actions.ask_for_papers(submitted(cast.li, cast.enterprise), ["营业执照照片"], "请补充", by=chen)

    assert row.state == State.WAITING
    assert (row.paused_at is not None, row.paused_days_left, row.holder) == (True, 5, chen)
    assert readers("requests.asked") == ["Li"]
    assert row.messages.last().asks == ["营业执照照片"]


def test_going_on_without_the_papers_starts_the_clock(cast: Cast, chen: User) -> None:
    row = actions.resume(in_state("waiting", cast.li, cast.enterprise, chen), by=chen)

    assert (row.state, row.paused_at) == (State.IN_PROGRESS, None)


def test_the_first_reply_is_noted_once(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.reply(row, "您好。", by=chen)
    row.refresh_from_db()
    first = row.first_replied_at

    actions.reply(row, "还有一件事。", by=chen)

    row.refresh_from_db()
    assert first is not None
    assert row.first_replied_at == first
    assert readers("requests.replied") == ["Li", "Li"]


def test_replying_to_a_new_request_takes_it_up(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)

    actions.reply(row, "您好。", by=chen)

    row.refresh_from_db()
    assert (row.state, row.holder) == (State.IN_PROGRESS, chen)


@pytest.mark.parametrize("state", STATES)
def test_staff_may_write_until_it_is_over(state: str, cast: Cast, chen: User) -> None:
    row = in_state(state, cast.li, cast.enterprise, chen)

    if state in ("submitted", "in_progress", "waiting", "resolved"):
        assert actions.reply(row, "您好。", by=chen).text == "您好。"
    else:
        with pytest.raises(TransitionRefused):
            actions.reply(row, "您好。", by=chen)


def test_a_note_is_internal_and_tells_nobody(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    before = Notification.objects.count()

    message = actions.note(row, "电话里语气很急。", by=chen)

    row.refresh_from_db()
    assert message.is_internal
    assert Notification.objects.count() == before
    assert row.first_replied_at is None


@pytest.mark.parametrize("verb", [actions.reply, actions.note])
def test_only_staff_write_for_the_staff(verb: Any, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    with pytest.raises(PermissionDenied):
        verb(row, "您好。", by=cast.li)


def test_the_database_keeps_notes_to_the_staff(cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    with pytest.raises(IntegrityError, match="message_note_is_staffs"):
        Message.objects.create(service_request=row, side="owner", is_internal=True, text="x")


def test_resolving_asks_for_a_rating(cast: Cast, chen: User) -> None:
    row = actions.resolve(in_state("in_progress", cast.li, cast.enterprise, chen), "已联网。", by=chen)

    assert (row.state, row.outcome) == (State.RESOLVED, "已联网。")
    assert readers("requests.resolved") == ["Li"]


def test_a_return_gives_a_reason_and_the_next_offering(cast: Cast, chen: User) -> None:
    instead = OfferingFactory(name_zh="远程诊断")

    row = actions.refuse(submitted(cast.li, cast.enterprise), "不在范围。", instead, by=chen)

    letter = Notification.objects.get(kind="requests.refused")
    assert (row.state, row.next_offering, row.refusal_reason) == (State.REFUSED, instead, "不在范围。")
    assert letter.context["next_zh"] == "远程诊断"


def test_closing_happens_after_the_days_to_reopen(cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)
    assert actions.close_resolved() == 0

    ServiceRequest.objects.filter(pk=row.pk).update(resolved_at="2026-01-05T08:00:00+08:00")

    assert (actions.close_resolved(), actions.close_resolved()) == (1, 0)
    assert next(event.verb for event in audit.history(row)) == "close"


def test_a_changed_calendar_moves_open_deadlines_once(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.follow_calendar()
    due = ServiceRequest.objects.get(pk=row.pk).due_at
    assert due is not None
    CalendarDay.objects.update_or_create(day=due.date(), defaults={"kind": "off"})

    assert (actions.follow_calendar(), actions.follow_calendar()) == (1, 0)

    moved = ServiceRequest.objects.get(pk=row.pk).due_at
    assert moved is not None
    assert moved > due
    assert next(event.verb for event in audit.history(row)) == "move_deadline"


def test_an_announced_year_is_no_longer_provisional(cast: Cast) -> None:
    CalendarYear.objects.filter(year__gte=date.today().year).delete()
    row = submitted(cast.li, cast.enterprise)
    assert row.due_is_provisional
    actions.follow_calendar()
    for year in range(date.today().year - 1, date.today().year + 2):
        CalendarYear.objects.get_or_create(year=year)

    actions.follow_calendar()

    row.refresh_from_db()
    assert not row.due_is_provisional
