from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from core import audit, rehearsal
from core.models import Event
from notifications.models import Delivery, Notification, Preference, StoppedAddress
from services.requests import actions
from services.requests.models import Message, ServiceRequest, State
from tests.factories.enterprises import Cast, cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def everything() -> list[int]:
    return [model.objects.count() for model in (ServiceRequest, Message, Event, Notification, Delivery)]


def test_a_rehearsal_leaves_nothing_behind(people: Cast) -> None:
    row, chen = submitted(people.li, people.enterprise), officer()
    before = everything()

    found = rehearsal.of(lambda: actions.reply(row, "您好。", by=chen))

    assert (everything(), ServiceRequest.objects.get().state) == (before, State.SUBMITTED)
    assert [(told.reader, told.address) for told in found.told] == [("Li", "li@works.example")]
    assert not rehearsal.is_on()


def test_what_it_tells_is_what_the_action_then_sends(people: Cast) -> None:
    row, chen = submitted(people.li, people.enterprise), officer()

    found = rehearsal.of(lambda: actions.refuse(row, "不在受理范围。", by=chen))
    actions.refuse(row, "不在受理范围。", by=chen)

    sent = Notification.objects.filter(kind="requests.refused").get()
    told = found.told[0]
    assert (len(found.told), found.count) == (1, 1)
    assert (told.language, told.ways, told.stopped) == (sent.language, ("email",), False)
    assert "不在受理范围。" in told.body
    assert str(row.reference) in told.subject


def test_the_text_is_in_the_readers_language(people: Cast) -> None:
    people.li.language = "en"
    people.li.save(update_fields=["language"])
    row = submitted(people.li, people.enterprise)

    told = rehearsal.of(lambda: actions.refuse(row, "No.", by=officer())).told[0]

    assert (told.language, told.subject) == ("en", f"We cannot do this here: {row.reference}")


def test_it_says_who_gets_no_mail(people: Cast) -> None:
    chen = officer()
    row = in_state("in_progress", people.li, people.enterprise, chen)
    act = partial(actions.reply, row, "您好。", by=chen)
    Preference.objects.create(user=people.li, kind="requests.replied", channel="email", wanted=False)
    unwanted = rehearsal.of(act).told[0]
    Preference.objects.all().delete()
    StoppedAddress.objects.create(address="li@works.example", kind="")
    stopped = rehearsal.of(act).told[0]

    assert (unwanted.ways, unwanted.stopped) == ((), False)
    assert (stopped.ways, stopped.stopped) == (("email",), True)


def test_an_error_of_the_action_passes_through_and_nothing_stays(people: Cast) -> None:
    row, lead = submitted(people.li, people.enterprise), officer("Lead", role="triage_lead")

    with pytest.raises(ValidationError):
        rehearsal.of(lambda: actions.assign(row, to=people.li, by=lead))

    assert (rehearsal.is_on(), audit.history(row).filter(verb="assign").count()) == (False, 0)


@pytest.mark.django_db(transaction=True)
def test_letters_others_post_meanwhile_are_not_taken_for_ours(people: Cast) -> None:
    row, chen = submitted(people.li, people.enterprise), officer()
    other = connection.copy()

    def act() -> Any:
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO notifications_notification (kind, address, language, subject_code, url, context,"
                " in_inbox, dedupe_key) VALUES ('x', 'a@b.example', 'en', '', '', '{}', false, 'x')"
            )
        return actions.take(row, by=chen)

    try:
        found = rehearsal.of(act)
    finally:
        other.close()

    assert [told.reader for told in found.told] == ["Li"]
    assert Notification.objects.filter(kind="x").count() == 1
    assert isinstance(chen, User)
