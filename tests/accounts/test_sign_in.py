from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import passwords, second_factor
from notifications.models import Notification
from tests.accounts.steps import log_in, mails
from tests.factories.accounts import PASSWORD, UserFactory, sign_in

pytestmark = pytest.mark.django_db
FOREIGN = [
    "//evil.example", "https://evil.example/", "http:evil.example", "///evil.example", "\\\\evil.example",
    "/\\evil.example", "javascript:alert(1)", "https:///evil.example", "//localhost@evil.example",
    " //evil.example", "https://localhost.evil.example/",
]  # fmt: skip


def test_sign_in_changes_the_session_key(client: Client) -> None:
    UserFactory(email="li@works.example")
    client.get(reverse("account_login"))
    session = client.session
    session["probe"] = 1
    session.save()
    before = session.session_key

    log_in(client, "li@works.example")

    assert client.session.session_key != before


@pytest.mark.parametrize("target", FOREIGN)
def test_sign_in_leads_nowhere_else(client: Client, target: str) -> None:
    UserFactory(email="li@works.example")

    answer = client.post(
        reverse("account_login"), {"login": "li@works.example", "password": PASSWORD, "next": target}
    )

    assert answer.url == reverse("enterprises:home")


@pytest.mark.parametrize("target", FOREIGN)
def test_sign_out_leads_nowhere_else(client: Client, target: str) -> None:
    sign_in(client, UserFactory())

    assert client.post(reverse("account_logout"), {"next": target}).url == reverse("home")


def test_sign_in_comes_back_to_the_page_asked_for(client: Client) -> None:
    UserFactory(email="li@works.example")
    asked = client.get(reverse("accounts:details"))

    answer = client.post(
        asked.url, {"login": "LI@works.example ", "password": PASSWORD, "next": "/accounts/details/"}
    )

    assert answer.url == "/accounts/details/"


def test_sign_out_needs_a_post(client: Client) -> None:
    sign_in(client, UserFactory())

    client.get(reverse("account_logout"))
    assert client.get(reverse("accounts:home")).status_code == 200

    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:home")).status_code == 302


def test_staff_give_a_code_before_the_desk_opens(client: Client) -> None:
    chen = UserFactory(email="chen@triage.example", roles=["triage_officer"])
    second_factor.set_up(chen)

    assert log_in(client, "chen@triage.example").url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    code = {"code": second_factor.current_code(chen)}
    assert client.post(reverse("mfa_authenticate"), code).url == reverse("enterprises:home")
    assert client.get("/admin/").status_code == 200


def test_a_code_works_once(client: Client) -> None:
    chen = UserFactory(email="chen@triage.example", roles=["triage_officer"])
    second_factor.set_up(chen)
    code = {"code": second_factor.current_code(chen)}
    log_in(client, "chen@triage.example")
    client.post(reverse("mfa_authenticate"), code)
    other = Client()

    log_in(other, "chen@triage.example")
    answer = other.post(reverse("mfa_authenticate"), code)

    assert list(answer.context["form"].errors) == ["code"]
    assert other.get("/admin/").status_code == 302


def test_a_short_staff_password_must_be_changed_first(client: Client) -> None:
    chen = UserFactory(email="chen@triage.example", password="nine cranes")
    log_in(Client(), "chen@triage.example", "nine cranes")
    chen.is_staff = True
    chen.save()
    second_factor.set_up(chen)
    log_in(client, "chen@triage.example", "nine cranes")
    client.post(reverse("mfa_authenticate"), {"code": second_factor.current_code(chen)})

    assert client.get("/admin/").url == f"{reverse('account_change_password')}?next=%2Fadmin%2F"
    assert client.session[passwords.MUST_CHANGE]
    client.post(reverse("account_change_password"), {"oldpassword": "nine cranes", "password1": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_an_old_staff_password_must_be_changed_first_and_not_for_itself(client: Client, settings) -> None:
    chen = UserFactory(email="chen@triage.example", is_staff=True)
    second_factor.set_up(chen)
    chen.password_set_at = timezone.now() - timedelta(days=settings.STAFF_PASSWORD_DAYS, minutes=1)
    chen.save()
    log_in(client, "chen@triage.example")
    client.post(reverse("mfa_authenticate"), {"code": second_factor.current_code(chen)})
    change = reverse("account_change_password")

    assert client.get("/admin/").url == f"{change}?next=%2Fadmin%2F"
    same = client.post(change, {"oldpassword": PASSWORD, "password1": PASSWORD})
    assert list(same.context["form"].errors) == ["password1"]
    client.post(change, {"oldpassword": PASSWORD, "password1": "eleven herons by the sea"})
    assert client.get("/admin/").status_code == 200
    chen.refresh_from_db()
    assert timezone.now() - chen.password_set_at < timedelta(minutes=1)


def test_an_old_password_of_an_enterprise_person_is_good_for_ever(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    li.password_set_at = timezone.now() - timedelta(days=5000)
    li.save()
    log_in(client, "li@works.example")

    assert client.get(reverse("accounts:details")).status_code == 200


def test_a_new_browser_is_told_once(client: Client) -> None:
    UserFactory(email="li@works.example")
    log_in(client, "li@works.example")
    client.post(reverse("account_logout"))
    log_in(client, "li@works.example")
    assert mails() == []

    log_in(
        Client(), "li@works.example", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )

    assert mails() == [("accounts.mail_new_device", "li@works.example")]
    assert Notification.objects.get().context["device"] == "Firefox, Windows"


def test_a_closed_account_cannot_sign_in(client: Client) -> None:
    UserFactory(email="li@works.example", is_active=False)

    assert log_in(client, "li@works.example").url == reverse("account_inactive")
    assert client.get(reverse("accounts:home")).status_code == 302
