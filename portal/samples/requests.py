"""Write the sample requests: 400 in every state, with their threads, holders and events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from core import calendar
from core.models import Counter, Event
from core.workdays import Calendar
from enterprises.models import Enterprise
from portal.samples.names import SEED
from services.catalogue.models import Offering
from services.requests import sla, triage
from services.requests.models import Assignment, Message, ServiceRequest, State

COUNT = 400
DAYS = 180
# How often each state occurs among 400.
SHARES = {
    State.DRAFT: 12, State.SUBMITTED: 16, State.IN_PROGRESS: 30, State.WAITING: 12, State.RESOLVED: 26,
    State.CLOSED: 270, State.REFUSED: 18, State.WITHDRAWN: 16,
}  # fmt: skip
# How many days ago a request of a state came, from … to.
AGES = {
    State.DRAFT: (0, 20),
    State.SUBMITTED: (0.05, 4),
    State.IN_PROGRESS: (1, 14),
    State.WAITING: (3, 25),
    State.RESOLVED: (2, 18),
    State.REFUSED: (2, DAYS),
    State.WITHDRAWN: (2, DAYS),
}
NEEDS = (
    "想请人到车间看看，设备数据现在靠手抄，月底对不上账。",
    "订单多了以后排产总是乱，想了解有没有合适的软件。",
    "准备申报项目，不清楚材料要准备哪些，请帮忙看一遍。",
    "车间有十来台老设备，想知道能不能联网采数据。",
    "想把进销存和财务放到云上，请推荐并说明费用。",
    "质量追溯客户要求越来越严，想先做一个小范围的试点。",
)
REPLIES = (
    "您好，材料已收到，我们安排专人与您联系。",
    "您好，已联系服务机构，预计本周内到厂。",
    "您好，申报条件已逐条核对，说明见下。",
)
# What colleagues are asked beside whoever holds a request, and what they answered ('' is still to do).
TASKS = (
    ("请核对服务机构的报价，年费一项是否合理。", ""),
    ("这家企业还能申请技改补贴吗？", "可以，窗口期到下月底，材料清单已发你。"),
    ("请看一下联网方案对老设备是否可行。", ""),
    ("请确认贯标咨询是否在免费目录里。", "在，第一次上门免费。"),
)
ASKED = ("营业执照照片", "最近一年的纳税申报表", "设备清单")


@dataclass(frozen=True)
class Cast:
    """Who asks, who holds, what is offered."""

    enterprises: list[Enterprise]
    owners: dict[int, Any]  # enterprise number → a member who asks
    officers: list[Any]
    offerings: list[Offering]


@dataclass(frozen=True)
class Story:
    """One drawn request: what became of it and when it came."""

    row: ServiceRequest
    officer: Any
    replied: bool

    @property
    def came_at(self) -> datetime:
        return self.row.submitted_at or self.row.created_at

    @property
    def first_reply_at(self) -> datetime:
        return self.row.first_replied_at or self.came_at


def load_requests(cast: Cast) -> int:
    """Write the requests with dates in the last 180 days; return how many."""
    random, now, working = Random(SEED + 1), calendar.now(), calendar.present()
    states = [state for state, count in SHARES.items() for _one in range(count)]
    dated = sorted((_moment(random, state, now), state) for state in states)
    stories = [_story(random, state, at, cast, now, working) for at, state in dated]
    _number(stories)
    ServiceRequest.objects.bulk_create(story.row for story in stories)
    _write_threads(stories)
    return len(stories)


def _moment(random: Random, state: State, now: datetime) -> datetime:
    """Draw when a request came: open ones lately, as at a living desk, closed ones at any time."""
    youngest, oldest = AGES.get(state, (15, DAYS))
    return now - timedelta(days=random.uniform(youngest, oldest))


def _story(random: Random, state: State, at: datetime, cast: Cast, now: datetime, working: Calendar) -> Story:
    enterprise = random.choice(cast.enterprises[:3] if random.random() < 0.15 else cast.enterprises)
    offering = random.choice(cast.offerings) if random.random() < 0.85 else None
    row = ServiceRequest(
        state=state,
        enterprise=enterprise,
        requester=cast.owners.get(enterprise.pk),
        offering=offering,
        subject=offering.name_zh if offering else "想了解数字化补贴怎么申请",
        body=random.choice(NEEDS),
        contact_name=enterprise.contact_name,
        contact_phone=enterprise.contact_phone,
        contact_email=f"contact{enterprise.pk}@enterprise.example",
        is_free=offering.is_free if offering else True,
        is_sample=True,
        created_at=at,
    )
    officer = random.choice(cast.officers)
    if state == State.DRAFT:
        return Story(row, officer, replied=False)
    _submit(row, at, working)
    replied = state not in {State.SUBMITTED, State.WITHDRAWN}
    if replied:
        _reply(row, officer, min(at + timedelta(hours=random.uniform(2, 60)), now))
    _finish(random, row, at, now, working)
    return Story(row, officer, replied)


def _submit(row: ServiceRequest, at: datetime, working: Calendar) -> None:
    day = calendar.day_of(at)
    row.submitted_at = row.routed_at = row.last_message_at = at
    row.first_reply_due_at = sla.first_reply_due(day, working)
    _set(row, triage.queue(row) | {"priority": triage.priority(row)} | sla.started(row, day, working))


def _reply(row: ServiceRequest, officer: Any, at: datetime) -> None:
    row.first_replied_at = row.last_message_at = at
    row.last_message_by_staff = True
    row.holder = officer


def _finish(random: Random, row: ServiceRequest, at: datetime, now: datetime, working: Calendar) -> None:
    if row.state == State.WAITING:
        _set(row, sla.paused(row, row.first_replied_at or at, working))
    if row.state in {State.RESOLVED, State.CLOSED}:
        row.resolved_at = min((row.first_replied_at or at) + timedelta(days=random.uniform(0.5, 9)), now)
        row.outcome = "已上门诊断并出具建议，企业确认可行。"
    if row.state == State.REFUSED:
        row.refusal_reason = "该事项不在本平台受理范围，已附上可办理的服务。"
    if row.state == State.CLOSED and random.random() < 0.6:
        row.rating, row.rated_at = random.choice((3, 4, 4, 5, 5, 5)), row.resolved_at


def _set(row: ServiceRequest, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)


def _number(stories: list[Story]) -> None:
    """Give references day by day, and leave the counters where the next real request goes on."""
    last: dict[str, int] = {}
    for story in stories:
        if story.row.submitted_at:
            stamp = f"{calendar.day_of(story.row.submitted_at):%y%m%d}"
            last[stamp] = last.get(stamp, 0) + 1
            story.row.reference = f"QD-{stamp}-{last[stamp]:04d}"
    Counter.objects.bulk_create(
        Counter(series=f"requests:{stamp}", last=number) for stamp, number in last.items()
    )


def _write_threads(stories: list[Story]) -> None:
    Message.objects.bulk_create(message for story in stories for message in _messages(story))
    Assignment.objects.bulk_create(
        Assignment(
            service_request=story.row,
            holder=story.officer,
            assigned_by=story.officer,
            assigned_at=story.first_reply_at,
            ended_at=None if story.row.is_open else story.row.resolved_at or story.first_reply_at,
        )
        for story in stories
        if story.row.holder
    )
    Assignment.objects.bulk_create(_tasks(stories))
    Event.objects.bulk_create(event for story in stories for event in _events(story))


def _tasks(stories: list[Story]) -> list[Assignment]:
    """Give colleagues a task in the newest requests that are being worked at."""
    now, held = calendar.now(), [story for story in stories if story.row.state == State.IN_PROGRESS]
    officers = sorted({story.officer for story in held}, key=lambda person: person.pk)
    return [
        Assignment(
            service_request=story.row,
            holder=next((one for one in officers if one != story.officer), story.officer),
            assigned_by=story.officer,
            assigned_at=story.first_reply_at,
            state=Assignment.State.ANSWERED if answer else Assignment.State.GIVEN,
            task=task,
            answer=answer,
            due_at=story.row.due_at,
            ended_at=min(story.first_reply_at + timedelta(hours=1), now) if answer else None,
        )
        for story, (task, answer) in zip(held[-len(TASKS) :], TASKS, strict=False)
    ]


def _messages(story: Story) -> list[Message]:
    row = story.row
    if not row.submitted_at:
        return []
    said = [
        Message(
            service_request=row,
            side=Message.Side.OWNER,
            author=row.requester,
            text=row.body,
            written_at=story.came_at,
        )
    ]
    if story.replied:
        said.append(
            Message(
                service_request=row,
                side=Message.Side.STAFF,
                author=story.officer,
                text="请补充以下材料，补齐后继续办理。"
                if row.state == State.WAITING
                else REPLIES[row.pk % len(REPLIES)],
                asks=list(ASKED) if row.state == State.WAITING else [],
                written_at=story.first_reply_at,
            )
        )
    return said


# The verbs that led to each state, after the submission.
PATHS = {
    State.IN_PROGRESS: ("take",),
    State.WAITING: ("take", "ask"),
    State.RESOLVED: ("take", "resolve"),
    State.CLOSED: ("take", "resolve", "close"),
    State.REFUSED: ("take", "refuse"),
    State.WITHDRAWN: ("withdraw",),
}
TARGETS = {
    "submit": State.SUBMITTED, "take": State.IN_PROGRESS, "ask": State.WAITING, "resolve": State.RESOLVED,
    "close": State.CLOSED, "refuse": State.REFUSED, "withdraw": State.WITHDRAWN,
}  # fmt: skip


def _events(story: Story) -> list[Event]:
    row = story.row
    if not row.submitted_at:
        return []
    events, before = [], State.DRAFT
    for verb in ("submit", *PATHS.get(State(row.state), ())):
        events.append(_event(story, verb, before))
        before = TARGETS[verb]
    return events


def _event(story: Story, verb: str, before: str) -> Event:
    row = story.row
    by_owner = verb in {"submit", "withdraw"}
    actor = None if verb == "close" else row.requester if by_owner else story.officer
    done = row.resolved_at or story.first_reply_at
    at = {"submit": story.came_at, "take": story.first_reply_at}.get(verb, done)
    return Event(
        at=at,
        actor_id=getattr(actor, "pk", None),
        actor_role="user" if by_owner else "system" if actor is None else "staff",
        verb=verb,
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        before=before,
        after=TARGETS[verb],
        data={"sample": True},
    )
