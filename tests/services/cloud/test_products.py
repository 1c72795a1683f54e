"""Products and prices: entered by one, reviewed by another; the price of any day can be asked."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import calendar
from notifications.models import Notification
from services.cloud import shelf
from services.cloud.actions import products, sanctions
from services.cloud.models import CloudProduct, PriceVersion
from tests.factories.accounts import UserFactory
from tests.factories.cloud import ProductFactory, listed, on_sale, priced, staff

pytestmark = pytest.mark.django_db
TODAY = calendar.today
DAY = timedelta(days=1)


def proposed(product: CloudProduct, by: object, fen: int = 100_000) -> PriceVersion:
    return products.propose_price(
        product, price_fen=fen, unit="account", period="year", valid_from=TODAY(), by=by
    )


def test_a_product_goes_on_the_list_by_three_people() -> None:
    author, county, city = UserFactory(), staff("county_reviewer"), staff("city_reviewer")
    product = ProductFactory(author=author)
    products.approve_price(proposed(product, author), by=county)

    products.review(product, by=county)
    done = products.list_product(product, by=city)

    assert (done.state, done.reviewed_by) == ("listed", county)
    assert [row.product.pk for row in shelf.on_sale(TODAY())] == [product.pk]
    assert [row.recipient_id for row in Notification.objects.filter(kind="cloud.price_proposed")] == [
        county.pk
    ]


def test_nobody_reviews_what_they_entered_or_approves_what_they_proposed() -> None:
    author = staff("county_reviewer")
    product = ProductFactory(author=author)
    price = proposed(product, author)

    for act in (
        lambda: products.review(product, by=author),
        lambda: products.approve_price(price, by=author),
        lambda: products.refuse_price(price, reason="错", by=author),
    ):
        with pytest.raises(ValidationError):
            act()


@pytest.mark.parametrize("missing", [{"export_formats": []}, {"exit_terms_zh": ""}])
def test_exit_terms_are_required_of_every_product(missing: dict[str, object]) -> None:
    product = ProductFactory(**missing)
    priced(product)

    with pytest.raises(ValidationError):
        products.review(product, by=staff("county_reviewer"))


def test_a_product_follows_its_provider() -> None:
    listing = listed()
    product = on_sale(provider=listing.provider)

    sanctions.suspend(listing, reason_zh="迟复", by=staff("city_reviewer"))

    assert shelf.on_sale(TODAY()) == []
    assert shelf.one(product.slug, TODAY()) is not None


def test_without_a_price_in_force_nothing_is_listed() -> None:
    product = ProductFactory(state="reviewed", reviewed_by=UserFactory(), reviewed_at=calendar.now())
    priced(product, on=TODAY() + DAY)

    with pytest.raises(ValidationError):
        products.list_product(product, by=staff("city_reviewer"))


def test_the_price_of_a_day_is_the_newest_approved_one_that_has_begun() -> None:
    product = ProductFactory()
    old, new = priced(product, 100, TODAY() - 9 * DAY), priced(product, 200, TODAY())
    priced(product, 300, TODAY() - 2 * DAY, state="refused")

    assert product.price_on(TODAY() - 10 * DAY) is None
    assert product.price_on(TODAY() - 9 * DAY) == old
    assert product.price_on(TODAY() - DAY) == old
    assert product.price_on(TODAY() + 99 * DAY) == new


def test_a_price_begins_today_at_the_earliest_and_alone_on_its_day() -> None:
    product, county = ProductFactory(), staff("county_reviewer")
    with pytest.raises(ValidationError):
        products.propose_price(
            product, price_fen=1, unit="account", period="year", valid_from=TODAY() - DAY, by=None
        )

    products.approve_price(proposed(product, UserFactory()), by=county)

    with pytest.raises(ValidationError):
        products.approve_price(proposed(product, UserFactory(), 1), by=county)


def test_the_database_keeps_one_approved_price_a_day() -> None:
    product = ProductFactory()
    priced(product, on=TODAY())

    with pytest.raises(IntegrityError, match="price_one_a_day"), transaction.atomic():
        priced(product, on=TODAY())


def test_the_first_year_counts_twelve_months_and_the_set_up() -> None:
    product = ProductFactory()

    assert priced(product, 500, period="month", setup_fen=100).yearly_fen == 6_100
    assert priced(product, 500, TODAY(), period="year", setup_fen=100).yearly_fen == 600
