"""The pages of saved searches: with an account, by mail without one, and how often for each topic."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import calendar
from notifications import addresses
from notifications.models import Notification, Preference, StoppedAddress
from notifications.tasks import deliver_pending
from services.policies import actions, tasks
from services.policies.models import SavedSearch
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import published
from tests.factories.searches import keep, told

pytestmark = pytest.mark.django_db
# A Wednesday, ten in the morning in Qingdao.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    """What the reference data brought is settled before a test begins."""
    tasks.tell_published()


# --- with an account -----------------------------------------------------------


def test_the_list_offers_to_tell_of_new_ones_and_keeps_the_conditions(client: Client) -> None:
    li = UserFactory()
    sign_in(client, li)
    page = client.get("/en/policies/?q=lathe&kind=funding").content.decode()
    link = re.search(r'href="(/en/policies/subscriptions/new/[^"]*)"', page)
    assert link

    address = link[1].replace("&amp;", "&")
    form = client.get(address).content.decode()
    answer = client.post(address, {"name": "Lathes", "frequency": "weekly"})

    assert "“lathe”" in form
    assert "<li>Funding</li>" in form
    assert answer["Location"] == "/en/policies/subscriptions/"
    search = SavedSearch.objects.get()
    assert (search.user, search.query, search.frequency) == (li, "q=lathe&kind=funding", "weekly")
    assert (search.kinds, search.areas, search.vector) == (["funding"], None, "'lathe' | 'lath'")


def test_the_same_form_sent_twice_keeps_one_search(client: Client) -> None:
    sign_in(client, UserFactory())
    for _time in range(2):
        client.post(
            "/policies/subscriptions/new/?q=补贴",
            {"name": "补贴", "frequency": "daily", "form_token": "one and the same"},
        )

    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{}, {"name": "", "frequency": "hourly"}, {"name": "x" * 81, "frequency": "daily"}]
)
def test_a_wrong_form_says_so_and_keeps_what_was_typed(client: Client, fields: dict[str, str]) -> None:
    sign_in(client, UserFactory())

    page = client.post("/en/policies/subscriptions/new/?q=lathe", fields)

    assert page.status_code == 200
    assert "problem" in page.content.decode()
    assert fields.get("name", "") in page.content.decode()
    assert SavedSearch.objects.count() == 0


def test_beyond_twenty_one_has_to_go_first(client: Client) -> None:
    li = UserFactory()
    for _search in range(actions.MOST_SEARCHES):
        keep("", by=li)
    sign_in(client, li)

    page = client.post("/en/policies/subscriptions/new/", {"name": "One more", "frequency": "daily"})

    assert "You have 20 subscriptions." in page.content.decode()
    assert SavedSearch.objects.count() == actions.MOST_SEARCHES


def test_only_the_owner_changes_and_stops_a_search(client: Client) -> None:
    li, zhao = UserFactory(), UserFactory()
    address = reverse("policies:change_search", args=[keep("", by=li).key])

    sign_in(client, zhao)
    assert client.post(address, {"stop": "1"}).status_code == 404
    assert "policies.example" not in client.get("/en/policies/subscriptions/").content.decode()

    sign_in(client, li)
    client.post(address, {"name": "Mine", "frequency": "weekly"})
    assert SavedSearch.objects.for_user(li).values_list("name", "frequency").get() == ("Mine", "weekly")
    client.post(address, {"name": "Mine", "frequency": "never"})
    assert SavedSearch.objects.for_user(li).get().frequency == "weekly"
    client.post(address, {"stop": "1"})
    assert not SavedSearch.objects.for_user(li).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_my_page_asks_as_often_for_three_as_for_one(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    li = UserFactory()
    for _row in range(rows):
        keep("", by=li)
    sign_in(client, li).get("/policies/subscriptions/")

    with django_assert_num_queries(6):
        page = client.get("/policies/subscriptions/")

    assert len(page.context["rows"]) == rows


# --- by mail -----------------------------------------------------------------------


def ask(client: Client, address: str = "a@works.example", **fields: str) -> int:
    given = {"address": address, "frequency": "instant", **fields}
    return client.post("/en/policies/subscriptions/new/?q=lathe", given).status_code


def link_in_mail(path: str) -> str:
    deliver_pending()
    found = re.search(rf"(/en/policies/subscriptions/{path}/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_an_address_hears_only_after_its_owner_confirmed(client: Client) -> None:
    assert ask(client, "A@Works.example ") == 302
    link = link_in_mail("confirm")
    assert client.get(link).status_code == 200
    assert SavedSearch.objects.get().confirmed_at is None

    client.post(link)
    first = SavedSearch.objects.get().confirmed_at
    client.post(link)
    assert first is not None
    assert SavedSearch.objects.get().confirmed_at == first

    published(slug="new")
    tasks.tell_published()
    assert told() == [("a@works.example", "new")]


def test_the_mail_to_confirm_holds_nothing_a_stranger_typed_and_its_link_is_erased(client: Client) -> None:
    client.post(
        "/en/policies/subscriptions/new/?q=cheap-pills.example",
        {"address": "a@works.example", "frequency": "daily"},
    )
    link_in_mail("confirm")

    assert "cheap-pills" not in str(mail.outbox[-1].body) + mail.outbox[-1].subject
    assert Notification.objects.get(kind="policies.search_confirm").context == {}


@pytest.mark.parametrize("door", ["confirm_search", "searches_by_mail"])
@pytest.mark.parametrize("token", ["nothing", "1:abc:def", "x" * 2000])
def test_a_made_up_link_is_told_so(client: Client, door: str, token: str) -> None:
    assert client.get(reverse(f"policies:{door}", args=[token])).status_code == 404
    assert client.post(reverse(f"policies:{door}", args=[token])).status_code == 404


def test_a_link_to_confirm_is_no_link_to_manage_and_dies_with_its_search(client: Client) -> None:
    ask(client)
    link = link_in_mail("confirm")
    assert client.get(link.replace("/confirm/", "/by-mail/")).status_code == 404

    with time_machine.travel(calendar.now() + timedelta(days=3, seconds=9)):
        assert client.post(link).status_code == 404
    actions.stop_search(SavedSearch.objects.get())
    assert client.post(link).status_code == 404
    assert SavedSearch.objects.get().confirmed_at is None


def test_the_reader_of_a_mail_manages_all_searches_of_the_address_and_no_others(client: Client) -> None:
    first, second = keep("q=lathe", to="a@works.example"), keep("", to="a@works.example")
    other = keep("", to="b@works.example")
    published(slug="new")
    tasks.tell_published()
    deliver_pending()
    link = next(
        found[1]
        for one in mail.outbox
        if one.to == ["a@works.example"]
        and (found := re.search(r"(/en/policies/subscriptions/by-mail/\S+)", str(one.body)))
    )

    page = client.get(link)
    assert [row.key for row in page.context["rows"]] == [str(first.key), str(second.key)]
    client.post(link, {"search": str(second.key), "frequency": "weekly"})
    client.post(link, {"search": str(first.key), "stop": "1"})
    assert client.post(link, {"search": str(other.key), "stop": "1"}).status_code == 404
    assert client.post(link, {"search": "x", "stop": "1"}).status_code == 404

    left = SavedSearch.objects.active().order_by("pk").values_list("pk", "frequency")
    assert list(left) == [(second.pk, "weekly"), (other.pk, "instant")]


def test_the_one_click_of_a_mail_program_ends_that_very_search(client: Client) -> None:
    first, second = keep("q=lathe", to="a@works.example"), keep("q=weaving", to="a@works.example")
    li = UserFactory(email="li@works.example")
    third = keep("q=lathe", by=li)
    published(slug="new")
    tasks.tell_published()

    for letter in Notification.objects.filter(kind="policies.search_found"):
        stop = addresses.stop_link(letter, "en").replace("http://testserver", "")
        client.post(stop[stop.index("/en/") :], {"List-Unsubscribe": "One-Click"})

    assert list(SavedSearch.objects.active()) == [second]
    assert {first.pk, third.pk} == set(
        SavedSearch.objects.filter(stopped_at__isnull=False).values_list("pk", flat=True)
    )
    assert (StoppedAddress.objects.count(), Preference.objects.count()) == (0, 0)
    deliver_pending()
    assert [one.to for one in mail.outbox if "Lathe subsidy" in str(one.subject)] == []


def test_an_address_is_not_written_to_more_than_five_times_a_day(client: Client) -> None:
    assert [ask(client) for _time in range(7)] == [302] * 7
    assert Notification.objects.filter(kind="policies.search_confirm").count() == 5


def test_one_visitor_asks_ten_times_an_hour(client: Client) -> None:
    assert [ask(client, f"a{n}@works.example") for n in range(11)] == [302] * 10 + [429]


# --- topics ---------------------------------------------------------------------------------


def test_a_person_chooses_how_often_for_each_topic(client: Client) -> None:
    sign_in(client, UserFactory())
    choice = {"funding": "weekly", "tax": "never", "voucher": "instant", "certification": "deadlines"}

    assert client.post("/policies/subscriptions/topics/", choice).status_code == 302
    assert client.get("/policies/subscriptions/").context["topics"]["funding"].initial == "weekly"
    client.post("/policies/subscriptions/topics/", {**choice, "funding": "instant"})

    page = client.get("/policies/subscriptions/")
    assert {field.name: field.initial for field in page.context["topics"]} == {**choice, "funding": "instant"}


@pytest.mark.parametrize("wrong", ["", "hourly"])
def test_a_wrong_choice_of_topics_is_said_and_nothing_kept(client: Client, wrong: str) -> None:
    sign_in(client, UserFactory())

    page = client.post("/en/policies/subscriptions/topics/", {"funding": wrong})

    assert "There are 4 problems" in page.content.decode()
    assert client.get("/policies/subscriptions/").context["topics"]["funding"].initial == "instant"


def test_what_says_nothing_of_notices_to_come_is_left_out_of_a_search_that_is_kept(client: Client) -> None:
    li = UserFactory()
    sign_in(client, li)
    address = f"{reverse('policies:follow')}?q=数控机床&since=30&fit=yes"

    page = client.get(address).context
    client.post(
        address,
        {"name": "机床", "frequency": "instant", "form_token": page["form_token"]},
    )

    assert len(page["conditions"]) == 1
    assert "since" not in SavedSearch.objects.get(user=li).query
