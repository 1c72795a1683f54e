"""C-28: the database fails at each single statement of a verb; what it writes stands whole or not at all."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import Client

from core import calendar, once
from core.models import Event
from enterprises import actions as enterprises
from enterprises.actions import Registration, Statement
from enterprises.models import Claim
from notifications.models import Delivery, Notification
from services.policies import actions as policies
from services.requests import actions as requests
from services.requests.models import State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast, credit_code
from tests.factories.policies import IN_QINGDAO, ItemFactory, NoticeFactory, approved, published
from tests.factories.requests import draft, in_state, officer

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ROOMS = {"core", "notifications", "accounts", "enterprises", "catalogue", "service_requests", "policies"}
# Limits count tries, also those that failed.
BESIDE = {"core_limit"}
Counts = dict[str, str]


def rows() -> Counts:
    """Return a fingerprint of every row of our tables."""
    # A save outside of any transaction would have been one of its own; here it only marks the test's.
    transaction.set_rollback(False)
    ours = {model._meta.db_table for model in apps.get_models() if model._meta.app_label in ROOMS}
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(ours - BESIDE):
            cursor.execute(f"select count(*), coalesce(sum(hashtext(t::text)), 0) from {table} t")
            found[table] = str(cursor.fetchone())
    return found


class PowerCut:
    """Let `left` statements through and fail at the next one, once."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.happened = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # A rollback needs no power: a lost connection is one.
        self.left -= not sql.startswith("ROLLBACK")
        if self.left < 0 and not self.happened:
            self.happened = True
            raise OperationalError("the power went out")
        return execute(sql, params, many, context)


def cut_everywhere(act: Callable[[], Any]) -> int:
    """Cut the power at each statement of `act` and check that nothing stays; return how many there are."""
    before, statements = rows(), 0
    while cut_after(statements, act, before):
        statements += 1
    return statements


def cut_after(statements: int, act: Callable[[], Any], before: Counts) -> bool:
    """Cut once, check, take everything back; say whether the act came as far as the cut."""
    cut = PowerCut(statements)
    with transaction.atomic():
        try:
            with connection.execute_wrapper(cut):
                act()
        except OperationalError:
            assert rows() == before, f"after {statements} statements something stayed"
        transaction.set_rollback(True)
    return cut.happened


def question() -> requests.Question:
    return requests.Question(subject="补贴", body="怎么申请？", contact_email="owner@works.example")


def registration() -> Registration:
    statements = (Statement("region", "370211"), Statement("employees", "85"))
    return Registration(uscc=credit_code(70000), name="青岛海风机械厂", statements=statements)


def publishable() -> Any:
    return ItemFactory(notice=approved(author=UserFactory()), criteria=[IN_QINGDAO]).notice


def announced(people: Cast) -> Callable[[], Any]:
    enterprises.record_fact(
        people.enterprise, "region", "370211", source="self", on=calendar.today(), by=people.li
    )
    item = published(items=[{"criteria": [IN_QINGDAO]}]).items.get()
    return lambda: policies.announce(item, on=calendar.today())


def claimed(people: Cast) -> Callable[[], Any]:
    taken = Registration(uscc=people.enterprise.uscc, name="青岛海风机械厂")
    enterprises.register(taken, by=people.zhao)
    claim, lead = Claim.objects.get(), officer("Lead", role="triage_lead")
    return lambda: enterprises.accept_claim(claim, reason="执照相符", by=lead)


def at_the_desk(state: str, verb: str, *words: Any) -> Callable[[Cast], Callable[[], Any]]:
    def prepare(people: Cast) -> Callable[[], Any]:
        chen = officer()
        row = in_state(state, people.li, people.enterprise, chen)
        return lambda: getattr(requests, verb)(row, *words, by=chen)

    return prepare


def by_the_owner(state: str, verb: str, *words: Any) -> Callable[[Cast], Callable[[], Any]]:
    def prepare(people: Cast) -> Callable[[], Any]:
        row = in_state(state, people.li, people.enterprise, officer())
        return lambda: getattr(requests, verb)(row, *words, by=people.li)

    return prepare


def reviewed(people: Cast) -> Callable[[], Any]:
    notice, reviewer = NoticeFactory(state="in_review", author=UserFactory()), UserFactory(roles=["reviewer"])
    return lambda: policies.approve(notice, by=reviewer)


def sent_to_review(people: Cast) -> Callable[[], Any]:
    UserFactory(roles=["reviewer"])
    notice, publisher = NoticeFactory(), UserFactory(roles=["publisher"])
    return lambda: policies.submit_for_review(notice, by=publisher)


