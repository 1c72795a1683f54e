"""C-08: whoever tries what in whatever order, a request moves along its table, and its history says how."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core import audit
from core.lifecycle import TransitionRefused
from services.requests import actions
from services.requests.lifecycle import REQUEST
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, cast
from tests.factories.requests import draft, officer, submitted
from tests.services.requests.test_lifecycle import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ACTIONS: dict[str, Callable[[ServiceRequest, Any, Any], Any]] = {
    "submit": lambda row, by, holder: actions.submit(row, by=by),
    "take": lambda row, by, holder: actions.take(row, by=by),
    "assign": lambda row, by, holder: actions.assign(row, holder, by=by),
    "ask": lambda row, by, holder: actions.ask_for_papers(row, ["营业执照照片"], by=by),
    "supply": lambda row, by, holder: actions.supply(row, "已寄出", by=by),
    "resume": lambda row, by, holder: actions.resume(row, by=by),
    "resolve": lambda row, by, holder: actions.resolve(row, "已到厂诊断。", by=by),
    "reopen": lambda row, by, holder: actions.reopen(row, "还有问题", by=by),
    "close": lambda row, by, holder: REQUEST.apply(row, "close", by=by),
    "refuse": lambda row, by, holder: actions.refuse(row, "不在受理范围。", by=by),
    "withdraw": lambda row, by, holder: actions.withdraw(row, by=by),
}
PEOPLE = ("owner", "officer", "lead", "auditor", "publisher")


class Life(RuleBasedStateMachine):
    """One request, and everybody who might try something with it; each life ends as if it had not been."""

    cast: Cast
    people: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.row = draft(self.cast.li, self.cast.enterprise)
        self.state = str(self.row.state)

    @rule(verb=st.sampled_from(list(ACTIONS)), who=st.sampled_from(PEOPLE))
    def somebody_tries(self, verb: str, who: str) -> None:
        name = "hand_over" if verb == "assign" and self.state == State.WAITING else verb
        target = TABLE.get((self.state, name))
        may = REQUEST.transitions[name].may_be_used_by(self.people[who])
        try:
            ACTIONS[verb](self.row, self.people[who], self.people["officer"])
        except (TransitionRefused, ValidationError):
            assert target is None or not may
        if target and may:
            self.state = target

    @invariant()
    def it_stands_where_the_table_says(self) -> None:
        self.row.refresh_from_db()
        assert self.row.state == self.state

    @invariant()
    def its_history_leads_to_where_it_stands(self) -> None:
        state, at = str(State.DRAFT), self.row.created_at
        for event in audit.history(self.row).reverse():
            if event.after:
                assert (event.before, event.at >= at) == (state, True)
                assert TABLE[state, event.verb] == event.after
                state, at = event.after, event.at
        assert state == self.state

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_a_request_moves_along_its_table_only() -> None:
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large]
    Life.cast = cast()
    Life.people = {
        "owner": Life.cast.li,
        "officer": officer("Chen"),
        "lead": officer("Lead", role="triage_lead"),
        "auditor": UserFactory(roles=["auditor"]),
        "publisher": UserFactory(roles=["publisher"]),
    }
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=calm),
    )


def test_everything_in_the_table_is_tried() -> None:
    # Joining takes two requests: it is tried in test_merging.
    assert set(ACTIONS) | {"hand_over", "join", "part"} == set(REQUEST.transitions)


@pytest.mark.parametrize("state", ["", "done", "Draft", "approved"])
def test_the_database_knows_no_other_state(state: str) -> None:
    people: Cast = cast()
    row = submitted(people.li, people.enterprise)

    with pytest.raises(IntegrityError, match="request_known_state"), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(state=state)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"reference": None}, "request_submitted_has_reference"),
        ({"state": "draft"}, "request_submitted_has_reference"),
        ({"state": "waiting"}, "request_paused_while_waiting"),
        ({"rating": 6}, "request_rating_1_to_5"),
        ({"enterprise": None}, "request_without_enterprise_is_a_question"),
    ],
)
def test_the_database_keeps_what_belongs_to_a_state(change: dict[str, Any], promise: str) -> None:
    people: Cast = cast()
    row = submitted(people.li, people.enterprise)

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(**change)
