"""Searching the 57 real notices, held against LIKE."""

import random
from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from core import text
from enterprises.models import EnterpriseFacet
from services.policies import actions, indexing, one_pass, search, terms
from services.policies.forms import filters
from services.policies.models import Issuer, NoticeSearch, PolicyNotice, SynonymSet
from services.policies.search import Count, Query
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _words_mean_themselves_only() -> None:
    """Take the starter synonyms away, and let this process know."""
    SynonymSet.objects.all().delete()
    indexing.mark("words")
    search.find(Query(), ON)


def slugs(**asked: object) -> list[str]:
    return [notice.slug for notice in search.find(Query(**asked), ON).notices]


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
        hits = NoticeSearch.objects.extra(where=[sql], params=values).values_list("text", flat=True)  # noqa: S610 - our own pieces
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

    monkeypatch.setattr(one_pass, "EXACT_UP_TO", 0)

    assert slugs(text="甲乙丙丁戊") == ["holds"]


def test_page_count_and_facets_come_in_three_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):
        found = search.find(Query(text="数字化转型", kinds=("plan",)), ON)
        [notice.its_items for notice in found.notices]

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


# --- best match, who issued it, since when, what fits ---------------------------------------


def test_the_best_match_is_the_number_itself_then_the_title_and_what_is_over_comes_last() -> None:
    published(slug="over", title_zh="海塔章程", effective_to=date(2026, 11, 24), issued_on=date(2026, 11, 1))
    published(slug="text", summary_zh="见海塔章程。", issued_on=date(2026, 11, 20))
    published(slug="title", title_zh="海塔章程", issued_on=date(2026, 1, 1))

    assert slugs(text="海塔章程", sort="best") == ["title", "text", "over"]


def test_the_notice_with_exactly_this_number_comes_first() -> None:
    published(slug="cites", title_zh="落实鲁海发〔2020〕7号", issued_on=date(2026, 11, 20))
    published(slug="itself", document_number="鲁海发〔2020〕7号", issued_on=date(2020, 1, 1))

    assert slugs(text="鲁海发[2020]7", sort="best") == ["itself", "cites"]


def facet_of(region: int, *, employees: int | None = None) -> EnterpriseFacet:
    return EnterpriseFacet(region_low=region, region_high=region, employees=employees)


def fitting_notices() -> None:
    published(slug="other", title_zh="海塔", items=[{"criteria": [gate("region", "within", "370100")]}])
    published(slug="plan", title_zh="海塔")
    published(slug="asks", title_zh="海塔", items=[{"criteria": [AT_MOST_300]}])
    published(slug="fits", title_zh="海塔", items=[{"criteria": [gate("region", "within", "370100")]},
                                                  {"criteria": [IN_QINGDAO]}])  # fmt: skip
    published(slug="newest", title_zh="海塔")


def test_the_best_match_is_what_fits_the_reader() -> None:
    fitting_notices()

    found = search.find(Query(text="海塔", sort="best"), ON, [facet_of(370211)])
    assert [notice.slug for notice in found.notices] == ["fits", "asks", "other", "newest", "plan"]


@pytest.mark.parametrize(
    ("fits", "expected"), [(("met",), ["fits"]), (("may",), ["asks"]), (("met", "may"), ["fits", "asks"])]
)
def test_only_what_fits_can_be_asked_for(fits: tuple[str, ...], expected: list[str]) -> None:
    fitting_notices()

    found = search.find(Query(text="海塔", fits=fits), ON, [facet_of(370211)])
    assert [notice.slug for notice in found.notices] == expected
    assert found.facets["fit"] == [Count("met", 1), Count("may", 1)]


def test_between_the_ends_of_a_band_it_may_fit() -> None:
    fitting_notices()

    found = search.find(
        Query(text="海塔", fits=("may",)), ON, [facet_of(370300, employees=n) for n in (100, 400)]
    )
    assert [notice.slug for notice in found.notices] == ["asks"]


def test_of_nobody_nothing_is_said_to_fit() -> None:
    fitting_notices()

    found = search.find(Query(text="海塔", fits=("met",)), ON)
    assert (found.total, found.facets["fit"]) == (5, [])


@pytest.mark.parametrize(
    ("since", "expected"),
    [("30", ["d30"]), ("90", ["d30", "d90"]), ("2026-10-25", ["d30"]), ("2026-08-27", ["d30", "d90"])],
)
def test_issued_since(since: str, expected: list[str]) -> None:
    published(slug="d30", title_zh="海塔", issued_on=date(2026, 10, 26))
    published(slug="d90", title_zh="海塔", issued_on=date(2026, 8, 27))
    published(slug="unknown", title_zh="海塔", to_be_verified=True)

    assert slugs(text="海塔", since=since) == expected
    counts = search.find(Query(text="海塔", since=since), ON).facets["since"]
    assert counts == [Count("30", 1), Count("90", 2), Count("365", 2)]


