import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from notifications.models import Notification
from tests.accounts.steps import LI, last_link, log_in, mails
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_li_signs_up_confirms_and_signs_in(client: Client) -> None:
    answer = client.post(reverse("account_signup"), LI)
    assert answer.url == reverse("account_email_verification_sent")
    assert mails() == [("accounts.mail_confirm", "li@works.example")]

    link = last_link()
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get().verified
    assert client.post(link).url == reverse("account_login")

    assert log_in(client, "li@works.example").url == reverse("enterprises:home")
    assert client.get(reverse("accounts:home")).status_code == 200


def test_sign_up_stores_name_language_and_the_accepted_privacy_text(client: Client) -> None:
    client.post("/en/accounts/signup/", LI)

    li = User.objects.get()
    assert (li.name, li.language, li.privacy_version) == ("Li Hua", "en", settings.PRIVACY_VERSION)
    assert li.privacy_accepted_at is not None
    assert Notification.objects.get().language == "en"


def test_the_privacy_box_is_not_ticked_and_must_be(client: Client) -> None:
    assert not client.get(reverse("account_signup")).context["form"]["privacy"].value()

    answer = client.post(reverse("account_signup"), LI | {"privacy": ""})

    assert list(answer.context["form"].errors) == ["privacy"]
    assert User.objects.count() == 0


def test_the_address_is_put_right(client: Client) -> None:
    client.post(reverse("account_signup"), LI | {"email": " ＬＩ@Works.example "})

    assert User.objects.get().email == "li@works.example"


def test_what_was_typed_is_kept_but_the_password(client: Client) -> None:
    page = client.post(reverse("account_signup"), LI | {"password1": "kranich"}).content.decode()

    assert 'value="li@works.example"' in page
    assert 'value="Li Hua"' in page
    assert "kranich" not in page


def test_extra_fields_change_nothing(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        LI | {"is_staff": "on", "is_superuser": "on", "groups": "1", "is_active": "", "is_sample": "on"},
    )

    li = User.objects.get()
    assert (li.is_staff, li.is_superuser, li.is_active, li.is_sample) == (False, False, True, False)
    assert li.groups.count() == 0


def test_a_filled_trap_looks_like_success_and_makes_nobody(client: Client) -> None:
    answer = client.post(reverse("account_signup"), LI | {"website": "https://spam.example"})

    assert answer.url == reverse("account_email_verification_sent")
    assert (User.objects.count(), mails()) == (0, [])


def test_an_unconfirmed_person_cannot_come_in(client: Client) -> None:
    client.post(reverse("account_signup"), LI)

    assert log_in(client, "li@works.example").url == reverse("account_email_verification_sent")
    assert client.get(reverse("accounts:home")).url.startswith(reverse("account_login"))


def test_an_old_confirmation_link_says_so(client: Client) -> None:
    page = client.get(reverse("account_confirm_email", args=["nonsense"]))

    assert page.status_code == 200
    assert page.context["confirmation"] is None


def test_two_sign_ups_with_one_address_make_one_person(client: Client) -> None:
    UserFactory(email="li@works.example")

    assert client.post(reverse("account_signup"), LI).url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert mails() == [("accounts.mail_account_exists", "li@works.example")]


def test_what_is_missing_is_named(client: Client) -> None:
    form = client.post("/en/accounts/signup/", {}).context["form"]

    with override("en"):
        found = {name: list(errors) for name, errors in form.errors.items()}

    assert found == {
        "email": ["Type your e-mail address."],
        "name": ["Type your name."],
        "password1": ["Choose a password."],
        "privacy": ["Please read the privacy text and tick the box to go on."],
    }
