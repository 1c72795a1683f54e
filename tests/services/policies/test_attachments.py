"""The files of a notice: added by its author, checked, public with it, kept by every version."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import files
from core.lifecycle import TransitionRefused
from core.models import StoredFile
from services.policies import actions, attachments, comparing, linting, reviewing
from services.policies.models import PolicyNotice, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.files import PDF, upload, workbook
from tests.factories.policies import NoticeFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", roles=["publisher"], language="en")


def with_file(sun: Any, *, scan: str = "clean", **titles: str) -> PolicyNotice:
    """Publish a notice with one file."""
    notice = NoticeFactory()
    actions.attach(notice, upload("申报表.pdf"), by=sun, **titles)
    StoredFile.objects.update(scan=scan)
    PolicyNotice.objects.filter(pk=notice.pk).update(state=State.APPROVED)
    notice.refresh_from_db()
    return actions.publish(notice, by=None)


def url_of(notice: PolicyNotice) -> str:
    return reverse("policies:attachment", args=[notice.slug, notice.attachments.get().file.key])


def desk_of(notice: PolicyNotice) -> str:
    return reverse("admin:policies_policynotice_files", args=[notice.pk])


def test_the_author_adds_words_and_takes_out(client: Client, sun: Any) -> None:
    notice = NoticeFactory()
    sign_in(client, sun)

    client.post(desk_of(notice), {"upload": upload("list.xlsx", workbook()), "title_zh": "申报表"})
    row = notice.attachments.get()
    client.post(desk_of(notice), {"remove": row.file.key})

    assert (row.title, row.file.name, row.added_by) == ("申报表", "list.xlsx", sun)
    assert (notice.attachments.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose at least one file."),
        ({"upload": upload("a.exe", b"MZ")}, "of a kind we do not take"),
        ({"upload": upload("a.pdf", b"<html>")}, "is not what its ending says"),
        ({"upload": [upload("a.pdf"), upload("b.pdf")], "title_zh": "表"}, "A title goes with one file"),
    ],
)
def test_what_is_refused_says_why_and_keeps_the_title(
    client: Client, sun: Any, sent: dict[str, Any], words: str
) -> None:
    notice = NoticeFactory()
    sign_in(client, sun)

    page = client.post(desk_of(notice), {"title_en": "Form", **sent}).content.decode()

    assert words in page
    assert 'value="Form"' in page
    assert not notice.attachments.exists()


def test_a_notice_holds_so_many_files(sun: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST", 1)
    notice = NoticeFactory()
    actions.attach(notice, upload(), by=sun)

    with pytest.raises(files.FileRefused, match="too_many"):
        actions.attach(notice, upload(), by=sun)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.PUBLISHED])
def test_nothing_is_added_or_taken_out_once_it_is_out_of_hand(client: Client, sun: Any, state: State) -> None:
    notice = published() if state == State.PUBLISHED else NoticeFactory(state=state)
    sign_in(client, sun)

    with pytest.raises(TransitionRefused):
        actions.attach(notice, upload(), by=sun)

    assert client.post(desk_of(notice), {"upload": upload()}).status_code == 403
    assert not StoredFile.objects.exists()


def test_a_reviewer_opens_a_draft_s_file_and_changes_none(client: Client, sun: Any) -> None:
    notice = NoticeFactory()
    row = actions.attach(notice, upload(), by=sun)
    StoredFile.objects.update(scan="clean")
    sign_in(client, UserFactory(roles=["reviewer"]))
    file = reverse("admin:policies_policynotice_file", args=[notice.pk, row.file.key])

    assert b"".join(client.get(file).streaming_content) == PDF
    assert client.post(desk_of(notice), {"remove": row.file.key}).status_code == 403


def test_the_public_page_shows_title_type_and_size(client: Client, sun: Any) -> None:
    notice = with_file(sun, title_zh="申报表格", title_en="Application form")

    english = client.get(f"/en/policies/{notice.slug}/").content.decode()

    assert "申报表格" in client.get(f"/policies/{notice.slug}/").content.decode()
    assert "Application form" in english
    assert f"PDF, {len(PDF)}\xa0bytes" in english
    answer = client.get(url_of(notice))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_what_is_not_checked_is_named_and_not_opened(client: Client, sun: Any, scan: str) -> None:
    notice = with_file(sun)
    StoredFile.objects.update(scan=scan)

    assert client.get(url_of(notice)).status_code == 404
    assert url_of(notice) not in client.get(f"/policies/{notice.slug}/").content.decode()


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.MERGED, State.DISCARDED])
def test_the_file_of_what_is_not_public_is_not_there(client: Client, sun: Any, state: State) -> None:
    notice = NoticeFactory()
    actions.attach(notice, upload(), by=sun)
    StoredFile.objects.update(scan="clean")
    PolicyNotice.objects.filter(pk=notice.pk).update(
        state=state, corrects=published() if state == State.MERGED else None
    )

    assert client.get(url_of(notice)).status_code == 404


def test_a_correction_changes_the_files_and_every_version_keeps_its_own(client: Client, sun: Any) -> None:
    notice = with_file(sun, title_zh="旧表")
    draft = actions.begin_correction(notice, by=sun)
    assert [row.title_zh for row in draft.attachments.all()] == ["旧表"]
    actions.detach(draft.attachments.get(), by=sun)
    actions.attach(draft, upload("new.pdf", PDF + b"\n"), title_zh="新表", by=sun)
    StoredFile.objects.update(scan="clean")
    changes = [(one.field, one.old, one.new) for one in reviewing.Review(draft, date(2026, 1, 1)).changes]
    PolicyNotice.objects.filter(pk=draft.pk).update(state=State.APPROVED, correction_note_zh="换表。")
    draft.refresh_from_db()

    actions.publish(draft, by=None)

    assert changes == [("attachment", None, "新表"), ("attachment", "旧表", None)]
    now = client.get(f"/policies/{notice.slug}/").content.decode()
    then = client.get(f"/policies/{notice.slug}/versions/1/").content.decode()
    assert ("新表</a>" in now, "旧表</a>" in now) == (True, False)
    assert ("新表" in then, "旧表</a>" in then) == (False, True)
    old = notice.attachments.get(title_zh="旧表")
    assert client.get(attachments.public_url(old)).status_code == 200


def test_a_file_alone_is_no_material_change() -> None:
    (change,) = comparing.changes({}, {"attachments": [{"sha256": "a", "title_zh": "", "name": "a.pdf"}]})

    assert (change.field, change.new, change.is_material) == ("attachment", "a.pdf", False)


def test_malware_keeps_a_notice_back_and_an_unchecked_file_is_named(sun: Any) -> None:
    notice = NoticeFactory()
    actions.attach(notice, upload(), by=sun)
    codes = []

    for scan in ("clean", "pending", "infected"):
        StoredFile.objects.update(scan=scan)
        found = linting.findings(notice, date(2026, 1, 1))
        codes.append([(one.code, one.severity) for one in found if one.code.startswith("attachment")])

    assert codes == [[], [("attachment_waiting", "warning")], [("attachment_blocked", "error")]]


def test_a_page_costs_the_same_with_one_file_and_with_three(client: Client, sun: Any) -> None:
    costs = []
    for count in (1, 3):
        notice = NoticeFactory()
        for _ in range(count):
            actions.attach(notice, upload(), by=sun)
        PolicyNotice.objects.filter(pk=notice.pk).update(state=State.APPROVED)
        notice.refresh_from_db()
        actions.publish(notice, by=None)
        with CaptureQueriesContext(connection) as found:
            client.get(f"/policies/{notice.slug}/")
        costs.append(len(found))

    assert costs[0] == costs[1]
