"""The pages of the market: list, product, comparison, providers. Open to everybody."""

from typing import Any

import pytest
from django.test import Client

from core import calendar
from services.cloud.actions import products, sanctions
from tests.factories.cloud import ListingFactory, listed, on_sale, priced, staff
from tests.factories.vouchers import programme
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def slugs(response: Any) -> list[str]:
    return [row["slug"] for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        on_sale()

    with django_assert_num_queries(4):
        response = client.get("/en/cloud/products/")

    assert len(slugs(response)) == count


def test_the_list_is_narrowed_and_counts_what_each_choice_gives(client: PageClient) -> None:
    cheap, dear = on_sale(50_000), on_sale(900_000, needs=["finance"], category="platform")

    response = client.get("/en/cloud/products/?price=1000")

    assert slugs(response) == [cheap.slug]
    price = next(view for view in response.context["facets"] if view.name == "price")
    assert {option.value: option.count for option in price.options if option.count} == {
        "1000": 1, "20000": 1,
    }  # fmt: skip
    assert slugs(client.get("/en/cloud/products/?need=finance&category=platform")) == [dear.slug]


def test_nothing_found_names_the_condition_to_drop(client: PageClient) -> None:
    on_sale()

    response = client.get("/en/cloud/products/?need=finance&category=application&sort=price")

    condition, number = response.context["best_to_drop"]
    assert number == 1
    assert condition.url.endswith("category=application")


@pytest.mark.parametrize(
    ("sort", "first"),
    [("price", "cheap"), ("exit", "easy"), ("newest", "easy"), ("", "cheap"), ("nonsense", "cheap")],
)
def test_the_order_can_be_chosen(client: PageClient, sort: str, first: str) -> None:
    on_sale(100_000, slug="cheap", exit_fee_fen=5)
    on_sale(200_000, slug="easy", export_formats=["dump"], minimum_months=1)

    assert slugs(client.get(f"/en/cloud/products/?sort={sort}"))[0] == first


def test_a_page_beyond_the_last_leads_to_the_last(client: Client) -> None:
    on_sale()

    response = client.get("/cloud/products/?page=9&sort=price")

    assert (response.status_code, response["Location"]) == (302, "/cloud/products/?sort=price")


def test_a_product_says_what_it_costs_and_how_to_leave(client: PageClient) -> None:
    product = on_sale(120_000, notice_days=None)
    priced(product, 90_000, calendar.today().replace(year=2020))

    text = client.get(f"/en/cloud/products/{product.slug}/").content.decode()

    for part in ("¥1,200 per account and year", "60 % of the price", "Not stated by the provider",
                 "CSV or Excel tables", "not stated", "Prices over time", "¥900 per account"):  # fmt: skip
        assert part in text


def test_a_delisted_product_keeps_its_page_and_cannot_be_chosen(client: PageClient) -> None:
    product = on_sale()
    products.delist(product, reason="停产", by=staff("city_reviewer"))

    response = client.get(f"/en/cloud/products/{product.slug}/")

    assert "cannot be chosen at present" in response.content.decode()
    assert not response.context["is_on_sale"]


def test_up_to_three_stand_side_by_side_with_row_heads(client: PageClient) -> None:
    rows = [on_sale(price) for price in (100, 200, 300, 400)]
    query = "&".join(f"p={row.slug}" for row in rows)

    response = client.get(f"/en/cloud/compare/?{query}&p=gone")

    text = response.content.decode()
    assert [column["name"] for column in response.context["columns"]] == [row.name_en for row in rows[:3]]
    assert (response.context["left_out"], response.context["unknown"]) == (1, 1)
    assert text.count('<th scope="row">') == 14
    assert "You chose 1 too many" in text
    assert "1 product of this address is no longer offered" in text


@pytest.mark.parametrize("query", ["", "?p=", "?p=none", "?p=..%2F", "?q=1"])
def test_a_comparison_of_nothing_says_how_to_begin(client: PageClient, query: str) -> None:
    response = client.get(f"/en/cloud/compare/{query}")

    assert response.status_code == 200
    assert "Choose products to compare" in response.content.decode()


def test_the_directory_shows_who_is_listed_and_who_no_longer_is(client: PageClient) -> None:
    here, gone = listed(), listed()
    ListingFactory()
    sanctions.suspend(gone, reason_zh="迟复", reason_en="Answered late", by=staff("city_reviewer"))

    response = client.get("/en/cloud/providers/")

    assert [row["name"] for row in response.context["listed"]] == [here.provider.name]
    assert [row["name"] for row in response.context["others"]] == [gone.provider.name]
    page = client.get(f"/en/cloud/providers/{gone.provider.slug}/").content.decode()
    assert "Answered late" in page


def test_who_only_applied_has_no_page(client: Client) -> None:
    row = ListingFactory()

    assert client.get(f"/cloud/providers/{row.provider.slug}/").status_code == 404


def test_the_price_after_a_voucher_stands_on_list_product_and_comparison(client: PageClient) -> None:
    programme(rate_percent=30, cap_fen=10_000_000)
    product = on_sale(100_000)

    after = "¥820 in the first year with a voucher of ¥180"
    for path in ("products/", f"products/{product.slug}/", f"compare/?p={product.slug}"):
        assert after in client.get(f"/en/cloud/{path}").content.decode(), path
    page = client.get(f"/en/cloud/products/{product.slug}/").content.decode()
    assert "left in the budget. Apply by" in page
    assert "vouchers to apply for" in client.get("/en/cloud/").content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_start_page_leads_on(client: PageClient, language: str) -> None:
    text = client.get(f"{language}/cloud/").content.decode()

    for path in ("/cloud/readiness/", "/cloud/products/", "/cloud/plans/", "/cloud/providers/"):
        assert f'href="{language}{path}"' in text
