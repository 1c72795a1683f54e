"""A call goes to the staff in whose region the enterprise lies."""

import pytest

from accounts.models import User
from core import calendar
from enterprises.models import Enterprise
from notifications.models import ContactTask, Notification
from portal.tasks import hand_out_calls
from services.requests.parties import staff_with
from tests.factories import enterprises
from tests.factories.accounts import sign_in
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> enterprises.Cast:
    made = enterprises.cast()
    made.enterprise.region_id = "370211"
    made.enterprise.save(update_fields=["region"])
    return made


def call(cast: enterprises.Cast, enterprise: Enterprise | None) -> ContactTask:
    return ContactTask.objects.create(
        address=cast.li.email,
        recipient=cast.li,
        enterprise_id=enterprise.pk if enterprise else None,
        why="550",
    )


def told() -> list[User | None]:
    return [one.recipient for one in Notification.objects.filter(kind="portal.call").order_by("recipient")]


def test_the_specialist_of_the_region_is_told_once(cast: enterprises.Cast) -> None:
    near = officer("Near", region="370200")
    officer("Far", region="371400")
    officer("Everywhere")
    call(cast, cast.enterprise)

    assert [hand_out_calls(), hand_out_calls()] == [1, 0]

    assert told() == [near]


@pytest.mark.parametrize("is_of_enterprise", [True, False])
def test_without_a_specialist_everybody_who_makes_calls_is_told(
    cast: enterprises.Cast, is_of_enterprise: bool
) -> None:
    officer("Far", region="371400")
    officer("Everywhere")
    call(cast, cast.enterprise if is_of_enterprise else None)

    hand_out_calls()

    assert told() == list(staff_with("settle_contact", label="notifications"))
    assert len(told()) == 2


def test_a_call_that_was_made_is_not_handed_out(cast: enterprises.Cast) -> None:
    officer("Everywhere")
    call(cast, cast.enterprise)
    ContactTask.objects.update(state="done", done_at=calendar.now())

    assert hand_out_calls() == 0


def test_the_board_counts_the_calls(cast: enterprises.Cast, client) -> None:
    chen = officer("Chen")
    call(cast, cast.enterprise)

    counters = sign_in(client, chen).get("/admin/").context["counters"]

    assert [one.number for one in counters if one.code == "calls"] == [1]
