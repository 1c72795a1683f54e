import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from accounts import roles, second_factor
from accounts.models import User
from core.models import Event
from tests.accounts.steps import last_link, mails
from tests.factories.accounts import UserFactory, sign_in

pytestmark = pytest.mark.django_db
NEW = {"email": "sun@bureau.example", "name": "Sun", "phone": "", "language": "en", "roles": ["publisher"]}


@pytest.fixture
def desk(client: Client) -> Client:
    """The desk of an administrator."""
    return sign_in(client, UserFactory(email="admin@bureau.example", roles=["administrator"]))


def page(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def press(desk: Client, action: str, *people: User) -> None:
    desk.post(
        reverse("admin:accounts_user_changelist"),
        {"action": action, "_selected_action": [person.pk for person in people]},
    )


def test_an_invited_person_chooses_a_password_by_link(desk: Client) -> None:
    desk.post(reverse("admin:accounts_user_add"), NEW)

    sun = User.objects.get(email="sun@bureau.example")
    assert (sun.is_staff, roles.of(sun), sun.has_usable_password()) == (True, ["publisher"], False)
    assert mails() == [("accounts.mail_invited", "sun@bureau.example")]
    visitor = Client()
    visitor.post(visitor.get(last_link()).url, {"password1": "too short yet"})
    sun.refresh_from_db()
    assert not sun.has_usable_password()
    visitor.post(visitor.get(last_link()).url, {"password1": "a password for the desk"})
    sun.refresh_from_db()
    assert sun.check_password("a password for the desk")


def test_roles_are_changed_and_recorded(desk: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])

    desk.post(
        page(chen), {"name": "Chen", "phone": "", "language": "en", "roles": ["triage_lead", "auditor"]}
    )

    assert roles.of(chen) == ["triage_lead", "auditor"]
    event = Event.objects.get(subject_id=chen.pk, verb="roles_changed", actor_id__isnull=False)
    assert event.data == {"before": ["triage_officer"], "after": ["auditor", "triage_lead"]}


def test_extra_fields_grant_nothing(desk: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])

    desk.post(
        page(chen),
        {
            "name": "Chen", "phone": "", "language": "en", "roles": ["triage_officer"], "is_superuser": "on",
            "is_sample": "on", "email": "other@x.example", "user_permissions": "1", "password": "x",
        },
    )  # fmt: skip

    kept = User.objects.get(pk=chen.pk)
    assert (kept.is_superuser, kept.is_sample, kept.email) == (False, False, chen.email)
    assert kept.user_permissions.count() == 0
    assert kept.password == chen.password


def test_nobody_changes_their_own_roles(desk: Client) -> None:
    me = User.objects.get(email="admin@bureau.example")

    desk.post(page(me), {"name": "Me", "phone": "", "language": "en", "roles": ["administrator", "reviewer"]})

    assert roles.of(me) == ["administrator"]


def test_a_superuser_is_out_of_an_administrators_reach(desk: Client) -> None:
    root = User.objects.create_superuser("root@bureau.example", "x")

    press(desk, "deactivate", root)

    assert desk.post(page(root), NEW).status_code == 403
    root.refresh_from_db()
    assert root.is_active


def test_accounts_are_closed_opened_and_never_deleted(desk: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])

    press(desk, "deactivate", chen)
    chen.refresh_from_db()
    assert not chen.is_active
    press(desk, "reactivate", chen)
    chen.refresh_from_db()
    assert chen.is_active

    assert (
        desk.post(reverse("admin:accounts_user_delete", args=[chen.pk]), {"post": "yes"}).status_code == 403
    )
    press(desk, "delete_selected", chen)
    assert User.objects.filter(pk=chen.pk).exists()


def test_a_lost_second_factor_is_taken_away(desk: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])
    second_factor.set_up(chen)

    press(desk, "reset_second_factor", chen)

    assert not second_factor.is_set_up(chen)
    assert mails() == [("accounts.mail_second_factor_off", chen.email)]


@pytest.mark.parametrize("role", [code for code in roles.CODES if code not in {"administrator", "auditor"}])
def test_other_roles_see_no_people(client: Client, role: str) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_the_auditor_reads_and_changes_nothing(client: Client) -> None:
    sign_in(client, UserFactory(roles=["auditor"]))
    chen = UserFactory(name="Chen", roles=["triage_officer"])

    assert client.get(page(chen)).status_code == 200
    assert client.post(page(chen), NEW).status_code == 403
    press(client, "deactivate", chen)
    chen.refresh_from_db()
    assert (chen.name, chen.is_active) == ("Chen", True)


def test_no_page_shows_sign_in_secrets() -> None:
    assert {"Authenticator", "EmailAddress", "UserSession", "Group"} & {
        m.__name__ for m in site._registry
    } == set()


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_the_same_number_of_times(desk: Client, people: int, django_assert_num_queries) -> None:
    for _person in range(people):
        UserFactory(roles=["triage_officer"])
    desk.get(reverse("admin:accounts_user_changelist"))

    with django_assert_num_queries(8):
        answer = desk.get(reverse("admin:accounts_user_changelist"))

    assert answer.status_code == 200
