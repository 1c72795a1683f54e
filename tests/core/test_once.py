import pytest

from core import once
from core.models import FormToken
from core.models import Watermark as Thing
from tests.together import together

pytestmark = pytest.mark.django_db


def make(name="thing"):
    """Do something that must happen once."""
    return Thing.objects.create(job=f"{name} {Thing.objects.count()}").job


def submit(token, owner="1", purpose="ask"):
    return once.only(token, purpose=purpose, owner=owner, act=make)


def test_a_second_use_leads_to_the_same_result():
    token = once.new_token()

    first, again = submit(token), submit(token)

    assert (first, again) == (("thing 0", True), ("thing 0", False))
    assert once.was_used(token, purpose="ask", owner="1") is True


@pytest.mark.parametrize("other", [{"owner": "2"}, {"purpose": "reply"}])
def test_a_token_says_nothing_to_another_owner_or_purpose(other):
    token = once.new_token()
    submit(token)

    assert submit(token, **other) == ("thing 1", True)


def test_a_failed_act_leaves_the_token_unused():
    token = once.new_token()
    with pytest.raises(ZeroDivisionError):
        once.only(token, purpose="ask", owner="1", act=lambda: str(1 // 0))

    assert submit(token) == ("thing 0", True)


@pytest.mark.parametrize("token", ["x" * 5000, "文", "\ud800", "' OR 1=1 --", "a\x00b"])
def test_any_text_may_be_sent_as_a_token(token):
    assert [submit(token)[1], submit(token)[1]] == [True, False]


def test_an_empty_token_protects_nothing():
    assert [submit("")[1], submit("")[1]] == [True, True]
    assert FormToken.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_of_one_token_make_one_thing():
    token = once.new_token()

    answers = together(*[lambda: submit(token)] * 20)

    assert {answer[0] for answer in answers} == {"thing 0"}
    assert sorted(answer[1] for answer in answers) == [False] * 19 + [True]
    assert Thing.objects.count() == 1
