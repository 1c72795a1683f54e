"""Every door is tried by the owner, the editor, the viewer, the stranger and the visitor."""

from typing import Any

import pytest
from django.urls import reverse

from enterprises import actions
from enterprises.models import Enterprise, Membership
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import Cast, MembershipFactory
from tests.pages import PageClient

# name, who may: a letter each for owner, editor, viewer
READS = [("home", "oev"), ("profile", "oev"), ("members", "oev"), ("leave", "oev"), ("invite", "o")]
EDITS = ["region", "industry", "figures", "qualifications", "contact"]
MEMBER_PAGES = ["change_role", "remove_member", "hand_over"]


def sign_in(client: PageClient, user: Any) -> PageClient:
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"enterprises:{name}", args=args)


def statuses(client: PageClient, people: Cast, address: str, method: str = "get") -> dict[str, int]:
    found = {}
    for letter, user in (("o", people.li), ("e", people.wang), ("v", people.guo)):
        found[letter] = getattr(sign_in(client, user), method)(address).status_code
    return found


@pytest.mark.parametrize(("name", "allowed"), READS)
def test_pages_open_for_the_roles_that_may(client: PageClient, people: Cast, name: str, allowed: str) -> None:
    expected = {letter: 200 if letter in allowed else 403 for letter in "oev"}

    assert statuses(client, people, url(name)) == expected


@pytest.mark.parametrize("slug", EDITS)
def test_owners_and_editors_change_the_profile_and_viewers_do_not(
    client: PageClient, people: Cast, slug: str
) -> None:
    assert statuses(client, people, url("profile_edit", slug)) == {"o": 200, "e": 200, "v": 403}
    assert statuses(client, people, url("profile_edit", slug), "post")["v"] == 403


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_only_owners_manage_members_and_a_strangers_member_does_not_exist(
    client: PageClient, people: Cast, name: str
) -> None:
    wang = people.enterprise.memberships.get(user=people.wang)
    zhao = people.other.memberships.get()

    assert statuses(client, people, url(name, wang.key)) == {"o": 200, "e": 403, "v": 403}
    assert statuses(client, people, url(name, zhao.key)) == {"o": 404, "e": 403, "v": 403}
    assert statuses(client, people, url(name, zhao.key), "post") == {"o": 404, "e": 403, "v": 403}
    assert people.other.memberships.get().role == "owner"


@pytest.mark.parametrize(
    "name", ["home", "profile", "members", "invite", "leave", "register_tasks", "register_check"]
)
def test_a_visitor_signs_in_first(client: PageClient, name: str, db: None) -> None:
    page = client.get(url(name))

    assert page["Location"] == f"{reverse('account_login')}?next={url(name)}"


@pytest.mark.parametrize("name", ["profile", "members", "invite", "leave"])
def test_without_an_enterprise_the_way_leads_to_registration(client: PageClient, name: str, db: None) -> None:
    page = sign_in(client, UserFactory()).get(url(name))

    assert page["Location"] == url("register")


def test_without_an_enterprise_home_is_the_task_list(client: PageClient, db: None) -> None:
    page = sign_in(client, UserFactory()).get(url("home"))

    assert [task["state"] for task in page.context["tasks"]] == ["todo"] * 4


def test_a_removed_member_is_outside_at_the_next_request(client: PageClient, people: Cast) -> None:
    sign_in(client, people.wang)
    assert client.get(url("profile")).status_code == 200

    actions.remove_member(people.enterprise.memberships.get(user=people.wang), by=people.li)

    assert client.get(url("profile"))["Location"] == url("register")


