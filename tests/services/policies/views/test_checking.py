"""What fits, one step away, cannot tell; the three questions and those the rules ask."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise
from services.policies.models import ItemCriteria
from tests.factories.accounts import sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db

AT_LEAST_30 = gate("employees", "at_least", 30)


def words(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


@pytest.fixture
def _nothing_else() -> None:
    """Close what is open from the reference data, so that only the items of a test count."""
    ItemCriteria.objects.update(is_open=False)


def know(enterprise: Enterprise, **values: Any) -> None:
    for code, value in values.items():
        record_fact(enterprise, code, value, source="self", on=date(2026, 11, 1), by=None)


def groups(page: Any) -> dict[str, list[str]]:
    """Return the titles shown in each group."""
    outcome = page.context["outcome"]
    return {name: [one.title for one in getattr(outcome, name)] for name in ("met", "near", "unsure")}


ANSWERS = {"industry": "34", "staff": "20-299", "district": "370211"}


def test_three_answers_sort_what_can_be_claimed(client: Client) -> None:
    published(
        slug="fits", title_en="Fits", items=[{"title_en": "Fits", "criteria": [IN_QINGDAO, AT_MOST_300]}]
    )
    published(items=[{"title_en": "Elsewhere", "criteria": [gate("region", "within", "370100")]}])

    page = client.get("/en/policies/check/", ANSWERS)

    met = words(page.content).split("items fit, by your answers")[1].split("more facts")[0]
    assert "Fits" in met
    assert "Elsewhere" not in words(page.content)


def test_reading_the_answer_keeps_nothing(client: Client) -> None:
    client.get("/policies/check/", ANSWERS)

    assert "guest_answers" not in client.session


def test_answers_are_kept_by_post_for_lists_and_registration(client: Client) -> None:
    response = client.post("/policies/check/", ANSWERS)

    assert response["Location"] == "/policies/check/?industry=34&staff=20-299&district=370211"
    assert client.session["guest_answers"] == {
        "industry": "34", "employees_band": "20-299", "region": "370211",
    }  # fmt: skip
    published(items=[{"criteria": [IN_QINGDAO]}])
    assert "Fits you:" in words(client.get("/en/policies/?q=海塔").content)


def test_an_exact_number_of_staff_is_taken_in_any_width(client: Client) -> None:
    client.post("/policies/check/", ANSWERS | {"staff": "１，２００"})

    assert client.session["guest_answers"]["employees"] == "1200"


@pytest.mark.parametrize(
    "wrong", [{"industry": ""}, {"staff": "many"}, {"staff": "-5"}, {"district": "000000"}, {"industry": "C"}]
)
def test_wrong_answers_are_told_and_kept(client: Client, wrong: dict[str, str]) -> None:
    page = client.get("/en/policies/check/", ANSWERS | wrong)

    assert page.status_code == 200
    assert "There is 1 problem" in words(page.content)
    assert page.context["outcome"] is None


# --- what fits ------------------------------------------------------------------------


def item(title: str, *criteria: dict[str, Any], **fields: Any) -> None:
    published(slug=title.lower(), items=[{"title_en": title, "criteria": list(criteria), **fields}])


@pytest.mark.usefixtures("_nothing_else")
def test_items_stand_in_three_groups_the_nearest_last_day_first(client: Client) -> None:
    people = cast()
    know(people.enterprise, region="370211", employees=28)
    item("Fits-late", IN_QINGDAO, closes_on=date(2027, 12, 31))
    item("Fits-soon", AT_MOST_300, closes_on=date(2027, 1, 31))
    item("Near", AT_LEAST_30)
    item("Far", gate("employees", "at_least", 300))
    item("Unknown", gate("revenue_wan", "at_least", "2000"))
    item("Unstated", IN_QINGDAO, {"op": "unstated"})

    page = sign_in(client, people.li).get("/en/policies/fitting/")

    assert groups(page) == {
        "met": ["Fits-soon", "Fits-late"],
        "near": ["Near"],
        "unsure": ["Unknown", "Unstated"],
    }
    assert page.context["outcome"].counts == {
        "met": 2, "near": 1, "open": 1, "may": 1, "unsure": 2, "not": 1,
    }  # fmt: skip
    assert "One step away: hire 2 more people" in words(page.content)


@pytest.mark.usefixtures("_nothing_else")
def test_the_list_and_the_notice_say_the_step_too(client: Client) -> None:
    people = cast()
    know(people.enterprise, employees=28)
    item("Near", AT_LEAST_30, closes_on=calendar.today())
    sign_in(client, people.li)

    listed = words(client.get("/en/policies/?q=海塔").content)
    page = words(client.get("/en/policies/near/").content)

    assert "One step away: hire 2 more people" in listed
    assert "One step away: hire 2 more people" in page
    assert "Not met Employees: 30 people or more Yours: 28 people (own statement · 2026-11-01)" in page


@pytest.mark.usefixtures("_nothing_else")
@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_items_as_for_one(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = cast()
    know(people.enterprise, region="370211", employees=28)
    for n in range(rows):
        item(f"Fits-{n}", IN_QINGDAO)
        item(f"Near-{n}", AT_LEAST_30)
        item(f"Open-{n}", gate("revenue_wan", "at_least", "2000"))
    sign_in(client, people.li).get("/policies/fitting/")

    with django_assert_num_queries(QUERIES_OF_A_MEMBER):
        client.get("/policies/fitting/")


# Session, person, memberships, unread letters; facts, what is hidden, groups, items, questions.
QUERIES_OF_A_MEMBER = 9


@pytest.mark.usefixtures("_nothing_else")
def test_another_enterprise_sees_its_own_groups(client: Client) -> None:
    people = cast()
    know(people.enterprise, employees=28)
    know(people.other, employees=200)
    item("Thirty", AT_LEAST_30)

    page = sign_in(client, people.zhao).get("/en/policies/fitting/")

    assert groups(page) == {"met": ["Thirty"], "near": [], "unsure": []}


# --- the next best question --------------------------------------------------------------


@pytest.mark.usefixtures("_nothing_else")
def test_the_fact_that_decides_most_is_asked_first_and_says_what_it_settled(client: Client) -> None:
    people = cast()
    item("A", AT_MOST_300)
    item("B", gate("employees", "at_least", 500))
    item("C", IN_QINGDAO)
    sign_in(client, people.li)

    page = client.get("/en/policies/fitting/")
    told = client.post("/en/policies/answer/", {"fact": "employees", "answer": "１２０"}, follow=True)

    assert (page.context["fact"], page.context["question"].decides) == ("employees", 2)
    assert "Answer 2 questions, and 3 more items are decided." in words(page.content)
    assert "This answer settled 2 items. It fits you: A. It does not fit: B." in words(told.content)
    assert told.context["fact"] == "region"
    fact = people.enterprise.facts.current().get(code="employees")
    assert (fact.value, fact.source, fact.recorded_by) == (120, "self", people.li)


@pytest.mark.usefixtures("_nothing_else")
def test_a_question_can_be_skipped_and_asked_again(client: Client) -> None:
    item("A", AT_MOST_300)
    item("B", IN_QINGDAO)

    first = client.get("/en/policies/quiz/")
    second = client.get(first.context["skip_url"])
    none = client.get(second.context["skip_url"])

    assert [first.context["fact"], second.context["fact"], none.context["fact"]] == [
        "region",
        "employees",
        "",
    ]
    assert "You skipped the remaining questions." in words(none.content)
    assert none.context["skipped_url"] == "/en/policies/quiz/"


@pytest.mark.parametrize(
    ("fact", "answer", "told"),
    [
        ("employees", "", "Choose or type an answer, or skip this question."),
        ("employees", "many", "Type a figure, for example 120."),
        ("employees", "-1", "Type a figure that is not below nought."),
        ("employees", "9" * 30, "Check the figure: more than 10,000,000 cannot be right."),
        ("employees", "1.5", "Type fewer decimals."),
        ("founded_on", "long ago", "Write the date as 2019-03-14"),
        ("founded_on", "2199", "This date lies in the future."),
        ("region", "999999", "Choose one from the list."),
        ("industry", "C", "Choose one from the list."),
        ("qualification.zjtx", "perhaps", "Choose yes or no."),
        ("employees", "1" * 41, "Ensure this value has at most 40 characters"),
    ],
)
def test_wrong_answers_to_a_question_are_told_and_kept(
    client: Client, fact: str, answer: str, told: str
) -> None:
    page = client.post("/en/policies/answer/", {"fact": fact, "answer": answer, "page": "quiz"})

    assert page.status_code == 200
    assert told in words(page.content)
    assert "guest_answers" not in client.session


@pytest.mark.parametrize("fact", ["", "size", "digital_level", "nonsense", "qualification", "x" * 999])
def test_what_is_not_asked_cannot_be_answered(client: Client, fact: str) -> None:
    assert client.post("/policies/answer/", {"fact": fact, "answer": "1"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["skip=nonsense&skip=%F0%9F", "ask=size", "ask=" + "x" * 3000, "skip=employees&skip=region"],
)
def test_strange_addresses_of_the_questions_are_read_as_far_as_they_make_sense(
    client: Client, query: str
) -> None:
    assert client.get(f"/policies/quiz/?{query}").status_code == 200
    assert client.get(f"/policies/fitting/?{query}").status_code == 200


@pytest.mark.parametrize("kept", ["x", [1], {"employees": {"a": 1}}, {"employees_band": []}])
def test_a_session_of_another_make_counts_as_no_answers(client: Client, kept: Any) -> None:
    session = client.session
    session["guest_answers"] = kept
    session.save()

    assert client.get("/policies/quiz/").status_code == 200


@pytest.mark.usefixtures("_nothing_else")
def test_a_guest_answers_in_this_browser_and_can_delete_it(client: Client) -> None:
    item("A", gate("founded_on", "years_at_least", 3))
    item("B", gate("qualification", "has_any", "zjtx"))

    client.post("/en/policies/answer/", {"fact": "founded_on", "answer": "2019年3月", "page": "quiz"})
    client.post("/en/policies/answer/", {"fact": "qualification.zjtx", "answer": "no", "page": "quiz"})
    quiz = client.get("/en/policies/quiz/")
    fitting = client.get("/en/policies/fitting/")

    assert client.session["guest_answers"] == {"founded_on": "2019-3", "qualification.zjtx": False}
    assert [(one.label, one.value) for one in quiz.context["given"]] == [
        ("Founded on", "March 2019"),
        ("Specialised and sophisticated SME", "No"),
    ]
    assert groups(fitting) == {"met": ["A"], "near": ["B"], "unsure": []}
    assert "get recognised as Specialised and sophisticated SME" in words(fitting.content)
    client.post("/en/policies/forget/")
    assert "guest_answers" not in client.session


def test_a_band_can_be_made_exact(client: Client) -> None:
    client.post("/en/policies/check/", ANSWERS)
    client.post("/en/policies/answer/", {"fact": "employees", "answer": "120", "page": "quiz"})

    given = client.get("/en/policies/quiz/").context["given"]

    assert [(one.label, one.value) for one in given if one.label == "Employees"] == [
        ("Employees", "120 people")
    ]


def test_a_band_is_shown_in_words(client: Client) -> None:
    client.post("/en/policies/check/", ANSWERS)

    given = client.get("/en/policies/quiz/").context["given"]

    assert [(one.label, one.value) for one in given][2:] == [("Employees", "20 to 299 people")]


def test_members_are_asked_beside_what_fits(client: Client) -> None:
    response = sign_in(client, cast().li).get("/policies/quiz/?ask=employees")

    assert response["Location"] == "/policies/fitting/?ask=employees"


def test_a_viewer_reads_and_cannot_answer(client: Client) -> None:
    people = cast()
    sign_in(client, people.guo)

    page = client.get("/en/policies/fitting/?ask=employees")
    refused = client.post("/en/policies/answer/", {"fact": "employees", "answer": "120"})

    assert "An owner or editor of your enterprise can answer this." in words(page.content)
    assert refused.status_code == 403
    assert not people.enterprise.facts.exists()


def test_an_answer_below_what_the_registry_says_is_kept_but_does_not_count(client: Client) -> None:
    people = cast()
    record_fact(people.enterprise, "region", "370200", source="registry", on=date(2026, 11, 1), by=None)

    page = sign_in(client, people.li).post(
        "/en/policies/answer/", {"fact": "region", "answer": "370211"}, follow=True
    )

    assert "goes on counting" in words(page.content)
    assert page.redirect_chain == [("/en/policies/fitting/?skip=region", 302)]


def test_a_known_division_is_asked_for_its_group(client: Client) -> None:
    people = cast()
    know(people.enterprise, industry="34")

    page = sign_in(client, people.li).get("/policies/fitting/?ask=industry").content.decode()

    assert '<option value="342">' in page
    assert '<option value="35">' not in page


def test_a_guest_is_led_from_a_missing_fact_to_its_question(client: Client) -> None:
    client.post("/policies/check/", ANSWERS)
    published(slug="asks", items=[{"criteria": [gate("revenue_wan", "at_least", "2000")]}])

    page = client.get("/en/policies/asks/").content.decode()

    assert 'href="/en/policies/quiz/?ask=revenue_wan"' in page


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize("address", ["/policies/answer/", "/policies/forget/"])
def test_answers_come_by_post_alone(client: Client, method: str, address: str) -> None:
    assert getattr(client, method)(address).status_code == 405
