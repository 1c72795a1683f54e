"""Flow 2: an owner asks, the worker routes, staff answer, the owner reads, and everyone concerned is told."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from core import once
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import cast
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
TICKS = ("requests.route_new", "notifications.deliver_pending")


def tick() -> list[tuple[str, list[str]]]:
    """Run the worker's part once; return (subject, readers) of the mails that left, in order."""
    mail.outbox.clear()
    call_command("tick", *TICKS)
    return sorted((message.subject, message.to) for message in mail.outbox)


def press(client: Client, row: ServiceRequest, verb: str, **data: Any) -> int:
    url = f"/admin/service_requests/servicerequest/{row.pk}/{verb}/"
    return client.post(url, {"form_token": once.new_token(), **data}).status_code


@pytest.mark.parametrize("language", ["", "/en"])
def test_from_the_offering_to_the_rating(settings: Any, language: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    people, chen = cast(), officer("Chen")
    people.li.language = "en" if language else "zh-hans"
    people.li.save(update_fields=["language"])
    OfferingFactory(slug="diagnosis", name_zh="入企诊断", name_en="On-site diagnosis")
    li, desk = sign_in(Client(), people.li), sign_in(Client(), chen)

    # Li asks, from the page of the offering.
    start = f"{language}/requests/new/?offering=diagnosis"
    assert start in li.get(f"{language}/services/diagnosis/").content.decode()
    need = li.post(start, {"offering": "diagnosis", "form_token": once.new_token()})["Location"]
    contact = li.post(need, {"subject": "设备联网", "body": "请人来看看"})["Location"]
    check = li.post(contact, {"contact_name": "李华", "contact_email": "li@works.example"})["Location"]
    token = li.get(check).context["form_token"]
    done = li.post(check.replace("/check/", "/submit/"), {"form_token": token})["Location"]
    row = ServiceRequest.objects.get()
    page = f"{language}/requests/{row.reference}/"
    assert done == f"{page}done/"
    assert str(row.reference) in li.get(done).content.decode()

    # The worker routes it: Li has a receipt, Chen an alert.
    assert sorted(readers for _subject, readers in tick()) == [["chen@desk.example"], ["li@works.example"]]
    row.refresh_from_db()
    assert (row.state, row.group, row.routed_at is not None) == (State.SUBMITTED, "digital_factory", True)

    # Chen finds it in the queue, takes it, asks for something; the clock stands.
    assert str(row.reference) in desk.get("/admin/service_requests/servicerequest/").content.decode()
    assert press(desk, row, "take") == 302
    assert press(desk, row, "ask", asks="营业执照照片") == 302
    assert [readers for _subject, readers in tick()] == [["li@works.example"]] * 2
    waiting = li.get(page)
    assert waiting.context["clock"].is_paused
    assert "营业执照照片" in waiting.content.decode()

    # Li answers, Chen replies and closes it.
    answer = {"item_1": "已寄出", "form_token": once.new_token()}
    assert li.post(f"{page}supply/", answer).status_code == 302
    assert [readers for _subject, readers in tick()] == [["chen@desk.example"]]
    assert press(desk, row, "reply", text="周三上午到厂。") == 302
    assert press(desk, row, "resolve", outcome="已到厂诊断。") == 302
    assert [readers for _subject, readers in tick()] == [["li@works.example"]] * 2

    # Li reads it, and rates it; nothing is left to tell.
    read = li.get(page)
    assert [step.state for step in read.context["steps"]] == ["done"] * 5
    assert "周三上午到厂。" in read.content.decode()
    assert li.post(f"{page}rate/", {"rating": "5", "form_token": once.new_token()}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.rating) == (State.RESOLVED, 5)
    assert tick() == []
