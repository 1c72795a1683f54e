import pytest

from accounts.models import User
from notifications import kinds
from notifications.kinds import Kind, KindNotKnown, declare, find
from tests.notifications.kinds import NEWS


def test_a_code_is_declared_once():
    declare(NEWS)

    with pytest.raises(ValueError, match="declared twice"):
        declare(Kind(NEWS.code, "something else"))


def test_an_unknown_code_is_said():
    with pytest.raises(KindNotKnown):
        find("nothing")


@pytest.mark.parametrize("options", [{"in_inbox": False}, {"can_be_stopped": False}, {}])
def test_a_secret_stays_out_of_the_inbox_and_cannot_be_stopped(options):
    with pytest.raises(ValueError, match="is secret"):
        declare(Kind("tests.secret", "x", secret=True, **options))


@pytest.mark.parametrize(
    ("audience", "is_staff", "concerned"),
    [
        (kinds.OWNER, False, True),
        (kinds.OWNER, True, True),
        (kinds.STAFF, False, False),
        (kinds.STAFF, True, True),
        (kinds.PUBLISHER, True, True),
        (kinds.VISITOR, True, False),
    ],
)
def test_a_kind_concerns_its_audience(audience, is_staff, concerned):
    person = User(is_staff=is_staff)

    assert Kind("tests.a", "a", audience=audience).concerns(person) is concerned
