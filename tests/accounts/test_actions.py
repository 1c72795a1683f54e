import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts import actions, roles, second_factor
from accounts.models import User
from core import audit
from notifications.kinds import every_kind
from notifications.models import Notification
from notifications.texts import Words
from tests.accounts.steps import log_in, mails
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
KINDS = [kind for kind in every_kind() if kind.code.startswith("accounts.mail_")]


def test_a_sample_person_signs_in_with_password_and_code(client: Client, settings, capsys) -> None:
    settings.SAMPLE_DATA = True
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    actions.create_sample_user(
        "chen@triage.example", "陈", roles=["triage_officer"], password=PASSWORD, totp_secret=secret
    )

    log_in(client, "chen@triage.example")
    call_command("sample_code", "chen@triage.example")
    client.post(reverse("mfa_authenticate"), {"code": capsys.readouterr().out.strip()})

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("sample_data", "is_sample"), [(False, True), (True, False)])
def test_codes_of_real_people_are_not_printed(settings, sample_data: bool, is_sample: bool) -> None:
    settings.SAMPLE_DATA = sample_data
    second_factor.set_up(UserFactory(email="chen@triage.example", is_sample=is_sample))

    with pytest.raises(CommandError, match="sample data only"):
        call_command("sample_code", "chen@triage.example")


def test_the_first_administrator_gets_a_link_and_is_no_superuser(client: Client, capsys) -> None:
    call_command("first_administrator", "Root@bureau.example")

    link = capsys.readouterr().out.split("\n")[1].removeprefix("http://localhost:8000")
    root = User.objects.get()
    assert (root.email, root.is_superuser, roles.of(root)) == (
        "root@bureau.example",
        False,
        ["administrator"],
    )
    client.post(client.get(link).url, {"password1": PASSWORD})
    log_in(client, "root@bureau.example")
    assert client.get("/admin/").url.startswith(reverse("mfa_activate_totp"))


def test_an_owner_does_not_become_administrator_by_command() -> None:
    UserFactory(email="li@works.example")

    with pytest.raises(CommandError, match="does not belong to the staff"):
        call_command("first_administrator", "li@works.example")


def test_a_wrong_address_is_refused_by_the_command() -> None:
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("first_administrator", "li")


def test_deactivating_twice_records_once() -> None:
    li = UserFactory()

    actions.deactivate(li, by=None)
    actions.deactivate(li, by=None)

    assert _verbs(li) == ["deactivated"]


def test_the_mail_is_in_the_readers_language_and_its_link_on_our_host(client: Client) -> None:
    UserFactory(email="li@works.example", language="en")

    client.post("/accounts/password/reset/", {"email": "li@works.example"}, headers={"host": "127.0.0.1"})

    letter = Notification.objects.get()
    assert (letter.language, letter.in_inbox) == ("en", False)
    assert letter.context["secret_link"].startswith("http://localhost:8000/accounts/password/reset/key/")
    assert mails() == [("accounts.mail_reset", "li@works.example")]


@pytest.mark.parametrize(("language", "longest"), [("zh-hans", 40), ("en", 60)])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_mail_has_words_is_secret_and_cannot_be_stopped(kind, language: str, longest: int) -> None:
    letter = Notification(
        kind=kind.code,
        context={
            "secret_link": "http://localhost:8000/x/",
            "security_link": "http://localhost:8000/accounts/",
            "code": "WXYZ2345",
        },
    )

    with override(language):
        words = Words(letter)
        subject, body = words.subject, words.body

    assert (kind.secret, kind.can_be_stopped, kind.in_inbox) == (True, False, False)
    assert 0 < len(subject) <= longest
    assert any(told in body for told in ("http://localhost:8000/", "WXYZ2345"))


def _verbs(user: User) -> list[str]:
    return [event.verb for event in audit.history(user)]
