"""The copy of one's data: what is in it, what is not, who gets it."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import generated
from core.models import Event, StoredFile
from enterprises import actions as enterprise_actions
from notifications.models import Notification
from portal.personal_data import actions, packing
from portal.personal_data.models import DataExport
from services.requests import actions as request_actions
from tests.accounts.steps import fresh
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.files import upload
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def opened(content: bytes) -> tuple[dict[str, Any], list[str]]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return json.loads(archive.read("data.json")), archive.namelist()


def test_an_owner_gets_the_person_and_the_enterprise_with_files(people: Cast) -> None:
    chen = officer("Chen")
    row = in_state("in_progress", people.li, people.enterprise, chen)
    request_actions.note(row, "内部备注不外传", by=chen)
    enterprise_actions.send_licence(people.enterprise, upload("执照.pdf"), by=people.li)

    content = packing.pack(people.li, people.enterprise)

    told, names = opened(content)
    stored = StoredFile.objects.get()
    assert told["person"]["accounts.User"][0]["email"] == "li@works.example"
    assert "password" not in told["person"]["accounts.User"][0]
    assert [one["uscc"] for one in told["enterprise"]["enterprises.Enterprise"]] == [people.enterprise.uscc]
    assert [one["reference"] for one in told["enterprise"]["service_requests.ServiceRequest"]] == [
        row.reference
    ]
    assert told["enterprise"]["service_requests.ServiceRequest"][0]["holder"] == "staff"
    assert "内部备注不外传" not in json.dumps(told, ensure_ascii=False)
    assert f"files/{stored.pk}-执照.pdf" in names
    sheet = load_workbook(io.BytesIO(zipfile.ZipFile(io.BytesIO(content)).read("data.xlsx")))
    assert len(sheet.sheetnames) == len(told["person"]) + len(told["enterprise"])


def test_an_editor_gets_nothing_of_other_people(people: Cast) -> None:
    in_state("in_progress", people.zhao, people.other, officer("Chen"))

    told, _names = opened(packing.pack(people.wang))

    words = json.dumps(told, ensure_ascii=False)
    assert "enterprise" not in told
    assert "wang@works.example" in words
    assert [name for name in ("li@works.example", "zhao@works.example", "Zhao") if name in words] == []


def test_who_has_left_gets_no_more_of_the_enterprise(people: Cast) -> None:
    in_state("in_progress", people.wang, people.enterprise, officer("Chen"))
    enterprise_actions.remove_member(people.enterprise.memberships.get(user=people.wang), by=people.li)

    told, _names = opened(packing.pack(people.wang))

    assert "service_requests.ServiceRequest" not in told["person"]
    assert len(told["person"]["enterprises.Membership"]) == 1


def test_a_copy_is_asked_for_packed_told_and_taken(client: Client, people: Cast) -> None:
    fresh(client, people.li)

    client.post(reverse("personal_data:export"), {"with_enterprise": "on"})
    client.post(reverse("personal_data:export"), {"with_enterprise": "on"})
    assert [actions.pack_exports(), actions.pack_exports()] == [1, 0]

    export = DataExport.objects.get()
    answer = client.get(reverse("personal_data:download", args=[export.key]))
    told, _names = opened(b"".join(answer.streaming_content))
    assert "enterprise" in told
    assert answer["Cache-Control"] == "private, no-store"
    letters = Notification.objects.filter(recipient=people.li).order_by("pk").values_list("kind", flat=True)
    assert list(letters) == ["personal_data.ready"]
    assert list(
        Event.objects.filter(verb__startswith="export_").order_by("pk").values_list("verb", flat=True)
    ) == [
        "export_asked",
        "export_taken",
    ]
    page = client.get(reverse("personal_data:home")).content.decode()
    assert reverse("personal_data:download", args=[export.key]) in page


def test_nobody_elses_copy_and_none_whose_time_is_over(client: Client, people: Cast) -> None:
    export = actions.ask_export(people.li, by=people.li)
    actions.pack_exports()
    address = reverse("personal_data:download", args=[export.key])

    assert sign_in(client, people.zhao).get(address).status_code == 404
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, people.li).get(address).status_code == 404
    assert [actions.pack_exports(), actions.pack_exports()] == [1, 0]
    assert DataExport.objects.get().state == "gone"


def test_an_enterprise_is_copied_for_its_owner_only(client: Client, people: Cast) -> None:
    fresh(client, people.wang).post(reverse("personal_data:export"), {"with_enterprise": "on"})
    assert DataExport.objects.get().enterprise is None
    DataExport.objects.all().delete()

    export = actions.ask_export(people.li, people.enterprise, by=people.li)
    membership = people.enterprise.memberships.get(user=people.li)
    heir = people.enterprise.memberships.get(user=people.wang)
    enterprise_actions.transfer_ownership(membership, to=heir, by=people.li)
    actions.pack_exports()

    with generated.read(export.path) as file:
        told, _names = opened(file.read())
    assert "enterprise" not in told


def test_the_password_is_asked_for_before_a_copy(client: Client) -> None:
    sign_in(client, UserFactory())

    answer = client.post(reverse("personal_data:export"))

    assert answer.status_code == 302
    assert reverse("account_reauthenticate") in answer.url
    assert not DataExport.objects.exists()


def test_the_sixth_copy_of_a_day_is_refused_in_words(client: Client, people: Cast) -> None:
    fresh(client, people.li)
    for _number in range(5):
        client.post(reverse("personal_data:export"))
        actions.pack_exports()

    answer = client.post(reverse("personal_data:export"), follow=True)

    assert "5" in str(list(answer.context["messages"])[-1])
    assert any("5" in str(one) for one in answer.context["messages"])
    assert DataExport.objects.count() == 5
