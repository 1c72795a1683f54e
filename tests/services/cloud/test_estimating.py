"""What a product costs over years: the sum, its page, and what is typed wrongly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.cloud import estimating
from services.cloud.estimating import Wanted
from services.cloud.models import PriceVersion
from tests.factories.cloud import on_sale
from tests.factories.vouchers import programme
from tests.pages import PageClient

YUAN = 100


@pytest.mark.parametrize(
    ("period", "wanted", "expected"),
    [
        ("year", Wanted(1, 1), (1_100, 1_000, 1_100)),
        ("year", Wanted(10, 3), (11_000, 10_000, 31_000)),
        ("month", Wanted(2, 2), (24_200, 24_000, 48_200)),
        ("once", Wanted(2, 5), (2_200, 0, 2_200)),
    ],
)
def test_set_up_is_paid_once_and_what_runs_every_year(
    period: str, wanted: Wanted, expected: tuple[int, int, int]
) -> None:
    price = PriceVersion(price_fen=1_000, setup_fen=100, period=period)

    found = estimating.of(price, wanted, exit_fen=None)

    assert (found.first_fen, found.later_fen, found.total_fen) == expected


def test_a_voucher_is_taken_off_once() -> None:
    price = PriceVersion(price_fen=1_000, setup_fen=0, period="year")

    assert estimating.of(price, Wanted(1, 3), voucher_fen=300, exit_fen=None).total_fen == 2_700


@pytest.mark.django_db
def test_page_and_comparison_say_the_same_sum_with_the_voucher_for_so_many(client: PageClient) -> None:
    programme(rate_percent=30, cap_fen=50_000 * YUAN)
    product = on_sale(1_000 * YUAN, exit_fee_fen=None)

    page = client.get(f"/en/cloud/products/{product.slug}/?count=10&years=2").content.decode()
    table = client.get(f"/en/cloud/compare/?p={product.slug}&count=10&years=2").content.decode()

    # 60 percent of the price can be supported: 30 percent of ¥6,000.
    for text in (page, table):
        assert "In all, for 10 over 2 years" in text
        assert "¥18,200" in text
    assert "Not stated by the provider" in page.split('id="estimate"')[1].split("</section>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["0", "-3", "1e5", "abc", "", "100001", "9" * 4999])
def test_what_is_no_number_of_units_is_said_and_kept(client: PageClient, count: str) -> None:
    product = on_sale(1_000 * YUAN)

    for path in (f"products/{product.slug}/", "compare/"):
        given = {"count": count, "years": "2", "p": product.slug}
        response = client.get(f"/en/cloud/{path}", given)

        text = response.content.decode()
        assert response.status_code == 200
        assert list(response.context["form"].errors) == ["count"]
        assert "In all, for 1 over 3 years" in text


@pytest.mark.django_db
def test_the_sum_costs_no_query_for_each_product(client: PageClient) -> None:
    programme()
    rows = [on_sale() for _number in "123"]
    counts = []
    for count in (1, 3):
        query = "&".join(f"p={row.slug}" for row in rows[:count])
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/en/cloud/compare/?{query}")
        counts.append(len(asked))

    assert counts[0] == counts[1]
