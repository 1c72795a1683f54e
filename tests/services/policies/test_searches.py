"""Saved searches: kept, confirmed, held against each new notice in one pass, told once to one address."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from core import calendar
from notifications.models import Notification
from services.policies import actions, alerting, tasks
from services.policies.actions import synonyms as synonym_actions
from services.policies.models import NoticeTelling, PolicyNotice, SavedSearch, SearchFound, SynonymSet
from tests.factories.accounts import UserFactory
from tests.factories.policies import corrected, published
from tests.factories.searches import keep, told

pytestmark = pytest.mark.django_db
# A Wednesday, ten in the morning in Qingdao.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    """What the reference data brought is settled before a test begins."""
    tasks.tell_published()


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


# --- what is swept away ------------------------------------------------------------


def test_addresses_that_never_confirmed_and_old_stops_are_forgotten() -> None:
    fresh, old, stopped = (keep("", to=f"{name}@works.example") for name in ("fresh", "old", "stopped"))
    SavedSearch.objects.filter(pk=fresh.pk).update(confirmed_at=None)
    long_ago = calendar.now() - timedelta(days=31)
    SavedSearch.objects.filter(pk=old.pk).update(confirmed_at=None, created_at=long_ago)
    SavedSearch.objects.filter(pk=stopped.pk).update(stopped_at=long_ago)

    assert [tasks.sweep_searches(), tasks.sweep_searches()] == [2, 0]

    assert list(SavedSearch.objects.all()) == [fresh]
