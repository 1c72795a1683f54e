"""Notices that nobody has looked at for long: who is asked, what they can say, what readers see."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import calendar
from notifications.models import Notification
from services.policies import actions, tasks
from services.policies.models import ItemCriteria, PolicyNotice
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import IN_QINGDAO, corrected, gate, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun() -> Any:
    return UserFactory(name="Sun", roles=["publisher"], language="en")


def due(author: Any, **fields: Any) -> PolicyNotice:
    notice = published(slug="lathes", author=author)
    PolicyNotice.objects.filter(pk=notice.pk).update(look_again_on=calendar.today(), **fields)
    return PolicyNotice.objects.get(pk=notice.pk)


def asked() -> list[str]:
    letters = Notification.objects.filter(kind="policies.look_again")
    return sorted(letters.values_list("recipient__name", flat=True))


def test_what_is_published_is_trusted_for_half_a_year() -> None:
    notice = published(slug="lathes")

    assert notice.look_again_on == calendar.today() + timedelta(days=180)


def test_the_author_is_asked_once_and_again_after_a_month(sun: Any) -> None:
    notice = due(sun)
    today = calendar.today()

    told = [actions.ask_next_to_look(today) for _ in range(2)]
    later = actions.ask_next_to_look(today + timedelta(days=30))

    assert (told, later, asked()) == ([1, None], 1, ["Sun", "Sun"])
    notice.refresh_from_db()
    assert notice.look_again_on == today + timedelta(days=60)


def test_without_an_active_author_the_reviewers_are_asked() -> None:
    UserFactory(name="Qin", roles=["reviewer"])
    due(UserFactory(name="Gone", is_active=False))

    actions.ask_next_to_look(calendar.today())

    assert asked() == ["Qin"]


@pytest.mark.parametrize(
    "fields", [{"is_ended": True}, {"effective_to": date(2020, 1, 1)}, {"to_be_verified": True}]
)
def test_what_has_ended_or_is_to_be_verified_anyway_is_left_alone(sun: Any, fields: dict[str, Any]) -> None:
    due(sun, **fields)

    assert actions.ask_next_to_look(calendar.today()) is None


def test_the_task_asks_for_all_that_are_due_once_a_day(sun: Any) -> None:
    due(sun)

    assert [tasks.ask_to_look(), tasks.ask_to_look()] == [1, 0]


def test_a_correction_is_a_look_too(sun: Any) -> None:
    notice = corrected(due(sun), contact="12345")

    assert notice.look_again_on == calendar.today() + timedelta(days=180)


def test_the_publisher_says_at_the_desk_that_it_is_right_and_readers_see_the_day(
    client: Client, sun: Any
) -> None:
    notice = due(sun)
    sign_in(client, sun)
    listed = client.get(f"{reverse('admin:policies_policynotice_changelist')}?look=due").content.decode()

    client.post(reverse("admin:policies_policynotice_affirm", args=[notice.pk]))

    notice.refresh_from_db()
    page = client.get("/en/policies/lathes/").content.decode()
    assert notice.title_zh in listed
    assert notice.confirmed_on == calendar.today()
    assert notice.look_again_on == calendar.today() + timedelta(days=180)
    assert "Last found right on" in page


def test_conditions_on_a_former_region_are_compiled_anew() -> None:
    item = published(slug="zhangqiu", items=[{"criteria": [gate("region", "within", "370181")]}]).items.get()
    published(slug="qingdao", items=[{"criteria": [IN_QINGDAO]}])
    ItemCriteria.objects.filter(item=item).update(regions=None)

    done = actions.follow_regions()

    assert (done, ItemCriteria.objects.get(item=item).regions) == (1, [(370114, 370114)])
