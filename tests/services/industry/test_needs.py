"""The board of needs: staff look first, contacts stay hidden, answers go through staff."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from core import calendar
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.industry import actions
from services.industry.lifecycle import NEED
from services.industry.models import Need, NeedState
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import ProviderFactory
from tests.factories.enterprises import Cast, cast
from tests.factories.industry import need_text, on_board
from tests.factories.requests import officer
from tests.together import together

pytestmark = pytest.mark.django_db
BOARD = "/en/industry/needs/"
FORM = {
    "kind": "purchase", "title": "每月铸件五百件", "body": "灰铁铸件。", "region": "370200",
    "contact_name": "李华", "contact_phone": "138 0000 0000", "form_token": "t",
}  # fmt: skip


def posted(people: Cast, **given: Any) -> Need:
    return actions.post_need(need_text(**given), enterprise=people.enterprise, by=people.li)


def told(kind: str) -> list[str]:
    letters = Notification.objects.filter(kind=f"industry.{kind}").order_by("pk")
    return [letter.recipient.name for letter in letters if letter.recipient]


def in_days(days: int) -> Any:
    return calendar.today() + timedelta(days=days)


def test_a_need_is_read_by_others_only_once_staff_have_looked(client: Client) -> None:
    people, chen = cast(), officer()
    need = posted(people)
    path = f"{BOARD}{need.reference}/"

    before = client.get(path).status_code
    actions.publish_need(need, by=chen)

    assert (before, client.get(path).status_code) == (404, 200)
    assert told("need_published") == ["Li"]


def test_the_board_shows_neither_who_nor_how_to_reach_them(client: Client) -> None:
    people = cast()
    need = on_board(people.enterprise, people.li, officer(), contact_email="li@secret.example")

    for reader in (client, sign_in(Client(), people.zhao)):
        page = reader.get(f"{BOARD}{need.reference}/").content.decode() + reader.get(BOARD).content.decode()
        assert need.title in page
        assert [word for word in ("李华", "13800000000", "secret.example", "海风机械") if word in page] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "请打 138-0000-0000"}, "title"),
        ({"body": "电话１３８００００００００"}, "body"),
        ({"body": "写信到 li@works.example"}, "body"),
        ({"body": "座机 0532 8588 0000"}, "body"),
        ({"region": "370202"}, "region"),
        ({"open_until": "2020-01-01"}, "open_until"),
        ({"open_until": "soon"}, "open_until"),
        ({"contact_phone": "", "contact_email": ""}, "contact_phone"),
        ({"kind": "anything"}, "kind"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_posted(client: Client, given: dict[str, str], field: str) -> None:
    sign_in(client, cast().li)

    page = client.post(f"{BOARD}new/", {**FORM, "open_until": in_days(9).isoformat(), **given})

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    "body", ["2026-12-31 前交货，每月 20000000 件", "公差 0.02，图号 0532-88", "单价 1380000 元以内"]
)
def test_dates_and_amounts_are_no_contacts(client: Client, body: str) -> None:
    sign_in(client, cast().li)

    client.post(f"{BOARD}new/", {**FORM, "body": body, "open_until": in_days(9).isoformat()})

    assert Need.objects.get().body == body


def test_an_owner_posts_once_however_often_the_form_is_sent(client: Client) -> None:
    people = cast()
    sign_in(client, people.li)

    for _time in range(2):
        client.post(f"{BOARD}new/", {**FORM, "open_until": in_days(9).isoformat()})

    need = Need.objects.get()
    assert (need.enterprise, need.state, need.contact_phone) == (
        people.enterprise,
        "in_review",
        "13800000000",
    )


@pytest.mark.django_db(transaction=True)
def test_no_more_than_five_stand_open_even_at_once() -> None:
    people = cast()

    answers = together(*[lambda: posted(people)] * 8)

    assert sum(isinstance(answer, ValidationError) for answer in answers) == 3
    assert Need.objects.open().count() == 5


@pytest.mark.parametrize("days", [-1, 91])
def test_the_last_day_lies_within_ninety_days(days: int) -> None:
    with pytest.raises(ValidationError):
        posted(cast(), open_until=in_days(days))


@pytest.mark.parametrize("verb", list(NEED.transitions))
@pytest.mark.parametrize("state", NeedState.values)
def test_every_verb_in_every_state(verb: str, state: str) -> None:
    allowed = {
        "resubmit": {"in_review", "returned"},
        "publish": {"in_review"},
        "return_to_owner": {"in_review", "published"},
        "close": {"in_review", "returned", "published"},
        "run_out": {"published"},
    }

    assert (state in NEED.transitions[verb].sources) is (state in allowed[verb])


def test_a_returned_need_is_changed_and_handed_in_again(client: Client) -> None:
    people, chen = cast(), officer()
    need = actions.return_need(on_board(people.enterprise, people.li, chen), reason="请写明数量", by=chen)
    sign_in(client, people.li)
    path = f"{BOARD}{need.reference}/"

    assert "请写明数量" in client.get(path).content.decode()
    client.post(f"{path}change/", {**FORM, "quantity": "500", "open_until": in_days(9).isoformat()})

    need.refresh_from_db()
    assert (need.state, need.quantity, need.returned_reason) == ("in_review", "500", "")
    assert told("need_returned") == ["Li"]


def test_what_stands_on_the_board_is_not_changed_unseen(client: Client) -> None:
    people = cast()
    need = on_board(people.enterprise, people.li, officer())

    assert sign_in(client, people.li).get(f"{BOARD}{need.reference}/change/").status_code == 404
    with pytest.raises(TransitionRefused):
        actions.change_need(need, need_text(), by=people.li)


def test_an_answer_goes_to_the_enterprise_and_its_welcome_to_whoever_passed_it_on(client: Client) -> None:
    people, chen = cast(), officer()
    need = on_board(people.enterprise, people.li, chen)
    provider = ProviderFactory()

    answer = actions.pass_on_answer(need, provider=provider, words="可以做，月产八百。", by=chen)
    with pytest.raises(ValidationError):
        actions.pass_on_answer(need, provider=provider, words="再说一遍", by=chen)
    sign_in(client, people.li).post(f"{BOARD}{need.reference}/answers/{answer.key}/welcome/")

    answer.refresh_from_db()
    assert (answer.state, told("need_answered"), told("answer_welcomed")) == ("welcomed", ["Li"], ["Chen"])


@pytest.mark.parametrize("what", ["close/", "change/", "answers/{key}/decline/"])
def test_another_enterprise_decides_nothing(client: Client, what: str) -> None:
    people, chen = cast(), officer()
    need = on_board(people.enterprise, people.li, chen)
    answer = actions.pass_on_answer(need, provider=ProviderFactory(), words="可以", by=chen)
    path = f"{BOARD}{need.reference}/{what.format(key=answer.key)}"

    assert sign_in(client, people.zhao).post(path, {"outcome": "not_needed"}).status_code == 404
    assert sign_in(Client(), people.guo).post(path, {"outcome": "not_needed"}).status_code == 403


def test_closing_says_what_became_of_it(client: Client) -> None:
    people = cast()
    need = on_board(people.enterprise, people.li, officer())
    sign_in(client, people.wang)

    silent = client.post(f"{BOARD}{need.reference}/close/", {"outcome": "run_out"})
    client.post(f"{BOARD}{need.reference}/close/", {"outcome": "found_here"})

    need.refresh_from_db()
    assert (list(silent.context["form"].errors), need.state, need.outcome) == (
        ["outcome"], "closed", "found_here",
    )  # fmt: skip


def test_what_has_run_out_leaves_the_board_once(client: Client) -> None:
    people = cast()
    need = on_board(people.enterprise, people.li, officer())
    Need.objects.filter(pk=need.pk).update(open_until=in_days(-1))

    gone = client.get(f"{BOARD}{need.reference}/").status_code
    assert (gone, actions.close_run_out(), actions.close_run_out()) == (404, 1, 0)
    assert told("need_run_out") == ["Li"]


def test_the_database_keeps_a_closed_need_whole() -> None:
    need = posted(cast())

    with pytest.raises(IntegrityError, match="need_closed_whole"), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(state="closed")


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    people, chen = cast(), officer()
    for _number in range(count):
        on_board(people.enterprise, people.li, chen)

    # The needs, the names of the cities.
    with django_assert_num_queries(2):
        response = client.get(BOARD)

    assert len(response.context["page"]) == count


def test_the_board_is_narrowed_by_kind(client: Client) -> None:
    people, chen = cast(), officer()
    on_board(people.enterprise, people.li, chen)
    on_board(people.enterprise, people.li, chen, kind="capacity", title="闲置加工中心")

    response = client.get(f"{BOARD}?kind=capacity&city=370200&page=9")

    assert [need.title for need in response.context["page"]] == ["闲置加工中心"]


@pytest.mark.parametrize(("role", "status"), [("triage_officer", 302), ("auditor", 403)])
def test_who_moderates_at_the_desk(client: Client, role: str, status: int) -> None:
    need = posted(cast())
    sign_in(client, UserFactory(roles=[role]))

    response = client.post(f"/admin/industry/need/{need.pk}/publish/", {"form_token": "t"})

    need.refresh_from_db()
    assert (response.status_code, need.state == "published") == (status, status == 302)


def test_an_officer_of_another_city_does_not_see_it(client: Client) -> None:
    people = cast()
    people.enterprise.region_id = "370202"
    people.enterprise.save(update_fields=["region"])
    need = posted(people)
    sign_in(client, officer("Far", region="370100"))

    response = client.get(f"/admin/industry/need/{need.pk}/change/")

    assert response.status_code == 302
    assert "industry" not in response["Location"]
