"""The size self-test answers by the official table, keeps what was typed, and stores nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from core import calendar
from enterprises import facts
from enterprises.actions import record_fact
from enterprises.classification import industries, sizes
from enterprises.forms.size import industry_choices
from enterprises.models import Fact
from tests.factories.accounts import sign_in
from tests.factories.enterprises import cast

pytestmark = pytest.mark.django_db
MACHINES = {"industry": "34", "employees": "120", "revenue_wan": "5,000", "assets_wan": ""}


def ask(client: Client, **answers: str):
    return client.get("/en/enterprise/size/", MACHINES | answers)


@pytest.mark.parametrize(
    ("answers", "size"),
    [
        ({}, "small"),
        ({"employees": "300", "revenue_wan": "2000"}, "medium"),
        ({"employees": "1000", "revenue_wan": "40000"}, "large"),
        ({"employees": "１９"}, "micro"),
        ({"employees": ""}, "unknown"),
        ({"industry": "704", "employees": "", "revenue_wan": ""}, "not_applicable"),
    ],
)
def test_the_class_is_that_of_the_table(client: Client, answers: dict[str, str], size: str) -> None:
    assert ask(client, **answers).context["result"].size == size


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("industry", ""),
        ("industry", "999"),
        ("employees", "-3"),
        ("revenue_wan", "1e5"),
        ("assets_wan", "9" * 99),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(client: Client, field: str, typed: str) -> None:
    page = ask(client, **{field: typed})

    assert (list(page.context["form"].errors), page.context["result"]) == ([field], None)
    assert page.context["form"]["employees"].value() == (typed if field == "employees" else "120")


def test_nothing_is_answered_before_anything_was_asked(client: Client) -> None:
    page = client.get(reverse("enterprises:size"))

    assert (page.context["form"].is_bound, page.context["result"]) == (False, None)


def test_what_is_known_of_the_enterprise_is_filled_in_and_nothing_is_stored(client: Client) -> None:
    people = cast()
    record_fact(
        people.enterprise, facts.INDUSTRY, "3411", source=Fact.Source.SELF, on=calendar.today(), by=people.li
    )
    record_fact(
        people.enterprise, facts.EMPLOYEES, "75", source=Fact.Source.SELF, on=calendar.today(), by=people.li
    )
    before = Fact.objects.count()
    sign_in(client, people.li)

    form = client.get(reverse("enterprises:size")).context["form"]
    ask(client)

    assert (form["industry"].value(), form["employees"].value()) == ("34", 75)
    assert Fact.objects.count() == before


def test_every_choice_is_fine_enough_for_the_table() -> None:
    offered = [code for _label, rows in industry_choices()[1:] for code, _words in rows]

    assert all(len(sizes.rows_of(code)) == 1 for code in offered)
    assert {code[:2] for code in offered} == {
        row.code for row in industries.INDUSTRIES.values() if row.level is industries.Level.DIVISION
    }