def test_a_visitor_costs_no_query_and_a_member_one(
    client: PageClient, people: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get(url("register"))
    sign_in(client, people.li).get(url("register"))  # the first page of a session notes the visit
    # session, person, membership; then the draft, the unread count of the frame
    with django_assert_num_queries(5):
        client.get(url("register"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_member_list_takes_the_same_queries_for_one_and_for_three(
    client: PageClient, db: None, count: int, django_assert_num_queries: Any
) -> None:
    first = MembershipFactory()
    for _more in range(count - 1):
        MembershipFactory(enterprise=first.enterprise, role="viewer")
    for number in range(count):
        actions.invite(first.enterprise, f"new{number}@works.example", "viewer", by=first.user)
    sign_in(client, first.user).get(url("members"))

    with django_assert_num_queries(7):
        page = client.get(url("members"))

    assert (len(page.context["members"]), len(page.context["invitations"])) == (count, count)


def test_a_profile_change_is_a_fact_and_the_page_names_its_source(client: PageClient, people: Cast) -> None:
    page = sign_in(client, people.wang).post(
        url("profile_edit", "figures"), {"employees": "８５"}, follow=True
    )

    assert people.enterprise.facts.get().value == 85
    assert page.redirect_chain == [(url("profile"), 302)]
    figures = next(section for section in page.context["sections"] if section["slug"] == "figures")
    assert figures["lines"][0]["source"] == people.enterprise.facts.get().get_source_display()


def test_what_is_wrong_stays_in_the_form(client: PageClient, people: Cast) -> None:
    page = sign_in(client, people.li).post(url("profile_edit", "figures"), {"employees": "-3"})

    assert page.status_code == 200
    assert 'value="-3"' in page.content.decode()
    assert not people.enterprise.facts.exists()


def test_the_profile_form_gives_back_what_was_stated(client: PageClient, people: Cast) -> None:
    sign_in(client, people.li)
    held = {"holds_zjtx": "on", "until_zjtx": "2027-01-31", "no_others": "on"}
    client.post(url("profile_edit", "qualifications"), held)
    client.post(url("profile_edit", "figures"), {"founded_on": "2019年3月", "assets_wan": "1200.50"})

    certificates = client.get(url("profile_edit", "qualifications")).context["form"]
    figures = client.get(url("profile_edit", "figures")).content.decode()

    ticked = [row.holds.name for row in certificates.rows() if row.holds.value()]
    assert (ticked, certificates["until_zjtx"].value(), certificates["no_others"].value()) == (
        ["holds_zjtx"],
        "2027-01-31",
        "on",
    )
    assert 'value="2019-03"' in figures
    assert 'value="1200.5"' in figures


def test_one_person_switches_between_enterprises_and_stays_there(client: PageClient, people: Cast) -> None:
    second = MembershipFactory(user=people.li, role="viewer")
    sign_in(client, people.li)
    assert client.get(url("home")).context["enterprise"] == people.enterprise

    page = client.post(url("switch"), {"membership": second.key, "next": "https://elsewhere.example/"})

    assert page["Location"] == url("home")
    assert client.get(url("home")).context["enterprise"] == second.enterprise
    assert client.get(url("profile_edit", "region")).status_code == 403


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_nobody_switches_to_what_is_not_theirs(client: PageClient, people: Cast, key: str) -> None:
    sign_in(client, people.li)

    assert client.post(url("switch"), {"membership": key}).status_code == 404
    assert client.post(url("switch"), {"membership": people.other.memberships.get().key}).status_code == 404


def test_removing_asks_once_on_a_page_that_names_the_person(client: PageClient, people: Cast) -> None:
    wang = people.enterprise.memberships.get(user=people.wang)
    sign_in(client, people.li)

    assert "Wang" in client.get(url("remove_member", wang.key)).content.decode()
    assert people.enterprise.memberships.current().count() == 3
    assert client.post(url("remove_member", wang.key))["Location"] == url("members")
    assert people.enterprise.memberships.current().count() == 2


def test_the_last_owner_is_told_why_leaving_is_not_possible(client: PageClient, people: Cast) -> None:
    page = sign_in(client, people.li).post(url("leave"))

    assert page.status_code == 200
    assert Membership.objects.current().filter(user=people.li).exists()


def test_handing_over_changes_both_roles(client: PageClient, people: Cast) -> None:
    wang = people.enterprise.memberships.get(user=people.wang)

    sign_in(client, people.li).post(url("hand_over", wang.key))

    roles = people.enterprise.memberships.order_by("pk").values_list("role", flat=True)
    assert list(roles) == ["editor", "owner", "viewer"]


def invite_link(client: PageClient, people: Cast, email: str) -> str:
    sign_in(client, people.li).post(url("invite"), {"email": email, "role": "editor"})
    letter = Notification.objects.get(kind="enterprises.invited")
    client.logout()
    return letter.context["accept_link"].removeprefix("http://localhost:8000")


def test_an_invited_person_without_account_signs_up_and_finds_the_invitation(
    client: PageClient, people: Cast
) -> None:
    link = invite_link(client, people, "new@works.example")
    assert client.get(link).status_code == 200

    new = UserFactory(email="new@works.example")
    [invitation] = sign_in(client, new).get(url("home")).context["invitations"]
    page = client.post(url("my_invitation", invitation.key))

    assert page["Location"] == url("home")
    assert list(Enterprise.objects.for_member(new)) == [people.enterprise]


def test_the_link_of_the_mail_is_accepted_once(client: PageClient, people: Cast) -> None:
    link = invite_link(client, people, "new@works.example")
    sign_in(client, UserFactory(email="new@works.example"))

    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == url("home")
    assert client.get(link).status_code == 410


def test_the_wrong_person_gets_a_page_that_says_so_and_no_access(client: PageClient, people: Cast) -> None:
    link = invite_link(client, people, "new@works.example")
    page = sign_in(client, people.zhao).post(link)

    assert page.status_code == 403
    assert "n…@works.example" in page.content.decode()
    assert list(Enterprise.objects.for_member(people.zhao)) == [people.other]


def test_an_invitation_to_another_address_does_not_exist_by_its_key(client: PageClient, people: Cast) -> None:
    invitation = actions.invite(people.enterprise, "new@works.example", "viewer", by=people.li)

    assert sign_in(client, people.zhao).get(url("my_invitation", invitation.key)).status_code == 404


def test_a_made_up_link_is_404(client: PageClient, db: None) -> None:
    assert client.get(url("invitation", "made-up")).status_code == 404


def test_a_withdrawn_invitation_no_longer_works(client: PageClient, people: Cast) -> None:
    link = invite_link(client, people, "new@works.example")
    invitation = people.enterprise.invitations.get()

    sign_in(client, people.wang)
    assert client.post(url("revoke", invitation.key)).status_code == 403
    sign_in(client, people.li)
    assert client.post(url("revoke", invitation.key))["Location"] == url("members")
    assert client.get(link).status_code == 410


def test_an_invitation_names_what_is_wrong(client: PageClient, people: Cast) -> None:
    sign_in(client, people.li)
    for data in (
        {"email": "no-address", "role": "editor"},
        {"email": "wang@works.example", "role": "editor"},
        {},
    ):
        assert client.post(url("invite"), data).status_code == 200

    assert not people.enterprise.invitations.exists()
