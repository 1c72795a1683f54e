from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import once
from services.requests import actions, notifications
from services.requests.actions import Question
from services.requests.models import ServiceRequest, State
from tests.factories.enterprises import Cast
from tests.factories.requests import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> ServiceRequest:
    return actions.ask_question(
        Question("补贴", "怎么申请？", contact_email="owner@works.example", contact_phone="13800000000")
    )


def track(client: Client, reference: str | None, contact: str) -> Any:
    return client.post("/requests/track/", {"reference": reference or "", "contact": contact})


def opened(client: Client, row: ServiceRequest) -> str:
    return f"/requests/track/{notifications.tracking_key(row)}/"


@pytest.mark.parametrize(
    "contact",
    [
        "owner@works.example",
        " Owner@Works.EXAMPLE ",
        "138 0000 0000",
        "+86 13800000000",
        "１３８００００００００",
    ],
)
def test_reference_and_contact_open_a_request(client: Client, question: ServiceRequest, contact: str) -> None:
    response = track(client, str(question.reference).lower().replace("-", " "), contact)

    assert response.status_code == 302
    assert "怎么申请？" in client.get(response["Location"]).content.decode()


def test_wrong_reference_and_wrong_contact_get_the_same_answer(
    client: Client, question: ServiceRequest
) -> None:
    wrong_contact = track(client, question.reference, "other@works.example")
    wrong_reference = track(client, "QD-200101-0001", "owner@works.example")

    assert wrong_contact.status_code == wrong_reference.status_code == 200
    assert wrong_contact.context["form"].errors == wrong_reference.context["form"].errors


def test_an_empty_contact_matches_nothing(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise, contact_email="", contact_phone="13800000000")

    assert track(client, row.reference, "-").status_code == 200


def test_ten_tries_an_hour_for_one_reference(client: Client, question: ServiceRequest) -> None:
    answers = [track(client, question.reference, f"1390000{n:04d}").status_code for n in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_thread_of_an_enterprise_is_shown_only_after_sign_in(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    response = track(client, row.reference, "li@works.example")
    page = client.get(response["Location"]).content.decode()

    assert str(row.reference) in page
    assert "想请人到车间看看" not in page
    assert cast.enterprise.name not in page


def test_notes_are_never_shown(client: Client, question: ServiceRequest, chen: User) -> None:
    actions.note(question, "可能是中介", by=chen)
    actions.reply(question, "请看这里", by=chen)

    page = client.get(opened(client, question)).content.decode()

    assert "请看这里" in page
    assert "可能是中介" not in page


@pytest.mark.parametrize("key", ["nonsense", "QD-260922-0001", "a:b:c"])
def test_a_forged_key_opens_nothing(client: Client, key: str) -> None:
    assert client.get(f"/requests/track/{key}/").status_code == 404


def test_a_key_signed_for_another_purpose_opens_nothing(client: Client, question: ServiceRequest) -> None:
    key = signing.dumps(question.reference, salt="other")

    assert client.get(f"/requests/track/{key}/").status_code == 404


def test_a_key_expires(client: Client, question: ServiceRequest) -> None:
    url = opened(client, question)

    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert client.get(url).status_code == 404


def test_an_answer_without_account_lets_the_clock_go_on(
    client: Client, question: ServiceRequest, chen: User
) -> None:
    actions.ask_for_papers(question, ["企业名称"], by=chen)
    assert 'id="supply"' in client.get(opened(client, question)).text

    response = client.post(
        opened(client, question) + "write/", {"item_1": "海风机械", "form_token": once.new_token()}
    )

    question.refresh_from_db()
    assert (response.status_code, question.state) == (302, State.IN_PROGRESS)
    assert question.messages.last().text == "1. 企业名称\n海风机械"


def test_a_question_is_withdrawn_without_account(client: Client, question: ServiceRequest) -> None:
    url = opened(client, question) + "withdraw/"
    assert client.get(url).status_code == 200

    client.post(url, {"form_token": once.new_token()})

    question.refresh_from_db()
    assert question.state == State.WITHDRAWN


def resolved(question: ServiceRequest, chen: User) -> ServiceRequest:
    return actions.resolve(actions.take(question, by=chen), "已电话说明。", by=chen)


def test_whoever_asked_without_account_rates_the_answer_once(
    client: Client, question: ServiceRequest, chen: User
) -> None:
    url = opened(client, resolved(question, chen))
    assert 'name="rating"' in client.get(url).text

    first = client.post(url + "rate/", {"rating": "4", "words": "很快", "form_token": once.new_token()})
    second = client.post(url + "rate/", {"rating": "1", "form_token": once.new_token()})

    question.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 200)
    assert (question.rating, question.rating_words, question.state) == (4, "很快", State.RESOLVED)
    assert 'name="rating"' not in client.get(url).text


def test_a_rating_without_a_figure_is_asked_for_again_and_keeps_its_words(
    client: Client, question: ServiceRequest, chen: User
) -> None:
    url = opened(client, resolved(question, chen))

    page = client.post(url + "rate/", {"words": "电话没人接", "form_token": once.new_token()})

    question.refresh_from_db()
    assert (page.status_code, question.rating) == (200, None)
    assert "电话没人接" in page.text
    assert page.context["form"].errors


@pytest.mark.parametrize(("verb", "answer"), [("reopen", {"text": "还是不行"}), ("rate", {"rating": "1"})])
def test_a_question_is_opened_again_without_account(
    client: Client, question: ServiceRequest, chen: User, verb: str, answer: dict[str, str]
) -> None:
    url = opened(client, resolved(question, chen))
    more = {"reopen": "on", "words": "还是不行"} if verb == "rate" else {}

    client.post(f"{url}{verb}/", {**answer, **more, "form_token": once.new_token()})

    question.refresh_from_db()
    assert question.state == State.IN_PROGRESS
    assert question.messages.last().text == "还是不行"


def test_the_days_to_open_a_question_again_end(client: Client, question: ServiceRequest, chen: User) -> None:
    url = opened(client, resolved(question, chen))
    long_ago = timezone.now() - timedelta(days=15)
    ServiceRequest.objects.filter(pk=question.pk).update(resolved_at=long_ago)

    page = client.post(url + "reopen/", {"text": "还是不行", "form_token": once.new_token()})

    question.refresh_from_db()
    assert (page.status_code, question.state) == (200, State.RESOLVED)


@pytest.mark.parametrize("verb", ["write", "withdraw", "rate", "reopen"])
def test_a_request_of_an_enterprise_is_not_written_to_by_link(client: Client, cast: Cast, verb: str) -> None:
    row = submitted(cast.li, cast.enterprise)

    response = client.post(opened(client, row) + f"{verb}/", {"text": "x", "form_token": once.new_token()})

    row.refresh_from_db()
    assert (response.status_code, row.state) == (404, State.SUBMITTED)


def test_tracking_pages_are_not_kept_by_anyone(client: Client, question: ServiceRequest) -> None:
    assert "no-store" in client.get(opened(client, question))["Cache-Control"]
