"""The front page shows what is in the database and nothing else."""

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from portal.views import chart_of
from services.catalogue.models import Offering
from services.policies.models import PolicyNotice
from services.requests.figures import Month
from tests.factories.enterprises import EnterpriseFactory

pytestmark = pytest.mark.django_db


def figures_of(client: Client) -> dict[str, object]:
    return {str(figure["label"]): figure["value"] for figure in client.get("/en/").context["figures"]}


def test_every_number_is_counted(client: Client) -> None:
    EnterpriseFactory.create_batch(2)

    assert figures_of(client) == {
        "Registered enterprises": 2,
        "Free services": "92",
        "Median first reply": None,
    }


def test_an_empty_portal_says_so_and_stays_whole(client: Client) -> None:
    PolicyNotice.objects.update(state=PolicyNotice.State.DRAFT)
    Offering.objects.all().delete()

    html = client.get("/en/").content.decode()

    assert ("No policy has been published yet" in html, "No window is closing soon" in html) == (True, True)
    assert ("nine in ten" in html, "the chart starts with the first one" in html) == (False, True)
    assert figures_of(client)["Free services"] is None


def test_nine_in_ten_free_is_said_only_while_it_is_true(client: Client) -> None:
    before = client.get("/en/").content.decode()
    Offering.objects.filter(is_free=True).first().delete()
    Offering.objects.filter(is_free=False).update(retired_at=None)
    Offering.objects.filter(pk__in=Offering.objects.filter(is_free=True)[:20]).delete()

    after = client.get("/en/").content.decode()

    assert ("nine in ten" in before, "nine in ten" in after) == (True, False)


def test_the_front_page_asks_little(client: Client, django_assert_num_queries) -> None:
    client.get("/")

    with django_assert_num_queries(5):
        client.get("/")


def test_the_chart_prints_its_numbers_and_repeats_them_in_a_table() -> None:
    with translation.override("zh-hans"):
        chart = chart_of([Month(date(2026, 9, 1), 305, 289), Month(date(2026, 10, 1), 0, 3)])

    assert chart.rows == (("9月", (305, 289)), ("10月", (0, 3)))
    assert [bar.value for bar in chart.bars] == [305, 289, 0, 3]
    assert chart.description == "9月：受理 305、办结 289；10月：受理 0、办结 3"
