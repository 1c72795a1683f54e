"""Files of a request: they come with the first message, with replies and with the answers to a checklist."""

import html
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import once
from core.models import StoredFile
from notifications.models import Notification
from services.requests import actions, notifications, papers, tasks
from services.requests.actions import Question
from services.requests.models import Attachment, ServiceRequest, State
from tests.core.test_files import no_room
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast
from tests.factories.files import PDF, picture, upload
from tests.factories.requests import draft, in_state, officer, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }


def send(client: Client, row: ServiceRequest, verb: str, token: str = "", **data: Any) -> Any:
    return client.post(
        f"/requests/{row.reference}/{verb}/", {"form_token": token or once.new_token(), **data}
    )


def names(row: ServiceRequest) -> list[tuple[str, int | None, bool]]:
    """Return the files of a request: name, item, whether sent."""
    found = row.attachments.select_related("file").order_by("pk")
    return [(paper.file.name, paper.item, paper.message_id is not None) for paper in found]


def test_files_of_the_draft_go_with_the_first_message(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    step = f"/requests/drafts/{row.key}/need/"
    sign_in(client, cast.li)

    client.post(step, {"subject": "联网", "body": "请来看看", "papers": [upload("a.pdf"), upload("b.pdf")]})
    check = client.get(f"/requests/drafts/{row.key}/check/").content.decode()
    client.post(f"/requests/drafts/{row.key}/submit/", {"form_token": once.new_token()})

    row.refresh_from_db()
    assert "a.pdf, b.pdf" in check
    assert names(row) == [("a.pdf", None, True), ("b.pdf", None, True)]
    assert row.messages.get().attachments.count() == 2


def test_an_error_keeps_the_files_and_the_words(client: Client, cast: Cast) -> None:
    row = draft(cast.li, cast.enterprise)
    step = f"/requests/drafts/{row.key}/need/"
    sign_in(client, cast.li)

    page = client.post(step, {"subject": "", "body": "想问一下", "papers": [upload("执照.pdf")]})

    text = page.content.decode()
    assert page.status_code == 200
    assert "执照.pdf" in text
    assert "想问一下" in text
    assert 'name="remove"' in text
    assert names(row) == [("执照.pdf", None, False)]
    assert "执照.pdf" in client.get(step).content.decode()


def test_a_refused_file_says_why_and_the_others_stay(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    files = [upload("good.pdf"), upload("IMG_1.heic", b"x"), upload("page.html", b"<html>")]

    page = send(sign_in(client, cast.li), row, "write", text="见附件", papers=files)

    text = html.unescape(page.content.decode())
    assert "“IMG_1.heic”" in text
    assert "“page.html”" in text
    assert "见附件" in text
    assert names(row) == [("good.pdf", None, False)]
    assert row.messages.count() == 1


def test_files_can_be_added_and_taken_away_before_sending(client: Client, cast: Cast) -> None:
    row, token = submitted(cast.li, cast.enterprise), once.new_token()
    sign_in(client, cast.li)

    first = send(client, row, "write", token, text="", add="1", papers=[upload("a.pdf"), upload("b.pdf")])
    key = row.attachments.get(file__name="a.pdf").file.key
    send(client, row, "write", token, text="说明", remove=key)
    send(client, row, "write", token, text="说明")

    assert 'class="errsum"' not in first.content.decode()
    assert names(row) == [("b.pdf", None, True)]
    assert StoredFile.objects.count() == 1
    assert list(row.messages.values_list("text", flat=True))[1:] == ["说明"]


def test_sending_the_same_form_again_keeps_no_second_copy(client: Client, cast: Cast) -> None:
    row, token = submitted(cast.li, cast.enterprise), once.new_token()
    sign_in(client, cast.li)

    for _number in range(2):
        send(client, row, "write", token, text="见附件", papers=[upload("a.pdf")])

    assert names(row) == [("a.pdf", None, True)]
    assert StoredFile.objects.count() == 1


def test_a_checklist_is_answered_item_by_item(client: Client, cast: Cast, chen: User) -> None:
    row = in_state(State.WAITING, cast.li, cast.enterprise, chen)
    files = {"item_1_papers": [upload("执照.jpg", picture("JPEG"))], "papers": [upload("其他.pdf")]}

    send(sign_in(client, cast.li), row, "supply", item_2="已附在第一项", **files)

    row.refresh_from_db()
    assert row.state == State.IN_PROGRESS
    assert names(row) == [("执照.jpg", 1, True), ("其他.pdf", None, True)]
    assert row.messages.last().text == "1. 营业执照照片\n执照.jpg\n\n2. 设备清单\n已附在第一项"


def test_files_alone_answer_a_checklist(client: Client, cast: Cast, chen: User) -> None:
    row = in_state(State.WAITING, cast.li, cast.enterprise, chen)
    sign_in(client, cast.li)

    assert send(client, row, "supply").status_code == 200
    assert send(client, row, "supply", item_1_papers=[upload()]).status_code == 302


@pytest.mark.parametrize(
    ("person", "status"),
    [("li", 200), ("wang", 200), ("guo", 200), ("zhao", 404), ("chen", 404), (None, 302)],
)
def test_a_file_is_read_by_its_enterprise_alone(
    client: Client, cast: Cast, chen: User, person: str | None, status: int
) -> None:
    paper = sent_paper(cast)
    if person:
        sign_in(client, chen if person == "chen" else getattr(cast, person))

    answer = client.get(f"/requests/{paper.service_request.reference}/files/{paper.file.key}/")

    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == PDF


def sent_paper(cast: Cast) -> Attachment:
    row = submitted(cast.li, cast.enterprise)
    actions.add_paper(row, upload(), basket="t", by=cast.li)
    return actions.write(row, "见附件", by=cast.li, basket="t").attachments.get()


def test_a_removed_member_loses_the_files_at_once(client: Client, cast: Cast) -> None:
    paper = sent_paper(cast)
    url = f"/requests/{paper.service_request.reference}/files/{paper.file.key}/"
    sign_in(client, cast.wang)
    assert client.get(url).status_code == 200

    cast.wang.memberships.update(ended_at="2026-01-01T00:00:00Z")

    assert client.get(url).status_code == 404


def test_a_file_has_no_address_under_another_request(client: Client, cast: Cast) -> None:
    paper, other = sent_paper(cast), submitted(cast.zhao, cast.other)

    assert (
        sign_in(client, cast.zhao).get(f"/requests/{other.reference}/files/{paper.file.key}/").status_code
        == 404
    )


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("far", 404), ("publisher", 403), ("li", 403), (None, 302)]
)
def test_the_desk_reads_files_within_its_scope(
    client: Client, cast: Cast, chen: User, who: str | None, status: int
) -> None:
    paper = sent_paper(cast)
    people = {
        "chen": chen,
        "far": officer("Far", group="no-such-group"),
        "publisher": officer("Sun", role="publisher"),
        "li": cast.li,
    }
    if who:
        sign_in(client, people[who])

    answer = client.get(f"/requests/desk/{paper.service_request.reference}/files/{paper.file.key}/")

    assert answer.status_code == status


