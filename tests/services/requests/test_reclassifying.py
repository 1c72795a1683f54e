from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from accounts.models import User
from core import audit, calendar, workdays
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from notifications.texts import preview
from services.requests import actions
from services.requests.models import ServiceRequest
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/service_requests/servicerequest/"


@pytest.fixture(autouse=True)
def _said_in_english() -> None:
    translation.activate("en")


def offering(days: int, **given: Any) -> Any:
    return OfferingFactory(turnaround_days=days, **given)


def days_promised(row: ServiceRequest) -> int:
    assert row.clock_from
    assert row.due_at
    return workdays.between(row.clock_from, calendar.day_of(row.due_at), calendar.present())


@pytest.mark.parametrize(("before", "after"), [(5, 10), (10, 5), (5, 5)])
def test_queue_and_promise_follow_the_service(cast: Cast, chen: User, before: int, after: int) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen, offering(before))
    other = offering(after, group="cloud", name_en="Cloud check")

    changed = actions.reclassify(row, other, by=chen)

    assert (changed.offering, changed.group, days_promised(changed)) == (other, "cloud", after)
    assert changed.holder == chen
    event = audit.history(row).first()
    assert event
    assert (event.verb, event.after) == ("reclassify", other.slug)
    told = Notification.objects.get(kind="requests.reclassified")
    assert told.recipient == cast.li
    told.language = "en"
    assert "From now on: Cloud check" in preview(told)[1]


def test_a_paused_clock_keeps_the_difference(cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen, offering(5))

    changed = actions.reclassify(row, offering(8), by=chen)

    assert (row.paused_days_left, changed.paused_days_left) == (5, 8)


def test_a_shorter_promise_never_ends_before_today(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen, offering(10))

    changed = actions.reclassify(row, offering(0), by=chen)

    assert changed.due_at
    assert calendar.day_of(changed.due_at) >= calendar.today()


def test_a_request_becomes_a_question_of_a_group(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen, offering(10))

    changed = actions.reclassify(row, None, "policy", by=chen)

    assert (changed.offering, changed.group, changed.is_free) == (None, "policy", True)


def test_what_cannot_be_is_refused_in_words(cast: Cast, chen: User) -> None:
    same = offering(5)
    row = in_state("in_progress", cast.li, cast.enterprise, chen, same)
    question = submitted(UserFactory(), None)

    with pytest.raises(ValidationError, match="It is this already"):
        actions.reclassify(row, same, by=chen)
    with pytest.raises(ValidationError, match="not verified"):
        actions.reclassify(row, offering(5, needs_proof=True), by=chen)
    with pytest.raises(ValidationError, match="stays a question"):
        actions.reclassify(question, same, by=chen)
    with pytest.raises(TransitionRefused):
        actions.reclassify(actions.resolve(row, "好。", by=chen), offering(1), by=chen)


def test_several_are_changed_at_once_after_a_look(client: Client, cast: Cast, chen: User) -> None:
    rows = [in_state("in_progress", cast.li, cast.enterprise, chen) for _number in range(2)]
    other = offering(5)
    sign_in(client, chen)
    asked = {"action": "reclassify_chosen", "_selected_action": [row.pk for row in rows]}

    first = client.post(QUEUE, asked)
    client.post(
        QUEUE, asked | {"confirmed": "1", "offering": other.pk, "form_token": first.context["form_token"]}
    )

    assert [effect["after"] != "" for effect in first.context["effects"]] == [True, True]
    assert set(ServiceRequest.objects.values_list("offering", flat=True)) == {other.pk}


def test_the_desk_changes_one(client: Client, cast: Cast, chen: User) -> None:
    row, other = in_state("waiting", cast.li, cast.enterprise, chen), offering(5)

    client = sign_in(client, chen)
    page = client.get(f"{QUEUE}{row.pk}/reclassify/")
    client.post(f"{QUEUE}{row.pk}/reclassify/", {"offering": other.pk})

    row.refresh_from_db()
    assert page.context["form"].fields["offering"].initial is not None
    assert row.offering == other
