"""Signing in without a password: a mailed code, a passkey. What hostile browsers send is refused in words."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from accounts.models import User
from notifications.models import Notification
from tests.accounts.steps import fresh, log_in, mails
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def ask(client: Client, email: str) -> str:
    """Ask for a code and return the one that was mailed last, '' when none was."""
    client.post(reverse("account_request_login_code"), {"email": email})
    return str(Notification.objects.latest("pk").context.get("code", ""))


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_mailed_code_signs_in_once(client: Client) -> None:
    UserFactory(email="li@works.example")

    code = ask(client, "ＬＩ@works.example ")
    answer = client.post(reverse("account_confirm_login_code"), {"code": f"{code[:4]} {code[4:]}"})

    assert len(code) == 8
    assert code.isdecimal()
    assert (answer.status_code, answer.url) == (302, reverse("enterprises:home"))
    assert signed_in(client)
    assert mails()[0] == ("accounts.mail_login_code", "li@works.example")
    other = Client()
    assert other.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302
    assert not signed_in(other)


def test_a_wrong_code_is_said_kept_and_counted(client: Client) -> None:
    UserFactory(email="li@works.example")
    code = ask(client, "li@works.example")

    first = client.post(reverse("account_confirm_login_code"), {"code": "1234567x"})
    client.post(reverse("account_confirm_login_code"), {"code": "00000000"})
    last = client.post(reverse("account_confirm_login_code"), {"code": "00000000"})

    assert first.status_code == 200
    assert 'value="1234567x"' in first.content.decode()
    assert last.status_code in {302, 429}
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).status_code in {302, 429}
    assert not signed_in(client)


def test_an_unknown_address_looks_the_same(client: Client) -> None:
    UserFactory(email="li@works.example")

    known = client.post(reverse("account_request_login_code"), {"email": "li@works.example"}, follow=True)
    unknown = Client().post(reverse("account_request_login_code"), {"email": "no@works.example"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert len(known.content) - len(unknown.content) == 0
    assert mails() == [
        ("accounts.mail_login_code", "li@works.example"),
        ("accounts.mail_no_account", "no@works.example"),
    ]


def test_a_closed_account_gets_in_by_no_code(client: Client) -> None:
    User.objects.filter(pk=UserFactory(email="li@works.example").pk).update(is_active=False)

    client.post(reverse("account_request_login_code"), {"email": "li@works.example"})

    assert mails() == [("accounts.mail_no_account", "li@works.example")]
    assert not signed_in(client)


def test_staff_give_the_code_of_their_app_after_the_mailed_one(client: Client) -> None:
    chen = UserFactory(email="chen@desk.example", roles=["triage_officer"])
    second_factor.set_up(chen)

    answer = client.post(reverse("account_confirm_login_code"), {"code": ask(client, "chen@desk.example")})

    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": second_factor.current_code(chen)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_staff_without_an_app_set_one_up_after_a_mailed_code(client: Client) -> None:
    UserFactory(email="chen@desk.example", roles=["triage_officer"])

    client.post(reverse("account_confirm_login_code"), {"code": ask(client, "chen@desk.example")})

    assert client.get(reverse("admin:index")).url.startswith(reverse("mfa_activate_totp"))


BROKEN = [
    "", "null", "[]", "{}", "1", '"x"', '{"id": 1}', '{"response": []}', "{", '{"id":"a","rawId":"a"}',
    json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"userHandle": "%%%"}}),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "YQ",
                "authenticatorData": "YQ",
                "signature": "YQ",
                "userHandle": "MQ",
            },
        }
    ),
]  # fmt: skip


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_passkey_is_refused_in_words_at_sign_in(client: Client, credential: str) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)

    assert answer.status_code == 200
    assert not signed_in(client)


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_passkey_is_refused_in_words_when_added(client: Client, credential: str) -> None:
    fresh(client, UserFactory())
    client.get(reverse("mfa_add_webauthn"))

    answer = client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "x"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Authenticator.objects.exists()


def test_the_browser_is_told_to_check_who_is_there(client: Client) -> None:
    fresh(client, UserFactory())

    made = client.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]["publicKey"]
    asked = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()

    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert asked["request_options"]["publicKey"]["userVerification"] == "required"


def test_a_passkey_is_no_second_step_for_who_has_the_password(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    Authenticator.objects.create(user=li, type="webauthn", data={"name": "Phone", "credential": {}})

    assert log_in(client, li.email).url == reverse("enterprises:home")


def test_nobody_renames_or_removes_anothers_passkey(client: Client) -> None:
    key = Authenticator.objects.create(
        user=UserFactory(), type="webauthn", data={"name": "x", "credential": {}}
    )
    fresh(client, UserFactory())

    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(page, args=[key.pk]), {"name": "y"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "x"


def test_a_passkey_is_renamed_and_removed_with_a_mail(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    key = Authenticator.objects.create(user=li, type="webauthn", data={"name": "x", "credential": {}})
    fresh(client, li)

    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "手机"})
    page = client.get(reverse("mfa_list_webauthn")).content.decode()
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

    assert "手机" in page
    assert not Authenticator.objects.exists()
    assert mails() == [("accounts.mail_passkey_removed", "li@works.example")]
    assert EmailAddress.objects.get(user=li).verified
