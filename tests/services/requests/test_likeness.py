from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import once
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.requests import actions, board, likeness
from services.requests.actions import Question
from services.requests.models import ServiceRequest
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import draft, in_state, officer, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "state", "hinted"),
    [(12, "submitted", True), (89, "closed", True), (91, "submitted", False), (12, "withdrawn", False)],
)
def test_whoever_asks_again_is_told_of_the_first_time(
    client: Client, cast: Cast, chen: User, days: int, state: str, hinted: bool
) -> None:
    offering = OfferingFactory(slug="diagnosis")
    row = in_state(state, cast.li, cast.enterprise, chen, offering)
    ServiceRequest.objects.update(submitted_at=timezone.now() - timedelta(days=days))
    again = draft(cast.li, cast.enterprise, offering)
    sign_in(client, cast.li)

    for path in ("/en/requests/new/?offering=diagnosis", f"/en/requests/drafts/{again.key}/check/"):
        page = client.get(path).content.decode()
        assert (f"You asked for this {days} days ago" in page) is hinted
        assert (str(row.reference) in page) is hinted


@pytest.mark.parametrize(("subject", "hinted"), [("贴息　怎么申请", True), ("贴息材料", False)])
def test_a_question_asked_before_is_known_by_its_subject(
    client: Client, cast: Cast, subject: str, hinted: bool
) -> None:
    def question(words: str) -> ServiceRequest:
        row = actions.draft(by=cast.li, enterprise=cast.enterprise)
        return actions.save_draft(row, by=cast.li, subject=words, body="请问。", contact_phone="13800000000")

    first = actions.submit(question("贴息怎么申请"), by=cast.li)
    again = question(subject)

    page = sign_in(client, cast.li).get(f"/en/requests/drafts/{again.key}/check/").text

    assert (str(first.reference) in page) is hinted


def test_another_enterprise_is_told_nothing(client: Client, cast: Cast) -> None:
    offering = OfferingFactory(slug="diagnosis")
    row = submitted(cast.li, cast.enterprise, offering)

    page = sign_in(client, cast.zhao).get("/requests/new/?offering=diagnosis").content.decode()

    assert str(row.reference) not in page


def ask(body: str, trapped: bool = False) -> ServiceRequest:
    return actions.ask_question(
        Question("补贴", body, contact_email="owner@works.example", trapped=trapped), by=None
    )


def test_the_same_text_for_the_third_time_waits_for_a_look() -> None:
    rows = [ask("怎么申请？"), ask("怎么 申请?"), ask("怎么申请！"), ask("别的问题")]

    assert [(row.is_suspect, row.suspicion) for row in rows] == [
        (False, ""),
        (False, ""),
        (True, "same_text"),
        (False, ""),
    ]


def test_the_same_text_a_week_later_is_no_longer_suspect() -> None:
    ask("怎么申请？"), ask("怎么申请？")
    ServiceRequest.objects.update(submitted_at=timezone.now() - timedelta(days=8))

    assert not ask("怎么申请？").is_suspect


def test_what_may_be_spam_is_received_but_not_routed(chen: User) -> None:
    row = ask("便宜发票", trapped=True)

    assert row.reference is not None
    assert row.suspicion == "trap"
    assert actions.route_new() == 0
    assert not Notification.objects.filter(recipient=chen).exists()


def test_a_machine_in_the_trap_sees_the_ordinary_confirmation(client: Client) -> None:
    form = {
        "subject": "x",
        "body": "y",
        "contact_email": "a@works.example",
        "website": "https://spam.example",
        "form_token": once.new_token(),
    }
    check = client.post("/requests/ask/", form).content.decode()
    assert 'name="website" value="https://spam.example"' in check

    done = client.post("/requests/ask/", {**form, "send": "1"})

    assert client.get(done["Location"]).status_code == 200
    assert ServiceRequest.objects.get().is_suspect


def test_width_case_and_spacing_do_not_change_the_hash() -> None:
    assert likeness.text_hash("ＡＢ c", "说明。") == likeness.text_hash("abC", " 说明")
    assert likeness.text_hash("ab", "c") != likeness.text_hash("ab", "d")


def test_what_was_held_back_is_on_a_list_of_its_own_and_is_let_through_by_hand(client: Client) -> None:
    chen = officer("Chen")
    row = ask("便宜发票", trapped=True)
    assert actions.route_new() == 0
    sign_in(client, chen)
    page = f"/admin/service_requests/servicerequest/{row.pk}"

    assert client.get(board.view_url("suspect")).context["cl"].result_count == 1
    assert client.get(f"{page}/change/").status_code == 200
    form = client.get(f"{page}/release/").context
    client.post(f"{page}/release/", {"form_token": form["form_token"], "seen": form["seen"]})

    row.refresh_from_db()
    assert (row.is_suspect, row.suspicion) == (False, "trap")
    assert actions.route_new() == 1
    with pytest.raises(TransitionRefused):
        actions.release(row, by=chen)