def test_the_page_at_the_desk_leads_to_the_file(client: Client, cast: Cast, chen: User) -> None:
    paper = sent_paper(cast)
    row = paper.service_request

    page = sign_in(client, chen).get(f"/admin/service_requests/servicerequest/{row.pk}/change/")

    assert f"/requests/desk/{row.reference}/files/{paper.file.key}/" in page.content.decode()


def test_what_is_not_sent_yet_is_nobodys_download(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    paper = actions.add_paper(row, upload(), basket="t", by=cast.li)

    for person, path in ((cast.li, "/requests"), (chen, "/requests/desk")):
        assert (
            sign_in(Client(), person).get(f"{path}/{row.reference}/files/{paper.file.key}/").status_code
            == 404
        )


@pytest.mark.parametrize(("scan", "word"), [("pending", "being checked"), ("infected", "malware was found")])
def test_the_thread_says_what_the_scan_says(client: Client, cast: Cast, scan: str, word: str) -> None:
    paper = sent_paper(cast)
    StoredFile.objects.update(scan=scan)
    sign_in(client, cast.li)

    page = client.get(f"/en/requests/{paper.service_request.reference}/").content.decode()

    assert word in page
    assert paper.file.key not in page
    assert (
        client.get(f"/requests/{paper.service_request.reference}/files/{paper.file.key}/").status_code == 404
    )


def test_whoever_asked_without_an_account_sends_and_reads_files_by_the_signed_key(client: Client) -> None:
    row = actions.ask_question(Question("补贴", "怎么申请？", contact_email="owner@works.example"))
    key = notifications.tracking_key(row)

    client.post(f"/requests/track/{key}/write/", {"form_token": "t", "text": "见图", "papers": [upload()]})

    paper = row.attachments.get()
    url = f"/requests/track/{key}/files/{paper.file.key}/"
    assert url in client.get(f"/requests/track/{key}/").content.decode()
    assert client.get(url).status_code == 200
    assert client.get(f"/requests/track/forged/files/{paper.file.key}/").status_code == 404


def test_the_signed_key_of_an_enterprises_request_opens_no_files(client: Client, cast: Cast) -> None:
    paper = sent_paper(cast)
    key = notifications.tracking_key(paper.service_request)

    assert client.get(f"/requests/track/{key}/files/{paper.file.key}/").status_code == 404


def test_a_full_disk_keeps_the_words_and_says_so(client: Client, cast: Cast) -> None:
    """F-13: 503, the text stays, no row and no partial file; the next try goes through."""
    row, token = submitted(cast.li, cast.enterprise), once.new_token()
    sign_in(client, cast.li)

    with no_room():
        page = send(client, row, "write", token, text="很长的说明", papers=[upload("a.pdf")])

    assert page.status_code == 503
    assert "很长的说明" in page.content.decode()
    assert (StoredFile.objects.count(), row.messages.count()) == (0, 1)

    assert send(client, row, "write", token, text="很长的说明", papers=[upload("a.pdf")]).status_code == 302
    assert names(row) == [("a.pdf", None, True)]


def test_a_form_and_a_request_hold_only_so_many(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PER_FORM", 1)
    row = submitted(cast.li, cast.enterprise)

    send(sign_in(client, cast.li), row, "write", text="见附件", papers=[upload("a.pdf"), upload("b.pdf")])

    assert names(row) == [("a.pdf", None, False)]


def test_the_owner_is_told_once_of_a_blocked_file(cast: Cast) -> None:
    sent_paper(cast)
    StoredFile.objects.update(scan="infected")
    Notification.objects.all().delete()

    assert (tasks.tell_blocked(), tasks.tell_blocked()) == (1, 0)

    told = Notification.objects.get()
    assert (told.kind, told.recipient) == ("requests.file_blocked", cast.li)


def test_dropping_a_draft_drops_its_files(
    cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = draft(cast.li, cast.enterprise)
    actions.add_paper(row, upload(), basket="", by=cast.li)

    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_draft(row, by=cast.li)

    assert StoredFile.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_files(
    client: Client, cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    row = submitted(cast.li, cast.enterprise)
    for _number in range(count):
        actions.add_paper(row, upload(), basket="t", by=cast.li)
    actions.write(row, "见附件", by=cast.li, basket="t")
    sign_in(client, cast.li).get(f"/requests/{row.reference}/")

    # session, user, memberships, unread count; row, right to write, events, names, thread, files,
    # followers, colleagues
    with django_assert_num_queries(11):
        client.get(f"/requests/{row.reference}/")


def test_files_beside_a_form_that_was_never_sent_go_after_a_day(cast: Cast) -> None:
    row, begun = submitted(cast.li, cast.enterprise), draft(cast.li, cast.enterprise)
    for number in range(2):
        actions.add_paper(row, upload(f"{number}.pdf"), basket="t", by=cast.li)
    actions.add_paper(begun, upload("draft.pdf"), basket="", by=cast.li)
    Attachment.objects.exclude(file__name="1.pdf").update(added_at=timezone.now() - timedelta(hours=25))

    assert (tasks.tend_drafts(), tasks.tend_drafts()) == (1, 0)

    assert sorted(paper.file.name for paper in Attachment.objects.all()) == ["1.pdf", "draft.pdf"]
    assert StoredFile.objects.count() == 2
