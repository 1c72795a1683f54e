"""The figures of the open book of the voucher money are counted once a minute."""

import pytest
from pytest_django import DjangoAssertNumQueries

from services.cloud import fund_figures
from tests.factories.vouchers import programme

pytestmark = pytest.mark.django_db


def test_the_second_reader_of_a_minute_gets_the_same_figures_for_no_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    programmes = [programme()]

    first = fund_figures.paces(), fund_figures.counts(programmes)
    with django_assert_num_queries(0):
        again = fund_figures.paces(), fund_figures.counts(programmes)

    assert again == first


def test_figures_older_than_that_are_counted_anew(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(fund_figures, "FIGURES_SECONDS", 0)
    fund_figures.paces()

    with django_assert_num_queries(5):
        fund_figures.paces()
