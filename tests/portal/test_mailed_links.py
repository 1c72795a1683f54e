"""Who cannot save a file where they are has the link mailed: to files of ours, ten an hour."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client

from notifications.models import Notification
from portal.api import open_data
from portal.mailed_links import FILES
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.industry import OccasionFactory
from tests.portal.walk import every_door

pytestmark = pytest.mark.django_db
LIST = "/en/policies/export.xlsx?q=cloud&sort=best"


@pytest.fixture
def li(client: Client) -> Client:
    return sign_in(client, UserFactory(email="li@works.example"))


def ask(client: Client, path: str) -> int:
    return client.post("/en/mail-link/", {"path": path, "next": "/en/policies/?q=cloud"}).status_code


def test_the_link_goes_to_whoever_asks_with_the_conditions_of_the_list(li: Client) -> None:
    answer = li.post("/en/mail-link/", {"path": LIST, "next": "/en/policies/?q=cloud"}, follow=True)

    letter = Notification.objects.get(kind="portal.link")
    assert (letter.recipient.email, letter.url, answer.redirect_chain[0][0]) == (
        "li@works.example",
        LIST,
        "/en/policies/?q=cloud",
    )
    assert "on its way to li@works.example" in answer.content.decode()


def test_a_second_click_sends_no_second_mail(li: Client) -> None:
    assert (ask(li, LIST), ask(li, LIST)) == (302, 302)
    assert Notification.objects.filter(kind="portal.link").count() in (1, 2)  # two, if a minute ended between


@pytest.mark.parametrize(
    "path",
    ["", "/en/policies/", "https://evil.example/en/policies/export.xlsx",
     "//evil.example/policies/export.xlsx", "/en/nowhere/", "\x00", "/admin/", "http://[",
     "policies/export.xlsx"],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_mailed_to_nobody(li: Client, path: str) -> None:
    assert ask(li, path) == 400
    assert not Notification.objects.filter(kind="portal.link").exists()


def test_who_is_not_signed_in_is_led_to_signing_in(client: Client) -> None:
    answer = client.post("/en/mail-link/", {"path": LIST})

    assert answer["Location"].startswith("/en/accounts/login/")


def test_a_long_address_and_the_eleventh_within_an_hour_are_refused_in_words(li: Client) -> None:
    long = li.post("/en/mail-link/", {"path": f"{LIST}{'x' * 300}"}, follow=True)
    for number in range(10):
        ask(li, f"{LIST}&page={number}")
    eleventh = li.post("/en/mail-link/", {"path": f"{LIST}&page=11"}, follow=True)

    assert "too long for a mail" in long.content.decode()
    assert "You have had 10 links mailed" in eleventh.content.decode()
    assert Notification.objects.filter(kind="portal.link").count() == 10


def test_nobody_is_sent_elsewhere_afterwards(li: Client) -> None:
    answer = li.post("/en/mail-link/", {"path": LIST, "next": "https://evil.example/"})

    assert answer["Location"] == "/en/"


def test_pages_with_files_offer_it_to_whoever_is_signed_in(li: Client) -> None:
    event = OccasionFactory()
    for page, path in (
        ("/en/policies/", "/en/policies/export.xlsx"),
        (f"/en/industry/events/{event.slug}/", f"/en/industry/events/{event.slug}/event.ics"),
    ):
        assert f'name="path" value="{path}' in li.get(page).content.decode()
        assert "mail-link" not in Client().get(page).content.decode()


def test_the_open_book_and_the_newest_open_data_are_mailed_too(li: Client) -> None:
    open_data.publish(date(2026, 11, 29))
    newest = f"/en/open/data/{open_data.files()[0].name}"

    for page, path in (("/en/open/", "/en/open/data/plan.xlsx"), ("/en/open/data/", newest)):
        assert f'name="path" value="{path}"' in li.get(page).content.decode()
        assert "mail-link" not in Client().get(page).content.decode()
        assert ask(li, path) == 302
    assert Notification.objects.filter(kind="portal.link").count() == 2


def test_every_file_has_an_address_and_a_subject_of_its_own() -> None:
    subjects = {
        render_to_string("notifications/texts/portal.link/subject.txt", {"file": name}) for name in FILES
    }

    assert set(FILES) <= {door.name for door in every_door()}
    assert len(subjects) == len(FILES)
