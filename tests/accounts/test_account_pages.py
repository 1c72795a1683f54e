import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import User
from core.models import Event
from tests.accounts.steps import fresh, last_link, log_in, mails
from tests.factories.accounts import PASSWORD, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_details_are_changed_and_the_page_goes_on_in_the_new_language(client: Client) -> None:
    li = UserFactory(name="Li")
    sign_in(client, li)

    answer = client.post(
        reverse("accounts:details"),
        {
            "name": "Li Hua",
            "phone": "０５３２－8591 1000",
            "language": "en",
            "is_staff": "on",
            "email": "x@y.example",
        },
    )

    li.refresh_from_db()
    assert answer.url == "/en/accounts/"
    assert (li.name, li.phone, li.language, li.is_staff) == ("Li Hua", "053285911000", "en", False)
    assert li.email != "x@y.example"
    assert Event.objects.get(verb="details_changed").data == {"fields": ["name", "phone", "language"]}


def test_a_new_privacy_text_is_shown_until_it_is_agreed_to(client: Client, settings) -> None:
    li = UserFactory(privacy_version="2025-01", privacy_accepted_at=timezone.now())
    sign_in(client, li)
    before = client.get("/en/help/?a=b").content.decode()

    answer = client.post(
        "/en/accounts/privacy/agree/", {"version": settings.PRIVACY_VERSION, "next": "/en/help/?a=b"}
    )
    after = client.get("/en/help/").content.decode()

    li.refresh_from_db()
    event = Event.objects.get(verb="privacy_agreed")
    assert ("The privacy text has changed" in before, "The privacy text has changed" in after) == (
        True,
        False,
    )
    assert (answer.url, li.privacy_version) == ("/en/help/?a=b", settings.PRIVACY_VERSION)
    assert (event.actor_id, event.before, event.after) == (li.pk, "2025-01", settings.PRIVACY_VERSION)


@pytest.mark.parametrize(
    "sent", [{}, {"version": "2025-01"}, {"version": "x", "next": "https://else.example/"}]
)
def test_only_the_privacy_text_in_force_can_be_agreed_to(client: Client, sent: dict[str, str]) -> None:
    li = UserFactory(privacy_version="2025-01", privacy_accepted_at=timezone.now())
    sign_in(client, li)

    answer = client.post("/en/accounts/privacy/agree/", sent)

    li.refresh_from_db()
    assert (answer.url, li.privacy_version) == ("/en/accounts/", "2025-01")


def test_who_agreed_to_the_text_in_force_is_asked_nothing(client: Client, settings) -> None:
    sign_in(client, UserFactory(privacy_version=settings.PRIVACY_VERSION, privacy_accepted_at=timezone.now()))

    assert "The privacy text has changed" not in client.get("/en/help/").content.decode()


def test_a_wrong_phone_says_how_and_is_kept(client: Client) -> None:
    sign_in(client, UserFactory())

    answer = client.post(reverse("accounts:details"), {"name": "Li", "phone": "call me", "language": "en"})

    assert list(answer.context["form"].errors) == ["phone"]
    assert 'value="call me"' in answer.content.decode()


def test_a_person_changes_address_after_confirming_the_new_one(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    fresh(client, li)

    client.post(reverse("account_email"), {"email": "hua@works.example", "action_add": "1"})
    assert mails() == [("accounts.mail_confirm", "hua@works.example")]
    client.post(last_link())

    li.refresh_from_db()
    assert li.email == "hua@works.example"
    assert mails()[1:] == [("accounts.mail_address_changed", "li@works.example")]


def test_changing_the_address_asks_for_the_password_first(client: Client) -> None:
    sign_in(client, UserFactory())

    answer = client.post(reverse("account_email"), {"email": "hua@works.example", "action_add": "1"})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert mails() == []


def test_an_address_that_became_another_persons_is_not_confirmed(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    fresh(client, li)
    client.post(reverse("account_email"), {"email": "zhao@other.example", "action_add": "1"})
    link = last_link()
    User.objects.create_user("zhao@other.example", PASSWORD)

    client.post(link)

    li.refresh_from_db()
    assert li.email == "li@works.example"


def test_a_new_password_ends_the_other_sessions_and_not_this_one(client: Client) -> None:
    UserFactory(email="li@works.example")
    elsewhere = Client()
    log_in(elsewhere, "li@works.example")
    log_in(client, "li@works.example")

    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "a new one for the harbour"},
    )

    assert answer.url == reverse("accounts:home")
    assert client.get(reverse("accounts:home")).status_code == 200
    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    assert mails()[-1] == ("accounts.mail_password_changed", "li@works.example")


