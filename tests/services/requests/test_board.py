from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from core import calendar
from enterprises.models import Region
from services.requests import actions, board
from services.requests.models import ServiceRequest
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db
NEVER = "2026-01-05T23:59:59+08:00"


def numbers(user: User) -> dict[str, int]:
    return {counter.code: counter.number for counter in board.counters(user)}


def test_the_counters_agree_with_the_lists_they_lead_to(client: Client, cast: Cast, chen: User) -> None:
    for state in ("submitted", "submitted", "in_progress", "waiting", "resolved"):
        in_state(state, cast.li, cast.enterprise, chen)
    late = submitted(cast.li, cast.enterprise)
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=NEVER)
    sign_in(client, chen)

    assert numbers(chen) == {
        "overdue": 1,
        "soon": 0,
        "new": 3,
        "waiting": 1,
        "mine": 2,
        "tasks": 0,
        "suspect": 0,
    }
    for counter in board.counters(chen):
        assert client.get(counter.url).context["cl"].result_count == counter.number, counter.code


def test_the_board_stays_within_the_scope(cast: Cast) -> None:
    cast.enterprise.region = Region.objects.get(code="370202")
    cast.enterprise.save(update_fields=["region"])
    submitted(cast.li, cast.enterprise)
    actions.route_new()

    assert numbers(officer("Jinan", region="370100"))["new"] == 0
    assert numbers(officer("Qingdao", region="370200"))["new"] == 1
    assert board.most_urgent(officer("Yantai", region="370600")) == []


def test_the_most_urgent_come_first_and_paused_ones_not_at_all(cast: Cast, chen: User) -> None:
    for _number in range(9):
        submitted(cast.li, cast.enterprise)
    late = submitted(cast.li, cast.enterprise)
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=NEVER)
    in_state("waiting", cast.li, cast.enterprise, chen)

    urgent = board.most_urgent(chen, 8)

    assert len(urgent) == 8
    assert (urgent[0].row, urgent[0].clock.is_overdue) == (late, True)


def test_two_weeks_of_figures_end_today(cast: Cast, chen: User) -> None:
    in_state("resolved", cast.li, cast.enterprise, chen)
    submitted(cast.li, cast.enterprise)

    days = board.two_week_figures()

    today = calendar.today()
    assert [day.day for day in days] == [today - timedelta(days=n) for n in range(13, -1, -1)]
    assert (days[-1].received, days[-1].resolved) == (2, 1)
    assert sum(day.received for day in days) == 2
