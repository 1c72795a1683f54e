"""Sub-portals and widgets: a filter over the same rows, framed by the named sites and nobody else."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from services.catalogue.models import Group, Offering
from services.industry import actions
from services.industry.models import Partner
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.industry import OccasionFactory, PartnerFactory
from tests.factories.policies import published

pytestmark = pytest.mark.django_db


def test_a_sub_portal_shows_what_holds_in_its_place(client: Client) -> None:
    Offering.objects.all().delete()
    partner = PartnerFactory(groups=[Group.CLOUD])
    cloud, _other = OfferingFactory(group=Group.CLOUD), OfferingFactory(group=Group.POLICY)
    here = OccasionFactory(region_id="370281")
    OccasionFactory(region_id="370102")
    online = OccasionFactory(region_id=None)

    response = client.get(f"/en/parks/{partner.park.slug}/")

    assert response.context["offerings"] == [cloud]
    assert sorted(row.pk for row in response.context["occasions"]) == [here.pk, online.pk]


def test_policies_of_other_cities_are_left_out(client: Client) -> None:
    partner = PartnerFactory()
    for slug, region in (("of-jiaozhou", "370281"), ("of-qingdao", "370200"), ("of-jinan", "370100")):
        published(
            items=[{"criteria": []}], slug=slug, region_id=region, title_zh=slug, issued_on=date(2026, 11, 20)
        )

    shown = {row.title for row in client.get(f"/parks/{partner.park.slug}/").context["policies"]}

    assert {"of-jiaozhou", "of-qingdao"} <= shown
    assert "of-jinan" not in shown


def test_only_the_named_sites_may_frame_a_widget(client: Client) -> None:
    named = client.get(f"/widget/{PartnerFactory().slug}/")
    nobody = client.get(f"/widget/{PartnerFactory(origins=[]).slug}/")

    assert "frame-ancestors https://www.park.example" in named["Content-Security-Policy"]
    assert "X-Frame-Options" not in named
    assert "frame-ancestors 'none'" in nobody["Content-Security-Policy"]
    assert nobody["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in named["Content-Security-Policy"]


def test_a_widget_has_no_form_no_script_and_no_cookie(client: Client) -> None:
    OccasionFactory()

    response = client.get(f"/widget/{PartnerFactory().slug}/")

    page = response.content.decode()
    assert [mark for mark in ("<form", "<script", "csrf") if mark in page] == []
    assert not response.cookies


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_withdrawn_partner_shows_nothing(client: Client, language: str) -> None:
    partner = PartnerFactory()
    actions.withdraw(partner, reason="合作结束", by=UserFactory(roles=["reviewer"]))

    assert client.get(f"{language}/widget/{partner.slug}/").status_code == 404
    assert client.get(f"{language}/parks/{partner.park.slug}/").status_code == 404


def test_a_sub_portal_goes_with_its_park(client: Client) -> None:
    partner = PartnerFactory()
    actions.withdraw(partner.park, reason="待核实", by=UserFactory(roles=["reviewer"]))

    assert client.get(f"/parks/{partner.park.slug}/").status_code == 404


@pytest.mark.parametrize(
    "site",
    ["http://park.example", "https://park.example/path", "https://*", "*", "https://a.example; script-src *"],
)
def test_the_desk_takes_only_plain_sites(client: Client, site: str) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    given = {"slug": "p", "name_zh": "园区", "region": "370281", "origins": site}

    page = client.post("/admin/industry/partner/add/", given)

    assert list(page.context["adminform"].form.errors) == ["origins"]


def test_sites_are_kept_as_browsers_compare_them(client: Client) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    given: dict[str, Any] = {"slug": "p", "name_zh": "园区", "region": "370281"}

    client.post(
        "/admin/industry/partner/add/", {**given, "origins": "https://WWW.Park.example/\nhttps://a.cn:8443"}
    )

    assert Partner.objects.get().origins == ["https://www.park.example", "https://a.cn:8443"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_sub_portal_takes_the_same_queries_however_full(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    partner = PartnerFactory()
    OccasionFactory.create_batch(count)
    OfferingFactory.create_batch(count)

    # Partner, offerings, the clock, events, policies.
    with django_assert_num_queries(5):
        client.get(f"/parks/{partner.park.slug}/")
