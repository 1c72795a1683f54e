import pytest

from core import drafts
from tests.factories.accounts import UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db


def test_steps_are_merged_into_one_draft():
    li = UserFactory()
    drafts.save(li, "ask", {"subject": "a", "body": "b"})
    drafts.save(li, "ask", {"body": "c"})

    assert drafts.load(li, "ask") == {"subject": "a", "body": "c"}
    assert drafts.load(li, "ask", "other") == drafts.load(UserFactory(), "ask") == {}


def test_a_discarded_draft_is_gone_and_discarding_twice_is_fine():
    li = UserFactory()
    drafts.save(li, "ask", {"subject": "a"})

    drafts.discard(li, "ask")
    drafts.discard(li, "ask")

    assert drafts.load(li, "ask") == {}


@pytest.mark.django_db(transaction=True)
def test_steps_saved_at_the_same_instant_both_stay():
    li = UserFactory()

    together(*[lambda n=n: drafts.save(li, "ask", {f"step{n}": n}) for n in range(6)])

    assert drafts.load(li, "ask") == {f"step{n}": n for n in range(6)}
