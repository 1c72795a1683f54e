"""What is taken away for good is asked about once, on a page that names it and can be left (U71)."""

import re

import pytest

from tests.portal.walk import every_door
from tests.portal.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ASKED_ABOUT = {
    "industry:cancel": "Cancel the booking of",
    "industry:withdraw_consent": "Take back the consent to",
    "policies:feed_revoke": "End the address",
    "assessments:revoke": "Close the link",
    "assessments:evidence_remove": "Delete",
    "enterprises:revoke": "Withdraw the invitation to",
    "cloud:conversion_remove": "Take invoice",
}


@pytest.fixture
def world() -> World:
    return build()


def test_a_page_asks_once_and_changes_nothing_before(world: World) -> None:
    li = world.client("owner")
    for door in every_door():
        if door.name not in ASKED_ABOUT:
            continue
        path = f"/en{world.path(door)}"
        for _again in range(2):
            page = li.get(path)
            title = re.search(r"<h1>(.*?)</h1>", page.content.decode())

            assert (page.status_code, bool(title and title[1].startswith(ASKED_ABOUT[door.name]))) == (
                200,
                True,
            )
        back = page.context["question"].back_url
        assert li.get(back).status_code == 200
        assert li.post(path).status_code == 302


def test_nobody_else_is_asked(world: World) -> None:
    doors = [door for door in every_door() if door.name in ASKED_ABOUT]
    for role, answers in (("anonymous", {302}), ("viewer", {403, 404}), ("stranger", {404})):
        client = world.client(role)
        assert {client.get(world.path(door)).status_code for door in doors} <= answers
