"""Error pages: the right status, the language of the address, a way on; 500 and 503 lean on nothing."""

import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.breaking_urls")]

KINDS = [
    ("/empty/405/", 405, "这个地址不能直接打开", "This address cannot be opened this way"),
    ("/empty/410/", 410, "这个页面已经不在了", "This page is no longer here"),
    ("/empty/413/", 413, "文件太大，发不出去", "This is too large to send"),
    ("/empty/429/", 429, "试的次数太多了", "Too many attempts"),
    ("/forbid/", 403, "没有权限", "You may not do this"),
    ("/nothing/", 404, "没有这个页面", "There is no such page"),
    ("/?q=%00", 400, "这次请求无法识别", "We could not read this request"),
    ("/fall/", 500, "我们这边出了故障", "Something broke on our side"),
]


@pytest.fixture(autouse=True)
def _answer_like_production(client: Client) -> None:
    client.raise_request_exception = False


@pytest.mark.parametrize(("path", "status", "chinese", "english"), KINDS)
def test_an_error_page_speaks_the_language_of_its_address(
    client: Client, path: str, status: int, chinese: str, english: str
) -> None:
    pages = [client.get(path), client.get(f"/en{path}")]

    assert [page.status_code for page in pages] == [status, status]
    assert [re.findall(r"<h1>(.*?)</h1>", page.content.decode()) for page in pages] == [[chinese], [english]]


@pytest.mark.parametrize(("path", "status", "_chinese", "_english"), KINDS)
def test_an_error_page_leads_home_and_keeps_the_content_policy(
    client: Client, path: str, status: int, _chinese: str, _english: str
) -> None:
    page = client.get(f"/en{path}")

    assert '<a href="/en/">Go to the home page</a>' in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_the_403_page_says_why(client: Client) -> None:
    assert "只有负责人可以邀请成员。" in client.get("/forbid/").content.decode()


def test_the_429_page_says_when_and_keeps_the_header(client: Client, time_machine) -> None:
    page = client.get("/en/empty/429/")

    assert page["Retry-After"] == "600"
    assert re.search(r"You can try again from \d\d:\d\d on \d{4}-\d\d-\d\d\.", page.content.decode())


def test_an_old_form_is_told_that_its_text_is_kept() -> None:
    page = Client(enforce_csrf_checks=True).post("/en/accounts/login/", {"login": "li@works.example"})

    assert page.status_code == 403
    assert "What you typed is kept" in page.content.decode()


def test_a_form_that_is_too_large_is_a_413(client: Client) -> None:
    page = client.post("/en/accounts/login/", {"login": "x" * 3_000_000})

    assert page.status_code == 413
    assert "This is too large to send" in page.content.decode()


def test_the_500_page_gives_the_number_that_the_log_knows(client: Client, caplog) -> None:
    with caplog.at_level(logging.ERROR, logger="portal.errors"):
        page = client.get("/en/fall/").content.decode()

    found = re.search(r'<strong class="num" translate="no">(\w{8})</strong>', page)
    assert found
    assert f"error page {found[1]} shown for GET /en/fall/" in caplog.messages


def test_the_500_page_asks_no_database_and_no_list_of_static_files(
    client: Client, settings, django_assert_num_queries
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with django_assert_num_queries(0):
        page = client.get("/fall/")

    assert page.status_code == 500
    assert "RuntimeError" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "words"), [("/wait/", "服务暂停一会儿"), ("/en/wait/", "closed for a moment")]
)
def test_a_database_that_does_not_answer_is_a_503(client: Client, path: str, words: str) -> None:
    page = client.get(path)

    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert words in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_database_lost_before_the_session_is_stored_is_a_503(client: Client) -> None:
    session = client.session
    session["seen"] = "before"
    session.save()

    page = client.get("/en/lose/")

    assert (page.status_code, page["Retry-After"]) == (503, "30")


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_stands_on_the_503_page_to_be_sent_again(client: Client) -> None:
    typed = {"body": '车床 <b>"A"</b>', "items": ["1", "2"]}

    page = client.post("/en/wait/?step=2", typed).content.decode()

    assert '<form method="post" action="/en/wait/?step=2">' in page
    assert re.findall(r'name="(\w+)" value="([^"]*)"', page) == [
        ("body", "车床 &lt;b&gt;&quot;A&quot;&lt;/b&gt;"),
        ("items", "1"),
        ("items", "2"),
    ]
    assert "Send again" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/en/accounts/wait/", {"login": "li@works.example", "password": "a secret"}),
        ("/accounts/wait/", {"login": "li@works.example", "password": "a secret"}),
        ("/en/wait/", {"body": "a secret", "file": SimpleUploadedFile("a.txt", b"a secret")}),
    ],
    ids=["sign-in", "sign-in in Chinese", "file"],
)
def test_secrets_and_files_are_not_offered_to_be_sent_again(client: Client, path: str, typed: dict) -> None:
    page = client.post(path, typed).content.decode()

    assert "a secret" not in page
    assert "<form" not in page
