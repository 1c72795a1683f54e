from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from core import once
from notifications.models import Notification
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import draft
from tests.together import together

pytestmark = pytest.mark.django_db
QUESTION = {"subject": "补贴", "body": "怎么申请？", "contact_email": "owner@works.example"}


def ask(client: Client, **data: str) -> Any:
    return client.post("/requests/ask/", {**QUESTION, "form_token": once.new_token(), "send": "1", **data})


def reference_after(answer: Any) -> str:
    return str(Client().get(answer["Location"]).context["row"].reference)


def test_a_request_goes_from_the_offering_to_its_reference(client: Client, cast: Cast) -> None:
    OfferingFactory(slug="diagnosis", name_zh="入企诊断")
    sign_in(client, cast.li)

    assert client.get("/requests/new/?offering=diagnosis").status_code == 200
    step = client.post("/requests/new/", {"offering": "diagnosis", "form_token": once.new_token()})[
        "Location"
    ]
    contact = client.post(step, {"subject": "设备联网", "body": "请人来看看"})["Location"]
    check = client.post(contact, {"contact_name": "李华", "contact_phone": "138-0000 0000"})["Location"]
    page = client.get(check)
    submit = check.replace("/check/", "/submit/")
    done = client.post(submit, {"form_token": page.context["form_token"]})["Location"]

    row = ServiceRequest.objects.get()
    assert (row.state, row.contact_phone) == (State.SUBMITTED, "13800000000")
    assert done == f"/requests/{row.reference}/done/"
    assert str(row.reference) in client.get(done).content.decode()


def test_reading_the_start_page_changes_nothing(client: Client, cast: Cast) -> None:
    OfferingFactory(slug="diagnosis")

    sign_in(client, cast.li).get("/requests/new/?offering=diagnosis")

    assert ServiceRequest.objects.count() == 0


def test_starting_twice_with_one_form_makes_one_draft(client: Client, cast: Cast) -> None:
    OfferingFactory(slug="diagnosis")
    sign_in(client, cast.li)
    form = {"offering": "diagnosis", "form_token": once.new_token()}

    first, second = (client.post("/requests/new/", form)["Location"] for _number in range(2))

    assert first == second
    assert ServiceRequest.objects.count() == 1


