from typing import Any

import pytest
from django.test import Client

from core import audit
from services.catalogue.models import Offering
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory, ProviderFactory
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
OFFERINGS = "/admin/catalogue/offering/"


@pytest.fixture(autouse=True)
def _empty_catalogue() -> None:
    Offering.objects.all().delete()


def answers(offering: Offering, **changes: Any) -> dict[str, Any]:
    fields = (
        "group", "name_zh", "name_en", "description_zh", "description_en", "deliverable_zh", "deliverable_en",
        "price_note_zh", "price_note_en", "turnaround_days", "audience", "mode", "page", "position",
    )  # fmt: skip
    given = {name: getattr(offering, name) for name in fields}
    none_asked = {"particulars-TOTAL_FORMS": "0", "particulars-INITIAL_FORMS": "0"}
    fixed = {"provider": offering.provider_id, "is_free": "on", "is_listed": "on"}
    return {**given, **fixed, **none_asked, **changes}


def test_the_lead_edits_an_offering_and_it_is_recorded(client: Client) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Lead", role="triage_lead"))

    response = client.post(f"{OFFERINGS}{offering.pk}/change/", answers(offering, name_zh="驻厂诊断"))

    offering.refresh_from_db()
    assert (response.status_code, offering.name_zh) == (302, "驻厂诊断")
    assert audit.history(offering).get().data == {"fields": ["name_zh"]}


def test_a_paid_offering_says_what_it_costs(client: Client) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Lead", role="triage_lead"))

    page = client.post(f"{OFFERINGS}{offering.pk}/change/", answers(offering, is_free=""))

    assert list(page.context["adminform"].form.errors) == ["price_note_zh"]


def test_an_offering_is_added(client: Client) -> None:
    plain = OfferingFactory.build(slug="new-one", provider=ProviderFactory())
    sign_in(client, officer("Lead", role="triage_lead"))

    response = client.post(f"{OFFERINGS}add/", answers(plain, slug="new-one"))

    assert response.status_code == 302
    assert Offering.objects.get().slug == "new-one"


@pytest.mark.parametrize(
    ("role", "status"), [("triage_officer", 403), ("auditor", 403), ("triage_lead", 302)]
)
def test_only_the_lead_retires(client: Client, role: str, status: int) -> None:
    offering = OfferingFactory()
    sign_in(client, UserFactory(roles=[role]))

    response = client.post(f"{OFFERINGS}{offering.pk}/retire/")

    offering.refresh_from_db()
    assert response.status_code == status
    assert (offering.retired_at is None) is (status == 403)


def test_retiring_asks_first(client: Client) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Lead", role="triage_lead"))

    page = client.get(f"{OFFERINGS}{offering.pk}/retire/")

    offering.refresh_from_db()
    assert (page.status_code, offering.retired_at) == (200, None)


def test_nothing_is_deleted(client: Client) -> None:
    offering = OfferingFactory()
    sign_in(client, officer("Lead", role="triage_lead"))

    assert client.post(f"{OFFERINGS}{offering.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("paid", "alarming"), [(0, False), (1, True)])
def test_the_list_warns_when_the_promise_is_broken(client: Client, paid: int, alarming: bool) -> None:
    OfferingFactory.create_batch(9)
    OfferingFactory.create_batch(paid, paid=True)

    page = sign_in(client, officer("Lead", role="triage_lead")).get(OFFERINGS)

    assert ("notice--hot" in page.content.decode()) is alarming


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    OfferingFactory.create_batch(count)
    sign_in(client, officer("Lead", role="triage_lead")).get(OFFERINGS)

    # Session, user, permissions (2); then free share, count, rows.
    with django_assert_num_queries(7):
        client.get(OFFERINGS)
