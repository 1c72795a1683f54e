from decimal import Decimal

import pytest
from django.utils import timezone

from services.catalogue import actions, share
from services.catalogue.models import Offering
from services.catalogue.share import FreeShare
from tests.factories.catalogue import OfferingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_catalogue() -> None:
    Offering.objects.all().delete()


def test_the_starter_catalogue_is_92_percent_free() -> None:
    actions.load_starter_catalogue()

    found = share.free_share()

    assert (found, found.percent, found.is_alarming) == (FreeShare(50, 46), Decimal("92.0"), False)


@pytest.mark.parametrize(
    ("live", "free", "alarming"),
    [(10, 10, False), (10, 9, True), (100, 91, False), (1000, 900, True), (0, 0, False)],
)
def test_ninety_percent_or_less_alarms(live: int, free: int, alarming: bool) -> None:
    assert FreeShare(live, free).is_alarming is alarming


def test_nothing_offered_has_no_share() -> None:
    assert share.free_share().percent is None


def test_hidden_self_services_count_and_retired_offerings_do_not() -> None:
    OfferingFactory(self_service=True, page="nowhere:at-all")
    OfferingFactory(paid=True)
    OfferingFactory(retired_at=timezone.now())

    assert share.free_share() == FreeShare(live=2, free=1)
