"""Filling in through its pages, by those who may, those who may not, and with hostile input."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from services.assessments import actions, wording
from services.assessments.actions import Reply
from services.assessments.models import Assessment
from tests.factories.accounts import sign_in
from tests.factories.assessments import bank, campaign, draft, finished, vector
from tests.factories.enterprises import Cast
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
PEOPLE = ["li", "wang", "guo", "zhao"]


def as_(client: PageClient, cast: Cast, name: str) -> PageClient:
    return sign_in(client, getattr(cast, name))


def page(name: str, *args: str) -> str:
    return reverse(f"assessments:{name}", args=args)


def test_the_start_page_is_open_to_everybody(client: PageClient) -> None:
    text = client.get(page("start")).content.decode()

    assert bank().framework.title.zh in text
    assert bank("quick").framework.title.zh in text


@pytest.mark.parametrize(("person", "status"), [("li", 302), ("wang", 302), ("guo", 403)])
def test_owners_and_editors_begin_a_round(client: PageClient, cast: Cast, person: str, status: int) -> None:
    answer = as_(client, cast, person).post(page("begin", "miit"))

    assert answer.status_code == status
    assert Assessment.objects.count() == (1 if status == 302 else 0)


@pytest.mark.parametrize("code", ["quick", "nothing"])
def test_only_the_question_banks_for_enterprises_are_begun(client: PageClient, cast: Cast, code: str) -> None:
    assert as_(client, cast, "li").post(page("begin", code)).status_code == 404


@pytest.mark.parametrize(
    ("person", "detail", "part"),
    [("li", 200, 200), ("wang", 200, 200), ("guo", 200, 403), ("zhao", 404, 404)],
)
def test_who_sees_a_draft_and_who_answers(
    client: PageClient, cast: Cast, person: str, detail: int, part: int
) -> None:
    row = draft(cast.enterprise, cast.li)
    as_(client, cast, person)

    assert client.get(page("detail", row.reference)).status_code == detail
    assert client.get(page("section", row.reference, "results")).status_code == part
    assert client.get(page("check", row.reference)).status_code == detail


def test_the_whole_way_from_the_first_page_to_the_report(client: PageClient, cast: Cast) -> None:
    as_(client, cast, "li").post(page("begin", "miit"))
    row = Assessment.objects.get()
    given = vector()
    for part in row.framework.sections:
        answers = {item.id: list(given[item.id]) for item in part.items}
        answer = client.post(page("section", row.reference, part.id), answers)
        assert answer.status_code == 302, answer.content.decode()
    assert answer.url == page("check", row.reference)

    token = re.search(r'form_token" value="([^"]+)', client.get(answer.url).content.decode())[1]
    done = client.post(page("finish", row.reference), {"declared": "on", "form_token": token})
    again = client.post(page("finish", row.reference), {"declared": "on", "form_token": token})

    assert done.url == again.url == page("result", row.reference)
    text = client.get(done.url).content.decode()
    assert "二级（规范级）" in text
    assert "56.1" in text


def test_the_next_open_question_is_where_one_goes_on(client: PageClient, cast: Cast) -> None:
    given = vector()
    row = draft(cast.enterprise, cast.li, answers={k: v for k, v in given.items() if k != "sc06"})

    text = as_(client, cast, "li").get(page("detail", row.reference)).content.decode()

    buttons = re.findall(r'class="btn" href="([^"]+)"', text)
    assert buttons == [page("section", row.reference, "operations-production")]


def test_a_refused_page_keeps_what_was_ticked_and_stores_nothing(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)

    answer = as_(client, cast, "li").post(
        page("section", row.reference, "foundation"), {"q01": ["A", "B"], "q05": ["C"]}
    )

    text = answer.content.decode()
    assert "“无”" in text
    assert re.search(r'name="q05" value="C"[^>]*checked', text)
    assert row.answer_rows.count() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"n_equipment_total": "10", "n_equipment_digital": "11"}, "n_equipment_digital"),
        ({"n_equipment_total": "0", "n_equipment_digital": "0"}, "n_equipment_total"),
        ({"n_equipment_total": "9" * 5000}, "n_equipment_total"),
        ({"n_equipment_total": "1e999"}, "n_equipment_total"),
        ({"n_equipment_total": "-4"}, "n_equipment_total"),
        ({"n_equipment_total": "ten"}, "n_equipment_total"),
        ({"n_equipment_total": "100", "n_equipment_digital": "35", "q02": "A"}, "q02"),
        ({"q02": "9" * 5000}, "q02"),
        ({"q02": ["A", "B"]}, "q02"),
        ({"edition": "another"}, "__all__"),
    ],
)
def test_input_that_cannot_be_is_refused_in_words(
    client: PageClient, cast: Cast, typed: dict, told: str
) -> None:
    row = draft(cast.enterprise, cast.li)

    answer = as_(client, cast, "li").post(page("section", row.reference, "foundation"), typed)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [told]
    assert row.answer_rows.count() == 0


def test_figures_find_their_answer(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)

    as_(client, cast, "li").post(
        page("section", row.reference, "foundation"),
        {"n_equipment_total": "１００", "n_equipment_digital": "35", "n_equipment_connected": "5"},
    )

    kept = {answer.item: (answer.options, answer.figures) for answer in row.answer_rows.all()}
    assert kept == {
        "q02": (["C"], {"equipment_digital": "35", "equipment_total": "100"}),
        "q03": (["A"], {"equipment_connected": "5", "equipment_total": "100"}),
    }


def test_a_page_changed_in_another_window_is_shown_again_with_what_was_typed(
    client: PageClient, cast: Cast
) -> None:
    row = draft(cast.enterprise, cast.li)
    url = page("section", row.reference, "results")
    as_(client, cast, "li").post(url, {"q12": "C"})

    warned = client.post(url, {"q12": "A", "seen": "not a time"})
    seen = warned.context["form"]["seen"].value()

    assert warned.status_code == 200
    assert row.answer_rows.get().options == ["C"]
    assert client.post(url, {"q12": "A", "seen": seen}).status_code == 302
    assert row.answer_rows.get().options == ["A"]


def test_what_a_colleague_answered_is_shown(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    part = row.framework.section("results")
    actions.save_section(row, part, {"q12": Reply(("A",))}, by=cast.li)
    actions.save_section(row, part, {"q12": Reply(("C",))}, by=cast.wang)

    text = as_(client, cast, "li").get(page("section", row.reference, "results")).content.decode()

    assert "Wang" in text


def test_what_is_open_is_named_instead_of_finishing(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li, answers={**vector(), "q12": ("?",)})

    answer = as_(client, cast, "li").post(page("finish", row.reference), {"declared": "on"})

    assert row.framework.items["q12"].title.zh in str(answer.context["errors"])


def test_without_the_declaration_nothing_is_finished(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li, answers=vector())

    answer = as_(client, cast, "li").post(page("finish", row.reference), {})

    assert list(answer.context["form"].errors) == ["declared"]
    row.refresh_from_db()
    assert row.state == "draft"


@pytest.mark.parametrize("name", ["detail", "check", "discard"])
def test_a_finished_round_leads_to_its_report(client: PageClient, cast: Cast, name: str) -> None:
    row = finished(cast.enterprise, cast.li)

    assert as_(client, cast, "li").get(page(name, row.reference)).url == page("result", row.reference)


def test_a_part_is_given_to_a_colleague_of_the_list_only(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    url = page("owner", row.reference, "results")
    as_(client, cast, "li")

    client.post(url, {"user": str(cast.zhao.pk)})
    assert not row.section_owners.exists()
    client.post(url, {"user": "9" * 300})
    assert not row.section_owners.exists()
    client.post(url, {"user": str(cast.wang.pk)})
    assert row.section_owners.get().user == cast.wang


def test_a_draft_is_dropped_after_asking_once(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li, answers=vector())
    url = page("discard", row.reference)

    assert as_(client, cast, "li").get(url).status_code == 200
    client.post(url)

    row.refresh_from_db()
    assert row.state == "discarded"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: PageClient, cast: Cast, rows: int, django_assert_num_queries
) -> None:
    for _number in range(rows):
        finished(cast.enterprise, cast.li)
    as_(client, cast, "li").get(page("list"))

    with django_assert_num_queries(6):
        answer = client.get(page("list"))

    assert len(answer.context["rows"]) == rows


def test_a_page_number_from_nowhere_shows_the_last_page(client: PageClient, cast: Cast) -> None:
    finished(cast.enterprise, cast.li)

    answer = as_(client, cast, "li").get(page("list"), {"page": "9" * 5000})

    assert answer.status_code == 200


def test_the_second_round_shows_what_was_answered_last_time(client: PageClient, cast: Cast) -> None:
    finished(cast.enterprise, cast.li)
    first = draft(cast.enterprise, cast.li)
    said = wording.answer(bank().framework.items["q05"], vector()["q05"])

    shown = as_(client, cast, "wang").get(page("section", first.reference, "foundation")).context["groups"]

    before = {row["field"].name: row["before"] for group in shown for row in group["fields"]}
    assert before["q05"] == said
    assert all(before.values())


def test_a_first_round_has_no_last_time(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)

    answer = as_(client, cast, "li").get(page("section", row.reference, "foundation"))

    assert {one["before"] for group in answer.context["groups"] for one in group["fields"]} == {""}


def test_the_start_page_calls_to_an_open_campaign(client: PageClient, cast: Cast) -> None:
    row = campaign(officer("Lead", role="triage_lead"), state="running", launched_at=timezone.now())
    row.invitations.create(enterprise=cast.enterprise)

    assert row.name_zh in as_(client, cast, "li").get(page("start")).content.decode()
    assert row.name_zh not in as_(client, cast, "zhao").get(page("start")).content.decode()


def autosaved(client: PageClient, row: Assessment, **answers: str) -> dict[str, str]:
    typed = {"edition": "", "autosave": "1", **answers}
    found: dict[str, str] = client.post(page("section", row.reference, "foundation"), typed).json()
    return found


def test_answers_are_kept_while_they_are_given(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    as_(client, cast, "li")
    answer, other = (option.id for option in row.framework.items["q05"].options[:2])

    first = autosaved(client, row, q05=answer)
    second = autosaved(client, row, q05=other, seen=first["seen"])

    assert [one.options for one in row.answer_rows.all()] == [[other]]
    assert first["seen"] < second["seen"]
    assert first["said"]


def test_autosave_overwrites_nothing_of_another_window_and_keeps_nothing_wrong(
    client: PageClient, cast: Cast
) -> None:
    row = draft(cast.enterprise, cast.li)
    as_(client, cast, "li")
    answer, other = (option.id for option in row.framework.items["q05"].options[:2])
    autosaved(client, row, q05=answer)

    assert autosaved(client, row, q05=other) == {"said": ""}
    assert autosaved(client, row, q05="no such answer") == {"said": ""}
    assert [one.options for one in row.answer_rows.all()] == [[answer]]


@pytest.mark.parametrize(("language", "unit"), [("zh-hans", "台"), ("en", "machines")])
def test_the_unit_of_a_figure_stands_in_the_readers_language(
    client: PageClient, cast: Cast, language: str, unit: str
) -> None:
    row = draft(cast.enterprise, cast.li)
    with translation.override(language):
        url = page("section", row.reference, "foundation")

    text = as_(client, cast, "li").get(url).content.decode()

    assert f'<span class="unit">{unit}</span>' in text
