"""The business licence: handed in, checked at the desk, opened by nobody else."""

from typing import Any

import pytest
from django.test import Client

from core.models import StoredFile
from enterprises import actions
from enterprises.models import Licence
from notifications.models import Notification
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast
from tests.factories.files import upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("person", "status"), [("li", 200), ("wang", 200), ("guo", 403), (None, 302)])
def test_owners_and_editors_hand_it_in(client: Client, people: Cast, person: str | None, status: int) -> None:
    if person:
        sign_in(client, getattr(people, person))

    assert client.get("/enterprise/licence/").status_code == status


def test_a_licence_is_kept_listed_and_told_to_who_checks(client: Client, people: Cast) -> None:
    lead = UserFactory(roles=["triage_lead"])
    UserFactory(roles=["triage_officer"])

    answer = sign_in(client, people.li).post("/enterprise/licence/", {"licence": [upload("执照.pdf")]})

    assert answer.status_code == 302
    page = client.get("/enterprise/licence/").content.decode()
    assert "执照.pdf" in page
    assert [(row.kind, row.recipient) for row in Notification.objects.all()] == [
        ("enterprises.licence_sent", lead)
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose a photo"),
        ([upload("list.xlsx", b"x")], "PDF, JPG, PNG, OFD"),
        ([upload("a.pdf", b"")], "empty"),
    ],
)
def test_what_is_no_licence_is_refused_in_words(
    client: Client, people: Cast, files: list[Any], words: str
) -> None:
    page = sign_in(client, people.li).post("/en/enterprise/licence/", {"licence": files})

    assert words in page.content.decode()
    assert Licence.objects.count() == 0


def test_at_most_five_wait_at_a_time(client: Client, people: Cast) -> None:
    sign_in(client, people.li).post("/enterprise/licence/", {"licence": [upload() for _number in range(6)]})

    assert Licence.objects.count() == 5


@pytest.mark.parametrize(
    ("person", "status"), [("li", 200), ("guo", 200), ("zhao", 404), ("lead", 302), (None, 302)]
)
def test_its_enterprise_reads_it(client: Client, people: Cast, person: str | None, status: int) -> None:
    row = actions.send_licence(people.enterprise, upload(), by=people.li)
    if person:
        who = UserFactory(roles=["triage_lead"]) if person == "lead" else getattr(people, person)
        sign_in(client, who)

    assert client.get(f"/enterprise/licence/files/{row.file.key}/").status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("triage_lead", 200), ("triage_officer", 403), ("publisher", 403), ("", 403)]
)
def test_only_the_staff_who_set_proof_levels_read_it(
    client: Client, people: Cast, role: str, status: int
) -> None:
    row = actions.send_licence(people.enterprise, upload(), by=people.li)
    sign_in(client, UserFactory(roles=[role]) if role else people.li)

    assert client.get(f"/enterprise/licence/desk/{row.file.key}/").status_code == status


def test_one_not_through_the_scan_is_opened_by_nobody(client: Client, people: Cast) -> None:
    row = actions.send_licence(people.enterprise, upload(), by=people.li)
    StoredFile.objects.update(scan="pending")
    sign_in(client, UserFactory(roles=["triage_lead"]))

    assert client.get(f"/enterprise/licence/desk/{row.file.key}/").status_code == 404
    page = client.get(f"/admin/enterprises/enterprise/{people.enterprise.pk}/change/").content.decode()
    assert "licence.pdf" in page
    assert row.file.key not in page


def test_setting_the_proof_level_settles_what_waits(client: Client, people: Cast) -> None:
    lead = UserFactory(roles=["triage_lead"])
    row = actions.send_licence(people.enterprise, upload(), by=people.li)
    waiting = "/admin/enterprises/enterprise/?licence=waiting"
    assert people.enterprise.name in sign_in(client, lead).get(waiting).content.decode()

    actions.set_proof_level(people.enterprise, "staff", reason="营业执照一致", by=lead)

    row.refresh_from_db()
    assert row.settled_at is not None
    assert people.enterprise.name not in client.get(waiting).content.decode()
