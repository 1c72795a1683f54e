"""Each journey begins with what it is, how long it takes, which papers it needs, and what comes after."""

import pytest
from django.test import Client

from services.catalogue.models import Offering
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "/en/requests/new/?offering={offering}",
            ["For whom", "About 5 minutes", "Papers", "Every page is saved", "What happens then"],
        ),
        (
            "/en/enterprise/register/",
            [
                "Who it is for",
                "About 8 minutes",
                "business licence",
                "Every page is saved",
                "What happens after",
            ],
        ),
        (
            "/en/assessments/",
            ["For small and medium enterprises", "minute", "At hand:", "Every page is saved", "Afterwards:"],
        ),
        (
            "/en/cloud/vouchers/",
            ["For enterprises whose", "About ten minutes", "At hand:", "saved as a draft", "How it goes"],
        ),
        (
            "/en/cloud/conversions/",
            ["For enterprises whose", "About ten minutes", "At hand:", "saved at every step", "How it goes"],
        ),
    ],
)
def test_a_start_page_says_what_is_ahead(client: Client, address: str, said: list[str]) -> None:
    offering: Offering = OfferingFactory()
    sign_in(client, cast().li)

    page = client.get(address.format(offering=offering.slug)).text

    assert [words for words in said if words not in page] == []
