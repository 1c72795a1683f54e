from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from accounts.models import User
from core import audit, calendar
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.requests import actions, board, load, page, parties, staffing, tasks
from services.requests.lifecycle import ASSIGNMENT
from services.requests.models import Assignment, ServiceRequest, WorkloadCap
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db
TASKS = "/admin/service_requests/assignment/"


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


@pytest.fixture
def far() -> User:
    """A colleague of another group and region, who sees nothing of this request by scope."""
    return officer("Far", region="371302", group="cloud")


@pytest.fixture
def row(cast: Cast, chen: User) -> ServiceRequest:
    return in_state("in_progress", cast.li, cast.enterprise, chen)


def told(kind: str) -> list[User | None]:
    return [one.recipient for one in Notification.objects.filter(kind=f"requests.{kind}").order_by("pk")]


def test_several_colleagues_work_at_tasks_while_the_owner_sees_one_state(
    row: ServiceRequest, chen: User, far: User, lead: User
) -> None:
    before = page.of(row)

    first = actions.involve(row, far, "请核对报价。", by=chen)
    second = actions.involve(row, lead, "政策上行得通吗？", date(2030, 1, 4), by=chen)
    actions.answer(second, "可以。", by=lead)
    row.refresh_from_db()

    assert (row.state, row.holder) == ("in_progress", chen)
    assert {name: page.of(row)[name] for name in ("steps", "entries")} == {
        name: before[name] for name in ("steps", "entries")
    }
    shown = page.for_desk(ServiceRequest.objects.all()).get(pk=row.pk)
    tasks_shown = [one["assignment"] for one in page.task_rows(page.tasks_of(shown), {}, calendar.present())]
    assert [(one.holder, one.state) for one in tasks_shown] == [
        (far, "given"), (lead, "answered"),
    ]  # fmt: skip
    assert first.due_at == row.due_at
    assert (told("task_given"), told("task_answered")) == ([far, lead], [chen])


def test_a_task_opens_the_request_to_a_colleague_of_another_region_until_it_ends(
    row: ServiceRequest, chen: User, far: User
) -> None:
    seen = ServiceRequest.objects.on_desk_of
    assert not seen(far).exists()

    task = actions.involve(row, far, "请核对报价。", by=chen)

    assert list(seen(far)) == [row]
    assert far not in parties.may_hold(row)
    actions.decline(task, "不懂这一行。", by=far)
    assert not seen(far).exists()
    assert list(Assignment.objects.on_desk_of(far)) == [task]


def test_only_its_own_person_answers_and_only_who_is_in_charge_calls_back(
    row: ServiceRequest, chen: User, far: User, lead: User
) -> None:
    task = actions.involve(row, far, "请核对报价。", by=chen)

    with pytest.raises(PermissionDenied):
        actions.answer(task, "我来答。", by=chen)
    with pytest.raises(PermissionDenied):
        actions.call_back(task, by=far)
    actions.call_back(task, by=lead)

    assert told("task_ended") == [far]


@pytest.mark.parametrize("state", Assignment.State.values)
@pytest.mark.parametrize("verb", ["answer", "decline", "call_back", "end"])
def test_every_verb_from_every_state(row: ServiceRequest, chen: User, state: str, verb: str) -> None:
    task = actions.involve(row, officer("Sun"), "请核对。", by=chen)
    ended = None if state in ("held", "given") else calendar.now()
    Assignment.objects.filter(service_request=row, state="held").update(ended_at=calendar.now())
    Assignment.objects.filter(pk=task.pk).update(state=state, ended_at=ended)
    task.refresh_from_db()

    if state == "given":
        after = ASSIGNMENT.apply(task, verb, by=chen, reason="x", ended_at=calendar.now())
        assert after.state == {"answer": "answered", "decline": "declined"}.get(verb, "called_back")
    else:
        with pytest.raises(TransitionRefused):
            ASSIGNMENT.apply(task, verb, by=chen, reason="x", ended_at=calendar.now())


@pytest.mark.parametrize("verb", ["resolve", "refuse", "withdraw"])
def test_tasks_end_with_the_request(
    cast: Cast, row: ServiceRequest, chen: User, far: User, verb: str
) -> None:
    task = actions.involve(row, far, "请核对报价。", by=chen)

    if verb == "withdraw":
        actions.withdraw(row, by=cast.li)
    else:
        getattr(actions, verb)(row, "不用了。", by=chen)
    task.refresh_from_db()

    assert (task.state, task.ended_at is None) == ("called_back", False)
    assert told("task_ended") == [far]


