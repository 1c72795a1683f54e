import os
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import CalendarDay, Event, EventDetail
from tests.factories.accounts import UserFactory
from tests.source import PROJECT

pytestmark = pytest.mark.django_db


def test_an_event_keeps_the_hash_of_its_personal_part():
    li = UserFactory()

    event = audit.record(
        li, "tested", by=li, data={"n": 1}, detail={"reason": "理由", "on": date(2026, 1, 2)}
    )

    event.refresh_from_db()
    assert event.detail.data == {"reason": "理由", "on": "2026-01-02"}
    assert event.detail_hash == audit.detail_hash(event.detail.data)
    assert (event.subject_type, event.subject_id, event.actor_id) == ("accounts.user", li.pk, li.pk)


def test_values_that_json_does_not_know_are_stored_as_text():
    event = audit.record(UserFactory(), "tested", by=None, data={"rate": Decimal("3.45")})

    event.refresh_from_db()
    assert event.data == {"rate": "3.45"}


def test_history_is_one_subjects_newest_first():
    li, wang = UserFactory(), UserFactory()
    for verb in ["first", "second"]:
        audit.record(li, verb, by=None)
    audit.record(wang, "other", by=None)

    assert [event.verb for event in audit.history(li)] == ["second", "first"]


def test_a_day_is_a_subject_too():
    day = CalendarDay(day=date(2031, 1, 2), kind="off")

    audit.record(day, "add", by=None)

    assert audit.history(day).get().subject_id == 20310102


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_event SET verb = 'x'", "DELETE FROM core_event", "TRUNCATE core_event CASCADE"],
)
def test_the_database_refuses_to_alter_events(statement):
    li = UserFactory()
    audit.record(li, "tested", by=None)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert [event.verb for event in audit.history(li)] == ["tested"]


@pytest.fixture
def application():
    """Act with the rights that docs/operations.md gives the application beside the owner of the tables."""
    guide = (PROJECT / "docs" / "operations.md").read_text()
    role = f"app_{os.environ['TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    grants = re.search(r"```sql\n\s*(CREATE ROLE portal_app.*?)```", guide, re.DOTALL)[1]
    with connection.cursor() as cursor:
        cursor.execute(grants.replace("portal_app", role).replace("'…'", "'secret'"))
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield cursor
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET verb = 'x'",
        "DELETE FROM core_event",
        "TRUNCATE core_event CASCADE",
        "ALTER TABLE core_event DISABLE TRIGGER ALL",
        "DROP TRIGGER core_event_append_only ON core_event",
        "DROP TABLE core_event CASCADE",
    ],
)
def test_the_role_of_the_application_may_not_even_try(application, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        application.execute(statement)


def test_the_role_of_the_application_records_and_reads(application):
    li = UserFactory()
    audit.record(li, "tested", by=None, detail={"reason": "x"})

    assert [event.verb for event in audit.history(li)] == ["tested"]


def test_the_personal_part_may_be_erased():
    event = audit.record(UserFactory(), "tested", by=None, detail={"reason": "x"})

    EventDetail.objects.filter(event=event).delete()

    assert audit.detail_of(Event.objects.get(pk=event.pk)) == {}


def test_actors_are_named_in_one_query(django_assert_num_queries):
    chen, gone = UserFactory(name="Chen"), UserFactory()
    events = [audit.record(chen, "a", by=actor) for actor in [chen, gone, None]]
    gone.delete()

    with django_assert_num_queries(1):
        names = audit.actor_names(events)

    assert names[events[0].pk] == "Chen"
    assert len(set(names.values())) == 3
