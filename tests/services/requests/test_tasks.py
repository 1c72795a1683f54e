import pytest

from accounts.models import User
from notifications.models import Notification
from services.requests import tasks
from services.requests.models import ServiceRequest, State
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db


def test_routing_twice_tells_once(cast: Cast, chen: User) -> None:
    submitted(cast.li, cast.enterprise)

    assert (tasks.route_new(), tasks.route_new()) == (1, 0)

    assert Notification.objects.filter(kind="requests.new").count() == 1


def test_routing_late_finds_what_was_missed(cast: Cast, chen: User) -> None:
    rows = [submitted(cast.li, cast.enterprise) for _number in range(3)]
    ServiceRequest.objects.filter(pk=rows[0].pk).update(submitted_at="2026-01-05T08:00:00+08:00")

    assert tasks.route_new() == 3


def test_what_is_withdrawn_before_routing_is_left_alone(cast: Cast, chen: User) -> None:
    in_state("withdrawn", cast.li, cast.enterprise, chen)

    assert tasks.route_new() == 0


def test_closing_twice_changes_nothing_more(cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=row.pk).update(resolved_at="2026-01-05T08:00:00+08:00")

    assert (tasks.close_resolved(), tasks.close_resolved()) == (1, 0)
    row.refresh_from_db()
    assert row.state == State.CLOSED
