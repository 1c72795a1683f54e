"""The table of states, every state with every verb."""

import pytest

from core.lifecycle import TransitionRefused
from services.policies.lifecycle import NOTICE
from services.policies.models import State
from tests.factories.accounts import UserFactory
from tests.factories.policies import NoticeFactory, published

pytestmark = pytest.mark.django_db

ARROWS = {
    ("draft", "submit"): "in_review",
    ("returned", "submit"): "in_review",
    ("returned", "revise"): "draft",
    ("in_review", "approve"): "approved",
    ("in_review", "return_to_author"): "returned",
    ("approved", "return_to_author"): "returned",
    ("approved", "schedule"): "approved",
    ("approved", "publish"): "published",
    ("draft", "discard"): "discarded",
    ("returned", "discard"): "discarded",
    ("approved", "take_over"): "merged",
    ("published", "correct"): "published",
    ("published", "verify"): "published",
    ("published", "affirm"): "published",
    ("published", "supersede"): "superseded",
    ("published", "repeal"): "repealed",
    ("superseded", "repeal"): "repealed",
}
MORE = {
    "publish": {"version": 1, "published_at": "2026-11-25T00:00Z"},
}


@pytest.mark.parametrize("verb", NOTICE.transitions)
@pytest.mark.parametrize("state", State.values)
def test_every_state_with_every_verb(state: str, verb: str) -> None:
    successor = published()
    public = {"version": 1, "published_at": "2026-11-25T00:00Z", "superseded_by": successor}
    notice = NoticeFactory(
        state=state,
        **(public if state in {"published", "superseded", "repealed"} else {}),
        **({"corrects": successor} if "merged" in {state, ARROWS.get((state, verb))} else {}),
    )
    more = {"superseded_by": successor} if verb == "supersede" else MORE.get(verb, {})
    target = ARROWS.get((state, verb))

    if target is None:
        with pytest.raises(TransitionRefused):
            NOTICE.apply(notice, verb, by=None, reason="看不清", **more)
    else:
        assert NOTICE.apply(notice, verb, by=None, reason="看不清", **more).state == target


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("publisher", {"submit", "discard", "revise", "correct", "affirm"}),
        (
            "reviewer",
            {
                "approve",
                "return_to_author",
                "schedule",
                "publish",
                "take_over",
                "verify",
                "supersede",
                "repeal",
            },
        ),
        ("triage_officer", set()),
        ("auditor", set()),
        ("administrator", set()),
    ],
)
def test_roles_hold_their_own_verbs_only(role: str, verbs: set[str]) -> None:
    person = UserFactory(roles=[role])

    assert {one.verb for one in NOTICE if one.may_be_used_by(person)} == verbs
