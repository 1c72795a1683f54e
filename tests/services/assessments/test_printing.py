"""The PDF says what the page says, in both languages, with the code that proves it."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from core import calendar
from services.assessments import actions, printing, report
from tests.factories.accounts import sign_in
from tests.factories.assessments import bank, draft, finished
from tests.factories.enterprises import Cast
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def words_of(data: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_the_pdf_holds_both_languages_the_code_and_the_edition(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)

    words = words_of(printing.document(row))

    for piece in (
        "青岛海风机械厂",
        "二级（规范级）",
        "Level 2 (standardised)".replace(" ", ""),
        report.verification_code(row),
        row.version.digest[:12],
        "用系统录入和跟踪工单进度、产量、用料",
    ):
        assert piece in words, piece


def test_a_draft_is_not_printed(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)

    with pytest.raises(ValueError, match="only a finished round"):
        printing.document(row)
    answer = sign_in(client, cast.li).get(reverse("assessments:pdf", args=[row.reference]))
    assert answer.status_code == 302


@pytest.mark.parametrize(("person", "status"), [("li", 200), ("guo", 200), ("zhao", 404)])
def test_the_people_of_the_enterprise_download_it(
    client: PageClient, cast: Cast, person: str, status: int
) -> None:
    row = finished(cast.enterprise, cast.li)

    answer = sign_in(client, getattr(cast, person)).get(reverse("assessments:pdf", args=[row.reference]))

    assert answer.status_code == status
    if status == 200:
        assert answer.content.startswith(b"%PDF-")


def test_the_pdf_says_what_an_expert_saw_and_why(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    scene = row.framework.scenes[0]
    scenes = {scene.id: {"level": "0", "reason": "图纸仍是手工绘制"}}
    lead = officer("Lead", role="triage_lead")
    visit = actions.verify(row, visited_on=calendar.today(), scenes=scenes, by=lead)

    words = words_of(printing.document(row))

    assert visit.visited_on.isoformat() in words
    assert words.count("图纸仍是手工绘制") == 2


def test_the_pdf_shows_an_old_round_by_both_rules(cast: Cast) -> None:
    finished(cast.enterprise, cast.li)
    actions.publish(bank().text.replace("edition: '2024'", "edition: '2027'", 1), by=None)
    row = finished(cast.enterprise, cast.li)

    with translation.override("en"):
        told = report.build(row).rounds[1].by_present_rule

    assert told.startswith("by the 2027 edition: ")
    assert "".join(told.split()) in words_of(printing.document(row))