def test_a_reset_password_ends_all_sessions_and_the_link_works_once(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    log_in(client, "li@works.example")
    other = Client()
    other.post(reverse("account_reset_password"), {"email": "li@works.example"})
    link = last_link()

    form = other.get(link).url
    other.post(form, {"password1": "a new one for the harbour"})

    li.refresh_from_db()
    assert li.check_password("a new one for the harbour")
    assert client.get(reverse("accounts:home")).status_code == 302
    assert Client().get(link).context["token_fail"]


def test_the_second_factor_is_set_up_with_a_picture_drawn_inline(client: Client) -> None:
    li = UserFactory()
    fresh(client, li)

    page = client.get(reverse("mfa_activate_totp"))
    html = page.content.decode()
    assert "<svg" in html
    assert "data:" not in html
    code = _code(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})

    assert answer.url == reverse("mfa_view_recovery_codes")
    assert set(Authenticator.objects.filter(user=li).values_list("type", flat=True)) == {
        "totp",
        "recovery_codes",
    }
    assert client.get(answer.url).content.decode().count("<li><code>") == 10


def test_the_second_factor_needs_the_password_first(client: Client) -> None:
    sign_in(client, UserFactory())

    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.django_db(transaction=True)
def test_a_changed_second_factor_ends_the_other_sessions(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    elsewhere = Client()
    log_in(elsewhere, "li@works.example")
    fresh(client, li)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})

    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    assert mails()[-1] == ("accounts.mail_second_factor_on", "li@works.example")
    fresh(client, li)
    client.post(reverse("mfa_deactivate_totp"))
    assert mails()[-1] == ("accounts.mail_second_factor_off", "li@works.example")
    assert not second_factor.is_set_up(li)


def test_one_session_is_ended(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    elsewhere = Client()
    log_in(elsewhere, "li@works.example")
    session = UserSession.objects.get(user=li)
    log_in(client, "li@works.example")

    client.post(reverse("accounts:end_session", args=[session.pk]))

    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    assert client.get(reverse("accounts:home")).status_code == 200


def test_all_other_sessions_are_ended(client: Client) -> None:
    UserFactory(email="li@works.example")
    others = [Client(), Client()]
    for other in others:
        log_in(other, "li@works.example")
    log_in(client, "li@works.example")

    client.post(reverse("usersessions_list"))

    assert [other.get(reverse("accounts:home")).status_code for other in others] == [302, 302]
    assert client.get(reverse("accounts:home")).status_code == 200


def test_another_persons_session_is_not_found(client: Client) -> None:
    zhao = UserFactory(email="zhao@other.example")
    log_in(Client(), "zhao@other.example")
    sign_in(client, UserFactory())

    answer = client.post(reverse("accounts:end_session", args=[UserSession.objects.get(user=zhao).pk]))

    assert answer.status_code == 404
    assert UserSession.objects.filter(user=zhao).count() == 1


@pytest.mark.parametrize(("sessions", "queries"), [(1, 5), (3, 5)])
def test_the_session_list_asks_the_same_number_of_times(
    client: Client, sessions: int, queries: int, django_assert_num_queries
) -> None:
    UserFactory(email="li@works.example")
    for _other in range(sessions - 1):
        log_in(Client(), "li@works.example")
    log_in(client, "li@works.example")
    client.get(reverse("usersessions_list"))

    with django_assert_num_queries(queries):
        page = client.get(reverse("usersessions_list"))

    assert len(page.context["sessions"]) == sessions


def _code(secret: str) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
