"""The public pages."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from core import calendar
from enterprises.actions import record_fact
from services.policies import actions, front, rows
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, NoticeFactory, gate, published

pytestmark = pytest.mark.django_db


def shown(html: bytes) -> list[str]:
    """Return the slugs of the rows, in order."""
    return re.findall(r'id="n-([\w-]+)"', html.decode())


def words(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


# --- the list -----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["/policies/?q=海塔", "/en/policies/?q=海塔&kind=funding"])
def test_a_search_costs_three_queries_whatever_it_finds(
    client: Client, rows: int, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        published(items=[{"criteria": [IN_QINGDAO]}])

    with django_assert_num_queries(3):
        page = client.get(address)

    assert len(shown(page.content)) == rows


def test_the_plain_list_costs_three_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        page = client.get("/policies/")

    assert len(shown(page.content)) == 20


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_row_leads_to_the_page_of_its_notice(language: str) -> None:
    notice = published(slug="newest")

    with translation.override(language):
        assert rows.page_url(notice) == reverse("policies:detail", args=["newest"])


def test_everything_newest_first_without_a_question(client: Client) -> None:
    published(slug="newest", issued_on=date(2026, 11, 24))

    assert shown(client.get("/policies/").content)[0] == "newest"


def test_what_was_searched_for_is_marked(client: Client) -> None:
    published(title_zh="海塔诊断券")

    assert "海塔<mark>诊断</mark>券" in client.get("/policies/?q=诊断&kind=funding").content.decode()


@pytest.mark.parametrize(
    ("address", "goal"),
    [("/policies/?page=99", "/policies/?page=3"), ("/policies/?q=DCMM&page=7", "/policies/?q=DCMM")],
)
def test_beyond_the_last_page_leads_to_the_last(client: Client, address: str, goal: str) -> None:
    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, goal)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=999999999999999999999", "kind=nonsense", "region=999999",
     "region=x", "state=x&sort=x&level=x", "q=%00", "q='%22%3B--", "q=" + "长" * 3000, "q=%F0%9F%98%80",
     "from=%", "since=x", "since=0000-00-00", "since=9999-12-31", "since=2026-W01", "issuer=%27&issuer=x",
     "issuer=" + "长" * 3000, "fit=met&fit=x", "sort=best", "page=٣", "q=%ED%A0%80", "q=%7C%26%21%28",
     "region=000000&" * 300],
)  # fmt: skip
def test_strange_addresses_are_read_as_far_as_they_make_sense(client: Client, query: str) -> None:
    assert client.get(f"/policies/?{query}", follow=True).status_code in {200, 400}


def test_chosen_conditions_are_listed_and_each_can_be_dropped(client: Client) -> None:
    page = client.get("/policies/?q=数字化&kind=plan&kind=voucher&page=1")

    chips = re.findall(r'<a class="chip" href="([^"#]+)#results"', page.content.decode())
    assert [
        chip.replace("%E6%95%B0%E5%AD%97%E5%8C%96", "数字化").replace("&amp;", "&") for chip in chips
    ] == [
        "/policies/?kind=plan&kind=voucher",
        "/policies/?q=数字化&kind=voucher",
        "/policies/?q=数字化&kind=plan",
    ]


def test_agency_and_date_are_conditions_like_the_others(client: Client) -> None:
    page = client.get("/en/policies/?issuer=山东省人民政府&since=2020-01-01").content.decode()

    chips = re.findall(r'<a class="chip" href="[^"]+">([^<]+)<', page)
    assert len(chips) == 2
    assert chips[0] == "Since 2020-01-01"
    assert "Government" in chips[1]


def test_pages_name_their_neighbours(client: Client) -> None:
    page = client.get("/policies/?page=2").content.decode()

    head = page.split("</head>")[0]
    assert '<link rel="prev" href="/policies/">' in head
    assert '<link rel="next" href="?page=3">' in head


def test_a_shared_search_says_what_it_found(client: Client) -> None:
    published(title_zh="海塔诊断券")

    page = client.get("/en/policies/?q=海塔诊断券").content.decode()
    assert '<meta property="og:title" content="“海塔诊断券” · Policy services · SME' in page
    assert 'content="1 policy notice on “海塔诊断券”: who qualifies, how much, until when."' in page


def test_only_what_fits_is_offered_to_whom_it_can_be_said(client: Client) -> None:
    published(slug="fits", items=[{"criteria": [IN_QINGDAO]}])
    published(slug="not", items=[{"criteria": [gate("region", "within", "370100")]}])
    assert shown(client.get("/policies/?q=海塔&fit=met").content) == ["not", "fits"]
    assert 'name="fit"' not in client.get("/policies/?q=海塔&fit=met").content.decode()

    client.post("/policies/check/", {"industry": "34", "staff": "20-299", "district": "370211"})

    page = client.get("/policies/?q=海塔&fit=met").content
    assert shown(page) == ["fits"]
    assert 'name="fit" value="met" checked' in page.decode()


def test_options_without_a_notice_stand_last(client: Client) -> None:
    page = client.get("/policies/?q=DCMM").content.decode()

    group = re.search(
        r'<fieldset><legend>[^<]*</legend>\s*(<label class="check"><input[^>]*name="kind".*?)</fieldset>',
        page,
        re.S,
    )
    assert group
    counts = [int(count) for count in re.findall(r'class="count">(\d+)<', group[1])]
    assert counts == sorted(counts, key=lambda count: count == 0)
    assert 0 in counts


def test_nothing_found_says_what_to_drop_and_leads_to_a_person(client: Client) -> None:
    page = client.get("/en/policies/?q=数字化&kind=voucher&region=370200")

    assert "Without the condition “Voucher” there are 2 notices." in words(page.content)
    assert (
        "/en/requests/ask/?source_label=Policy+services&amp;source_url=%2Fen%2Fpolicies%2F%3Fq"
        in page.content.decode()
    )


def test_a_member_sees_why_it_fits_and_what_is_missing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    li = MembershipFactory()
    record_fact(li.enterprise, "region", "370211", source="self", on=date(2026, 11, 1), by=None)
    published(slug="fits", items=[{"criteria": [IN_QINGDAO]}])
    published(slug="asks", items=[{"criteria": [AT_MOST_300]}])
    sign_in(client, li.user)

    page = client.get("/en/policies/?q=海塔")

    assert shown(page.content) == ["asks", "fits"]
    assert "Fits you: Region: Qingdao" in words(page.content)
    assert "May fit you: Employees: at most 300 people. Still needed: Employees" in words(page.content)


def test_a_member_sees_what_closes_soonest_first(client: Client) -> None:
    published(slug="newer", items=[{}], issued_on=date(2026, 11, 20))
    published(slug="sooner", items=[{"closes_on": calendar.today()}], issued_on=date(2026, 1, 1))
    assert shown(client.get("/policies/?q=海塔").content) == ["newer", "sooner"]

    sign_in(client, MembershipFactory().user)

    assert shown(client.get("/policies/?q=海塔").content) == ["sooner", "newer"]


def test_drafts_are_in_no_list_and_have_no_page(client: Client) -> None:
    notice = NoticeFactory()

    assert shown(client.get("/policies/?q=海塔").content) == []
    assert client.get(f"/policies/{notice.slug}/").status_code == 404


# --- one notice -------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["cn-gradient-2026", "cn-indicator-2022", "cn-tax-rd"])
def test_a_notice_costs_four_queries_with_items_and_without(
    client: Client, slug: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        assert client.get(f"/policies/{slug}/").status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_the_number_of_items_costs_no_query(
    client: Client, items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notice = published(items=[{"criteria": [IN_QINGDAO]}] * items)

    with django_assert_num_queries(4):
        client.get(f"/policies/{notice.slug}/")


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_real_notice_has_its_page(client: Client, language: str) -> None:
    slugs = [slug for number in (1, 2, 3) for slug in shown(client.get(f"/policies/?page={number}").content)]

    assert len(set(slugs)) == 56
    assert {client.get(f"{language}/policies/{slug}/").status_code for slug in slugs} == {200}


def test_uncertainty_is_told(client: Client) -> None:
    page = words(client.get("/en/policies/cn-little-giant-2024/").content)

    assert "To be verified" in page
    assert "has not been checked with the issuer yet" in page
    assert "Evidence: confirmed (number and purpose); amount from a secondary source" in page


def test_a_superseded_notice_says_so_and_leads_on(client: Client) -> None:
    page = client.get("/en/policies/cn-gradient-2022/").content.decode()

    assert page.index("This notice has been superseded.") < page.index("<h1")
    assert 'href="/en/policies/cn-gradient-2026/"' in page


def test_a_repealed_notice_keeps_its_address(client: Client) -> None:
    notice = published()
    actions.repeal(notice, reason="废止", by=None)

    page = client.get(f"/en/policies/{notice.slug}/")

    assert (page.status_code, "This notice has been repealed." in page.content.decode()) == (200, True)


def test_a_month_is_not_shown_as_a_day(client: Client) -> None:
    assert "Issued on 2025-05 Where" in words(client.get("/en/policies/cn-pilot-2025/").content)


def test_what_only_exists_in_chinese_is_marked_as_such(client: Client) -> None:
    notice = published(title_en="", summary_en="")

    page = client.get(f"/en/policies/{notice.slug}/").content.decode()

    assert "Only in Chinese" in page
    assert '<h1 lang="zh-Hans">' in page


def test_a_member_sees_each_condition_with_the_fact_its_source_and_its_day(client: Client) -> None:
    li = MembershipFactory()
    record_fact(li.enterprise, "employees", 301, source="self", on=date(2026, 11, 1), by=None)
    notice = published(items=[{"criteria": [IN_QINGDAO, AT_MOST_300, gate("digital_level", "at_least", 2)]}])
    sign_in(client, li.user)

    page = words(client.get(f"/en/policies/{notice.slug}/").content)

    assert "Cannot tell yet Region: Qingdao City not known yet Supply: Region" in page
    assert "Not met Employees: at most 300 people Yours: 301 people (own statement · 2026-11-01)" in page
    assert "It does not fit: at least one condition is not met." in page


def test_stored_markup_cannot_run(client: Client) -> None:
    notice = published(body_zh="<h2>第一条</h2><script>alert(1)</script>")
    type(notice).objects.filter(pk=notice.pk).update(body_zh="<h2>第一条</h2><img src=x onerror=alert(1)>")

    page = client.get(f"/policies/{notice.slug}/").content.decode()

    assert '<div class="prose official" lang="zh-Hans"><h2>第一条</h2></div>' in page


def test_back_leads_to_the_same_list_and_nowhere_else(client: Client) -> None:
    page = client.get("/policies/cn-hnte/?from=q%3D高新%26page%3D2%26next%3D//evil.example")

    assert 'href="/policies/?q=%E9%AB%98%E6%96%B0&amp;page=2#n-cn-hnte"' in page.content.decode()
    assert "evil" not in page.content.decode().split("<main")[1].split("</main")[0]


def test_asking_names_the_notice(client: Client) -> None:
    page = client.get("/en/policies/cn-hnte/").content.decode()

    assert "/en/requests/ask/?source_label=Administrative+measures" in page
    assert "source_url=%2Fen%2Fpolicies%2Fcn-hnte%2F" in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/policies/", "/policies/check/", "/policies/cn-hnte/"])
def test_nothing_else_can_be_done_here(client: Client, method: str, address: str) -> None:
    assert getattr(client, method)(address).status_code == 405


# --- the home page's figures ------------------------------------------------------------------


def test_the_home_page_gets_what_closes_next_in_one_query(
    db: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    today = date(2026, 11, 25)
    for slug, day in (("b", date(2026, 11, 30)), ("a", date(2026, 11, 25)), ("past", date(2026, 11, 24))):
        published(slug=slug, items=[{"title_zh": slug, "closes_on": day}])

    with django_assert_num_queries(1):
        found = front.closing_soon(2, today)

    assert [(one.title, one.days_left) for one in found] == [("a", 0), ("b", 5)]


def test_the_home_page_gets_the_newest_and_the_number_in_force(
    db: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    today = date(2026, 11, 25)
    before = front.in_force_count(today)
    published(title_zh="最新的", issued_on=date(2026, 11, 24))
    published(effective_to=date(2026, 11, 24))

    with django_assert_num_queries(2):
        assert [one.title for one in front.newest(1, today)] == ["最新的"]
        assert front.in_force_count(today) == before + 1


def test_someone_without_an_enterprise_sees_the_list_as_a_visitor_does(client: Client) -> None:
    sign_in(client, UserFactory())

    assert client.get("/policies/").context["reader"].is_known is False
