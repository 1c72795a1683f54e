"""Every page of signing in, in both languages: in our frame, nothing inline, nothing from elsewhere."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import second_factor
from tests.accounts.steps import LI, fresh, last_link, log_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
OPEN = [
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_email_verification_sent", "account_inactive",
    "account_request_login_code",
]  # fmt: skip
SIGNED_IN = [
    "accounts:home", "accounts:details", "account_email", "account_change_password", "account_logout",
    "account_reauthenticate", "mfa_index", "mfa_activate_totp", "usersessions_list", "mfa_list_webauthn",
    "mfa_add_webauthn", "personal_data:home", "personal_data:export", "personal_data:close",
]  # fmt: skip
WITH_SECOND_FACTOR = [
    "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_reauthenticate", "account_reauthenticate",
]  # fmt: skip


def look(client: Client, path: str, status: int = 200) -> str:
    """Open a page and check what every page must be."""
    answer = client.get(path)
    assert answer.status_code == status, path
    html = answer.content.decode()
    assert '<main id="main"' in html
    assert "data:" not in html
    assert html.count("<h1") == 1
    assert not re.search(r"placeholder=| required[ >]", html)
    assert not re.search(r'(?:src|href)="https?://(?!localhost|testserver)', html)
    return html


@LANGUAGES
@pytest.mark.parametrize("name", OPEN)
def test_open_pages(client: Client, language: str, name: str) -> None:
    with translation.override(language):
        look(client, reverse(name))


@LANGUAGES
@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_a_person(client: Client, language: str, name: str) -> None:
    fresh(client, UserFactory())
    with translation.override(language):
        look(client, reverse(name))


@LANGUAGES
@pytest.mark.parametrize("name", WITH_SECOND_FACTOR)
def test_pages_of_a_person_with_a_second_factor(client: Client, language: str, name: str) -> None:
    li = UserFactory()
    second_factor.set_up(li)
    fresh(client, li)
    with translation.override(language):
        look(client, reverse(name))


@LANGUAGES
def test_pages_behind_a_link(client: Client, language: str) -> None:
    with translation.override(language):
        client.post(reverse("account_signup"), LI)
        look(client, last_link())
        client.post(reverse("account_reset_password"), {"email": LI["email"]})
        link = last_link()
        look(client, client.get(link).url)
        look(client, reverse("account_confirm_email", args=["nonsense"]))
        look(client, reverse("account_reset_password_from_key", args=["1", "non-sense"]))


@LANGUAGES
def test_the_page_for_the_code(client: Client, language: str) -> None:
    second_factor.set_up(UserFactory(email="li@works.example"))
    log_in(client, "li@works.example")
    with translation.override(language):
        look(client, reverse("mfa_authenticate"))


def test_a_person_without_a_password_chooses_one(client: Client) -> None:
    li = UserFactory()
    li.set_unusable_password()
    li.save()
    client.force_login(li)

    look(client, reverse("account_set_password"))
