import pytest

from services.catalogue import listing
from services.catalogue.models import Group, Offering
from tests.factories.catalogue import OfferingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_catalogue() -> None:
    Offering.objects.all().delete()


def test_a_self_service_is_listed_once_its_page_exists() -> None:
    built = OfferingFactory(self_service=True, page="home")
    OfferingFactory(self_service=True, page="nowhere:at-all")
    OfferingFactory(self_service=True, page="")

    assert listing.listed() == [built]


def test_hidden_offerings_are_not_listed() -> None:
    shown = OfferingFactory()
    OfferingFactory(is_listed=False)

    assert listing.listed() == [shown]


def test_the_groups_are_counted_as_listed() -> None:
    OfferingFactory(group=Group.CLOUD)
    OfferingFactory(group=Group.CLOUD)
    OfferingFactory(group=Group.INDUSTRIAL)

    assert listing.counts_by_group() == {"cloud": 2, "industrial": 1}


def test_next_best_is_a_free_offering_of_the_same_group() -> None:
    refused = OfferingFactory(position=1)
    OfferingFactory(position=2, paid=True)
    free = OfferingFactory(position=3)
    OfferingFactory(group=Group.CLOUD, position=1)

    assert listing.next_best(refused) == free


def test_next_best_is_none_when_nothing_else_can_be_requested() -> None:
    assert listing.next_best(OfferingFactory()) is None
