"""Errors that readers report: who may, how often, who settles them, and who is thanked."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.policies import actions
from services.policies.lifecycle import REPORT
from services.policies.models import ErrorReport, PolicyNotice
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import NoticeFactory, published

pytestmark = pytest.mark.django_db
FIELDS = {"about": "amount", "text": "金额应为30万元。", "email": "li@works.example"}


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", roles=["publisher"])


@pytest.fixture
def notice(sun: Any) -> PolicyNotice:
    return published(author=sun)


def page_of(notice: PolicyNotice) -> str:
    return reverse("policies:report", args=[notice.slug])


def told(kind: str) -> list[tuple[Any, str]]:
    rows = Notification.objects.filter(kind=f"policies.{kind}").order_by("pk")
    return [(row.recipient, row.address) for row in rows]


def test_a_visitor_reports_an_error_once_and_the_author_is_told(
    client: Client, notice: PolicyNotice, sun: Any
) -> None:
    page = client.get(f"{page_of(notice)}?about=amount")
    assert page.context["form"]["about"].value() == "amount"
    token = page.context["form"]["form_token"].value()

    for _ in range(2):
        answer = client.post(page_of(notice), FIELDS | {"form_token": token})

    assert answer.url == reverse("policies:detail", args=[notice.slug])
    report = ErrorReport.objects.get()
    assert (report.text, report.reporter, report.state) == ("金额应为30万元。", None, "new")
    assert told("error_reported") == [(sun, "")]


def test_a_program_that_fills_in_everything_leaves_nothing(client: Client, notice: PolicyNotice) -> None:
    assert client.post(page_of(notice), FIELDS | {"website": "https://spam.example"}).status_code == 302
    assert not ErrorReport.objects.exists()


def test_the_sixth_report_of_an_hour_waits_and_keeps_its_text(client: Client, notice: PolicyNotice) -> None:
    for _ in range(5):
        client.post(page_of(notice), FIELDS)

    page = client.post(page_of(notice), FIELDS)

    assert (page.status_code, ErrorReport.objects.count()) == (429, 5)
    assert "金额应为30万元。" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"about": "nonsense"}, {"text": " "}, {"text": "x" * 2001}, {"email": "nobody"}]
)
def test_what_cannot_be_taken_is_told_and_kept(
    client: Client, notice: PolicyNotice, wrong: dict[str, str]
) -> None:
    page = client.post(page_of(notice), FIELDS | wrong)

    assert (page.status_code, ErrorReport.objects.count()) == (200, 0)


def test_a_draft_has_no_such_page(client: Client) -> None:
    assert client.get(page_of(NoticeFactory())).status_code == 404


def test_without_an_author_the_reviewers_are_told(client: Client) -> None:
    qin = UserFactory(roles=["reviewer"])

    client.post(page_of(published()), FIELDS)

    assert told("error_reported") == [(qin, "")]


@pytest.mark.parametrize(
    ("verb", "fields", "state"),
    [("settle", {}, "corrected"), ("decline", {"reason": "文件里就是这样写的。"}, "declined")],
)
def test_a_report_is_settled_at_the_desk_with_thanks(
    client: Client, notice: PolicyNotice, sun: Any, verb: str, fields: dict[str, str], state: str
) -> None:
    client.post(page_of(notice), FIELDS)
    report = ErrorReport.objects.get()
    sign_in(client, sun)

    client.post(reverse(f"admin:policies_errorreport_{verb}", args=[report.pk]), fields)

    report.refresh_from_db()
    assert (report.state, report.settled_at is None) == (state, False)
    assert told("report_answered") == [(None, "li@works.example")]


def test_who_is_signed_in_is_answered_there(client: Client, notice: PolicyNotice, sun: Any) -> None:
    li = UserFactory(name="Li")
    report = actions.report_error(notice, about="other", text="甲", email="", language="en", by=li)

    actions.settle_report(report, by=sun)

    assert told("report_answered") == [(li, "")]


def test_who_left_no_address_is_not_told(notice: PolicyNotice, sun: Any) -> None:
    report = actions.report_error(notice, about="other", text="甲", email="", language="en", by=None)

    actions.settle_report(report, by=sun)

    assert told("report_answered") == []


@pytest.mark.parametrize("verb", REPORT.transitions)
@pytest.mark.parametrize("state", ErrorReport.State.values)
def test_every_state_with_every_verb(notice: PolicyNotice, state: str, verb: str) -> None:
    settled_at = None if state == "new" else "2026-11-25T00:00Z"
    report = ErrorReport.objects.create(
        notice=notice, about="other", text="甲", state=state, settled_at=settled_at
    )

    if state == "new":
        moved = REPORT.apply(report, verb, by=None, reason="看过", settled_at="2026-11-25T00:00Z")
        assert moved.state == {"settle": "corrected", "decline": "declined"}[verb]
    else:
        with pytest.raises(TransitionRefused):
            REPORT.apply(report, verb, by=None, reason="看过")


@pytest.mark.parametrize(
    ("role", "status"),
    [("publisher", 200), ("reviewer", 200), ("auditor", 200), ("policymaker", 403), ("triage_officer", 403)],
)
def test_who_sees_the_queue(client: Client, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse("admin:policies_errorreport_changelist")).status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_one_and_three(
    client: Client, notice: PolicyNotice, sun: Any, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        actions.report_error(notice, about="other", text="甲", email="", language="en", by=None)
    sign_in(client, sun)
    queue = reverse("admin:policies_errorreport_changelist")
    client.get(queue)

    with django_assert_num_queries(6):
        client.get(queue)
