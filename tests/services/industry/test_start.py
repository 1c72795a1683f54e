"""The start: problems in an owner's words, each leading to what can be asked for."""

import pytest
from django.test import Client

from services.assessments.frameworks import loader
from services.assessments.models import FrameworkVersion
from services.catalogue.actions import STARTER
from services.industry.problems import problems, scenes
from tests.factories.catalogue import OfferingFactory

pytestmark = pytest.mark.django_db


def test_every_problem_leads_to_a_service_of_the_starter_catalogue() -> None:
    starter = STARTER.read_text(encoding="utf-8")
    wanted = {code for problem in problems().values() for code in problem.capabilities}

    assert [code for code in sorted(wanted) if f"[{code}" not in starter and f", {code}" not in starter] == []


def test_scenes_and_items_are_those_of_the_question_bank() -> None:
    framework = loader.load(FrameworkVersion.objects.current().get(code="miit").text)

    assert {code: str(words.en) for code, words in scenes().items()} == {
        scene.id: scene.title.en for scene in framework.scenes
    }
    named = {item for problem in problems().values() for item in (*problem.items, *problem.scenes)}
    assert named <= set(framework.items)
    assert set(scenes()) <= named | {"sc01", "sc02"}


@pytest.mark.parametrize(("language", "words"), [("", "废品和返工太多"), ("/en", "I scrap too much")])
def test_the_start_names_the_problems(client: Client, language: str, words: str) -> None:
    page = client.get(f"{language}/industry/").content.decode()

    assert f'<a href="{language}/industry/problems/scrap/">{words}</a>' in page


def test_a_problem_shows_only_what_can_be_asked_for(client: Client) -> None:
    good, retired = OfferingFactory(name_en="Trace"), OfferingFactory(is_listed=False)
    for offering in (good, retired):
        offering.capabilities.create(code="quality")

    response = client.get("/en/industry/problems/scrap/")

    shown = [row for row in response.context["offerings"] if row in (good, retired)]
    assert shown == [good]


@pytest.mark.parametrize("code", ["no-such", "SCRAP"])
def test_an_unknown_problem_is_not_there(client: Client, code: str) -> None:
    assert client.get(f"/industry/problems/{code}/").status_code == 404
