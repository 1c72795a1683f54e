"""How long data are kept: nothing too early, nothing twice, and the dry run counts what the sweep does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import audit
from core.models import EventDetail, StoredFile, Watermark
from enterprises import actions as enterprise_actions
from enterprises.models import Claim, Invitation, Licence
from notifications.models import Notification
from portal.personal_data import retention
from portal.personal_data.retention import RULES
from portal.personal_data.tables import TABLES
from services.assessments.models import Answer, Assessment
from services.requests.models import Message, ServiceRequest
from tests.factories import assessments
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.files import upload
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db
LATE = timezone.now().replace(hour=20)  # 04:00 in Shanghai: the night's sweep may begin


def in_years(years: float) -> datetime:
    return LATE + timedelta(days=366 * years)


def due() -> dict[str, int]:
    return {one.rule.code: one.due for one in retention.dry_run() if one.due}


def aged(rows: Any, **ages: int) -> None:
    rows.update(**{name: timezone.now() - timedelta(days=days) for name, days in ages.items()})


def test_every_rule_names_a_table_of_people() -> None:
    tables = {table.model for table in TABLES if table.is_about_people or table.enterprise}

    assert [rule.model for rule in RULES if rule.model not in tables] == []
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_a_sweep_of_an_empty_portal_runs_every_rule_and_marks_it() -> None:
    assert retention.sweep(LATE) == 0
    assert Watermark.objects.filter(job__startswith="portal.apply_retention").count() == len(RULES)


def test_an_account_never_confirmed_goes_after_a_month_and_a_confirmed_one_stays() -> None:
    UserFactory(email="stays@works.example")
    fake = UserFactory(email="fake@works.example")
    fake.emailaddress_set.update(verified=False)
    aged(User.objects.all(), date_joined=31)
    aged(User.objects.filter(email__startswith="stays"), last_login=1)

    assert due() == {"unconfirmed": 1}
    assert [retention.sweep(LATE), retention.sweep(LATE)] == [1, 0]

    assert list(User.objects.values_list("email", flat=True)) == ["stays@works.example"]


def test_a_request_loses_words_after_ten_years_and_not_a_day_before() -> None:
    people = cast()
    row = in_state("withdrawn", people.li, people.enterprise, officer("Chen"))
    moment = timezone.now() - retention.TEN_YEARS
    ServiceRequest.objects.update(last_message_at=moment + timedelta(days=1))
    assert "requests" not in due()

    ServiceRequest.objects.update(last_message_at=moment - timedelta(days=1))
    assert due()["requests"] == 1
    retention.sweep(LATE)

    row.refresh_from_db()
    assert (row.contact_name, row.contact_phone, row.body) == ("", "", "")
    assert row.reference
    assert not Message.objects.filter(service_request=row).exists()
    assert "requests" not in due()


def test_an_assessment_of_nobody_keeps_its_level_and_loses_its_answers() -> None:
    people = cast()
    finished = assessments.finished(people.enterprise, people.li)
    people.enterprise.memberships.update(ended_at=timezone.now() - 2 * retention.A_YEAR)
    assert "assessments" not in due()

    people.enterprise.memberships.update(ended_at=timezone.now() - retention.THREE_YEARS - retention.A_MONTH)
    retention.sweep(LATE)

    kept = Assessment.objects.get(pk=finished.pk)
    assert (kept.answers, kept.result) == ({}, finished.result)
    assert not Answer.objects.filter(assessment=finished).exists()


def test_invitations_claims_words_of_accounts_and_licences_go_in_their_time() -> None:
    people = cast()
    enterprise_actions.invite(people.enterprise, "new@works.example", "editor", by=people.li)
    enterprise_actions.register(
        enterprise_actions.Registration(people.enterprise.uscc, "x", contact_name="Zhao"), by=people.zhao
    )
    audit.record(people.li, "deactivated", by=None, detail={"reason": "because"})
    enterprise_actions.send_licence(people.enterprise, upload(), by=people.li)
    aged(Invitation.objects.all(), expires_at=366)
    Claim.objects.update(
        state="refused", settled_at=timezone.now() - retention.THREE_YEARS - retention.A_MONTH
    )
    aged(Licence.objects.all(), settled_at=4000)

    retention.sweep(LATE)

    assert not Invitation.objects.exists()
    assert Claim.objects.get().answers == {}
    assert not Licence.objects.exists()
    assert not StoredFile.objects.exists()
    assert EventDetail.objects.count() == 1  # a year has not passed


def test_a_sweep_that_was_cut_off_goes_on_with_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    people = cast()
    for number in range(5):
        Notification.objects.create(kind="accounts.looked_at", recipient=people.li, dedupe_key=f"k{number}")
    aged(Notification.objects.all(), created_at=800)
    letters = next(rule for rule in RULES if rule.code == "letters")
    now = timezone.now()
    batch = list(letters.due(now - letters.after)[:2])
    letters.apply(Notification.objects.filter(pk__in=[one.pk for one in batch]))

    assert due() == {"letters": 3}
    assert [retention.sweep(LATE), retention.sweep(LATE), retention.sweep(in_years(0.01))] == [3, 0, 0]


def test_the_desk_shows_the_rules_to_those_who_may(client: Client) -> None:
    page = reverse("admin:personal_data_closing_retention")
    auditor = UserFactory(email="auditor@desk.example", roles=["auditor"], language="en")
    publisher = UserFactory(email="publisher@desk.example", roles=["publisher"])

    answer = sign_in(client, auditor).get(page)

    assert len(answer.context["rules"]) == len(RULES)
    assert "Invitations are deleted" in answer.content.decode()
    assert sign_in(Client(), publisher).get(page).status_code == 403