def test_submitting_twice_leads_to_the_same_reference(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    sign_in(client, cast.li)

    url = f"/requests/drafts/{row.key}/submit/"
    answers = {client.post(url, {"form_token": token})["Location"] for token in ("a", "a", "b")}

    row.refresh_from_db()
    assert answers == {f"/requests/{row.reference}/done/"}
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_submissions_make_one_request(cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    client = sign_in(Client(), cast.li)
    cookies = client.cookies

    def submit(number: int) -> str:
        one = Client()
        one.cookies = cookies
        try:
            return str(one.post(f"/requests/drafts/{row.key}/submit/", {"form_token": "same"})["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(submit, range(20)))

    row.refresh_from_db()
    assert answers == {f"/requests/{row.reference}/done/"}
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("step", ["need", "contact"])
def test_each_step_is_saved_and_can_be_finished_later(client: Client, cast: Cast, step: str) -> None:
    row = draft(cast.li, cast.enterprise)
    data = {"subject": "新题目", "body": "新内容", "contact_name": "王敏", "contact_email": "w@works.example"}

    response = sign_in(client, cast.wang).post(f"/requests/drafts/{row.key}/{step}/", {**data, "later": "1"})

    row.refresh_from_db()
    assert response["Location"] == "/requests/"
    assert (row.subject, row.contact_name) == (("新题目", "李华") if step == "need" else ("设备联网", "王敏"))


def test_changing_an_answer_leads_back_to_the_check(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)

    response = sign_in(client, cast.li).post(
        f"/requests/drafts/{row.key}/need/?from=check", {"subject": "新题目", "body": "新内容"}
    )

    assert response["Location"] == f"/requests/drafts/{row.key}/check/"


def test_an_incomplete_draft_is_sent_back_to_its_open_step(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise, body="")

    response = sign_in(client, cast.li).post(f"/requests/drafts/{row.key}/submit/", {"form_token": "x"})

    assert response["Location"] == f"/requests/drafts/{row.key}/need/"


def test_errors_keep_what_was_typed(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)

    page = sign_in(client, cast.li).post(
        f"/requests/drafts/{row.key}/contact/",
        {"contact_name": "李华", "contact_phone": "12", "contact_email": "x"},
    )

    assert sorted(page.context["form"].errors) == ["contact_email", "contact_phone"]
    assert 'value="12"' in page.content.decode()


@pytest.mark.parametrize("fields", [{"paid": True}, {"needs_proof": True}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unchecked_enterprise_reads_what_else_is_possible(
    client: Client, cast: Cast, fields: dict[str, Any], method: str
) -> None:
    OfferingFactory(slug="erp", **fields)
    sign_in(client, cast.li)

    page = getattr(client, method)("/requests/new/", {"offering": "erp"})

    assert (page.status_code, page.context["hindrance"]) == (200, "proof")
    assert ServiceRequest.objects.count() == 0


def test_without_an_enterprise_an_offering_leads_to_registration(client: Client) -> None:
    OfferingFactory(slug="diagnosis")

    page = sign_in(client, UserFactory()).get("/requests/new/?offering=diagnosis")

    assert page.context["hindrance"] == "enterprise"
    assert "/enterprise/register/" in page.content.decode()


def test_a_viewer_begins_nothing(client: Client, cast: Cast) -> None:
    OfferingFactory(slug="diagnosis")

    response = sign_in(client, cast.guo).post("/requests/new/", {"offering": "diagnosis"})

    assert (response.status_code, ServiceRequest.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
        "evil",
    ],
)
def test_a_source_off_this_site_is_dropped(client: Client, cast: Cast, url: str) -> None:
    sign_in(client, cast.li).post("/requests/new/", {"source_label": "x", "source_url": url})

    row = ServiceRequest.objects.get()
    assert (row.source_label, row.source_url) == ("", "")


def test_a_notice_is_kept_as_the_source(client: Client, cast: Cast) -> None:
    source = {"source_label": "数字化改造补贴", "source_url": "/policies/subsidy/"}

    sign_in(client, cast.li).post("/requests/new/", source)

    row = ServiceRequest.objects.get()
    assert (row.source_label, row.source_url, row.subject) == (
        "数字化改造补贴",
        "/policies/subsidy/",
        "数字化改造补贴",
    )


# --- without an account ---------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/en"])
def test_anyone_may_ask_a_question(client: Client, language: str) -> None:
    assert client.get(f"{language}/requests/ask/").status_code == 200
    data = {**QUESTION, "form_token": once.new_token()}
    assert client.post(f"{language}/requests/ask/", data).status_code == 200
    assert ServiceRequest.objects.count() == 0

    done = client.post(f"{language}/requests/ask/", {**data, "send": "1"})["Location"]

    row = ServiceRequest.objects.get()
    assert (row.enterprise, row.requester, row.state) == (None, None, State.SUBMITTED)
    assert row.language == ("en" if language else "zh-hans")
    assert str(row.reference) in client.get(done).content.decode()


def test_a_question_sent_twice_is_one_question(client: Client) -> None:
    token = once.new_token()

    for _number in range(7):
        assert ask(client, form_token=token).status_code == 302

    assert ServiceRequest.objects.count() == 1
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_of_one_form_at_once_count_as_one_question() -> None:
    token = once.new_token()

    answers = together(*[lambda: ask(Client(), form_token=token)] * 20)

    assert [answer.status_code for answer in answers] == [302] * 20
    assert len({reference_after(answer) for answer in answers}) == 1
    assert [ask(Client()).status_code for _number in range(5)] == [302, 302, 302, 302, 429]


def test_a_form_sent_again_is_answered_when_the_hour_is_used_up(client: Client) -> None:
    token = once.new_token()
    for used in [token, *(once.new_token() for _number in range(4))]:
        ask(client, form_token=used)

    assert ask(client).status_code == 429
    assert ask(client, form_token=token).status_code == 302


def test_five_questions_an_hour_from_one_address(client: Client) -> None:
    answers = [ask(client).status_code for _number in range(6)]

    assert answers == [302, 302, 302, 302, 302, 429]
    assert ServiceRequest.objects.count() == 5


def test_a_forged_address_does_not_lift_the_limit(client: Client) -> None:
    answers = [
        client.post(
            "/requests/ask/",
            {**QUESTION, "form_token": once.new_token(), "send": "1"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        ).status_code
        for number in range(6)
    ]

    assert answers[-1] == 429


def test_the_limit_says_when_to_try_again_and_keeps_the_text(client: Client) -> None:
    for _number in range(5):
        ask(client)

    page = ask(client, body="第六个问题")

    assert page.context["retry_at"] is not None
    assert "第六个问题" in page.content.decode()


def test_a_question_needs_a_way_to_answer(client: Client) -> None:
    page = ask(client, contact_email="")

    assert list(page.context["form"].errors) == ["contact_email"]


def test_someone_signed_in_asks_from_their_account(client: Client, cast: Cast) -> None:
    response = sign_in(client, cast.li).get("/requests/ask/?source_label=x&source_url=/policies/")

    assert response["Location"] == "/requests/new/?source_label=x&source_url=%2Fpolicies%2F"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("𠮷野·买买提" * 10, "𠮷野·买买提" * 10),
        ("a\u202eb\ufeffc", "abc"),
        ("one\r\n\r\n\r\n\r\ntwo\ttab", "one\n\ntwo tab"),
        ("<script>alert(1)</script>{{ 7*7 }}", "<script>alert(1)</script>{{ 7*7 }}"),
        ("é", "é"),
        ("字" * 4000, "字" * 4000),
    ],
)
def test_text_is_kept_as_it_was_meant(client: Client, typed: str, kept: str) -> None:
    assert ask(client, body=typed).status_code == 302

    assert ServiceRequest.objects.get().body == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("body", "字" * 4001),
        ("body", "\u200b\u202e\ufeff"),
        ("subject", "字" * 121),
        ("subject", "\x07"),
        ("contact_email", "not-an-address"),
        ("contact_email", "a@b.example\r\nBcc: c@d.example"),
        ("contact_phone", "١٢٣٤٥٦٧٨٩"),
        ("contact_phone", "1" * 5000),
        ("group", "nonsense"),
    ],
)
def test_bad_input_is_answered_in_words(client: Client, field: str, typed: str) -> None:
    page = ask(client, **{field: typed})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize("typed", ["a\x00b"])
def test_an_unusable_character_is_a_bad_request(client: Client, typed: str) -> None:
    assert ask(client, body=typed).status_code == 400


@pytest.mark.parametrize("person", [None, "li"])
def test_a_draft_of_another_is_not_found_by_guessing(
    client: Client, cast: Cast, chen: User, person: str | None
) -> None:
    if person:
        sign_in(client, cast.li)

    response = client.get("/requests/drafts/00000000-0000-4000-8000-000000000000/need/")

    assert response.status_code == (404 if person else 302)
