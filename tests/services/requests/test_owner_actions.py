from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from core import audit
from core.lifecycle import TransitionRefused
from enterprises.models import Enterprise
from notifications.models import Notification
from services.requests import actions
from services.requests.actions import Question, Source
from services.requests.entitlement import CannotBeRequested, Hindrance
from services.requests.models import Message, ServiceRequest, State
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import STATES, draft, in_state, submitted

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """Return (kind, reader) of every letter, in order."""
    rows = Notification.objects.select_related("recipient").order_by("pk")
    return [(row.kind, row.recipient.name if row.recipient else row.address) for row in rows]


def verbs(row: ServiceRequest) -> list[str]:
    return [event.verb for event in audit.history(row)][::-1]


def test_a_draft_is_prefilled_from_person_and_enterprise(cast: Cast) -> None:
    cast.enterprise.contact_phone = "0532-8588 0000"

    row = actions.draft(
        by=cast.li,
        enterprise=cast.enterprise,
        offering=None,
        source=Source("数字化补贴", "/policies/subsidy/"),
    )

    assert (row.contact_name, row.contact_email, row.contact_phone) == (
        "Li",
        "li@works.example",
        "053285880000",
    )
    assert (row.subject, row.source_url) == ("数字化补贴", "/policies/subsidy/")
    assert (row.state, row.reference) == (State.DRAFT, None)


def test_submitting_gives_a_reference_the_clocks_and_a_receipt(cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise, OfferingFactory(turnaround_days=5))

    assert row.state == State.SUBMITTED
    assert row.reference is not None
    assert row.reference.startswith("QD-")
    assert row.due_at is not None
    assert row.first_reply_due_at is not None
    assert row.due_at > row.first_reply_due_at > timezone.now()
    assert told() == [("requests.received", "Li")]
    assert verbs(row) == ["submit"]
    assert [message.text for message in row.messages.all()] == ["想请人到车间看看。"]


def test_submitting_again_changes_nothing(cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)

    first = actions.submit(row, by=cast.li)
    second = actions.submit(row, by=cast.li)

    assert first.reference == second.reference
    assert (told(), verbs(row)) == ([("requests.received", "Li")], ["submit"])


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"body": ""}, "body"),
        ({"contact_email": "", "contact_phone": ""}, "contact_email"),
    ],
)
def test_an_incomplete_draft_is_not_submitted(cast: Cast, missing: dict[str, str], field: str) -> None:
    row = draft(cast.li, cast.enterprise, **missing)

    with pytest.raises(ValidationError) as error:
        actions.submit(row, by=cast.li)

    assert list(error.value.message_dict) == [field]
    row.refresh_from_db()
    assert (row.state, row.reference, told()) == (State.DRAFT, None, [])


@pytest.mark.parametrize("fields", [{"paid": True}, {"needs_proof": True}])
def test_paid_services_and_vouchers_need_a_check_by_staff(cast: Cast, fields: dict[str, Any]) -> None:
    row = draft(cast.li, cast.enterprise, OfferingFactory(**fields))

    with pytest.raises(CannotBeRequested) as refused:
        actions.submit(row, by=cast.li)
    assert refused.value.hindrance == Hindrance.PROOF

    Enterprise.objects.filter(pk=cast.enterprise.pk).update(proof_level=Enterprise.Proof.STAFF)
    assert actions.submit(row, by=cast.li).state == State.SUBMITTED


def test_a_retired_offering_cannot_be_submitted(cast: Cast) -> None:
    offering = OfferingFactory()
    row = draft(cast.li, cast.enterprise, offering)
    offering.retired_at = timezone.now()
    offering.save()

    with pytest.raises(CannotBeRequested):
        actions.submit(row, by=cast.li)


