"""Saved searches: kept, confirmed, held against each new notice in one pass, told once to one address."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core import calendar
from notifications import addresses
from notifications.models import Notification, Preference, StoppedAddress
from notifications.tasks import deliver_pending
from services.policies import actions, alerting, tasks
from services.policies.actions import synonyms as synonym_actions
from services.policies.forms import filters
from services.policies.models import NoticeTelling, PolicyNotice, SavedSearch, SearchFound, SynonymSet
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import corrected, published

pytestmark = pytest.mark.django_db
# A Wednesday, ten in the morning in Qingdao.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    """What the reference data brought is settled before a test begins."""
    tasks.tell_published()


def keep(address: str, *, by: User | None = None, frequency: str = "instant", to: str = "") -> SavedSearch:
    """Keep a search written as the address of the list; one of an address is confirmed."""
    query = filters.read(QueryDict(address), sort="newest")
    search = actions.follow(
        query,
        written=filters.write(query),
        name=address or "all",
        frequency=frequency,
        by=by,
        address=to,
        language="en",
    )
    actions.confirm(search)
    return search


def told(kind: str = "search_found") -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind=f"policies.{kind}").order_by("pk")
    return sorted((row.recipient.email if row.recipient else row.address, row.subject_code) for row in rows)


# --- what is found -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_found"),
    [
        ("", True),
        ("q=海塔机床", True),
        ("q=海塔机床补贴办法", True),
        ("q=机床海塔补贴", False),
        ("q=lathes", True),
        ("q=weaving", False),
        ("q=鲁政发[2026]7号", True),
        ("q=鲁政发〔2026〕17号", False),
        ("kind=funding", True),
        ("kind=tax", False),
        ("kind=tax&kind=funding", True),
        ("region=370200", True),
        ("region=370100", False),
        ("level=municipal&kind=funding&region=370200&q=补贴", True),
        ("level=national", False),
        ("state=open", True),
        ("state=closing", True),
        ("state=ended", False),
        ("sort=closing&page=7&nonsense=1", True),
    ],
)
def test_a_new_notice_is_found_as_the_list_would_find_it(address: str, is_found: bool) -> None:
    keep(address, by=UserFactory(email="li@works.example"))
    day = calendar.today() + timedelta(days=20)
    published(slug="new", document_number="鲁政发〔2026〕7号", items=[{"criteria": [], "closes_on": day}])

    tasks.tell_published()

    assert told() == ([("li@works.example", "new")] if is_found else [])


def test_all_searches_are_held_against_a_notice_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    notice = published(items=[{"criteria": []}])
    for n in range(30):
        keep("q=补贴" if n % 2 else "kind=tax", by=UserFactory())

    with django_assert_num_queries(1):
        assert alerting.find_searches(notice.pk, 1, NOW, is_new=True) == 15


def test_a_reader_of_several_searches_hears_once_and_from_the_soonest() -> None:
    li = UserFactory(email="li@works.example")
    keep("q=补贴", by=li, frequency="weekly")
    soonest = keep("kind=funding", by=li)
    keep("", to="li@works.example")
    published(slug="new")

    tasks.tell_published()
    tasks.tell_published()
    tasks.send_search_digests()

    assert told() == [("li@works.example", "new")]
    assert [row.search for row in SearchFound.objects.all()] == [soonest]
    assert told("search_digest") == []


def test_the_database_itself_keeps_an_address_from_hearing_twice() -> None:
    first, second = keep("", to="a@works.example"), keep("q=补贴", to="a@works.example")
    row = {"notice": published(), "notice_version": 1, "address": "a@works.example", "due_on": NOW.date()}
    SearchFound.objects.create(search=first, **row)

    for again in (first, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            SearchFound.objects.create(search=again, **row)


def test_what_is_to_be_verified_or_not_public_is_told_to_nobody() -> None:
    keep("", by=UserFactory())
    published(to_be_verified=True)
    gone = published()
    PolicyNotice.objects.filter(pk=gone.pk).update(state="repealed")

    assert tasks.tell_published() == 3
    assert told() == []
    PolicyNotice.objects.update(to_be_verified=False)
    assert tasks.tell_published() == 0


def test_closed_accounts_stopped_and_unconfirmed_searches_hear_nothing() -> None:
    keep("", by=UserFactory(is_active=False))
    actions.stop_search(keep("", by=UserFactory()))
    waiting = keep("", to="a@works.example")
    SavedSearch.objects.filter(pk=waiting.pk).update(confirmed_at=None)
    published()

    tasks.tell_published()

    assert told() == []


# --- when --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "moment", "day"),
    [
        ("instant", NOW, date(2026, 11, 25)),
        ("instant", datetime(2026, 11, 25, 0, 29, tzinfo=UTC), date(2026, 11, 24)),
        ("daily", NOW, date(2026, 11, 26)),
        ("daily", datetime(2026, 11, 25, 0, 29, tzinfo=UTC), date(2026, 11, 25)),
        ("daily", datetime(2026, 11, 25, 0, 30, tzinfo=UTC), date(2026, 11, 26)),
        ("weekly", NOW, date(2026, 11, 30)),
        ("weekly", datetime(2026, 11, 30, 0, 29, tzinfo=UTC), date(2026, 11, 30)),
        ("weekly", datetime(2026, 11, 30, 0, 30, tzinfo=UTC), date(2026, 12, 7)),
    ],
)
def test_letters_that_wait_go_at_half_past_eight(frequency: str, moment: datetime, day: date) -> None:
    assert alerting.due_on(frequency, moment) == day


def test_daily_findings_go_in_one_letter_the_next_morning_and_once() -> None:
    search = keep("q=补贴", by=UserFactory(email="li@works.example"), frequency="daily")
    for slug in ("first", "second"):
        published(slug=slug)
    actions.tell_next(at=NOW)
    actions.tell_next(at=NOW)

    assert [actions.send_search_digests(day=date(2026, 11, day)) for day in (25, 26, 26, 27)] == [0, 1, 0, 0]

    letter = Notification.objects.get(kind="policies.search_digest")
    assert (letter.context["count"], letter.context["search"]) == (2, str(search.key))
    assert [row["title_en"][:7] for row in letter.context["notices"]] == ["Lathe s", "Lathe s"]
    assert not SearchFound.objects.filter(told_at=None).exists()


def test_a_missed_week_is_caught_up_by_one_letter() -> None:
    keep("", by=UserFactory(email="li@works.example"), frequency="weekly")
    for moment in (NOW, NOW + timedelta(days=8)):
        published()
        actions.tell_next(at=moment)

    assert actions.send_search_digests(day=date(2026, 12, 9)) == 1

    assert Notification.objects.get(kind="policies.search_digest").context["count"] == 2


def test_what_closes_within_a_week_does_not_wait() -> None:
    keep("", by=UserFactory(email="li@works.example"), frequency="weekly")
    for slug, days in (("urgent", 7), ("later", 8)):
        day = date(2026, 11, 25) + timedelta(days=days)
        published(slug=slug, items=[{"criteria": [], "closes_on": day}])
        actions.tell_next(at=NOW)

    assert told() == [("li@works.example", "urgent")]


def test_what_was_repealed_before_its_morning_is_left_out() -> None:
    keep("", by=UserFactory(), frequency="daily")
    notice = published()
    actions.tell_next(at=NOW)
    actions.repeal(notice, reason="废止", by=None)

    assert actions.send_search_digests(day=date(2026, 11, 26)) == 1

    assert told("search_digest") == []


def test_the_digest_costs_the_same_for_three_readers_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    counts = []
    for readers in (1, 3):
        for _reader in range(readers):
            keep("", by=UserFactory(), frequency="daily")
        published(items=[{"criteria": []}])
        actions.tell_next(at=NOW)
        with django_assert_num_queries(8):
            counts.append(actions.send_search_digests(day=date(2026, 11, 26)))

    assert counts == [1, 4]


def test_changing_to_at_once_lets_go_what_waits() -> None:
    search = keep("", by=UserFactory(), frequency="weekly")
    published()
    actions.tell_next(at=NOW)

    actions.change_search(search, name="补贴", frequency="instant", at=NOW)

    assert actions.send_search_digests(day=date(2026, 11, 25)) == 1


# --- a correction ------------------------------------------------------------------------


def test_a_material_correction_is_told_again_and_a_small_one_only_to_new_hits() -> None:
    keep("q=补贴", by=UserFactory(email="li@works.example"))
    keep("q=纺织", by=UserFactory(email="wang@works.example"))
    notice = published(slug="new")
    tasks.tell_published()

    corrected(notice, summary_zh="买纺织机的企业可以领补贴。")
    tasks.tell_published()
    assert told() == [("li@works.example", "new"), ("wang@works.example", "new")]

    corrected(notice, effective_to=date(2030, 1, 1))
    tasks.tell_published()
    assert [
        row.context["version"]
        for row in Notification.objects.filter(recipient__email="li@works.example").order_by("pk")
    ] == [1, 3]
    assert list(
        NoticeTelling.objects.filter(notice=notice).order_by("pk").values_list("version", "found")
    ) == [
        (1, 1),
        (2, 1),
        (3, 2),
    ]


# --- the pages: with an account -----------------------------------------------------------


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


# --- the pages: by mail -----------------------------------------------------------------------


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


def test_addresses_that_never_confirmed_and_old_stops_are_forgotten() -> None:
    fresh, old, stopped = (keep("", to=f"{name}@works.example") for name in ("fresh", "old", "stopped"))
    SavedSearch.objects.filter(pk=fresh.pk).update(confirmed_at=None)
    long_ago = calendar.now() - timedelta(days=31)
    SavedSearch.objects.filter(pk=old.pk).update(confirmed_at=None, created_at=long_ago)
    SavedSearch.objects.filter(pk=stopped.pk).update(stopped_at=long_ago)

    assert [tasks.sweep_searches(), tasks.sweep_searches()] == [2, 0]

    assert list(SavedSearch.objects.all()) == [fresh]


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


# --- what happens between two ticks ------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "hears"),
    [
        ([{"max_fen": 2}, {"title_zh": "海塔补贴"}], True),
        ([{"title_zh": "海塔补贴"}, {"max_fen": 2}], True),
        ([{"title_zh": "海塔补贴"}, {"title_zh": "海塔机床补贴"}], False),
    ],
)
def test_each_of_several_versions_between_two_ticks_counts(
    changes: list[dict[str, Any]], hears: bool
) -> None:
    keep("", by=UserFactory(email="li@works.example"))
    notice = published(slug="new", items=[{"criteria": [], "max_fen": 1}])
    tasks.tell_published()

    for change in changes:
        corrected(notice, item=change)
    tasks.tell_published()

    assert len(told()) == 1 + hears
    assert NoticeTelling.objects.filter(notice=notice).count() == 3


def test_a_new_notice_corrected_before_the_first_tick_is_told_once() -> None:
    keep("", by=UserFactory(email="li@works.example"))
    notice = published(slug="new", items=[{"criteria": [], "max_fen": 1}])
    corrected(notice, item={"title_zh": "海塔补贴"})

    tasks.tell_published()

    assert told() == [("li@works.example", "new")]


def test_a_search_uses_the_synonyms_of_today() -> None:
    search = keep("q=车床", by=UserFactory(email="li@works.example"))
    published(slug="before", title_zh="数控机床补贴")
    tasks.tell_published()
    assert told() == []

    synonym_actions.save(SynonymSet(words=["车床", "数控机床"]))
    published(slug="after", title_zh="数控机床奖励")
    tasks.tell_published()

    assert told() == [("li@works.example", "after")]
    assert actions.recompile_searches() == 0
    search.refresh_from_db()
    assert search.query == "q=%E8%BD%A6%E5%BA%8A"
