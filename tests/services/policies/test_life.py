"""C-08: whoever tries what in whatever order, a notice moves along its table, never past its own author."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core import audit
from core.lifecycle import TransitionRefused
from services.policies import actions
from services.policies.lifecycle import NOTICE
from services.policies.models import PolicyNotice, State
from tests.factories.accounts import UserFactory
from tests.factories.policies import NoticeFactory, published
from tests.services.policies.test_lifecycle import ARROWS

pytestmark = [pytest.mark.django_db, pytest.mark.long]

VERBS: dict[str, Callable[[PolicyNotice, Any, PolicyNotice], Any]] = {
    "submit": lambda notice, by, other: actions.submit_for_review(notice, by=by),
    "revise": lambda notice, by, other: actions.revise(notice, by=by),
    "approve": lambda notice, by, other: actions.approve(notice, by=by),
    "return_to_author": lambda notice, by, other: actions.return_to_author(notice, reason="看不清", by=by),
    "schedule": lambda notice, by, other: actions.schedule(
        notice, publish_at=timezone.now() + timedelta(days=1), by=by
    ),
    "publish": lambda notice, by, other: actions.publish(notice, by=by),
    "discard": lambda notice, by, other: actions.discard(notice, by=by),
    "correct": lambda notice, by, other: actions.begin_correction(notice, by=by),
    "verify": lambda notice, by, other: actions.verify(notice, by=by),
    "affirm": lambda notice, by, other: actions.affirm(notice, by=by),
    "supersede": lambda notice, by, other: actions.supersede(notice, successor=other, by=by),
    "repeal": lambda notice, by, other: actions.repeal(notice, reason="已废止", by=by),
}
PEOPLE = ("publisher", "reviewer", "reviewer who wrote it", "triage_officer", "auditor")


class Life(RuleBasedStateMachine):
    """One notice, and everybody who might try something with it; each life ends as if it had not been."""

    people: dict[str, Any]
    other: PolicyNotice

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.notice = NoticeFactory(author=self.people["reviewer who wrote it"])
        self.state = str(self.notice.state)

    @rule(verb=st.sampled_from(list(VERBS)), who=st.sampled_from(PEOPLE))
    def somebody_tries(self, verb: str, who: str) -> None:
        person = self.people[who]
        target = ARROWS.get((self.state, verb))
        may = NOTICE.transitions[verb].may_be_used_by(person)
        may = may and not (verb == "approve" and who == "reviewer who wrote it")
        may = may and not (verb == "correct" and self.notice.corrections.exists())
        try:
            VERBS[verb](PolicyNotice.objects.get(pk=self.notice.pk), person, self.other)
        except (TransitionRefused, ValidationError):
            assert target is None or not may
        if target and may:
            self.state = target

    @invariant()
    def it_stands_where_the_table_says(self) -> None:
        self.notice.refresh_from_db()
        assert self.notice.state == self.state

    @invariant()
    def nobody_approved_what_they_wrote(self) -> None:
        assert self.notice.approved_by_id is None or self.notice.approved_by_id != self.notice.author_id

    @invariant()
    def its_history_leads_to_where_it_stands(self) -> None:
        state = str(State.DRAFT)
        for event in audit.history(self.notice).reverse():
            assert (event.before, ARROWS[state, event.verb]) == (state, event.after)
            state = event.after
        assert state == self.state

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_a_notice_moves_along_its_table_only() -> None:
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large]
    Life.people = {role: UserFactory(roles=[role]) for role in PEOPLE if " " not in role}
    Life.people["reviewer who wrote it"] = UserFactory(roles=["publisher", "reviewer"])
    Life.other = published()
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=calm),
    )


def test_everything_in_the_table_is_tried() -> None:
    # A correction is taken over by its publication (tests of corrections).
    assert {*VERBS, "take_over"} == set(NOTICE.transitions)


@pytest.mark.parametrize("state", ["", "approve", "Draft", "closed"])
def test_the_database_knows_no_other_state(state: str) -> None:
    notice = NoticeFactory()

    with pytest.raises(IntegrityError, match="notice_known_state"), transaction.atomic():
        PolicyNotice.objects.filter(pk=notice.pk).update(state=state)


@pytest.mark.parametrize(
    ("state", "promise"),
    [("published", "notice_public_has_date"), ("superseded", "notice_")],
)
def test_the_database_keeps_what_belongs_to_a_state(state: str, promise: str) -> None:
    notice = NoticeFactory()

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        PolicyNotice.objects.filter(pk=notice.pk).update(state=state)
