"""The digital factory on a phone: from the home page to a report, a service asked for, a second round."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from services.assessments.models import Assessment
from services.requests.models import ServiceRequest
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import PHONE, SIDEWAYS, come_in
from tests.factories.accounts import sign_in
from tests.factories.assessments import vector
from tests.factories.enterprises import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def li(live_server: Any, new_page: Callable[..., Any]) -> Person:
    page = new_page(locale=LOCALES["zh-hans"], viewport=PHONE)
    come_in(page, live_server.url, sign_in(Client(), cast().li))
    return Person(page, live_server.url, "zh-hans")


def answer_all(li: Person, answers: dict[str, tuple[str, ...]]) -> None:
    """Go through the pages of the round that has just been begun, declare, finish."""
    row = Assessment.objects.drafts().get()
    li.page.locator("main .buttons a.btn").first.click()
    for part in row.framework.sections:
        assert li.page.evaluate(SIDEWAYS) == 0, part.id
        for item in part.items:
            for option in answers[item.id]:
                li.choose(item.id, option)
        li.press("Save and continue")
    li.page.locator("main [name=declared]").check()
    li.page.locator("main form[action$='/finish/'] button").first.click()


def begin(li: Person) -> None:
    li.page.locator("main form[action$='/new/miit/'] button").click()


def test_from_home_to_a_report_a_service_and_a_second_round(li: Person) -> None:
    li.go("/")
    li.page.locator("main a[href='/assessments/']").first.click()
    begin(li)
    answer_all(li, vector())
    assert "二级（规范级）" in li.text
    assert li.page.evaluate(SIDEWAYS) == 0

    li.page.locator("main .next-steps a.btn").first.click()
    li.press("Start")
    row = ServiceRequest.objects.get()
    assert row.source_url == f"/assessments/{Assessment.objects.get().reference}/result/"
    assert row.offering is not None

    li.go("/assessments/")
    begin(li)
    answer_all(li, vector("v2_all_best"))
    assert "四级（协同级）" in li.text
    assert "+43.9" in li.text


def test_the_pdf_is_handed_out_and_shows_something(li: Person) -> None:
    li.go("/assessments/")
    begin(li)
    answer_all(li, vector())
    with li.page.expect_download() as waiting:
        li.page.locator("main a[href$='/report.pdf']").click()

    data = waiting.value.path().read_bytes()
    document = pypdfium2.PdfDocument(BytesIO(data))
    picture = document[0].render(scale=1).to_pil().convert("L")
    pages = len(document)
    document.close()
    assert pages >= 2
    assert picture.getextrema()[0] < 60
