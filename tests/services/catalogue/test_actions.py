import pytest

from core import audit
from services.catalogue import actions
from services.catalogue.models import Offering, Provider
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import OfferingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_catalogue() -> None:
    Offering.objects.all().delete()
    Provider.objects.all().delete()


def test_the_starter_catalogue_is_loaded_once(empty_catalogue: None) -> None:
    assert actions.load_starter_catalogue() == 50
    assert actions.load_starter_catalogue() == 0
    assert (Offering.objects.count(), Provider.objects.count()) == (50, 14)


def test_reloading_keeps_what_staff_have_edited(empty_catalogue: None) -> None:
    actions.load_starter_catalogue()
    Offering.objects.filter(slug="fac-diagnosis").update(name_zh="驻厂诊断")
    Provider.objects.filter(slug="platform").update(name_zh="青岛平台")
    Offering.objects.filter(slug="pol-rd").delete()

    assert actions.load_starter_catalogue() == 1

    assert Offering.objects.get(slug="fac-diagnosis").name_zh == "驻厂诊断"
    assert Provider.objects.get(slug="platform").name_zh == "青岛平台"


def test_the_questions_of_a_service_come_with_it_and_stay_as_staff_left_them(empty_catalogue: None) -> None:
    actions.load_starter_catalogue()
    asked = Offering.objects.get(slug="fac-connect").particulars
    assert [(one.kind, one.is_required, len(one.answers)) for one in asked.all()] == [
        ("number", True, 0),
        ("choice", False, 4),
    ]

    asked.all().delete()
    actions.load_starter_catalogue()

    assert asked.count() == 0


def test_every_starter_offering_speaks_both_languages(empty_catalogue: None) -> None:
    actions.load_starter_catalogue()

    for row in Offering.objects.all():
        assert all((row.name_zh, row.name_en, row.description_zh, row.description_en)), row.slug
        assert bool(row.deliverable_zh) == bool(row.deliverable_en), row.slug
        assert bool(row.price_note_zh) == bool(row.price_note_en), row.slug


def test_no_starter_provider_is_an_invented_body(empty_catalogue: None) -> None:
    actions.load_starter_catalogue()

    named = Provider.objects.exclude(name_zh__contains="待登记").values_list("name_zh", flat=True)

    assert list(named) == ["本平台"]


def test_retiring_twice_writes_one_event() -> None:
    offering, sun = OfferingFactory(), UserFactory(name="Sun")

    actions.retire(offering, by=sun)
    actions.retire(offering, by=sun)

    assert [event.verb for event in audit.history(offering)] == ["retire"]
    assert not Offering.objects.live().filter(pk=offering.pk).exists()


def test_a_retired_offering_comes_back() -> None:
    offering, sun = OfferingFactory(), UserFactory(name="Sun")
    actions.retire(offering, by=sun)

    actions.restore(offering, by=sun)

    assert [event.verb for event in audit.history(offering)] == ["restore", "retire"]
    assert Offering.objects.live().filter(pk=offering.pk).exists()
