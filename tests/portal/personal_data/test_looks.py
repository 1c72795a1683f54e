"""Who outside looked at what: noted once a day and thing, shown to the enterprise and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from enterprises import actions as enterprise_actions
from enterprises.models import Enterprise
from portal.personal_data.models import Look
from services.cloud.actions import onboarding
from services.cloud.models import VoucherState
from services.requests import actions, sharing
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import ProviderFactory
from tests.factories.cloud import listed, on_sale, plan
from tests.factories.enterprises import Cast, cast
from tests.factories.files import upload
from tests.factories.requests import in_state, officer
from tests.factories.vouchers import checked, product, programme, staff
from tests.factories.vouchers import in_state as voucher_in

pytestmark = pytest.mark.django_db
PAGE = "/en/enterprise/looks/"


@pytest.fixture
def people() -> Cast:
    return cast()


def noted() -> list[tuple[str, str, int]]:
    return list(Look.objects.order_by("pk").values_list("about", "reference", "times"))


def test_pages_and_files_of_the_desk_are_noted_once_a_day(client: Client, people: Cast) -> None:
    lead = officer("Lead", role="triage_lead")
    row = in_state("in_progress", people.li, people.enterprise, lead)
    licence = enterprise_actions.send_licence(people.enterprise, upload(), by=people.li)
    sign_in(client, lead)

    for _time in range(2):
        client.get(reverse("admin:service_requests_servicerequest_change", args=[row.pk]))
    client.get(reverse("admin:enterprises_enterprise_change", args=[people.enterprise.pk]))
    client.get(reverse("enterprises:licence_desk_file", args=[licence.file.key]))

    assert noted() == [
        ("service_requests.ServiceRequest", row.reference, 2),
        ("enterprises.Enterprise", people.enterprise.uscc, 1),
        ("enterprises.Licence", "", 1),
    ]
    assert set(Look.objects.values_list("enterprise", "viewer")) == {(people.enterprise.pk, lead.pk)}


def test_lists_refusals_missing_rows_and_members_leave_no_note(client: Client, people: Cast) -> None:
    row = in_state("in_progress", people.li, people.enterprise, officer("Chen"))
    publisher = UserFactory(email="publisher@desk.example", roles=["publisher"])
    sign_in(client, publisher)
    client.get(reverse("admin:service_requests_servicerequest_change", args=[row.pk]))
    sign_in(client, officer("Lead", role="triage_lead"))
    client.get(reverse("admin:service_requests_servicerequest_changelist"))
    client.get(reverse("admin:service_requests_servicerequest_change", args=["999999999"]))
    client.get(reverse("admin:service_requests_servicerequest_change", args=["x_5Fy"]))
    sign_in(client, people.li)
    client.get(reverse("requests:detail", args=[row.reference]))

    assert noted() == []


def look(enterprise: Enterprise, viewer: object, number: int) -> None:
    Look.objects.create(
        enterprise=enterprise, viewer=viewer, about="enterprises.Enterprise", number=number, day="2026-01-02"
    )


def test_every_member_reads_their_own_and_nobody_anothers(client: Client, people: Cast) -> None:
    look(people.enterprise, officer("Chen"), 1)

    assert "Chen" in sign_in(client, people.guo).get(PAGE).content.decode()
    assert "Chen" not in sign_in(client, people.zhao).get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long_it_is(
    client: Client, people: Cast, rows: int, django_assert_num_queries
) -> None:
    chen = officer("Chen")
    for number in range(rows):
        look(people.enterprise, chen, number)
    sign_in(client, people.li)
    client.get(PAGE)

    with django_assert_num_queries(7):
        client.get(PAGE)


def test_what_a_page_shows_to_a_provider_is_noted_with_its_name(client: Client, people: Cast) -> None:
    desk, bought = staff(), product()
    with checked(people.enterprise):
        own = {"by": (people.enterprise, people.li), "product": bought}
        vouchers = [
            voucher_in(VoucherState.ISSUED, desk, programme=programme(yearly_limit=9), **own)
            for _number in range(2)
        ]
    listing = bought.provider.cloud_listing
    listing.representative = UserFactory(name="Speaker")
    listing.save()

    for _time in range(2):
        sign_in(client, listing.representative).get("/en/cloud/provider/vouchers/")

    assert sorted(noted()) == sorted(("cloud.Voucher", voucher.reference, 2) for voucher in vouchers)
    assert set(Look.objects.values_list("enterprise", "viewer", "provider")) == {
        (people.enterprise.pk, listing.representative.pk, bought.provider.pk)
    }
    assert f"Speaker · {bought.provider.name}" in sign_in(client, people.guo).get(PAGE).text


def test_a_provider_leaves_a_note_at_the_plans_that_wait_for_it(client: Client, people: Cast) -> None:
    listing = listed()
    row = plan(people.enterprise, people.li, on_sale(provider=listing.provider))
    sign_in(client, listing.representative).get("/en/cloud/providers/mine/")
    assert noted() == []
    for before in row.steps.filter(position__lt=row.steps.get(code="quotation").position):
        onboarding.tick(before, by=people.li)

    client.get("/en/cloud/providers/mine/")

    assert noted() == [("cloud.Onboarding", row.reference, 1)]


def test_looking_as_one_of_the_people_is_a_look_at_their_enterprise(client: Client, people: Cast) -> None:
    lead = officer("Lead", role="triage_lead")
    membership = people.enterprise.memberships.get(user=people.li)
    desk = sign_in(client, lead)
    desk.post(f"/admin/enterprises/membership/{membership.pk}/act-as/", {"reason": "Asked by phone."})

    desk.get("/en/enterprise/")

    assert noted() == [("accounts.User", "", 1)]
    assert list(Look.objects.values_list("viewer", flat=True)) == [lead.pk]


def test_what_a_provider_was_given_stands_below_with_its_agreement(client: Client, people: Cast) -> None:
    chen = officer("Chen")
    row = in_state("in_progress", people.li, people.enterprise, chen)
    foreign = ProviderFactory(kind="expert_team", name_zh="海湾检测", name_en="Bay Testing")
    row.offering.provider = foreign
    row.offering.save()
    row.refresh_from_db()
    actions.agree_to_share(row, ["words"], by=people.li)
    actions.pass_on(row, "已转交。", by=chen)

    given = sharing.handed_over(people.li, people.enterprise)

    assert [(one.row, one.agreement.provider, one.agreement.parts) for one in given] == [
        (row, foreign, ["words"])
    ]
    assert "Bay Testing" in sign_in(client, people.li).get(PAGE).text
    assert "Bay Testing" not in sign_in(client, people.zhao).get(PAGE).text
