"""Who of the staff looked at what: noted once a day and thing, shown to the enterprise and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from enterprises import actions as enterprise_actions
from enterprises.models import Enterprise
from portal.personal_data.models import Look
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.files import upload
from tests.factories.requests import in_state, officer

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

    with django_assert_num_queries(6):
        client.get(PAGE)
