from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from core import audit, calendar
from notifications.models import Notification
from services.requests import actions, staffing
from services.requests.models import Absence, WorkloadCap
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


DAY = date(2026, 11, 25)


def away(person: User, delegate: User | None = None, *, on: date = DAY) -> None:
    Absence.objects.create(user=person, from_on=on, to_on=on + timedelta(days=2), delegate=delegate)


@pytest.mark.parametrize(("days", "is_away"), [(-1, False), (0, True), (2, True), (3, False)])
def test_the_first_and_the_last_day_away_count(chen: User, days: int, is_away: bool) -> None:
    sun = officer("Sun")
    away(chen, sun)

    assert staffing.stand_in(chen, DAY + timedelta(days=days)) == (sun if is_away else chen)


def test_a_delegate_who_is_away_too_hands_on(chen: User) -> None:
    sun, wu = officer("Sun"), officer("Wu")
    away(chen, sun)
    away(sun, wu)

    assert staffing.stand_in(chen, DAY) == wu


def test_a_circle_of_delegates_ends_with_nobody(chen: User) -> None:
    sun = officer("Sun")
    away(chen, sun)
    away(sun, chen)

    assert staffing.stand_in(chen, DAY) is None


def test_loads_are_read_in_four_queries(cast: Cast, chen: User, django_assert_num_queries) -> None:
    sun = officer("Sun")
    in_state("in_progress", cast.li, cast.enterprise, chen)
    WorkloadCap.objects.create(user=chen, limit=1)
    away(sun, chen)

    with django_assert_num_queries(4):
        found = staffing.loads([chen, sun], DAY)

    assert [(load.open, load.limit, load.has_room, load.away_until, load.stand_in) for load in found] == [
        (1, 1, False, None, None),
        (0, None, True, DAY + timedelta(days=2), chen),
    ]


def test_assigning_to_someone_away_goes_to_who_stands_in_and_says_so(
    cast: Cast, chen: User, lead: User
) -> None:
    sun = officer("Sun")
    away(chen, sun, on=calendar.today())
    row = submitted(cast.li, cast.enterprise)

    row = actions.assign(row, to=chen, by=lead)

    letter = Notification.objects.get(kind="requests.assigned")
    assert (row.holder, letter.recipient, letter.context["instead_of"]) == (sun, sun, "Chen")
    assert audit.history(row).filter(verb="assign").get().data == {"to": sun.pk, "instead_of": chen.pk}


def test_someone_away_without_a_delegate_is_refused_and_the_next_one_offered(
    cast: Cast, chen: User, lead: User
) -> None:
    officer("Sun")
    today = calendar.today()
    away(chen, on=today)
    row = submitted(cast.li, cast.enterprise)

    with pytest.raises(ValidationError) as refused:
        actions.assign(row, to=chen, by=lead)

    assert refused.value.message_dict == {
        "to": [
            f"Chen is away until {today + timedelta(days=2)}, and nobody who stands in can take it."
            " Lead has room (0 open)."
        ]
    }


def test_who_is_full_is_refused_and_taken_all_the_same_when_the_lead_insists(
    cast: Cast, chen: User, lead: User
) -> None:
    WorkloadCap.objects.create(user=chen, limit=1)
    in_state("in_progress", cast.li, cast.enterprise, chen)
    row = submitted(cast.li, cast.enterprise)

    with pytest.raises(ValidationError) as refused:
        actions.assign(row, to=chen, by=lead)

    assert refused.value.message_dict == {
        "to": ["Chen has 1 of at most 1 open requests. Lead has room (0 open)."]
    }
    assert actions.assign(row, to=chen, by=lead, anyway=True).holder == chen
