from ipaddress import ip_network

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import actions, second_factor
from tests.accounts.steps import log_in
from tests.factories.accounts import UserFactory, sign_in

pytestmark = pytest.mark.django_db
START = "2026-11-25T08:00:00Z"


@pytest.mark.parametrize(
    ("roles", "path", "minutes", "stays"),
    [
        ([], "/accounts/", 30, True),
        ([], "/accounts/", 31, False),
        (["triage_officer"], "/admin/", 15, True),
        (["triage_officer"], "/admin/", 16, False),
    ],
)
def test_an_idle_session_ends(client: Client, roles: list[str], path: str, minutes: int, stays: bool) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory(roles=roles))
        assert client.get(path).status_code == 200
        now.shift(minutes * 60)

        answer = client.get(path)

    assert answer.status_code == (200 if stays else 302)


def test_an_ended_session_says_why_and_comes_back(client: Client) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory())
        client.get("/en/accounts/details/")
        now.shift(31 * 60)

        answer = client.get("/en/accounts/details/?a=1")

        assert answer.url == "/en/accounts/login/?ended=idle&next=%2Fen%2Faccounts%2Fdetails%2F%3Fa%3D1"
        assert "nothing was done for a while" in client.get(answer.url).content.decode()


def test_a_post_comes_back_to_the_page_of_its_form(client: Client) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory())
        client.get("/accounts/details/")
        now.shift(31 * 60)

        answer = client.post("/accounts/details/", headers={"referer": "http://testserver/accounts/details/"})
        foreign = Client()
        sign_in(foreign, UserFactory())
        foreign.get("/accounts/details/")
        now.shift(31 * 60)
        stranger = foreign.post(
            "/accounts/details/", headers={"referer": "http://evil.example/accounts/details/"}
        )

    assert answer.url.endswith("next=%2Faccounts%2Fdetails%2F")
    assert stranger.url.endswith("next=%2Fenterprise%2F")


def test_a_public_page_stays_open_when_the_session_ends(client: Client) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory())
        client.get("/accounts/")
        now.shift(31 * 60)

        assert client.get(reverse("account_reset_password")).status_code == 200
        assert "_auth_user_id" not in client.session


def test_a_busy_session_ends_after_twelve_hours(client: Client) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory())
        statuses = []
        for _visit in range(30):
            statuses.append(client.get("/accounts/").status_code)
            now.shift(25 * 60)

    assert statuses == [200] * 29 + [302]


def test_the_visit_is_written_once_a_minute(client: Client) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in(client, UserFactory())
        seen = []
        for _visit in range(4):
            client.get("/accounts/")
            seen.append(client.session["seen_at"])
            now.shift(30)

    assert [moment - seen[0] for moment in seen] == [0, 0, 60, 60]


def test_the_old_cookie_of_an_ended_session_opens_nothing(client: Client) -> None:
    UserFactory(email="li@works.example")
    log_in(client, "li@works.example")
    thief = Client()
    thief.cookies = client.cookies.copy()

    client.post(reverse("account_logout"))

    assert thief.get("/accounts/").status_code == 302
    assert Session.objects.filter(session_key=thief.cookies["session"].value).count() == 0


def test_closing_an_account_ends_its_sessions_at_once(client: Client) -> None:
    li = UserFactory(email="li@works.example")
    log_in(client, "li@works.example")

    actions.deactivate(li, by=None)

    assert client.get("/accounts/").status_code == 302
    assert Session.objects.count() == 0


def test_taking_roles_away_closes_the_desk_at_once(client: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])
    sign_in(client, chen)
    assert client.get("/admin/").status_code == 200

    actions.set_roles(chen, roles=[], by=None)

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/accounts/user/", "/accounts/", "/en/notifications/", "/enterprise/"]
)
def test_staff_without_a_second_factor_set_one_up_first(client: Client, path: str) -> None:
    client.force_login(UserFactory(roles=["administrator"]))

    answer = client.get(path)

    prefix = "/en" if path.startswith("/en/") else ""
    assert answer.url.split("?")[0] == f"{prefix}/accounts/2fa/totp/activate/"


def test_staff_whose_session_has_not_passed_give_a_code(client: Client) -> None:
    chen = UserFactory(roles=["triage_officer"])
    second_factor.set_up(chen)
    client.force_login(chen)

    asked = client.get("/admin/")
    assert asked.url == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    answer = client.post(asked.url, {"code": second_factor.current_code(chen), "next": "/admin/"})

    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_what_setting_up_needs_stays_open(client: Client) -> None:
    client.force_login(UserFactory(roles=["triage_officer"]))

    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    assert client.get(reverse("account_reauthenticate")).status_code == 200
    assert client.get(reverse("account_reset_password")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


def test_the_desk_has_no_sign_in_of_its_own(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/accounts/login/?next=/admin/", 302)
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=/admin/"


def test_li_does_not_get_into_the_desk(client: Client) -> None:
    sign_in(client, UserFactory())

    assert client.get("/admin/accounts/user/").status_code in {302, 403}


@pytest.mark.parametrize(("language", "words"), [("en", "Service desk"), ("zh-hans", "zh-hans")])
def test_the_desk_speaks_the_persons_language(client: Client, language: str, words: str) -> None:
    sign_in(client, UserFactory(roles=["administrator"], language=language))

    answer = client.get("/admin/accounts/user/")

    assert answer["Content-Language"] == language
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("10.1.200.7", 200),
        ("10.2.0.1", 403),
        ("2001:db8:1:2::9", 200),
        ("2001:db8:9::1", 403),
        ("nonsense", 403),
    ],
)
def test_the_desk_opens_only_from_its_networks(client: Client, settings, address: str, status: int) -> None:
    settings.DESK_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("2001:db8:1::/48")]
    sign_in(client, UserFactory(roles=["triage_officer"]))

    assert client.get("/admin/", REMOTE_ADDR=address).status_code == status
    assert client.get("/", REMOTE_ADDR=address).status_code == 200
