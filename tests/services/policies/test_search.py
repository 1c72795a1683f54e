"""Searching the 57 real notices, held against LIKE."""

import random
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from core import text
from services.policies import search, terms
from services.policies.models import NoticeSearch, PolicyNotice
from services.policies.search import Count, Query
from tests.factories.policies import published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def slugs(**asked: object) -> list[str]:
    return [notice.slug for notice in search.find(Query(**asked), ON).notices]  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [2, 3, 4, 6])
def test_what_is_found_is_what_like_finds(length: int) -> None:
    rows = list(NoticeSearch.objects.values_list("notice__slug", "text"))
    runs = {run for _, words in rows for is_chinese, run in text.runs(words) if is_chinese}
    pieces = sorted({piece for run in runs for piece in terms.pieces(run, length)})

    for piece in random.Random(length).sample(pieces, 80):
        found = PolicyNotice.objects.search(piece).values_list("slug", flat=True)
        like = {slug for slug, words in rows if piece in words}
        assert (piece, set(found), search.find(Query(text=piece), ON).total) == (piece, like, len(like))


def test_the_pieces_alone_are_nearly_always_enough() -> None:
    """Beyond EXACT_UP_TO hits only the page is looked at, so the pieces must hardly ever mislead."""
    rows = list(NoticeSearch.objects.values_list("pk", "text"))
    runs = {run for _, words in rows for is_chinese, run in text.runs(words) if is_chinese}
    pieces = sorted({piece for run in runs for piece in terms.pieces(run, 6)})
    found = wrong = 0

    for piece in random.Random(6).sample(pieces, 200):
        sql, values = terms.condition(terms.read(piece), exactly=False)
        hits = NoticeSearch.objects.extra(where=[sql], params=values).values_list("text", flat=True)  # noqa: S610
        found += len(hits)
        wrong += sum(piece not in words for words in hits)

    assert wrong / found <= 0.001


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("鲁政发〔2024〕15号", ["sd-list-2025"]),
        ("鲁政发[2024]15号", ["sd-list-2025"]),
        ("鲁政发（2024）15", ["sd-list-2025"]),
        ("鲁政发〔2024〕1号", []),
        ("鲁政发〔2024〕5号", []),
        ("财政部 税务总局公告2023年第7号", ["cn-tax-rd"]),
        ("税务总局公告2023年第1号", []),
        ("工信部企业〔2026〕2号", ["cn-gradient-2026"]),
    ],
)
def test_a_document_number_matches_whole(typed: str, expected: list[str]) -> None:
    assert slugs(text=typed) == expected


def test_english_is_stemmed_and_found_from_any_page() -> None:
    assert slugs(text="vouchers") == slugs(text="voucher") != []


def test_a_row_that_only_seems_to_hold_a_long_word_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both halves of the word stand in the text, the word does not; nor does a second pass show it."""
    published(slug="seems", summary_zh="甲乙丙丁分开写，乙丙丁戊也分开写。")
    published(slug="holds", summary_zh="甲乙丙丁戊写在一起。")
    assert slugs(text="甲乙丙丁戊") == ["holds"]

    monkeypatch.setattr(search, "EXACT_UP_TO", 0)

    assert slugs(text="甲乙丙丁戊") == ["holds"]


def test_page_count_and_facets_come_in_three_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):
        found = search.find(Query(text="数字化转型", kinds=("plan",)), ON)
        [list(notice.items.all()) for notice in found.notices]

    assert (found.total, len(found.notices)) == (3, 3)


def test_facets_count_what_choosing_a_value_would_give() -> None:
    found = search.find(Query(text="数字化转型", kinds=("plan",)), ON)

    for name, counts in found.facets.items():
        for count in counts:
            narrowed = found.query.narrowed(name, (count.value,))
            assert (name, count.value, search.find(narrowed, ON).total) == (name, count.value, count.count)


def test_nothing_found_names_the_condition_that_hides_most() -> None:
    found = search.find(Query(text="数字化", kinds=("voucher",), areas=("370200",)), ON)

    assert (found.total, found.dropping) == (0, [Count("kind", 2), Count("area", 1)])


def test_closing_soonest_comes_before_what_has_no_end_and_what_is_over() -> None:
    published(slug="late", title_zh="海塔甲", items=[{"closes_on": date(2026, 12, 31)}])
    published(slug="soon", title_zh="海塔乙", items=[{"closes_on": date(2026, 11, 25)}])
    published(slug="over", title_zh="海塔丙", items=[{"closes_on": date(2026, 11, 24)}])
    published(slug="open", title_zh="海塔丁", items=[{}])

    assert slugs(text="海塔", sort="closing") == ["soon", "late", "open", "over"]


@pytest.mark.parametrize(
    ("state", "expected"), [("open", ["b", "a"]), ("closing", ["a"]), ("ended", ["d", "c"])]
)
def test_the_status_follows_the_day(state: str, expected: list[str]) -> None:
    published(slug="a", title_zh="海塔", items=[{"closes_on": date(2026, 12, 25)}])
    published(slug="b", title_zh="海塔", items=[{"closes_on": date(2026, 12, 26)}])
    published(slug="c", title_zh="海塔", items=[{"closes_on": date(2026, 11, 24)}])
    published(slug="d", title_zh="海塔", effective_to=date(2026, 11, 24))

    assert slugs(text="海塔", states=(state,)) == expected


def test_with_two_last_days_the_next_one_counts_and_the_notice_stays_open() -> None:
    days = [{"closes_on": date(2026, 11, 1)}, {"closes_on": date(2026, 12, 1)}]
    published(slug="two", title_zh="海塔", items=days)

    assert slugs(text="海塔", states=("closing",)) == ["two"]
    assert slugs(text="海塔", states=("ended",)) == []


def test_a_city_filter_holds_its_districts() -> None:
    published(slug="laoshan", title_zh="海塔", region_id="370212")

    assert slugs(text="海塔", areas=("370200",)) == ["laoshan"]
    assert slugs(text="海塔", areas=("370100",)) == []


def test_drafts_are_never_found() -> None:
    assert slugs(text="征求意见稿") == []