def test_tasks_count_as_load(row: ServiceRequest, chen: User, lead: User) -> None:
    sun = officer("Sun")
    WorkloadCap.objects.create(user=sun, limit=1)
    actions.involve(row, sun, "请核对报价。", by=chen)

    found = {one.load.person: one.load for one in load.overview(lead, calendar.now()).rows}
    assert (found[sun].open, found[sun].tasks, found[sun].has_room) == (0, 1, False)
    with pytest.raises(ValidationError, match="0 open requests and 1 tasks, of at most 1 together"):
        actions.involve(row, sun, "还有一件。", by=chen)
    with pytest.raises(staffing.NobodyThere):
        staffing.place(row, sun, calendar.today())
    assert {one.code: one.number for one in board.counters(sun)}["tasks"] == 1


def test_a_task_whose_day_has_passed_is_reminded_of_once(row: ServiceRequest, chen: User, far: User) -> None:
    task = actions.involve(row, far, "请核对报价。", by=chen)
    Assignment.objects.filter(pk=task.pk).update(due_at=calendar.now() - timedelta(days=1))

    assert (tasks.escalate_overdue(), tasks.escalate_overdue()) == (1, 0)

    assert told("task_late") == [far, chen]


def test_a_day_that_has_passed_and_a_settled_request_are_refused(
    row: ServiceRequest, chen: User, far: User
) -> None:
    with pytest.raises(ValidationError, match="This day has passed"):
        actions.involve(row, far, "请核对。", date(2020, 1, 1), by=chen)
    done = actions.resolve(row, "办好了。", by=chen)
    with pytest.raises(TransitionRefused):
        actions.involve(done, far, "请核对。", by=chen)


def test_tasks_go_over_with_a_joined_request_and_come_back(
    cast: Cast, row: ServiceRequest, chen: User, far: User
) -> None:
    other = in_state("in_progress", cast.li, cast.enterprise, chen)
    task = actions.involve(other, far, "请核对报价。", by=chen)

    actions.merge(row, other, by=chen)
    task.refresh_from_db()
    assert (task.service_request, task.state) == (row, "given")
    assert list(row.assignments.filter(state="held", ended_at=None).values_list("holder", flat=True)) == [
        chen.pk
    ]
    other.refresh_from_db()
    actions.unmerge(other, by=chen)
    task.refresh_from_db()

    assert task.service_request == other


def test_the_desk_gives_a_task_and_its_person_answers(
    client: Client, row: ServiceRequest, chen: User, far: User
) -> None:
    sign_in(client, chen).post(
        f"/admin/service_requests/servicerequest/{row.pk}/involve/", {"to": far.pk, "task": "请核对报价。"}
    )
    task = Assignment.objects.tasks().get()
    chens = client.get(f"{TASKS}{task.pk}/change/").context["buttons"]
    fars = sign_in(Client(), far)
    mine = fars.get(f"{TASKS}{task.pk}/change/").context["buttons"]

    answered = fars.post(f"{TASKS}{task.pk}/answer/", {"text": "报价偏高一成。"})

    assert ([one.name for one in chens], [one.name for one in mine]) == (["call_back"], ["answer", "decline"])
    assert answered.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.answer) == ("answered", "报价偏高一成。")
    assert "报价偏高一成。" in client.get(f"/admin/service_requests/servicerequest/{row.pk}/change/").text
    assert [event.verb for event in audit.history(row)][:2] == ["task_answered", "involve"]


def test_whoever_worked_at_it_reads_the_rating_after_their_task(
    client: Client, cast: Cast, row: ServiceRequest, chen: User, far: User
) -> None:
    task = actions.answer(actions.involve(row, far, "请核对报价。", by=chen), "偏高。", by=far)
    page = f"{TASKS}{task.pk}/change/"
    before = sign_in(client, far).get(page).text
    actions.rate(actions.resolve(row, "好了。", by=chen), 4, "报价讲得清楚", by=cast.li)

    assert "报价讲得清楚" not in before
    assert "4 / 5 报价讲得清楚" in client.get(page).text
    assert "4 / 5" in client.get(f"{TASKS}?whose=all").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_tasks_takes_the_same_queries(
    client: Client, row: ServiceRequest, chen: User, far: User, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        actions.involve(row, far, f"第 {number} 件", by=chen)
    sign_in(client, far).get(TASKS)

    with django_assert_num_queries(8):
        shown = client.get(TASKS)

    assert len(shown.context["cl"].result_list) == count
