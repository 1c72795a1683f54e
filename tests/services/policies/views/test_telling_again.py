"""What was answered as a guest, offered after signing in to an enterprise that exists already."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from enterprises.actions import record_fact
from services.policies import visitor
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast

pytestmark = pytest.mark.django_db
PAGE = "/en/policies/told/"
ANSWERS = {"employees": "80", "region": "370211", "qualification.zjtx": False, "employees_band": "20-299"}


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def signed_in(client: Client, person: Any, answers: dict[str, Any]) -> Client:
    """Sign in with a session that already holds a guest's answers."""
    session = client.session
    session[visitor.SESSION_KEY] = answers
    session.save()
    return sign_in(client, person)


def known(people: Cast) -> dict[str, Any]:
    return {code: fact.value for code, fact in people.enterprise.facts.known().items() if code == "employees"}


def test_the_answers_are_offered_where_the_owner_looks(client: Client, people: Cast) -> None:
    signed_in(client, people.li, ANSWERS)

    for page in ("/en/policies/", "/en/policies/fitting/", "/en/enterprise/"):
        assert PAGE in client.get(page).content.decode()


def test_what_is_ticked_becomes_a_fact_and_the_rest_is_forgotten(client: Client, people: Cast) -> None:
    signed_in(client, people.li, ANSWERS)
    offered = [(one.code, one.answer) for one in client.get(PAGE).context["told"]]

    answer = client.post(PAGE, {"code": ["employees"]})

    assert ("employees", "80 people") in offered
    assert len(offered) == 3
    assert answer["Location"] == "/en/policies/since/"
    assert known(people) == {"employees": 80}
    assert not people.enterprise.facts.filter(code="region").exists()
    assert client.get(PAGE).context["told"] == []
    assert PAGE not in client.get("/en/policies/").content.decode()


def test_taking_over_nothing_forgets_them(client: Client, people: Cast) -> None:
    signed_in(client, people.li, ANSWERS)

    client.post(PAGE, {"forget": "1", "code": ["employees"]})

    assert known(people) == {}
    assert client.get(PAGE).context["told"] == []


def test_what_is_known_already_is_not_asked_and_what_was_confirmed_stays(
    client: Client, people: Cast
) -> None:
    on = date(2026, 11, 1)
    record_fact(people.enterprise, "region", "370211", source="self", on=on, by=None)
    record_fact(people.enterprise, "employees", 90, source="staff", on=on, by=None)
    signed_in(client, people.li, {"employees": "80", "region": "370211"})

    [offered] = client.get(PAGE).context["told"]
    client.post(PAGE, {"code": ["employees", "region", "uscc", "x" * 500]})

    assert (offered.code, offered.known, offered.counts) == ("employees", "90 people", False)
    assert known(people) == {"employees": 90}


def test_a_viewer_is_offered_nothing(client: Client, people: Cast) -> None:
    signed_in(client, people.guo, ANSWERS)

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/en/policies/").content.decode()


@pytest.mark.parametrize("answers", [{"employees": "many", "founded_on": "\x00"}, {"employees_band": "1-19"}])
def test_what_cannot_be_a_fact_is_left_out(client: Client, people: Cast, answers: dict[str, Any]) -> None:
    signed_in(client, people.li, answers)

    assert client.get(PAGE).context["told"] == []
