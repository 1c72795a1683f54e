from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from accounts.models import User
from core import audit, calendar, once, workdays
from core.lifecycle import TransitionRefused
from core.models import Watermark
from core.workdays import Calendar
from notifications.models import Notification
from services.requests import actions, ladder, notifications, sla, tasks, timeline
from services.requests.actions import reminding
from services.requests.models import Absence, Escalation, ServiceRequest, State
from services.requests.sla import Party
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db
PLAIN = Calendar(frozenset(), frozenset(), date(2030, 12, 31))
WEDNESDAY = date(2026, 11, 25)


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return [row.recipient.name for row in rows if row.recipient]


def due(row: ServiceRequest, *, days_ago: int, warned: bool = True) -> None:
    """Make a request due at the end of the day that lies so many calendar days back."""
    end = calendar.end_of(calendar.day_of(calendar.now()) - timedelta(days=days_ago))
    ServiceRequest.objects.filter(pk=row.pk).update(
        due_at=end, warn_at=calendar.now() - timedelta(days=1) if warned else end
    )


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_day", "steps"),
    [
        (25, ["warned"]),  # due today
        (24, ["overdue"]),  # Tuesday: the first working day late
        (23, ["overdue", "lead"]),
        (21, ["overdue", "lead"]),  # Saturday: Monday, Tuesday, Wednesday
        (20, ["overdue", "lead"]),
        (19, ["overdue", "lead", "reassign"]),
    ],
)
def test_the_ladder_counts_working_days(due_day: int, steps: list[str]) -> None:
    now = ladder.at(noon(25), PLAIN)
    row = ServiceRequest(
        state=State.IN_PROGRESS, due_at=calendar.end_of(date(2026, 11, due_day)), warn_at=noon(19)
    )

    assert now.steps(row) == steps


@pytest.mark.parametrize("state", [State.WAITING, State.RESOLVED, State.DRAFT])
def test_what_waits_or_is_settled_climbs_nothing(state: str) -> None:
    row = ServiceRequest(state=state, due_at=noon(1), warn_at=noon(1))

    assert ladder.at(noon(25), PLAIN).steps(row) == []


@pytest.mark.parametrize(("days", "warned_on"), [(5, date(2026, 12, 1)), (10, date(2026, 12, 7))])
def test_staff_are_warned_when_four_fifths_have_passed(days: int, warned_on: date) -> None:
    assert calendar.day_of(sla.running(WEDNESDAY, days, PLAIN)["warn_at"]) == warned_on


