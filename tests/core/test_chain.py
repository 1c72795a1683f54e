import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import audit, chain
from core.models import Event, EventDetail, EventSeal, Watermark
from core.tasks import ChainBroken, check_events, seal_events
from tests.factories.accounts import UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    """Five sealed events, one of them with a personal part."""
    li = UserFactory()
    seal_events()
    made = [audit.record(li, f"v{n}", by=li, data={"n": n, "名": "值"}) for n in range(4)]
    made.append(audit.record(li, "v4", by=None, detail={"reason": "理由"}))
    seal_events()
    return made


def tamper(statement, *values):
    """Do what only the owner of the database can: switch the guard off, alter, switch it on again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_eventseal DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_eventseal ENABLE TRIGGER USER")


def found():
    return [str(finding) for finding in chain.check()]


def test_every_event_is_sealed_once_in_the_order_of_sealing(events):
    assert seal_events() == 0

    assert EventSeal.objects.count() == Event.objects.count()
    assert found() == []


def test_batches_make_one_chain():
    li = UserFactory()
    for n in range(5):
        audit.record(li, f"v{n}", by=None)

    sealed = []
    while more := chain.seal(batch=2):
        sealed.append(more)

    assert sum(sealed) == Event.objects.count()
    assert found() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "x"),
        ("actor_id", 4711),
        ("before", "x"),
        ("after", "x"),
        ("subject_id", 1),
        ("at", "2020-01-01T00:00:00Z"),
        ("data", '{"n": 7}'),
        ("detail_hash", "0"),
    ],
)
def test_an_altered_event_is_named(events, column, value):
    statements = {
        "verb": "UPDATE core_event SET verb = %s WHERE id = %s",
        "actor_id": "UPDATE core_event SET actor_id = %s WHERE id = %s",
        "before": "UPDATE core_event SET before = %s WHERE id = %s",
        "after": "UPDATE core_event SET after = %s WHERE id = %s",
        "subject_id": "UPDATE core_event SET subject_id = %s WHERE id = %s",
        "at": "UPDATE core_event SET at = %s WHERE id = %s",
        "data": "UPDATE core_event SET data = %s WHERE id = %s",
        "detail_hash": "UPDATE core_event SET detail_hash = %s WHERE id = %s",
    }

    tamper(statements[column], value, events[2].pk)

    assert found() == [f"{events[2].pk} altered"]


def test_a_removed_event_is_named(events):
    tamper("DELETE FROM core_event WHERE id = %s", events[1].pk)

    assert found() == [f"{events[1].pk} missing"]


def test_a_seal_that_was_taken_away_breaks_the_next_one(events):
    tamper("DELETE FROM core_eventseal WHERE event = %s", events[1].pk)

    assert found() == [f"{events[2].pk} altered"]


def test_an_event_slipped_in_long_ago_is_named(events):
    slipped = audit.record(UserFactory(), "slipped", by=None)
    assert found() == []

    tamper("UPDATE core_event SET at = at - %s WHERE id = %s", timedelta(hours=2), slipped.pk)

    assert f"{slipped.pk} unsealed" in found()


def test_an_altered_personal_part_is_named_and_an_erased_one_is_not(events):
    EventDetail.objects.filter(event=events[4]).update(data={"reason": "another"})
    assert found() == [f"{events[4].pk} detail"]

    EventDetail.objects.filter(event=events[4]).delete()
    assert found() == []


def test_seals_are_append_only(events):
    for statement in ("UPDATE core_eventseal SET hash = ''", "DELETE FROM core_eventseal"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_event_that_commits_behind_others_is_sealed_later(events):
    late = audit.record(UserFactory(), "late", by=None)
    tamper("UPDATE core_event SET id = %s WHERE id = %s", events[0].pk - 10_000, late.pk)

    assert seal_events() >= 1
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain():
    li = UserFactory()
    for n in range(40):
        audit.record(li, f"v{n}", by=None)

    together(*[lambda: chain.seal(batch=7)] * 4)
    seal_events()

    assert EventSeal.objects.count() == Event.objects.count()
    assert found() == []


def test_the_check_runs_once_a_day_and_again_while_the_chain_is_broken(events):
    Watermark.objects.filter(job="core.check_events").delete()
    assert check_events() == EventSeal.objects.count()
    assert check_events() == 0

    Watermark.objects.filter(job="core.check_events").update(period="2020-01-01")
    tamper("UPDATE core_event SET verb = 'x' WHERE id = %s", events[2].pk)
    for _again in range(2):
        with pytest.raises(ChainBroken, match=f"^{events[2].pk} altered$"):
            check_events()


def test_the_command_names_what_is_wrong_and_fails(events):
    out, err = io.StringIO(), io.StringIO()
    call_command("check_events", stdout=out)
    assert out.getvalue().startswith(f"{EventSeal.objects.count()} events sealed, none altered. Head: ")

    tamper("DELETE FROM core_event WHERE id = %s", events[1].pk)
    with pytest.raises(CommandError, match="broken at 1 places"):
        call_command("check_events", stdout=out, stderr=err)
    assert err.getvalue() == f"{events[1].pk} missing\n"
