from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import once
from services.requests import actions
from services.requests.models import Message, ServiceRequest, State
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import STATES, draft, in_state, submitted

pytestmark = pytest.mark.django_db
VERBS = ("write", "supply", "withdraw", "reopen", "rate")


def post(client: Client, row: ServiceRequest, verb: str, **data: Any) -> Any:
    return client.post(f"/requests/{row.reference}/{verb}/", {"form_token": once.new_token(), **data})


@pytest.mark.parametrize(
    ("person", "status"), [("li", 200), ("wang", 200), ("guo", 200), ("zhao", 404), (None, 302)]
)
@pytest.mark.parametrize("page", ["", "done/"])
def test_a_request_is_read_by_its_enterprise_alone(
    client: Client, cast: Cast, person: str | None, status: int, page: str
) -> None:
    row = submitted(cast.li, cast.enterprise)
    if person:
        sign_in(client, getattr(cast, person))

    assert client.get(f"/requests/{row.reference}/{page}").status_code == status


def test_staff_have_no_door_on_the_owners_side(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)

    assert sign_in(client, chen).get(f"/requests/{row.reference}/").status_code == 404


@pytest.mark.parametrize(("person", "status"), [("wang", 302), ("guo", 403), ("zhao", 404), (None, 302)])
@pytest.mark.parametrize("verb", VERBS)
def test_only_owners_and_editors_act(
    client: Client, cast: Cast, chen: User, verb: str, person: str | None, status: int
) -> None:
    state = {"write": "in_progress", "supply": "waiting", "withdraw": "submitted"}.get(verb, "resolved")
    row = in_state(state, cast.li, cast.enterprise, chen)
    if person:
        sign_in(client, getattr(cast, person))

    response = post(client, row, verb, text="您好", item_1="已寄出", rating="5")

    row.refresh_from_db()
    assert response.status_code == status
    if person != "wang":
        assert (row.state, row.rating) == (state, None)


