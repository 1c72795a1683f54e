"""A colleague follows a request and gets its letters, for as long as they act for the enterprise."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notifications.models import Notification
from services.requests import actions, parties
from services.requests.models import Follower, ServiceRequest
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db


def follow(client: Client, row: ServiceRequest, **data: Any) -> Any:
    return client.post(f"/requests/{row.reference}/follow/", data)


def key_of(cast: Cast, name: str) -> str:
    enterprise = cast.other if name == "zhao" else cast.enterprise
    return str(enterprise.memberships.get(user=getattr(cast, name)).key)


@pytest.mark.parametrize(
    ("person", "status", "followers"), [("li", 302, 1), ("wang", 302, 1), ("guo", 403, 0), ("zhao", 404, 0)]
)
def test_owners_and_editors_let_a_colleague_follow(
    client: Client, cast: Cast, person: str, status: int, followers: int
) -> None:
    row = submitted(cast.li, cast.enterprise)

    answer = follow(sign_in(client, getattr(cast, person)), row, colleague=key_of(cast, "guo"))

    assert (answer.status_code, Follower.objects.count()) == (status, followers)


@pytest.mark.parametrize("colleague", ["zhao", "li", "nobody"])
def test_only_colleagues_who_are_not_told_yet_can_be_chosen(
    client: Client, cast: Cast, colleague: str
) -> None:
    row = submitted(cast.li, cast.enterprise)
    key = "no-such-key" if colleague == "nobody" else key_of(cast, colleague)

    assert follow(sign_in(client, cast.li), row, colleague=key).status_code == 200
    assert Follower.objects.count() == 0


def test_a_follower_gets_the_letters_and_nobody_twice(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.add_follower(row, cast.wang, by=cast.li)
    actions.add_follower(row, cast.wang, by=cast.li)
    Notification.objects.all().delete()

    actions.reply(row, "您好", by=chen)

    told = [letter.recipient for letter in Notification.objects.order_by("pk")]
    assert told == [cast.li, cast.wang]


def test_a_follower_who_left_the_enterprise_is_told_no_more(cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.add_follower(row, cast.wang, by=cast.li)

    cast.wang.memberships.update(ended_at="2026-01-01T00:00:00Z")

    assert parties.readers(row) == [cast.li]


def test_a_follower_is_taken_off(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.add_follower(row, cast.wang, by=cast.li)
    page = sign_in(client, cast.li).get(f"/requests/{row.reference}/").content.decode()
    assert "Wang" in page

    follow(client, row, remove="\\x00nonsense")
    assert Follower.objects.count() == 1

    follow(client, row, remove=str(Follower.objects.get().key))
    assert Follower.objects.count() == 0


def test_a_colleague_is_told_that_they_follow_and_leaves_by_themselves(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    Notification.objects.all().delete()
    actions.add_follower(row, cast.guo, by=cast.li)
    actions.add_follower(row, cast.wang, by=cast.li)
    told = Notification.objects.filter(kind="requests.following").order_by("pk")
    assert [letter.recipient for letter in told] == [cast.guo, cast.wang]
    mine, wangs = Follower.objects.order_by("pk")

    others = follow(sign_in(client, cast.guo), row, remove=str(wangs.key))
    own = follow(client, row, remove=str(mine.key))

    assert (others.status_code, own.status_code) == (403, 302)
    assert list(Follower.objects.all()) == [wangs]
