import pytest

from accounts.models import User
from core.lifecycle import TransitionRefused
from services.requests.lifecycle import REQUEST
from services.requests.models import State
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state

TABLE = {
    ("draft", "submit"): "submitted",
    ("submitted", "join"): "closed",
    ("in_progress", "join"): "closed",
    ("waiting", "join"): "closed",
    ("closed", "part"): "in_progress",
    ("submitted", "take"): "in_progress",
    ("submitted", "assign"): "in_progress",
    ("submitted", "ask"): "waiting",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("in_progress", "assign"): "in_progress",
    ("in_progress", "ask"): "waiting",
    ("in_progress", "resolve"): "resolved",
    ("in_progress", "refuse"): "refused",
    ("in_progress", "withdraw"): "withdrawn",
    ("waiting", "hand_over"): "waiting",
    ("waiting", "supply"): "in_progress",
    ("waiting", "resume"): "in_progress",
    ("waiting", "refuse"): "refused",
    ("waiting", "withdraw"): "withdrawn",
    ("resolved", "reopen"): "in_progress",
    ("resolved", "close"): "closed",
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", list(REQUEST.transitions))
def test_only_the_listed_transitions_exist(state: str, verb: str) -> None:
    transition = REQUEST.transitions[verb]

    found = transition.target if state in transition.sources else None

    assert found == TABLE.get((state, verb))


@pytest.mark.django_db
@pytest.mark.parametrize("state", State.values)
def test_staff_verbs_are_refused_without_the_permission(state: str, cast: Cast, chen: User) -> None:
    row = in_state(state, cast.li, cast.enterprise, chen)

    allowed = [transition.verb for transition in REQUEST.allowed(row, cast.zhao)]

    expected = [v for s, v in TABLE if s == state and not REQUEST.transitions[v].permission]
    assert sorted(allowed) == sorted(expected)


@pytest.mark.django_db
def test_a_return_needs_a_reason(cast: Cast, chen: User) -> None:
    row = in_state("submitted", cast.li, cast.enterprise, chen)

    with pytest.raises(TransitionRefused) as refused:
        REQUEST.apply(row, "refuse", by=chen, reason="  ")

    assert refused.value.code == "reason"