def published_now(people: Cast) -> Callable[[], Any]:
    notice = publishable()
    return lambda: policies.publish(notice, by=None)


VERBS: dict[str, Callable[[Cast], Callable[[], Any]]] = {
    "submit": by_the_owner(State.DRAFT, "submit"),
    "ask a question": lambda people: lambda: requests.ask_question(question()),
    "supply": by_the_owner(State.WAITING, "supply", "营业执照已寄"),
    "withdraw": by_the_owner(State.IN_PROGRESS, "withdraw"),
    "take": at_the_desk(State.SUBMITTED, "take"),
    "ask for papers": at_the_desk(State.SUBMITTED, "ask_for_papers", ["营业执照照片"]),
    "reply": at_the_desk(State.SUBMITTED, "reply", "您好"),
    "resolve": at_the_desk(State.IN_PROGRESS, "resolve", "已到厂诊断。"),
    "refuse": at_the_desk(State.SUBMITTED, "refuse", "不在受理范围。"),
    "register": lambda people: lambda: enterprises.register(registration(), by=people.zhao),
    "accept a claim": claimed,
    "invite": lambda people: (
        lambda: enterprises.invite(people.enterprise, "new@works.example", "editor", by=people.li)
    ),
    "submit for review": sent_to_review,
    "approve": reviewed,
    "publish": published_now,
    "announce": announced,
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_everything_or_nothing(verb: str) -> None:
    act = VERBS[verb](cast())
    before = written()

    statements = cut_everywhere(act)
    act()

    assert statements > 5
    assert [now > then for now, then in zip(written(), before, strict=True)] == [True, True, True]


def written() -> list[int]:
    return [model.objects.count() for model in (Event, Notification, Delivery)]


def test_the_cut_can_find_a_verb_in_two_pieces() -> None:
    people = cast()

    def in_two_pieces() -> None:
        row = draft(people.li, people.enterprise)
        requests.submit(row, by=people.li)

    with pytest.raises(AssertionError, match="something stayed"):
        cut_everywhere(in_two_pieces)


def is_whole() -> bool:
    """Say whether token, event and letter of the form sent are all there."""
    newest = Event.objects.first()
    used = once.FormToken.objects.exclude(result="").exists()
    return bool(used and newest and newest.verb in {"submit", "registered"} and Delivery.objects.exists())


def submitting(people: Cast) -> tuple[Client, str, dict[str, str]]:
    row = draft(people.li, people.enterprise)
    client = sign_in(Client(raise_request_exception=False), people.li)
    return client, f"/requests/drafts/{row.key}/submit/", {}


def asking(people: Cast) -> tuple[Client, str, dict[str, str]]:
    form = {"subject": "补贴", "body": "怎么申请？", "contact_email": "owner@works.example", "send": "1"}
    return Client(raise_request_exception=False), "/requests/ask/", form


ANSWERS = {
    "uscc": credit_code(71000),
    "name": "青岛海风机械厂",
    "region": "370211",
    "industry": "344",
    "contact_name": "李华",
    "contact_phone": "13800000000",
}


def registering(people: Cast) -> tuple[Client, str, dict[str, str]]:
    client = sign_in(Client(raise_request_exception=False), UserFactory())
    for step in ("identity", "region", "industry", "figures", "qualifications", "contact"):
        client.post(f"/enterprise/register/{step}/", ANSWERS)
    return client, "/enterprise/register/check/", {}


DOORS = {"submit": submitting, "ask": asking, "register": registering}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_that_fails_anywhere_leaves_no_row_and_no_used_token(door: str) -> None:
    client, path, form = DOORS[door](cast())
    before = rows()
    answers: set[tuple[int, str]] = set()
    for statements in count():
        cut = PowerCut(statements)
        with transaction.atomic():
            with connection.execute_wrapper(cut):
                status = client.post(path, {**form, "form_token": "one form"}).status_code
            answers.add((status, left_behind(before)))
            transaction.set_rollback(True)
        if not cut.happened:
            break

    # What fails after the commit is an error page; sent again, the form leads to what it made. Django says
    # 400 where the session could not be written.
    assert (503, "nothing") in answers
    assert {left for _status, left in answers} <= {"nothing", "everything"}
    assert [entry for entry in answers if entry[0] == 302] == [(302, "everything")]
    assert status == 302


def left_behind(before: Counts) -> str:
    if rows() == before:
        return "nothing"
    return "everything" if is_whole() else "a half"
