"""What an enterprise says of items and notices, and its list of them."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import audit, calendar
from enterprises.actions import record_fact
from services.policies import actions, marking
from services.policies.models import ItemMark, PolicyNotice
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import IN_QINGDAO, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def notice(people: Cast) -> PolicyNotice:
    return published(slug="lathes", items=[{"criteria": []}, {"criteria": [], "position": 2}])


def said() -> list[tuple[str, int | None, str, str]]:
    rows = ItemMark.objects.order_by("item__position")
    return [(row.enterprise.name, row.item and row.item.position, row.standing, row.reason) for row in rows]


def press(client: Client, slug: str = "lathes", **fields: str) -> int:
    return client.post(f"/policies/{slug}/mark/", {"item": "1", **fields}).status_code


@pytest.mark.parametrize("who", ["li", "wang"])
def test_owner_and_editor_save_an_item(client: Client, people: Cast, notice: PolicyNotice, who: str) -> None:
    sign_in(client, getattr(people, who))

    assert press(client, standing="saved") == 302

    assert said() == [("青岛海风机械厂", 1, "saved", "")]


def test_a_viewer_reads_and_changes_nothing(client: Client, people: Cast, notice: PolicyNotice) -> None:
    actions.mark(people.enterprise, notice, notice.items.first(), standing="saved", by=people.li)
    sign_in(client, people.guo)

    assert press(client, standing="applied") == 403
    assert client.post("/policies/lathes/not-for-us/", {"item": "1", "reason": "have"}).status_code == 403

    page = client.get("/en/policies/saved/").content.decode()
    assert "Lathe subsidy" in page
    assert "We have applied" not in page
    assert said() == [("青岛海风机械厂", 1, "saved", "")]


def test_a_stranger_sees_nothing_of_it(client: Client, people: Cast, notice: PolicyNotice) -> None:
    actions.mark(people.enterprise, notice, notice.items.first(), standing="saved", by=people.li)
    sign_in(client, people.zhao)

    page = client.get("/en/policies/saved/").content.decode()

    assert "Nothing is saved yet" in page
    assert "Lathe subsidy" not in page
    assert list(ItemMark.objects.for_member(people.zhao)) == []
    assert ItemMark.objects.for_member(people.guo).count() == 1


def test_a_guest_is_sent_to_sign_in(client: Client, notice: PolicyNotice) -> None:
    assert press(client, standing="saved") == 302
    assert "/accounts/login/" in client.get("/policies/saved/")["Location"]
    assert "next=/en/policies/lathes/" in client.get("/en/policies/lathes/").content.decode()
    assert said() == []


def test_saved_then_applied_then_obtained_is_one_row(
    client: Client, people: Cast, notice: PolicyNotice
) -> None:
    sign_in(client, people.li)

    for standing in ("saved", "applied", "applied", "obtained"):
        press(client, standing=standing)

    assert said() == [("青岛海风机械厂", 1, "obtained", "")]
    history = audit.history(ItemMark.objects.get()).order_by("pk").values_list("before", "after")
    assert list(history) == [("", "saved"), ("saved", "applied"), ("applied", "obtained")]


def test_what_was_said_can_be_taken_back(client: Client, people: Cast, notice: PolicyNotice) -> None:
    sign_in(client, people.li)
    press(client, standing="saved")

    press(client, standing="")
    press(client, standing="")

    assert said() == []


def test_not_for_us_asks_why_and_keeps_what_was_typed(
    client: Client, people: Cast, notice: PolicyNotice
) -> None:
    sign_in(client, people.li)
    address = "/en/policies/lathes/not-for-us/?item=2"

    page = client.post(address, {"item": "2", "reason": "other", "words": ""})
    assert "Say the reason in a few words." in page.content.decode()
    assert "checked" in page.content.decode()
    assert said() == []

    client.post(address, {"item": "2", "reason": "work", "words": "材料\u200b太多"})
    assert said() == [("青岛海风机械厂", 2, "dismissed", "work")]
    assert ItemMark.objects.get().words == "材料太多"


def test_the_dismissed_are_counted_hidden_and_shown_on_demand(
    client: Client, people: Cast, notice: PolicyNotice
) -> None:
    first, second = notice.items.order_by("position")
    actions.mark(people.enterprise, notice, first, standing="saved", by=people.li)
    actions.mark(people.enterprise, notice, second, standing="dismissed", reason="have", by=people.li)
    sign_in(client, people.li)

    page = client.get("/en/policies/saved/").content.decode()
    assert page.count('<ul class="rows"><li>') == 1
    assert "1 is marked as not for you." in page
    assert "We have it already" in client.get("/en/policies/saved/?show=dismissed").content.decode()
    assert list(marking.hidden_items(people.enterprise)) == [second.pk]


def test_a_notice_without_items_can_be_saved_itself(client: Client, people: Cast) -> None:
    published(slug="plan", kind="plan")
    sign_in(client, people.li)

    assert press(client, "plan", item="", standing="saved") == 302

    assert said() == [("青岛海风机械厂", None, "saved", "")]
    things = marking.of_notice(PolicyNotice.objects.get(slug="plan"), people.enterprise.memberships.first())
    assert [(thing.position, thing.standing, thing.choices) for thing in things.things] == [("", "saved", [])]


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("nothing-here", {"standing": "saved"}),
        ("lathes", {"standing": "saved", "item": "9"}),
        ("lathes", {"standing": "saved", "item": "²"}),
        ("lathes", {"standing": "saved", "item": "9" * 40}),
        ("lathes", {"standing": "dismissed"}),
    ],
)
def test_what_is_not_there_cannot_be_marked(
    client: Client, people: Cast, notice: PolicyNotice, slug: str, fields: dict[str, str]
) -> None:
    sign_in(client, people.li)

    assert client.post(f"/policies/{slug}/mark/", fields | {}).status_code == 404
    assert said() == []


def test_a_draft_cannot_be_marked(client: Client, people: Cast, notice: PolicyNotice) -> None:
    PolicyNotice.objects.filter(pk=notice.pk).update(state="draft")
    sign_in(client, people.li)

    assert press(client, standing="saved") == 404


def test_the_database_itself_keeps_one_mark_and_wants_a_reason(people: Cast, notice: PolicyNotice) -> None:
    row = {"enterprise": people.enterprise, "notice": notice, "item": None}
    ItemMark.objects.create(**row, standing="saved")

    for wrong in ({"standing": "saved"}, {"standing": "dismissed", "enterprise": people.other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemMark.objects.create(**row | wrong)


def test_the_list_puts_the_nearest_last_day_first_and_what_is_over_last(people: Cast) -> None:
    today = calendar.today()
    for days in (None, 40, -1, 3):
        closes_on = today + timedelta(days=days) if days is not None else None
        row = published(items=[{"criteria": [], "closes_on": closes_on}])
        actions.mark(people.enterprise, row, row.items.get(), standing="saved", by=people.li)

    rows = marking.rows_of(marking.saved(people.enterprise, today), today)

    assert [(row.deadline.days_left, row.is_over) for row in rows] == [
        (3, False),
        (40, False),
        (None, False),
        (-1, True),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    client: Client, people: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        row = published(items=[{"criteria": [], "closes_on": date(2030, 1, 1)}])
        actions.mark(people.enterprise, row, row.items.get(), standing="saved", by=people.li)
    sign_in(client, people.li).get(reverse("policies:saved"))

    with django_assert_num_queries(7):
        page = client.get(reverse("policies:saved"))

    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30, "٣"])
def test_a_page_that_is_not_there_leads_to_one_that_is(client: Client, people: Cast, page: str) -> None:
    sign_in(client, people.li)

    answer = client.get("/policies/saved/", {"page": page, "show": "dismissed"}, follow=True)

    assert (answer.status_code, answer.context["page"].number) == (200, 1)


def test_the_button_returns_to_our_own_pages_only(client: Client, people: Cast, notice: PolicyNotice) -> None:
    sign_in(client, people.li)
    address = "/policies/lathes/mark/"

    ours = client.post(address, {"item": "1", "standing": "saved", "next": "/policies/saved/?page=2"})
    theirs = client.post(address, {"item": "1", "standing": "saved", "next": "https://evil.example/"})

    assert (ours["Location"], theirs["Location"]) == ("/policies/saved/?page=2", "/policies/lathes/#marks")


def test_what_was_dismissed_is_out_of_every_list_of_what_fits_until_it_is_undone(
    client: Client, people: Cast
) -> None:
    record_fact(people.enterprise, "region", "370211", source="self", on=date(2026, 1, 1), by=None)
    end = calendar.today() + timedelta(days=20)
    _kept, hidden = (
        published(slug=slug, items=[{"criteria": [IN_QINGDAO], "closes_on": end, "title_en": slug}])
        for slug in ("kept-item", "hidden-item")
    )
    actions.mark(
        people.enterprise, hidden, hidden.items.get(), standing="dismissed", reason="have", by=people.li
    )
    sign_in(client, people.li)
    pages = (
        "/en/policies/fitting/", "/en/policies/combination/", "/en/policies/?fit=met&sort=closing",
        "/en/policies/export.csv?fit=met", "/en/policies/calendar/?fit=met",
    )  # fmt: skip
    count = re.compile(r"1 item is left out")

    found = [client.get(page).content.decode() for page in pages]
    actions.unmark(people.enterprise, hidden, hidden.items.get(), by=people.li)
    again = [client.get(page).content.decode() for page in pages]

    assert [("kept-item" in page, "hidden-item" in page) for page in found] == [(True, False)] * len(pages)
    assert [bool(count.search(page)) for page in found] == [True, True, True, False, False]
    assert ["hidden-item" in page for page in again] == [True] * len(pages)