def test_agencies_are_counted_by_the_one_that_leads() -> None:
    published(slug="alone", title_zh="海塔", issuer_zh="海塔厅", issuer_en="Tower Department")
    published(slug="office", title_zh="海塔", issuer_zh="海塔厅办公室", issuer_en="Office")
    published(slug="joint", title_zh="海塔", issuer_zh="海塔厅、别的局", issuer_en="Joint")
    published(slug="another", title_zh="海塔", issuer_zh="别的局等三部门", issuer_en="Several")

    found = search.find(Query(text="海塔", issuers=("海塔厅",)), ON)
    assert [notice.slug for notice in found.notices] == ["joint", "office", "alone"]
    assert sorted(found.facets["issuer"], key=lambda count: count.count) == [
        Count("别的局", 1),
        Count("海塔厅", 3, "Tower Department"),
    ]


@pytest.mark.parametrize(
    ("chinese", "english", "called"),
    [
        ("财政部、税务总局", "Ministry of Finance; State Taxation Administration", "Ministry of Finance"),
        ("青岛市人民政府办公厅", "General Office of Qingdao Municipal People's Government",
         "Qingdao Municipal People's Government"),
        ("工业和信息化部等七部门", "MIIT and six other departments", "MIIT"),
        ("财政部办公厅、工业和信息化部办公厅", "General Offices of the Ministry of Finance and MIIT", ""),
        ("海塔厅", "", ""),
    ],
)  # fmt: skip
def test_the_leading_agency_is_called_in_english_as_its_notices_do(
    chinese: str, english: str, called: str
) -> None:
    assert indexing.leading_agency_english(chinese, english) == called


def test_what_an_agency_calls_itself_counts_more_than_what_is_taken_from_several() -> None:
    several = {"issuer_zh": "海塔厅、别的局", "issuer_en": "Tower; Other Bureau"}

    published(slug="joint", **several)
    taken = Issuer.objects.get(name_zh="海塔厅").name_en
    published(slug="alone", issuer_zh="海塔厅", issuer_en="Tower Department")
    published(slug="again", **several)

    assert taken == "Tower"
    assert Issuer.objects.get(name_zh="海塔厅").name_en == "Tower Department"


# --- what is remembered ---------------------------------------------------------------------


def test_a_change_is_seen_by_the_next_search() -> None:
    before = search.find(Query(), ON).total
    notice = published(slug="new")
    after = search.find(Query(), ON)
    actions.repeal(notice, reason="废止", by=None)

    assert (after.total, after.notices[0].title_zh) == (before + 1, notice.title_zh)
    assert Count("ended", 6) != after.facets["state"][2]
    assert search.find(Query(), ON).facets["state"][2].count == after.facets["state"][2].count + 1


def test_what_is_remembered_counts_nothing_anew() -> None:
    """Rows taken away behind the mark's back are still counted: only the mark decides."""
    total = search.find(Query(kinds=("plan",)), ON).total
    NoticeSearch.objects.filter(kind="plan").delete()

    assert search.find(Query(kinds=("plan",)), ON).total == total
    indexing.mark("notices")
    assert search.find(Query(kinds=("plan",)), ON).total == 0


@pytest.mark.parametrize(
    "asked", [Query(), Query(kinds=("plan", "guideline", "funding")), Query(sort="closing")]
)
def test_pages_far_down_are_the_rest_of_the_first(monkeypatch: pytest.MonkeyPatch, asked: Query) -> None:
    monkeypatch.setattr(one_pass, "KEPT", 20)
    monkeypatch.setattr(one_pass, "ANCHOR_EVERY", 7)
    monkeypatch.setattr(search, "ANCHOR_EVERY", 7)
    whole = [notice.slug for n in (1, 2, 3) for notice in search.find(replace(asked, page=n), ON).notices]
    again = [notice.slug for n in (1, 2, 3) for notice in search.find(replace(asked, page=n), ON).notices]

    assert (len(set(whole)), again) == (search.find(asked, ON).total, whole)
    published(slug="first", kind="plan", issued_on=date(2026, 11, 24), items=[{"closes_on": ON}])
    last = [notice.slug for n in (1, 2, 3) for notice in search.find(replace(asked, page=n), ON).notices]
    assert last == ["first", *whole]


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_page_far_down_costs_three_queries(
    monkeypatch: pytest.MonkeyPatch, rounds: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(one_pass, "KEPT", 20)
    for _ in range(rounds - 1):
        search.find(Query(page=3), ON)

    with django_assert_num_queries(3):
        assert len(search.find(Query(page=3), ON).notices) == 16


# --- whatever is typed -------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.one_of(
        st.text(max_size=60),
        st.text(alphabet="'\\\"|&!():*<->〔〕[](){}^#%_~.,;号年第20a中文 ", max_size=40),
    ),
    sort=st.sampled_from(["newest", "closing", "best"]),
)
def test_no_words_break_a_search(words: str, sort: str) -> None:
    page = filters.read(
        QueryDict(urlencode({"q": words.encode("utf-8", "replace"), "sort": sort})), sort="newest"
    )

    assert search.find(page, ON).total >= 0
    assert terms.marked("数字化 transformation [2024]15号", terms.read(words))


@pytest.mark.parametrize(
    "words", ["\x00", "\ud800数字", "长" * 10_000, "a b " * 5_000, "%s %(x)s {x}", "'||'"]
)
def test_hostile_words_break_nothing(words: str) -> None:
    assert search.find(Query(text=words), ON).total >= 0


def test_drafts_are_never_found() -> None:
    assert slugs(text="征求意见稿") == []
