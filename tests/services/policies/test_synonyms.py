"""Words that mean the same: from the desk into the next search."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import audit
from services.policies import indexing, search, synonyms, terms
from services.policies.actions import synonyms as synonym_actions
from services.policies.models import SynonymSet
from services.policies.search import Query
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def slugs(text: str, **asked: object) -> list[str]:
    return [notice.slug for notice in search.find(Query(text=text, **asked), ON).notices]


def alike(*words: str) -> SynonymSet:
    return synonym_actions.save(SynonymSet(words=list(words)))


def test_a_word_finds_what_is_said_otherwise_in_either_language() -> None:
    published(slug="zh", title_zh="海塔焊机更新", title_en="")
    published(slug="en", title_zh="别的", title_en="Welder renewal hoitower")
    assert slugs("海塔焊机更新") == ["zh"]

    alike("海塔焊机更新", "hoitower welder renewal")

    assert slugs("海塔焊机更新") == ["en", "zh"]
    assert slugs("hoitower  WELDER renewal") == ["en", "zh"]


def test_a_part_of_a_chinese_word_may_be_said_otherwise() -> None:
    published(slug="long", summary_zh="海塔技艺改造项目")
    alike("海技", "海塔技艺")

    assert slugs("海技改造") == ["long"]


def test_other_words_still_have_to_be_found() -> None:
    published(slug="both", summary_zh="海塔技艺改造，含贷款。")
    published(slug="one", summary_zh="海塔技艺改造。")
    alike("海技", "海塔技艺")

    assert slugs("海技 贷款") == ["both"]


def test_a_long_way_of_saying_it_must_stand_whole_in_the_text() -> None:
    published(slug="seems", summary_zh="甲乙丙丁分开写，乙丙丁戊也分开写。")
    published(slug="holds", summary_zh="甲乙丙丁戊写在一起。")
    alike("海短", "甲乙丙丁戊")

    assert slugs("海短") == ["holds"]


def test_a_set_out_of_use_finds_nothing() -> None:
    published(slug="zh", title_zh="海塔焊机更新")
    row = alike("海焊", "海塔焊机")
    assert slugs("海焊") == ["zh"]

    row.is_used = False
    synonym_actions.save(row)

    assert slugs("海焊") == []


def test_knowing_the_words_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    published(slug="zh", title_zh="海塔焊机更新")
    alike("海焊", "海塔焊机")
    slugs("海焊")

    with django_assert_num_queries(3):
        assert slugs("海焊", page=1) == ["zh"]


def test_what_means_the_same_is_marked() -> None:
    asked = terms.read("海焊", synonyms.by_word([["海焊", "海塔焊机", "welder"]]))

    hits = [piece.text for piece in terms.marked("海塔焊机和 Welders", asked) if piece.is_hit]
    assert hits == ["海塔焊机", "Welders"]


@pytest.mark.parametrize("words", [["'", "x' | !y"], ["\\", "a\\"], ["", "()"], ["^", "#"]])
def test_strange_words_ask_for_nothing_strange(words: list[str]) -> None:
    asked = terms.read(f"a b {words[0]} {words[1]}", synonyms.by_word([[*words, "a b"]]))

    sql, values = terms.condition(asked, exactly=True)
    assert sql.count("%s") == len(values)
    assert search.find(Query(text="a b"), ON).total >= 0


def test_the_starter_sets_come_once() -> None:
    count = SynonymSet.objects.count()

    assert count > 10
    assert (synonym_actions.load_starter(), SynonymSet.objects.count()) == (0, count)


# --- at the desk -----------------------------------------------------------------------


def test_a_publisher_writes_a_set_and_the_history_says_so(client: Client) -> None:
    sun = UserFactory(roles=["publisher"])
    sign_in(client, sun)

    client.post("/admin/policies/synonymset/add/", {"words": "海焊，海塔焊机、海焊\nwelder", "is_used": "on"})

    row = SynonymSet.objects.get(words__contains=["海焊"])
    assert row.words == ["海焊", "海塔焊机", "welder"]
    assert [(event.verb, event.actor_id) for event in audit.history(row)] == [("add", sun.pk)]


@pytest.mark.parametrize(
    "words", ["海焊", "海焊,海焊", "，、", "a," + "长" * 61, ",".join(map(str, range(21)))]
)
def test_what_is_no_set_is_refused_and_kept_in_the_form(client: Client, words: str) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))

    page = client.post("/admin/policies/synonymset/add/", {"words": words, "is_used": "on"})

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert words in page.content.decode()


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("reviewer", 403), ("triage_officer", 403)])
def test_who_else_may_look(client: Client, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get("/admin/policies/synonymset/").status_code == status
    assert client.get("/admin/policies/synonymset/add/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SynonymSet.objects.all().delete()
    for number in range(rows):
        alike(f"甲{number}", f"乙{number}")
    sign_in(client, UserFactory(roles=["publisher"]))
    client.get("/admin/policies/synonymset/")

    with django_assert_num_queries(6):
        client.get("/admin/policies/synonymset/")


# --- rows cut by older rules ----------------------------------------------------------------


def test_rows_cut_by_older_rules_are_written_anew_once() -> None:
    notice = published(title_zh="海塔")
    type(notice.search_row).objects.filter(pk=notice.pk).update(rules=0, issuer=None, cell=None)

    assert (indexing.recut(), indexing.recut()) == (1, 0)
    notice.refresh_from_db()
    assert (notice.search_row.rules, str(notice.search_row.issuer)) == (terms.RULES, "青岛市工业和信息化局")


def test_a_row_the_release_before_wrote_is_counted_and_gets_its_cell() -> None:
    notice = published(title_zh="海塔", kind="tax")
    type(notice.search_row).objects.filter(pk=notice.pk).update(cell=None)

    before = search.find(Query(text="海塔"), ON)
    indexing.recut()
    after = search.find(Query(text="海塔", kinds=("tax",)), ON)

    assert (before.total, before.facets["area"], after.total) == (1, [], 1)
