"""Atom and iCalendar for every filter, and a person's own addresses."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core import audit, calendar
from enterprises.actions import record_fact, remove_member
from services.policies import actions
from services.policies.actions import feed_tokens
from services.policies.models import FeedToken
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(content: bytes) -> list[str]:
    return [str(one.findtext(f"{ATOM}title")) for one in ET.fromstring(content).iter(f"{ATOM}entry")]


def events(content: bytes) -> list[tuple[str, date]]:
    return [
        (str(event["summary"]), event["dtstart"].dt) for event in Calendar.from_ical(content).walk("VEVENT")
    ]


# --- Atom -------------------------------------------------------------------------------


def test_a_filter_is_a_feed(client: Client) -> None:
    published(title_zh="海塔甲", issued_on="2026-01-01")
    published(title_zh="海塔乙", issued_on="2026-02-01")
    published(title_zh="海塔丙", kind="plan")

    answer = client.get("/policies/feed/?q=海塔&kind=funding&page=7&x=1")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert entries(answer.content) == ["海塔乙", "海塔甲"]
    root = ET.fromstring(answer.content)
    own = next(link for link in root.iter(f"{ATOM}link") if link.get("rel") == "self")
    assert str(own.get("href")).endswith("/policies/feed/?q=%E6%B5%B7%E5%A1%94&kind=funding")
    for one in [root, *root.iter(f"{ATOM}entry")]:
        assert {f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated"} <= {child.tag for child in one}
        assert one.find(f"{ATOM}author/{ATOM}name") is not None


def test_an_entry_keeps_its_identifier_in_both_languages(client: Client) -> None:
    published(slug="lathe", title_zh="海塔甲", title_en="Tower")

    found = [
        re.findall(
            r"<id>(tag:[^<]+policies/lathe)</id>",
            client.get(f"{language}/policies/feed/?q=海塔").content.decode(),
        )
        for language in ("", "/en")
    ]
    assert found[0] == found[1] != []
    assert entries(client.get("/en/policies/feed/?q=海塔").content) == ["Tower"]


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    notice = published(title_zh="海塔甲")
    first = client.get("/policies/feed/?q=海塔")

    assert client.get("/policies/feed/?q=海塔", headers={"If-None-Match": first["ETag"]}).status_code == 304
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get("/policies/feed/?q=海塔", headers=since).status_code == 304
    actions.repeal(notice, reason="废止", by=None)
    type(notice).objects.filter(pk=notice.pk).update(title_zh="海塔改")
    assert client.get("/policies/feed/?q=海塔", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("query", ["q=%01%02", "q=%3C%26%22", "since=x", "q=]]%3E", "issuer=%0B", ""])
@pytest.mark.parametrize("address", ["/policies/feed/", "/policies/calendar.ics", "/en/policies/calendar/"])
def test_strange_addresses_give_whole_feeds(client: Client, address: str, query: str) -> None:
    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 200
    if "feed" in address:
        ET.fromstring(answer.content)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("feed/", 3), ("calendar.ics", 2)])
def test_a_feed_costs_the_same_for_any_number(
    client: Client, rows: int, address: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        published(title_zh="海塔甲", items=[{"closes_on": calendar.today()}])

    client.get(f"/policies/{address}?q=海")  # what the synonyms are is read once

    with django_assert_num_queries(queries):
        answer = client.get(f"/policies/{address}?q=海塔")
    assert answer.content.count(b"BEGIN:VEVENT") + answer.content.count(b"<entry>") == rows


# --- iCalendar ---------------------------------------------------------------------------


def test_last_days_are_all_day_events_with_lasting_identifiers(client: Client) -> None:
    day = calendar.today() + timedelta(days=3)
    notice = published(
        slug="lathe",
        title_zh="海塔",
        items=[{"title_zh": "数控机床；补贴,一", "closes_on": day}, {"title_zh": "无期限"}],
    )

    content = client.get("/policies/calendar.ics?q=海塔").content

    (event,) = Calendar.from_ical(content).walk("VEVENT")
    item = notice.items.get(closes_on=day)
    assert str(event["uid"]).startswith(f"lathe.{item.pk}@")
    assert (event["dtstart"].dt, event["dtend"].dt) == (day, day + timedelta(days=1))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["sequence"] == 1
    assert Calendar.from_ical(content).walk("VALARM") == []
    assert b"X-WR-TIMEZONE:Asia/Shanghai" in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_an_earlier_end_of_the_notice_is_the_last_day_and_repealed_ones_leave(client: Client) -> None:
    today = calendar.today()
    ends, closes = today + timedelta(days=5), today + timedelta(days=9)
    published(title_zh="海塔", effective_to=ends, items=[{"title_en": "Lathe A", "closes_on": closes}])
    gone = published(title_zh="海塔", items=[{"title_zh": "乙", "closes_on": closes}])
    past = today - timedelta(days=40)
    published(title_zh="海塔", items=[{"title_zh": "丙", "closes_on": past}])
    actions.repeal(gone, reason="废止", by=None)

    (event,) = events(client.get("/en/policies/calendar.ics?q=海塔").content)
    assert event == ("Last day: Lathe A", ends)


# --- one's own ------------------------------------------------------------------------------


@pytest.fixture
def people() -> Cast:
    found = cast()
    record_fact(found.enterprise, "region", "370211", source="self", on=date(2026, 11, 1), by=None)
    day = calendar.today() + timedelta(days=3)
    item = {"closes_on": day, "title_en": "Fits"}
    published(slug="fits", items=[{**item, "criteria": [IN_QINGDAO]}])
    published(
        slug="not", items=[{**item, "title_en": "No", "criteria": [gate("region", "within", "370100")]}]
    )
    published(slug="may", items=[{**item, "title_en": "May", "criteria": [gate("employees", "at_most", 3)]}])
    return found


def own(user: User, people: Cast) -> str:
    return feed_tokens.make(people.enterprise, name="phone", by=user)[1]


def test_a_secret_address_shows_what_fits_without_signing_in(client: Client, people: Cast) -> None:
    secret = own(people.li, people)

    calendar_answer = client.get(f"/en/policies/feeds/{secret}/policies.ics")
    atom_answer = client.get(f"/en/policies/feeds/{secret}/policies.atom")

    assert [summary for summary, _ in events(calendar_answer.content)] == ["Last day: Fits"]
    assert entries(atom_answer.content)[:1] == ["Fits"]
    assert not {"No", "May"} & set(entries(atom_answer.content))
    assert secret not in atom_answer.content.decode()
    assert calendar_answer["Cache-Control"] == "private, no-cache"
    assert FeedToken.objects.get().last_used_on == calendar.today()


def test_a_wrong_a_revoked_and_a_former_members_address_are_the_same_404(
    client: Client, people: Cast
) -> None:
    revoked, former = own(people.li, people), own(people.wang, people)
    feed_tokens.revoke(FeedToken.objects.get(user=people.li), by=people.li)
    remove_member(people.enterprise.memberships.get(user=people.wang), by=people.li)
    left = own(people.li, people)
    User.objects.filter(pk=people.li.pk).update(is_active=False)

    pages = [client.get(f"/policies/feeds/{one}/policies.ics") for one in (revoked, former, left, "x")]
    assert [page.status_code for page in pages] == [404] * 4


def test_an_address_is_read_so_often_an_hour(
    client: Client, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.policies.views.feeds.PER_HOUR", 1)
    secret = own(people.li, people)

    answers = [client.get(f"/policies/feeds/{secret}/policies.ics").status_code for _ in range(2)]
    assert answers == [200, 429]


def make(client: Client, name: str, token: str = "") -> Any:
    return client.post("/en/policies/feeds/", {"name": name, "form_token": token})


def test_the_address_is_shown_once_and_kept_as_a_hash(client: Client, people: Cast) -> None:
    sign_in(client, people.guo)

    page = make(client, "phone", "t").content.decode()

    (secret, again) = re.findall(r"/policies/feeds/([\w-]{22})/policies\.(?:ics|atom)", page)
    assert secret == again
    assert client.get(f"/policies/feeds/{secret}/policies.ics").status_code == 200
    assert secret not in client.get("/en/policies/feeds/").content.decode()
    row = FeedToken.objects.get()
    assert secret not in str(vars(row))
    assert [event.verb for event in audit.history(row)] == ["make"]
    assert make(client, "phone", "t").status_code == 302
    assert FeedToken.objects.count() == 1


def test_revoking_ends_it_for_ones_own_only(client: Client, people: Cast) -> None:
    own(people.li, people)
    key = FeedToken.objects.get().key

    sign_in(client, people.wang)
    assert client.post(f"/policies/feeds/{key}/revoke/").status_code == 404
    assert "<strong>phone" not in client.get("/policies/feeds/").content.decode()
    sign_in(client, people.li)
    assert [client.post(f"/policies/feeds/{key}/revoke/").status_code for _ in range(2)] == [302, 302]
    assert [event.verb for event in audit.history(FeedToken.objects.get())] == ["revoke", "make"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_is_asked_for_and_kept(client: Client, people: Cast, name: str) -> None:
    sign_in(client, people.li)

    page = make(client, name)
    assert (page.status_code, FeedToken.objects.count()) == (200, 0)
    assert "errsum" in page.content.decode()


def test_ten_in_use_are_enough(client: Client, people: Cast) -> None:
    for _ in range(feed_tokens.MOST):
        own(people.li, people)
    sign_in(client, people.li)

    page = make(client, "one more").content.decode()
    assert "You have 10 addresses in use. Revoke one first." in page
    assert FeedToken.objects.count() == feed_tokens.MOST


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    client: Client, people: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        own(people.li, people)
    sign_in(client, people.li)
    client.get("/policies/feeds/")

    with django_assert_num_queries(5):
        client.get("/policies/feeds/")


def test_who_acts_for_no_enterprise_is_sent_to_registration(client: Client) -> None:
    sign_in(client, UserFactory())

    assert client.get("/policies/feeds/")["Location"] == "/enterprise/register/"
