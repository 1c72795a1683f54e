"""Decisions that are late: who hears of it, on which day, once; and what the enterprise is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core import audit, calendar
from core.workdays import Calendar
from enterprises.models import Enterprise
from notifications.models import Notification
from notifications.tasks import deliver_pending
from services.cloud import lateness, tasks
from services.cloud.actions import lateness as ladder
from services.cloud.actions import reviewing
from services.cloud.lateness import Step
from services.cloud.models import Conversion, ConversionState, Escalation, Voucher, VoucherState
from services.requests.parties import staff_for, staff_with
from tests.factories import conversions
from tests.factories.accounts import UserFactory
from tests.factories.vouchers import Staff, in_state, staff

pytestmark = pytest.mark.django_db
V, C = VoucherState, ConversionState
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 6, day) for day in (1, 2, 3, 4))
PLAIN = Calendar.from_rows([], covered_until=date(2026, 12, 31))


@pytest.fixture
def people() -> Staff:
    return staff()


@pytest.fixture
def lead() -> Any:
    return UserFactory(name="Lead", email="lead@money.example", roles=["triage_lead"])


def due(row: Any, day: date) -> Any:
    type(row).objects.filter(pk=row.pk).update(due_on=day)
    row.refresh_from_db()
    return row


def told(kind: str) -> list[str]:
    letters = Notification.objects.filter(kind=f"cloud.{kind}").order_by("pk")
    return [str(letter.recipient) for letter in letters]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (MONDAY, []),
        (TUESDAY, [Step.TODAY]),
        (WEDNESDAY, [Step.OVERDUE]),
        (THURSDAY, [Step.OVERDUE, Step.LEAD]),
    ],
)
def test_the_steps_follow_working_days(today: date, expected: list[Step]) -> None:
    assert lateness.steps(Voucher(state=V.SUBMITTED, due_on=TUESDAY), today, PLAIN) == expected


def test_a_weekend_makes_nobody_later() -> None:
    friday, sunday, monday = date(2026, 6, 5), date(2026, 6, 7), date(2026, 6, 8)
    row = Voucher(state=V.SUBMITTED, due_on=friday)

    assert [lateness.steps(row, day, PLAIN) for day in (sunday, monday)] == [[Step.OVERDUE]] * 2


@pytest.mark.parametrize("state", [state for state in V if state not in lateness.VOUCHERS])
def test_where_staff_have_nothing_to_decide_nobody_is_late(state: str) -> None:
    assert lateness.steps(Voucher(state=state, due_on=MONDAY), THURSDAY, PLAIN) == []


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (V.SUBMITTED, ["county"]),
        (V.COUNTY_PASSED, ["city", "checker"]),
        (V.CLAIMED, ["checker"]),
        (V.VERIFIED, ["finance"]),
    ],
)
def test_a_voucher_climbs_the_ladder_once(people: Staff, lead: Any, state: str, who: list[str]) -> None:
    row = due(in_state(state, people), TUESDAY)
    deciders = [str(getattr(people, name)) for name in who]

    taken = [ladder.escalate(day) for day in (MONDAY, TUESDAY, TUESDAY, WEDNESDAY, THURSDAY, THURSDAY)]

    assert taken == [0, 1, 0, 1, 1, 0]
    assert told("decision_due") == [*deciders, *deciders, str(lead)]
    assert told("decision_late") == [str(row.declared_by)]
    assert list(Escalation.objects.values_list("step", flat=True)) == ["today", "overdue", "lead"]
    assert [event.verb for event in audit.history(row)][:3] == ["escalate"] * 3


@pytest.mark.parametrize(
    ("state", "who"),
    [(C.FILED, ["county"]), (C.ACCEPTANCE, ["city", "checker"]), (C.REWARD, ["finance"])],
)
def test_a_project_climbs_the_same_ladder(people: Staff, lead: Any, state: str, who: list[str]) -> None:
    row = due(conversions.in_state(state, people), TUESDAY)

    assert [ladder.escalate(day) for day in (THURSDAY, THURSDAY)] == [2, 0]

    assert told("decision_due") == [*(str(getattr(people, name)) for name in who), str(lead)]
    assert told("decision_late") == [str(row.declared_by)]


def test_a_new_day_begins_a_new_ladder(people: Staff) -> None:
    row = due(in_state(V.SUBMITTED, people), TUESDAY)
    ladder.escalate(WEDNESDAY)
    due(reviewing.pass_on(row, by=people.county), WEDNESDAY)

    assert ladder.escalate(THURSDAY) == 1
    days = Escalation.objects.values_list("step", "due_on")
    assert list(days) == [("overdue", TUESDAY), ("overdue", WEDNESDAY)]


def test_who_may_decide_is_two_questions_however_many_they_are(
    people: Staff, django_assert_num_queries: Any
) -> None:
    enterprise = in_state(V.SUBMITTED, people).enterprise
    here, there = enterprise.region_id, "371700"
    of = {}
    for region in (f"{here[:4]}00", there, None):
        of[region] = UserFactory(roles=["county_reviewer"])
        of[region].scopes.create(region_id=region)

    with django_assert_num_queries(2):
        found = staff_for(enterprise, "pass_voucher", label="cloud")

    assert found == [people.county, of[f"{here[:4]}00"], of[None]]
    assert found == [
        person
        for person in staff_with("pass_voucher", label="cloud")
        if Enterprise.objects.in_scope_of(person).filter(pk=enterprise.pk).exists()
    ]


def test_where_nobody_may_decide_the_lead_hears_of_it_at_once(people: Staff, lead: Any) -> None:
    due(in_state(V.SUBMITTED, people), TUESDAY)
    people.county.groups.clear()

    ladder.escalate(TUESDAY)

    assert told("decision_due") == [str(lead)]


def test_a_failure_in_the_middle_leaves_the_rest_to_the_next_run(
    people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [due(in_state(V.SUBMITTED, people), timezone.localdate()) for _number in "12"]
    record = audit.record

    def fails_at_the_second(row: Any, verb: str, **given: Any) -> Any:
        if row.pk == rows[1].pk:
            raise RuntimeError
        return record(row, verb, **given)

    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", fails_at_the_second)
        with pytest.raises(RuntimeError):
            tasks.escalate_late()

    assert [tasks.escalate_late(), tasks.escalate_late()] == [1, 0]
    assert len(told("decision_due")) == 2


def test_a_letter_is_dropped_once_the_decision_is_made(
    people: Staff, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    row = due(in_state(V.SUBMITTED, people), calendar.today() - timedelta(days=1))
    ladder.escalate()
    reviewing.pass_on(row, by=people.county)

    deliver_pending()

    late = [mail.subject for mail in mailoutbox if "late" in mail.subject.lower()]
    assert late == []


@pytest.mark.parametrize(("kind", "state"), [(Voucher, V.SUBMITTED), (Conversion, C.FILED)])
def test_the_page_says_whose_delay_it_is(client: Client, people: Staff, kind: Any, state: str) -> None:
    make = in_state if kind is Voucher else conversions.in_state
    row = make(state, people)
    client.force_login(row.declared_by)
    page = f"/en/cloud/{'vouchers' if kind is Voucher else 'conversions'}/{row.reference}/"

    assert "The delay is ours" not in client.get(page).content.decode()
    due(row, calendar.today() - timedelta(days=1))
    assert "The delay is ours" in client.get(page).content.decode()
