"""Drafts are kept 30 days, with one reminder a week before; typed words outlive the session."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from core.models import ParkedForm, StoredFile
from notifications import texts
from notifications.models import Notification
from services.requests import actions, tasks
from services.requests.models import Attachment, Message, ServiceRequest
from services.requests.notifications import due
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast
from tests.factories.files import upload
from tests.factories.requests import draft, in_state, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_letters_of_files_and_drafts_are_short_and_carry_their_link(cast: Cast, language: str) -> None:
    row = draft(cast.li, cast.enterprise)
    left(row, 24)
    actions.add_paper(submitted(cast.li, cast.enterprise), upload("a.pdf"), basket="", by=cast.li)
    Attachment.objects.update(message=Message.objects.get())
    StoredFile.objects.update(scan="infected")
    Notification.objects.all().delete()
    tasks.tend_drafts(), tasks.tell_blocked()

    letters = list(Notification.objects.order_by("kind"))
    assert [letter.kind for letter in letters] == ["requests.draft_ends", "requests.file_blocked"]
    for letter in letters:
        with translation.override(language):
            words = texts.Words(letter)
        assert 0 < len(words.subject) <= 60
        assert words.context["link"] in words.body
        assert "{" not in words.body


def left(row: ServiceRequest, days: float) -> None:
    ServiceRequest.objects.filter(pk=row.pk).update(saved_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(("days", "told"), [(22.9, 0), (23.1, 1), (29.9, 1)])
def test_a_reminder_comes_once_a_week_before_the_end(cast: Cast, days: float, told: int) -> None:
    row = draft(cast.li, cast.enterprise)
    left(row, days)

    assert (tasks.tend_drafts(), tasks.tend_drafts()) == (told, 0)

    letters = Notification.objects.filter(kind="requests.draft_ends")
    assert [letter.recipient for letter in letters] == [cast.li] * told
    row.refresh_from_db()
    assert row.saved_at < timezone.now() - timedelta(days=22)


def test_going_on_with_the_draft_makes_the_reminder_void_and_the_next_one_possible(cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    left(row, 24)
    tasks.tend_drafts()
    letter = Notification.objects.get(kind="requests.draft_ends")
    assert due.draft_still_waits(letter)

    actions.save_draft(row, by=cast.li, subject="新的主题")
    assert not due.draft_still_waits(letter)

    left(row, 25)
    assert tasks.tend_drafts() == 1
    assert Notification.objects.filter(kind="requests.draft_ends").count() == 2


def test_a_draft_left_for_thirty_days_goes_and_a_request_stays(client: Client, cast: Cast) -> None:
    old, request = draft(cast.li, cast.enterprise), submitted(cast.li, cast.enterprise)
    left(old, 30.1), left(request, 60)

    assert (tasks.tend_drafts(), tasks.tend_drafts()) == (1, 0)

    assert list(ServiceRequest.objects.all()) == [request]


@pytest.mark.parametrize(("person", "status"), [("li", 410), ("wang", 404), ("zhao", 404), (None, 302)])
@pytest.mark.parametrize("page", ["need/", "discard/"])
def test_the_old_link_of_a_dropped_draft_says_so_to_its_owner(
    client: Client, cast: Cast, person: str | None, status: int, page: str
) -> None:
    row = draft(cast.li, cast.enterprise)
    actions.discard_draft(row, by=cast.li)
    if person:
        sign_in(client, getattr(cast, person))

    assert client.get(f"/requests/drafts/{row.key}/{page}").status_code == status


def end_session(client: Client) -> None:
    session = client.session
    session["seen_at"] = 0
    session.save()


@pytest.mark.parametrize("how", ["idle", "gone"])
def test_words_sent_after_the_session_ended_are_there_again(client: Client, cast: Cast, how: str) -> None:
    row = submitted(cast.li, cast.enterprise)
    page, action = f"/requests/{row.reference}/", f"/requests/{row.reference}/write/"
    sign_in(client, cast.li).get(page)
    if how == "idle":
        end_session(client)
    else:
        client.cookies.pop("session")

    turned = client.post(
        action,
        {"text": "写了半小时的说明", "form_token": "t"},
        headers={"referer": f"http://testserver{page}"},
    )
    assert turned["Location"] == f"/accounts/login/?ended=idle&next=%2Frequests%2F{row.reference}%2F"
    assert row.messages.count() == 1

    again = sign_in(client, cast.li).get(page)
    assert "写了半小时的说明" in again.content.decode()
    assert "not sent yet" in client.get(f"/en{page}").content.decode()

    client.post(action, {"text": "写了半小时的说明", "form_token": "t2"})
    assert "写了半小时的说明" not in str(client.get(page).context["forms"]["write"])
    assert ParkedForm.objects.count() == 0


def test_a_step_of_a_draft_reopens_with_what_was_typed(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    step = f"/requests/drafts/{row.key}/need/"
    client.post(step, {"subject": "改过的主题", "body": "改过的说明"})

    page = sign_in(client, cast.li).get(step).content.decode()

    assert "改过的主题" in page
    assert "改过的说明" in page
    row.refresh_from_db()
    assert row.subject == "设备联网"


def test_the_answers_to_a_checklist_are_kept_too(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)
    client.post(f"/requests/{row.reference}/supply/", {"item_2": "清单在此"})

    assert "清单在此" in sign_in(client, cast.li).get(f"/requests/{row.reference}/").content.decode()


def test_another_browser_sees_nothing_of_it(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    client.post(f"/requests/{row.reference}/write/", {"text": "只有我看得到"})
    assert ParkedForm.objects.count() == 1

    page = sign_in(Client(), cast.wang).get(f"/requests/{row.reference}/").content.decode()

    assert "只有我看得到" not in page


def test_a_form_of_another_page_is_not_parked(client: Client, cast: Cast) -> None:
    client.post("/enterprise/members/invite/", {"email": "new@works.example", "role": "editor"})

    assert ParkedForm.objects.count() == 0


def test_too_much_or_too_often_is_not_parked(client: Client, cast: Cast, settings: Any) -> None:
    row = submitted(cast.li, cast.enterprise)
    url = f"/requests/{row.reference}/write/"

    client.post(url, {"text": "长" * 60_001})
    assert ParkedForm.objects.count() == 0

    for _number in range(31):
        client.post(url, {"text": "短"})
    assert ParkedForm.objects.count() == 30


def test_parked_forms_go_after_a_day(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    client.post(f"/requests/{row.reference}/write/", {"text": "昨天的"})
    ParkedForm.objects.update(parked_at=timezone.now() - timedelta(hours=25))

    assert "昨天的" not in sign_in(client, cast.li).get(f"/requests/{row.reference}/").content.decode()


def autosaved(client: Client, row: ServiceRequest, step: str, **typed: Any) -> Any:
    return client.post(f"/en/requests/drafts/{row.key}/{step}/", {"autosave": "1", **typed})


def test_what_is_typed_is_kept_before_the_page_is_sent(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    sign_in(client, cast.li)

    answer = autosaved(client, row, "need", subject="两台注塑机", body="想联网")
    autosaved(client, row, "contact", contact_name="王工", contact_email="nonsense", contact_phone="")

    row.refresh_from_db()
    assert answer.json()["said"].startswith("Saved at ")
    assert (row.subject, row.body, row.contact_name, row.contact_email) == (
        "两台注塑机",
        "想联网",
        "王工",
        cast.li.email,
    )


def test_a_page_left_open_keeps_nothing_once_the_request_is_submitted(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    sign_in(client, cast.li)
    answer = autosaved(client, row, "need", subject="改了", body="改了")

    row.refresh_from_db()
    assert answer.status_code == 302
    assert row.subject == "设备联网"
