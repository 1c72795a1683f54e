"""Official text pasted from Word: its tables stay, its styles go, whatever was typed before stays too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from services.policies.models import PolicyNotice
from tests.browser.chromium import click
from tests.browser.rounds import come_in
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import NoticeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office"><head><style>p {color: red}</style></head><body>
<h1 style="margin:0">第一章</h1><p class=MsoNormal style="mso-char-indent-count:2"><span lang=EN-US>补贴标
准<o:p></o:p></span></p>
<table border=1><tr><td colspan=2 style="width:1pt"><p>规模</p></td></tr><tr><td>小型</td>
<td>30 &lt; 50</td></tr></table><script>alert(1)</script><img src="x.png"></body></html>"""
PASTE = """html => {
  const area = document.querySelector("[name=body_zh]");
  area.focus();
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plain");
  area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_what_comes_from_word_keeps_its_table(live_server: Any, new_page: Callable[..., Any]) -> None:
    notice = NoticeFactory(author=UserFactory(roles=["publisher"], language="en"))
    page = new_page()
    come_in(page, live_server.url, sign_in(Client(), notice.author))
    page.goto(f"{live_server.url}/admin/policies/policynotice/{notice.pk}/change/")
    page.locator("[name=body_zh]").fill("<p>前言</p>")

    page.evaluate(PASTE, WORD)
    said = page.locator(".said-of-paste").inner_text()
    click(page.locator("[name=_continue]"))

    body = PolicyNotice.objects.get(pk=notice.pk).body_zh
    assert "".join(body.split("\n")) == (
        "<p>前言</p><h2>第一章</h2><p>补贴标准</p><table><tbody>"
        '<tr><td colspan="2"><p>规模</p></td></tr><tr><td>小型</td><td>30 &lt; 50</td></tr></tbody></table>'
    )
    assert "without its styles" in said