def test_answers_are_kept_only_while_it_is_a_draft(cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    with pytest.raises(TransitionRefused):
        actions.save_draft(row, by=cast.li, body="另一件事")

    row.refresh_from_db()
    assert row.body == "想请人到车间看看。"


@pytest.mark.parametrize("state", STATES)
def test_only_a_draft_can_be_dropped(state: str, cast: Cast, chen: User) -> None:
    row = in_state(state, cast.li, cast.enterprise, chen)

    actions.discard_draft(row, by=cast.li)

    assert ServiceRequest.objects.filter(pk=row.pk).exists() is (state != State.DRAFT)


def test_a_question_without_account_is_answered_by_mail_with_a_signed_link() -> None:
    row = actions.ask_question(
        Question("补贴", "怎么申请？", contact_email="owner@works.example", language="en")
    )

    letter = Notification.objects.get()
    assert (row.enterprise, row.requester, row.state) == (None, None, State.SUBMITTED)
    assert (letter.address, letter.language) == ("owner@works.example", "en")
    assert letter.url.startswith("/en/requests/track/")


def test_a_question_with_a_phone_number_only_gets_no_mail() -> None:
    actions.ask_question(Question("补贴", "怎么申请？", contact_phone="13800000000"))

    assert told() == []


def test_supplying_lets_the_clock_go_on_and_tells_the_holder(cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)

    row = actions.supply(row, "1. 营业执照照片\n已寄出", by=cast.wang)

    assert (row.state, row.paused_at, row.paused_days_left) == (State.IN_PROGRESS, None, None)
    assert told()[-1] == ("requests.answered", "Chen")
    assert verbs(row)[-1] == "supply"


@pytest.mark.parametrize("state", STATES)
def test_the_owner_may_write_while_the_request_is_open(state: str, cast: Cast, chen: User) -> None:
    row = in_state(state, cast.li, cast.enterprise, chen)
    before = Message.objects.count()

    if state in ("submitted", "in_progress", "waiting"):
        actions.write(row, "请问进度如何？", by=cast.li)
        assert Message.objects.count() == before + 1
    else:
        with pytest.raises(TransitionRefused):
            actions.write(row, "请问进度如何？", by=cast.li)
        assert Message.objects.count() == before


def test_withdrawing_tells_the_holder_and_ends_the_assignment(cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)

    row = actions.withdraw(row, by=cast.li)

    assert (row.state, row.paused_at) == (State.WITHDRAWN, None)
    assert told()[-1] == ("requests.withdrawn", "Chen")
    assert not row.assignments.filter(ended_at=None).exists()


@pytest.mark.parametrize(("days", "may"), [(13.9, True), (14.1, False)])
def test_what_is_done_may_be_reopened_for_fourteen_days(
    cast: Cast, chen: User, days: float, may: bool
) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=row.pk).update(resolved_at=timezone.now() - timedelta(days=days))

    if may:
        row = actions.reopen(row, "还有一台没联上。", by=cast.li)
        assert (row.state, row.priority, row.resolved_at) == (State.IN_PROGRESS, 1, None)
        assert told()[-1] == ("requests.answered", "Chen")
    else:
        with pytest.raises(TransitionRefused):
            actions.reopen(row, "还有一台没联上。", by=cast.li)


def test_a_rating_is_given_once(cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)
    actions.rate(row, 5, by=cast.li)

    with pytest.raises(TransitionRefused):
        actions.rate(row, 1, by=cast.wang)

    row.refresh_from_db()
    assert row.rating == 5


@pytest.mark.parametrize(("rating", "readers"), [(3, []), (2, ["Lead"]), (1, ["Lead"])])
def test_a_low_rating_reaches_the_lead(
    cast: Cast, chen: User, lead: User, rating: int, readers: list[str]
) -> None:
    row = in_state("closed", cast.li, cast.enterprise, chen)

    actions.rate(row, rating, "没有解决", by=cast.li)

    assert [reader for kind, reader in told() if kind == "requests.low_rating"] == readers


def test_letters_go_to_the_owner_once_the_one_who_asked_has_left(cast: Cast, chen: User) -> None:
    row = submitted(cast.wang, cast.enterprise)
    cast.wang.memberships.update(ended_at=timezone.now())

    actions.reply(row, "您好。", by=chen)

    assert told()[-1] == ("requests.replied", "Li")
