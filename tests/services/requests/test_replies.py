import io
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from core import audit, calendar, once
from notifications.models import Notification
from services.catalogue.models import Group
from services.requests import replies
from services.requests.admin import export
from services.requests.models import Message, SavedReply, ServiceRequest, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db
DESK = "/admin/service_requests/"
QUEUE = f"{DESK}servicerequest/"


def saved(title: str = "Thanks", **given: Any) -> SavedReply:
    plain = {
        "purpose": "reply",
        "text_zh": "{contact}：您好，{reference} 已收到。",
        "text_en": "Re {reference}, {officer}",
    }
    return SavedReply.objects.create(title=title, **(plain | given))


def test_a_text_is_filled_with_real_data_in_both_languages(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)

    found = replies.filled(saved(), row, chen)

    assert (found.zh, found.en) == (f"李华：您好，{row.reference} 已收到。", f"Re {row.reference}, Chen")


def test_only_what_fits_the_verb_the_group_and_the_service_is_offered(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise, OfferingFactory(group=Group.CLOUD))
    saved("Anywhere")
    saved("Cloud", group=Group.CLOUD)
    saved("This service", offering=row.offering)
    saved("Policy", group=Group.POLICY)
    saved("Another service", offering=OfferingFactory())
    saved("To refuse", purpose="refuse")
    saved("Old", is_active=False)

    assert [one.title for one in replies.fitting(row, "reply", chen)] == ["Anywhere", "Cloud", "This service"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("{reference} {due}", []), ("{name} {name} {}", ["name", ""]), ("a { b } c", []), ("{reference", [])],
)
def test_a_name_that_nothing_fills_is_found(text: str, unknown: list[str]) -> None:
    assert replies.unknown_variables(text) == unknown


def test_the_chosen_text_stands_in_the_form_and_is_sent_as_it_was_edited(
    client: Client, cast: Cast, chen: User
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    path = f"{QUEUE}{row.pk}/reply/"
    client = sign_in(client, chen)

    page = client.get(path, {"saved": saved().pk, "in": "en"})
    client.post(path, {"form_token": once.new_token(), "text": "Re: all is well"})

    assert page.context["form"].initial["text"] == f"Re {row.reference}, Chen"
    assert page.context["reads"] == "zh-hans"
    assert Message.objects.latest("pk").text == "Re: all is well"


@pytest.mark.parametrize("number", ["x", "0", "9" * 30, ""])
def test_a_reply_that_is_not_offered_fills_nothing(
    client: Client, cast: Cast, chen: User, number: str
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)

    page = sign_in(client, chen).get(f"{QUEUE}{row.pk}/reply/", {"saved": number})

    assert (page.status_code, page.context["form"].initial) == (200, {})


def test_a_text_with_a_hole_is_refused(client: Client, lead: User) -> None:
    typed = {"title": "x", "purpose": "reply", "text_zh": "{who}", "text_en": "{reference}", "position": 1}

    page = sign_in(client, lead).post(f"{DESK}savedreply/add/", typed)

    assert list(page.context["adminform"].form.errors) == ["text_zh"]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("triage_officer", 200, 403), ("triage_lead", 200, 200), ("publisher", 403, 403)],
)
def test_leads_write_saved_replies(client: Client, role: str, reads: int, writes: int) -> None:
    client, row = sign_in(client, UserFactory(roles=[role])), saved()

    found = [client.get(f"{DESK}savedreply/{page}").status_code for page in ("", f"{row.pk}/change/", "add/")]

    assert found == [reads, reads, writes]


# --- several at once -------------------------------------------------------------------


def bulk(client: Client, action: str, rows: list[ServiceRequest], **more: Any) -> Any:
    return client.post(
        QUEUE + "?view=all",
        {"action": action, "_selected_action": [row.pk for row in rows], "index": 0, **more},
    )


def test_papers_are_asked_for_of_several_at_once(client: Client, cast: Cast, chen: User) -> None:
    rows = [submitted(cast.li, cast.enterprise) for _ in range(2)]
    client = sign_in(client, chen)
    typed = {"confirmed": "1", "form_token": "one", "asks": "营业执照", "text": ""}

    shown = bulk(client, "ask_chosen", rows)
    bulk(client, "ask_chosen", rows, **typed)
    bulk(client, "ask_chosen", rows, **typed)

    assert [effect["after"] for effect in shown.context["effects"]] == ["等企业补充"] * 2
    assert set(ServiceRequest.objects.values_list("state", flat=True)) == {State.WAITING}
    assert Notification.objects.filter(kind="requests.asked").count() == 2


def test_several_are_closed_with_one_reply_after_seeing_the_letters(
    client: Client, cast: Cast, chen: User
) -> None:
    rows = [in_state("in_progress", cast.li, cast.enterprise, chen) for _ in range(2)]
    done = in_state("resolved", cast.li, cast.enterprise, chen)
    client = sign_in(client, chen)
    typed = {"confirmed": "1", "form_token": "one", "outcome": "已办完。"}

    page = bulk(client, "resolve_chosen", [*rows, done], preview="1", **typed)
    before = list(ServiceRequest.objects.order_by("pk").values_list("state", flat=True))
    bulk(client, "resolve_chosen", [*rows, done], **typed)

    assert [told.reader for told in page.context["rehearsal"].told] == ["Li", "Li"]
    assert before == ["in_progress", "in_progress", "resolved"]
    assert ServiceRequest.objects.filter(outcome="已办完。").count() == 2


def test_an_export_holds_codes_as_text_and_is_noted(client: Client, cast: Cast, lead: User) -> None:
    row = submitted(cast.li, cast.enterprise, subject="=1+1")

    answer = bulk(sign_in(client, lead), "export_chosen", [row])

    assert unquote(answer.headers["Content-Disposition"]).endswith(f"''办件_{calendar.today()}.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell.value for cell in list(sheet.rows)[1]]
    assert (cells[0], cells[3], cells[6], cells[11]) == (row.reference, cast.enterprise.uscc, "=1+1", "李华")
    assert [cell.data_type for cell in list(sheet.rows)[1]][6] == "s"
    assert audit.history(lead).filter(verb="export_requests").get().data == {"count": 1, "contact": True}


def test_more_than_a_sheet_holds_is_refused_in_words_and_never_cut(
    client: Client, cast: Cast, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 1)
    User.objects.filter(pk=lead.pk).update(language="en")
    rows = [submitted(cast.li, cast.enterprise) for _number in range(2)]

    answer = bulk(sign_in(client, lead), "export_chosen", rows)

    assert [str(said) for said in get_messages(answer.wsgi_request)] == [
        "At most 1 requests go into one sheet. Narrow the list by a filter or a search."
    ]
    assert not audit.history(lead).filter(verb="export_requests").exists()


def test_an_officer_may_not_export(client: Client, cast: Cast, chen: User) -> None:
    answer = bulk(sign_in(client, chen), "export_chosen", [submitted(cast.li, cast.enterprise)])

    assert answer.headers["Content-Type"].startswith("text/html")