def test_a_warning_goes_to_whoever_has_it_and_once(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due(row, days_ago=-1)

    assert [actions.escalate_overdue() for _ in range(3)] == [1, 0, 0]
    assert (told("requests.due_soon"), told("requests.overdue")) == (["Chen"], [])


def test_a_late_beat_takes_every_step_once_and_tells_the_lead_once(
    cast: Cast, chen: User, lead: User
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due(row, days_ago=20)

    assert [actions.escalate_overdue() for _ in range(2)] == [3, 0]
    assert (told("requests.overdue"), told("requests.late")) == (["Chen"], ["Lead"])
    assert Notification.objects.get(kind="requests.late").context["reassign"] is True
    assert list(Escalation.objects.values_list("step", flat=True)) == ["overdue", "lead", "reassign"]


def test_what_nobody_has_is_told_to_everyone_in_charge(cast: Cast, chen: User, lead: User) -> None:
    due(submitted(cast.li, cast.enterprise), days_ago=1)

    actions.escalate_overdue()

    assert told("requests.overdue") == ["Chen", "Lead"]


def test_who_stands_in_is_told_instead_of_someone_away(cast: Cast, chen: User) -> None:
    sun, today = officer("Sun"), calendar.today()
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    Absence.objects.create(user=chen, from_on=today, to_on=today, delegate=sun)
    due(row, days_ago=1)

    actions.escalate_overdue()

    assert told("requests.overdue") == ["Sun"]


def test_a_crash_in_the_middle_leaves_no_step_and_the_next_sweep_takes_it(
    cast: Cast, chen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due(row, days_ago=1)
    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.escalate_overdue()

    assert (Escalation.objects.count(), told("requests.overdue")) == (0, [])
    assert (actions.escalate_overdue(), told("requests.overdue")) == (1, ["Chen"])


# --- a later date ---------------------------------------------------------------------


def later(row: ServiceRequest, days: int = 5) -> date:
    assert row.due_at
    return calendar.add_working_days(calendar.day_of(row.due_at), days).day


def test_a_later_date_is_told_with_its_reason_and_begins_a_new_ladder(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due(row, days_ago=1)
    actions.escalate_overdue()
    row.refresh_from_db()
    day = later(row)

    row = actions.postpone(row, day, "专家下周才能到厂。", by=chen)

    letter = Notification.objects.get(kind="requests.delayed")
    assert (letter.recipient, letter.context["due"], letter.context["text"]) == (
        cast.li,
        f"{day}",
        "专家下周才能到厂。",
    )
    assert (row.due_on_text, row.messages.last().text) == (f"{day}", "专家下周才能到厂。")
    due(row, days_ago=0)
    ServiceRequest.objects.filter(pk=row.pk).update(due_at=calendar.now() - timedelta(minutes=1))
    assert actions.escalate_overdue() == 1


def test_a_broken_promise_explains_itself_to_the_owner(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due(row, days_ago=14)
    actions.escalate_overdue()

    page = sign_in(client, cast.li).get(f"/en/requests/{row.reference}/")

    late = [step.title for step in page.context["steps"] if step.title in timeline.LATE.values()]
    assert late == list(timeline.LATE.values())
    assert page.context["steps"][-1].note == "This day has passed."
    assert "Not done by the promised day: whoever has it was told" in page.text


def test_a_recount_keeps_the_later_date(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    day = later(row)
    actions.postpone(row, day, "专家下周才能到厂。", by=chen)

    actions.recount_deadlines()

    row.refresh_from_db()
    assert row.due_on_text == f"{day}"


def test_only_a_later_working_day_is_a_new_date(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    assert row.due_at
    present = calendar.day_of(row.due_at)
    sunday = present + timedelta(days=13 - present.weekday())

    for day in (present, present - timedelta(days=1), sunday, present + timedelta(days=4000)):
        with pytest.raises(ValidationError) as refused:
            actions.postpone(row, day, "x", by=chen)
        assert list(refused.value.message_dict) == ["due_on"]


def test_staff_without_triage_and_settled_requests_get_no_new_date(cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)

    with pytest.raises(TransitionRefused):
        actions.postpone(row, later(row), "x", by=chen)
    with pytest.raises(PermissionDenied):
        actions.postpone(row, later(row), "x", by=UserFactory(roles=["auditor"]))


def test_a_later_date_is_promised_at_the_desk(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    path = f"/admin/service_requests/servicerequest/{row.pk}/postpone/"
    client = sign_in(client, chen)

    wrong = client.post(path, {"form_token": once.new_token(), "due_on": "soon", "reason": ""})
    right = client.post(
        path, {"form_token": once.new_token(), "due_on": f"{later(row)}", "reason": "专家下周才到。"}
    )

    assert (sorted(wrong.context["form"].errors), right.status_code) == (["due_on", "reason"], 302)


# --- whose turn it is -----------------------------------------------------------------------


def test_the_time_of_each_party_is_counted_in_working_days() -> None:
    events = [(noon(16), "submit"), (noon(17), "take"), (noon(18), "ask"), (noon(20), "supply")]
    events += [(noon(23), "pass_on"), (noon(25), "take_back")]

    found = sla.spent(events, noon(26), PLAIN)

    assert found == {Party.OURS: 2 + 1 + 1, Party.ENTERPRISE: 2, Party.PROVIDER: 2}


def test_nobodys_time_is_counted_once_it_is_settled() -> None:
    found = sla.spent([(noon(16), "submit"), (noon(17), "resolve")], noon(27), PLAIN)

    assert found == {Party.OURS: 1, Party.ENTERPRISE: 0, Party.PROVIDER: 0}


def test_the_provider_has_it_until_it_is_taken_back(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    due_at = row.due_at

    actions.agree_to_share(row, ["words"], by=cast.li)
    row = actions.pass_on(row, "转给服务商。", by=chen)
    with pytest.raises(TransitionRefused):
        actions.pass_on(row, "再转。", by=chen)
    passed = row.with_provider_at
    row = actions.take_back(row, "服务商已答复。", by=chen)

    assert (passed is not None, row.with_provider_at, row.due_at) == (True, None, due_at)
    assert row.messages.filter(is_internal=True).count() == 2


# --- the morning summary --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "people"),
    [
        ("2026-11-25 00:29 +0000", []),  # 08:29 in China
        ("2026-11-25 00:30 +0000", ["Chen"]),
        ("2026-11-22 02:00 +0000", []),  # a Sunday
    ],
)
def test_the_summary_comes_at_half_past_eight_on_working_days(
    cast: Cast, chen: User, at: str, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(cast.li, cast.enterprise)
    moment = datetime.strptime(at, "%Y-%m-%d %H:%M %z")
    monkeypatch.setattr(calendar, "now", lambda: moment)

    with time_machine.travel(moment, tick=False):
        sent = [actions.summarise(), actions.summarise()]

    assert (sent, told("requests.summary")) == ([len(people), 0], people)


def test_whoever_has_nothing_waiting_gets_no_summary(chen: User) -> None:
    Watermark.objects.all().delete()

    actions.summarise()

    assert told("requests.summary") == []


def test_the_page_says_how_long_each_party_had_it(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen, OfferingFactory(turnaround_days=5))

    page: Any = sign_in(client, chen).get(f"/admin/service_requests/servicerequest/{row.pk}/change/")

    assert page.context["spent"] == {"ours": 0, "provider": 0, "enterprise": 0}


def test_a_clock_of_before_there_were_warnings_gets_its_warning(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    warned = row.warn_at
    ServiceRequest.objects.filter(pk=row.pk).update(warn_at=None)

    assert (actions.add_warnings(), actions.add_warnings()) == (1, 0)

    row.refresh_from_db()
    assert row.warn_at == warned


def test_the_owner_reads_of_a_later_date_and_of_the_provider(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.agree_to_share(row, ["words"], by=cast.li)
    before = row.due_on_text
    day = workdays.add(calendar.day_of(row.due_at), 3, calendar.present()).day
    row = actions.postpone(row, day, "专家出差。", by=chen)
    row = actions.pass_on(row, "交给服务商。", by=chen)
    translation.activate("en")

    steps = timeline.steps(row, sla.clock(row, calendar.now()))

    assert [(str(step.title), step.note) for step in steps[-3:]] == [
        ("A later date was promised", f"{before} → {day}"), ("With the provider", ""),
        ("Expected to be done by", ""),
    ]  # fmt: skip


# --- papers that are not handed in ------------------------------------------------------


def working_days_ago(days: int) -> datetime:
    """Return the start of the day after which so many working days have passed today."""
    working, today = calendar.present(), calendar.day_of(calendar.now())
    day = today
    while workdays.between(day, today, working) < days:
        day -= timedelta(days=1)
    return calendar.start_of(day)


@pytest.mark.parametrize(
    ("asked", "told", "reminds"),
    [(4, None, 0), (5, None, 1), (9, 4, 0), (10, 5, 1), (14, 9, 1), (15, 10, 0), (30, None, 0)],
)
def test_missing_papers_are_reminded_of_every_five_working_days_twice(
    cast: Cast, chen: User, asked: int, told: int | None, reminds: int
) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)
    nudged = None if told is None else working_days_ago(told)
    ServiceRequest.objects.filter(pk=row.pk).update(paused_at=working_days_ago(asked), nudged_at=nudged)

    assert (tasks.escalate_overdue(), tasks.escalate_overdue()) == (reminds, 0)

    letters = Notification.objects.filter(kind="requests.still_waiting")
    assert [(one.recipient, one.url.partition("#")[2]) for one in letters] == [(cast.li, "supply")] * reminds


def test_those_nobody_is_reminded_of_any_more_do_not_keep_others_from_it(
    cast: Cast, chen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "_AT_ONCE", 1)
    for asked in (20, 6):
        row = in_state("waiting", cast.li, cast.enterprise, chen)
        ServiceRequest.objects.filter(pk=row.pk).update(paused_at=working_days_ago(asked))

    assert actions.remind_of_papers() == 1
    assert Notification.objects.get(kind="requests.still_waiting").subject_code == row.reference


def test_a_reminder_is_dropped_once_the_papers_are_there(cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=row.pk).update(paused_at=working_days_ago(6))
    actions.remind_of_papers()
    letter = Notification.objects.get(kind="requests.still_waiting")
    assert notifications.STILL_WAITING.still_due(letter)

    actions.supply(row, "都在这里了。", by=cast.li)

    assert not notifications.STILL_WAITING.still_due(letter)
    assert actions.remind_of_papers() == 0
