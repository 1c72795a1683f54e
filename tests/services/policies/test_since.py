"""What a change of facts altered: won, lost, and nothing that was published meanwhile."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enterprises import past
from enterprises.actions import record_fact
from enterprises.actions.fact import withdraw_statements
from enterprises.models import Fact
from services.policies import actions
from services.policies.models import ItemCriteria
from services.policies.since import start_of
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db
PAGE = "/en/policies/since/"


@pytest.fixture
def people(db: None) -> Cast:
    ItemCriteria.objects.update(is_open=False)
    return cast()


def know(people: Cast, day: int, *, source: str = "self", **facts: Any) -> None:
    """Record facts as if on that day of November."""
    for code, value in facts.items():
        row = record_fact(people.enterprise, code, value, source=source, on=date(2026, 11, day), by=people.li)
        Fact.objects.filter(pk=row.pk).update(recorded_at=datetime(2026, 11, day, 4, tzinfo=UTC))


def item(title: str, *criteria: Any) -> Any:
    return published(items=[{"title_en": title, "criteria": list(criteria)}]).items.get()


def titles(page: Any) -> tuple[list[str], list[str]]:
    since = page.context["since"]
    return sorted(one.title for one in since.won), sorted(one.title for one in since.lost)


def test_what_became_fitting_and_what_no_longer_fits(client: Client, people: Cast) -> None:
    item("Qingdao", IN_QINGDAO)
    item("Small", AT_MOST_300)
    item("Large", gate("employees", "at_least", 301))
    item("Everybody")
    know(people, 2, region="370211", employees=200)
    know(people, 9, employees=400)
    sign_in(client, people.guo)

    page = client.get(PAGE)

    assert titles(page) == (["Large"], ["Small"])
    assert [(one.old, one.new) for one in page.context["since"].facts] == [("200 people", "400 people")]
    assert "1 item no longer fits" in page.content.decode()


def test_an_earlier_day_can_be_chosen_and_a_made_up_one_is_the_latest(client: Client, people: Cast) -> None:
    item("Qingdao", IN_QINGDAO)
    item("Small", AT_MOST_300)
    know(people, 2, region="370211")
    know(people, 9, employees=200)
    sign_in(client, people.li)

    found = [
        titles(client.get(PAGE, {"day": day}))[0] for day in ("2026-11-02", "2026-11-09", "x", "2020-01-01")
    ]

    assert found == [["Qingdao", "Small"], ["Small"], ["Small"], ["Small"]]


def test_what_was_published_meanwhile_is_not_of_the_change(client: Client, people: Cast) -> None:
    know(people, 2, region="370211")
    know(people, 9, employees=200)
    item("Qingdao", IN_QINGDAO)
    sign_in(client, people.li)

    assert titles(client.get(PAGE)) == ([], [])


def test_what_was_dismissed_is_not_shown_again(client: Client, people: Cast) -> None:
    found = item("Small", AT_MOST_300)
    know(people, 9, employees=200)
    actions.mark(people.enterprise, found.notice, found, standing="dismissed", reason="work", by=people.li)
    sign_in(client, people.li)

    assert titles(client.get(PAGE)) == ([], [])


def test_nothing_known_says_so(client: Client, people: Cast) -> None:
    sign_in(client, people.li)

    assert "Nothing is known of your enterprise yet" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_changed(client: Client, people: Cast, rows: int) -> None:
    for n in range(rows):
        item(f"Small {n}", AT_MOST_300)
    know(people, 9, employees=200)
    sign_in(client, people.li).get(PAGE)

    with CaptureQueriesContext(connection) as found:
        page = client.get(PAGE)

    assert (len(page.context["since"].won), len(found)) == (rows, 11)


# --- what was known ------------------------------------------------------------------


def test_the_stronger_source_counted_then_too(people: Cast) -> None:
    know(people, 2, employees=200)
    know(people, 4, source="staff", employees=250)
    know(people, 6, employees=300)

    found = [past.known_before(people.enterprise, start_of(date(2026, 11, day))) for day in (2, 3, 5, 7)]

    assert [one["employees"].value if one else None for one in found] == [None, 200, 250, 250]


def test_a_withdrawn_statement_was_not_known_afterwards(people: Cast) -> None:
    know(people, 2, employees=200)
    withdraw_statements(people.enterprise, ["employees"], by=people.li)

    with time_machine.travel(datetime(2036, 11, 1, tzinfo=UTC)):
        later = past.known_before(people.enterprise, start_of(date(2036, 10, 1)))

    assert dict(later) == {}
