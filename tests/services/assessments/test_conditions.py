"""Questions for some enterprises only: asked by their facts, else left out of score, pages and report."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.criteria import FactValue
from enterprises import facts
from enterprises.actions import record_fact
from services.assessments import actions, conditions, report
from services.assessments.answers import collect
from services.assessments.models import Assessment
from tests.factories.accounts import sign_in
from tests.factories.assessments import bank, draft, finished, middling
from tests.factories.enterprises import Cast
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
MAKERS, OTHERS = "27", "65"
ONLY_MAKERS = "facts:\n      - fact: industry\n        op: within\n        values: [C]"


def known(industry: str) -> dict[str, FactValue]:
    return {facts.INDUSTRY: facts.read(facts.INDUSTRY, industry)}


def state_industry(cast: Cast, code: str) -> None:
    record_fact(cast.enterprise, facts.INDUSTRY, code, source="self", on=timezone.localdate(), by=cast.li)


@pytest.mark.parametrize(("industry", "left_out"), [(MAKERS, []), (OTHERS, ["c13"])])
def test_the_facts_leave_out_what_does_not_concern(industry: str, left_out: list[str]) -> None:
    found = conditions.barred_by(bank("cloud").framework, known(industry), timezone.localdate())

    assert sorted(found) == left_out


def test_what_is_not_known_leaves_nothing_out() -> None:
    assert conditions.barred_by(bank("cloud").framework, {}, timezone.localdate()) == frozenset()


@pytest.mark.parametrize(("industry", "count"), [(MAKERS, 13), (OTHERS, 12)])
def test_the_pages_ask_what_concerns_the_enterprise(
    client: PageClient, cast: Cast, industry: str, count: int
) -> None:
    state_industry(cast, industry)
    row = draft(cast.enterprise, cast.li, code="cloud")
    sign_in(client, cast.li)

    part = client.get(reverse("assessments:section", args=[row.reference, "safe"]))
    overview = client.get(reverse("assessments:detail", args=[row.reference]))

    assert ("c13" in part.context["form"].fields) == (count == 13)
    assert [row["field"].name for row in part.context["groups"][-1]["fields"] if row["whom"]] == (
        ["c13"] if count == 13 else []
    )
    assert overview.context["total"] == count


def test_a_section_of_which_nothing_is_asked_leads_back(client: PageClient, cast: Cast) -> None:
    text = bank("cloud").text.replace("edition: '2026.2'", "edition: '2027'") + MODULE
    actions.publish(text, by=cast.li)
    state_industry(cast, OTHERS)
    row = draft(cast.enterprise, cast.li, code="cloud")

    answer = sign_in(client, cast.li).get(reverse("assessments:section", args=[row.reference, "works"]))

    assert answer.url == reverse("assessments:detail", args=[row.reference])
    assert [section.id for section in collect(row).sections] == ["need", "ready", "safe"]


MODULE = """
- id: works
  title: {zh: 车间, en: Works}
  scored: false
  groups:
  - id: works_all
    title: {zh: 车间, en: Works}
    only_if: {facts: [{fact: industry, op: within, values: [C]}]}
    scenes:
    - id: w1
      title: {zh: 车间, en: Works}
      levels: [{level: 0, label: {zh: 没有, en: None}}, {level: 1, label: {zh: 有, en: Some}}]
"""


def test_a_round_says_what_was_not_asked_and_reaches_the_whole_score_without_it(cast: Cast) -> None:
    state_industry(cast, OTHERS)
    best = {name: (item.options[-1].id,) for name, item in bank("cloud").framework.items.items()}

    row = finished(
        cast.enterprise, cast.li, code="cloud", answers={k: v for k, v in best.items() if k != "c13"}
    )

    assert (row.score, row.result["hidden"]) == (100, ["c13"])
    assert len(report.build(row).not_asked) == 1


def test_an_answer_is_kept_while_its_question_is_not_asked(cast: Cast) -> None:
    state_industry(cast, MAKERS)
    row = draft(cast.enterprise, cast.li, code="cloud", answers=middling("cloud"))
    state_industry(cast, OTHERS)

    assert "c13" in collect(row).hidden
    assert row.answer_rows.filter(item="c13").exists()
    assert actions.finish(row, declared=True, by=cast.li).result["hidden"] == ["c13"]


def test_an_older_round_is_shown_by_the_new_edition_where_that_would_not_ask_more(cast: Cast) -> None:
    state_industry(cast, OTHERS)
    older = bank("cloud")
    row = Assessment(
        enterprise=cast.enterprise,
        version=older,
        answers={item: list(chosen) for item, chosen in middling("cloud").items() if item != "c13"},
        finished_at=timezone.now(),
    )

    assert report.rescored(older.framework, row) is not None
    state_industry(cast, MAKERS)
    assert report.rescored(older.framework, row) is None


@pytest.mark.parametrize(
    "criterion", ["fact: mood, op: within, values: [C]", "fact: industry, op: within, values: [XX]"]
)
def test_a_condition_on_what_we_do_not_know_is_refused_with_its_line(criterion: str) -> None:
    text = bank("cloud").text.replace("edition: '2026.2'", "edition: '2027'")
    line = next(number for number, one in enumerate(text.split("\n"), 1) if "only_if:" in one)

    found = actions.try_out(text.replace(ONLY_MAKERS, f"facts: [{{{criterion}}}]"))

    assert [(fault.line, fault.code) for fault in found.faults] == [(line, "bad_criterion")]
