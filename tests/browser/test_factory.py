"""The digital factory on a phone: from the home page to a report, a service, a second round, and a PDF."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from playwright.sync_api import Route

from services.assessments.models import Assessment
from services.requests.models import ServiceRequest
from tests.browser.chromium import click
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import PHONE, SIDEWAYS, come_in
from tests.factories.accounts import sign_in
from tests.factories.assessments import vector
from tests.factories.enterprises import cast
from tests.factories.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEVELS = {
    "zh-hans": ("二级（规范级）", "四级（协同级）"),
    "en": ("Level 2 (standardised)", "Level 4 (collaborative)"),
}
# The bars of the report, as the picture of a page shows them.
SEA = (13, 74, 107)


@pytest.fixture(params=list(LOCALES))
def li(request: Any, live_server: Any, new_page: Callable[..., Any]) -> Person:
    page = new_page(locale=LOCALES[request.param], viewport=PHONE)
    come_in(page, live_server.url, sign_in(Client(), cast().li))
    return Person(page, live_server.url, request.param)


def answer_all(li: Person, answers: dict[str, tuple[str, ...]]) -> None:
    """Go through the pages of the round that has just been begun, declare, finish."""
    row = Assessment.objects.drafts().get()
    click(li.page.locator("main .buttons a.btn").first)
    for part in row.framework.sections:
        assert li.page.evaluate(SIDEWAYS) == 0, part.id
        for item in part.items:
            for option in answers[item.id]:
                li.choose(item.id, option)
        li.press("Save and continue")
    li.page.locator("main [name=declared]").check()
    click(li.page.locator("main form[action$='/finish/'] button").first)


def begin(li: Person) -> None:
    click(li.page.locator("main form[action$='/new/miit/'] button"))


def test_from_home_to_a_report_a_service_and_a_second_round(li: Person) -> None:
    first_level, second_level = LEVELS[li.language]
    li.go("/")
    click(li.page.locator("main a[href$='/assessments/']").first)
    begin(li)
    answer_all(li, vector())
    assert first_level in li.text
    assert li.page.evaluate(SIDEWAYS) == 0

    click(li.page.locator("main .next-steps a.btn").first)
    li.press("Start")
    row = ServiceRequest.objects.get()
    assert row.source_url.endswith(f"/assessments/{Assessment.objects.get().reference}/result/")
    assert row.offering is not None

    li.go("/assessments/")
    begin(li)
    click(li.page.locator("main .buttons a.btn").first)
    assert li.word("Last time (%(day)s): %(answer)s").split("(")[0].split("（")[0] in li.text
    li.page.go_back()
    answer_all(li, vector("v2_all_best"))
    assert second_level in li.text
    assert "+43.9" in li.text


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def test_the_pdf_shows_the_bars_and_says_what_the_page_says(li: Person) -> None:
    li.go("/assessments/")
    begin(li)
    answer_all(li, vector())
    told = [one for one in li.page.locator("main .scenes td:nth-child(3)").all_inner_texts() if one.strip()]
    with li.page.expect_download() as waiting:
        click(li.page.locator("main a[href$='/report.pdf']"))

    document = pypdfium2.PdfDocument(BytesIO(waiting.value.path().read_bytes()))
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    printed = squeezed("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    assert SEA in {colour for _count, colour in picture.getcolors(maxcolors=2**24)}
    assert len(told) == 16
    assert [one for one in told if squeezed(one) not in printed] == []
    assert all(squeezed(first) in printed for first, _second in LEVELS.values())


def test_a_photo_is_put_beside_an_answer_and_the_page_keeps_what_was_ticked(li: Person) -> None:
    li.go("/assessments/")
    begin(li)
    click(li.page.locator("main .buttons a.btn").first)
    li.choose("q05", vector()["q05"][0])

    click(li.page.locator("main button[name=evidence][value=q05]"))
    plan = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    li.page.locator("main [name=papers]").set_input_files(plan)
    click(li.page.locator("main .buttons button").first)

    assert "plan.pdf" in li.text
    assert li.page.evaluate(SIDEWAYS) == 0
    click(li.page.locator("main a").first)
    assert li.page.locator(f"main input[name=q05][value='{vector()['q05'][0]}']").is_checked()


def test_an_answer_is_kept_while_the_page_is_open(li: Person) -> None:
    chosen = vector()["q05"][0]
    li.go("/assessments/")
    begin(li)
    click(li.page.locator("main .buttons a.btn").first)

    li.choose("q05", chosen)
    li.page.locator("main form [role=status]", has_text=re.compile(r"\d\d:\d\d:\d\d")).wait_for()
    li.page.reload()

    assert li.page.locator(f"main input[name=q05][value='{chosen}']").is_checked()


def test_an_answer_given_before_the_script_has_come_is_kept_too(li: Person) -> None:
    chosen = vector()["q05"][0]
    li.go("/assessments/")
    begin(li)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    li.page.route("**/autosave*.js", hold)
    with li.page.expect_request("**/autosave*.js"):
        li.page.locator("main .buttons a.btn").first.click()
    li.choose("q05", chosen)
    waiting[0].continue_()

    li.page.locator("main form [role=status]", has_text=re.compile(r"\d\d:\d\d:\d\d")).wait_for()