def test_a_removed_member_is_outside_at_once(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    sign_in(client, cast.wang)
    assert client.get(f"/requests/{row.reference}/").status_code == 200

    cast.wang.memberships.update(ended_at=timezone.now())

    assert client.get(f"/requests/{row.reference}/").status_code == 404


@pytest.mark.parametrize("state", [state for state in STATES if state != "draft"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_state_has_its_page(client: Client, cast: Cast, chen: User, state: str, language: str) -> None:
    row = in_state(state, cast.li, cast.enterprise, chen)

    page = sign_in(client, cast.li).get(f"{language}/requests/{row.reference}/")

    assert page.status_code == 200
    assert str(row.reference) in page.content.decode()


def test_notes_of_the_staff_are_never_shown(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.note(row, "电话里语气很急", by=chen)
    actions.reply(row, "您好，请放心", by=chen)

    page = sign_in(client, cast.li).get(f"/requests/{row.reference}/").content.decode()

    assert "您好，请放心" in page
    assert "电话里语气很急" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    client: Client, cast: Cast, chen: User, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        submitted(cast.li, cast.enterprise)
    sign_in(client, cast.li).get("/requests/")

    # session, user, memberships, unread count; count and rows of the list
    with django_assert_num_queries(6):
        page = client.get("/requests/")

    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_long_the_thread(
    client: Client, cast: Cast, chen: User, django_assert_num_queries: Any, count: int
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    for _number in range(count):
        actions.reply(row, "您好。", by=chen)
    url = f"/requests/{row.reference}/"
    sign_in(client, cast.li).get(url)

    # session, user, memberships, unread count; row, right to write, events, names, thread, files,
    # followers, colleagues
    with django_assert_num_queries(11):
        client.get(url)


def test_drafts_come_first_then_what_waits_for_the_owner(client: Client, cast: Cast, chen: User) -> None:
    states = ("closed", "waiting", "submitted", "draft", "in_progress")
    for state in states:
        in_state(state, cast.li, cast.enterprise, chen)

    page = sign_in(client, cast.li).get("/requests/")

    assert [row["state"] for row in page.context["rows"]] == [
        "draft",
        "waiting",
        "in_progress",
        "submitted",
        "closed",
    ]


@pytest.mark.parametrize("typed", ["reference", "lower", "螺杆", "Retrofit", "nothing of the kind"])
def test_an_owner_looks_for_a_request(client: Client, cast: Cast, typed: str) -> None:
    wanted = submitted(
        cast.li, cast.enterprise, OfferingFactory(name_en="Retrofit advice"), subject="螺杆空压机联网"
    )
    submitted(cast.li, cast.enterprise, subject="设备联网")
    submitted(cast.zhao, cast.other, subject="螺杆空压机联网")
    words = {"reference": wanted.reference, "lower": wanted.reference.lower().replace("-", " ")}.get(
        typed, typed
    )

    shown = sign_in(client, cast.li).get("/en/requests/", {"q": words})

    found = [] if typed == "nothing of the kind" else [wanted.reference]
    assert [row["reference"] for row in shown.context["rows"]] == found
    assert f"{len(found)} request" in shown.text
    assert words in shown.text


def test_pages_beyond_the_last_keep_the_words(client: Client, cast: Cast) -> None:
    submitted(cast.li, cast.enterprise, subject="设备联网")

    shown = sign_in(client, cast.li).get("/en/requests/", {"q": "设备", "page": "9"})

    assert shown["Location"] == "/en/requests/?q=%E8%AE%BE%E5%A4%87&page=1"


def test_a_message_sent_twice_is_kept_once(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    sign_in(client, cast.li)
    token = once.new_token()

    for _number in range(2):
        response = post(client, row, "write", text="请问进度如何？", form_token=token)
        assert response.status_code == 302

    assert Message.objects.filter(text="请问进度如何？").count() == 1


def test_a_verb_that_came_too_late_keeps_what_was_typed(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    sign_in(client, cast.li)
    actions.resolve(row, "已联网。", by=chen)

    page = post(client, row, "write", text="还有一个问题")

    assert page.status_code == 200
    assert "还有一个问题" in page.content.decode()
    assert not Message.objects.filter(text="还有一个问题").exists()


def test_an_answer_names_each_item(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)

    post(sign_in(client, cast.li), row, "supply", item_1="已寄出", text="谢谢")

    row.refresh_from_db()
    assert row.state == State.IN_PROGRESS
    assert row.messages.last().text == "1. 营业执照照片\n已寄出\n\n2. 设备清单\n–\n\n谢谢"


def test_an_empty_answer_is_refused_in_words(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)

    page = post(sign_in(client, cast.li), row, "supply", item_1=" ", text="\u200b")

    row.refresh_from_db()
    assert (page.status_code, row.state) == (200, State.WAITING)
    assert page.context["form"].non_field_errors()


@pytest.mark.parametrize("rating", ["0", "6", "-1", "5.0", "", "五", "1_0"])
def test_a_rating_is_one_to_five(client: Client, cast: Cast, chen: User, rating: str) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)

    page = post(sign_in(client, cast.li), row, "rate", rating=rating)

    row.refresh_from_db()
    assert (page.status_code, row.rating) == (200, None)


def test_withdrawing_asks_first(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    sign_in(client, cast.li)

    assert client.get(f"/requests/{row.reference}/withdraw/").status_code == 200
    row.refresh_from_db()
    assert row.state == State.SUBMITTED

    assert post(client, row, "withdraw").status_code == 302
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN


def test_fields_of_the_staff_cannot_be_posted(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)

    post(
        sign_in(client, cast.li),
        row,
        "write",
        text="您好",
        state="resolved",
        is_internal="1",
        holder="1",
        rating="5",
    )

    row.refresh_from_db()
    assert (row.state, row.holder, row.rating) == (State.IN_PROGRESS, chen, None)
    assert not Message.objects.filter(is_internal=True).exists()


@pytest.mark.parametrize("person", ["guo", "zhao"])
def test_a_draft_is_for_those_who_may_write(client: Client, cast: Cast, person: str) -> None:
    row = draft(cast.li, cast.enterprise, OfferingFactory())

    response = sign_in(client, getattr(cast, person)).get(f"/requests/drafts/{row.key}/need/")

    assert response.status_code == (403 if person == "guo" else 404)


def test_a_rating_opens_the_request_again_in_one_step(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)

    post(sign_in(client, cast.li), row, "rate", rating="2", words="还是连不上", reopen="on")

    row.refresh_from_db()
    assert row.state == State.IN_PROGRESS
    assert row.messages.last().text == "还是连不上"


def test_what_can_no_longer_be_reopened_does_not_offer_it(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("closed", cast.li, cast.enterprise, chen)

    page = sign_in(client, cast.li).get(f"/requests/{row.reference}/").content.decode()

    assert 'name="rating"' in page
    assert 'name="reopen"' not in page
