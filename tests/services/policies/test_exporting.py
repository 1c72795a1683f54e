"""The list as a file: the same notices, codes as text, nothing run, not without end."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from services.policies import exporting
from services.policies.views import exporting as door
from tests.factories.policies import published

pytestmark = pytest.mark.django_db


def table(client: Client, query: str = "", prefix: str = "") -> list[tuple[Any, ...]]:
    answer = client.get(f"{prefix}/policies/export.xlsx?{query}")
    assert answer.status_code == 200
    return [tuple(row) for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].values]


def test_the_file_holds_what_the_page_shows_in_its_order(client: Client) -> None:
    published(slug="b", title_zh="海塔甲", issued_on="2026-01-01")
    published(slug="a", title_zh="海塔乙", issued_on="2026-02-01")
    published(slug="other", title_zh="海塔丙", kind="plan")

    query = "q=海塔&kind=funding&page=9"
    assert [row[0] for row in table(client, query)[1:]] == ["a", "b"]
    whole = json.loads(client.get(f"/policies/export.json?{query}").content)
    assert [notice["slug"] for notice in whole["notices"]] == ["a", "b"]
    text = client.get(f"/policies/export.csv?{query}").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == ["a", "b"]


def test_codes_are_text_and_amounts_are_numbers(client: Client) -> None:
    published(title_zh="海塔", region_id="370200", items=[{"max_fen": 50_000_050}, {"max_fen": 100}])

    heading, row = table(client, "q=海塔", "/en")
    found = dict(zip(heading, row, strict=True))
    assert (found["Region (code)"], found["Region"]) == ("370200", "Qingdao City")
    assert (found["Kind (code)"], found["Kind"], found["At most, in yuan"]) == (
        "funding",
        "Funding",
        500_000.5,
    )


def test_what_looks_like_a_formula_stays_text(client: Client) -> None:
    published(title_zh="海塔", title_en="=HYPERLINK(1)", summary_zh="@SUM(1)海塔")

    sheet = load_workbook(io.BytesIO(client.get("/policies/export.xlsx?q=海塔").content)).worksheets[0]
    assert {cell.data_type for cell in sheet[2] if isinstance(cell.value, str)} == {"s"}
    text = client.get("/policies/export.csv?q=海塔").content.decode()
    assert ",'=HYPERLINK(1)," in text
    assert ",'@SUM(1)海塔," in text


def test_what_is_not_known_is_null(client: Client) -> None:
    published(title_zh="海塔", title_en="")

    (notice,) = json.loads(client.get("/policies/export.json?q=海塔").content)["notices"]
    assert (notice["title_en"], notice["issued_on"], notice["closes_on"], notice["max_yuan"]) == (None,) * 4
    assert notice["to_be_verified"] is False


def test_the_file_says_when_it_holds_not_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 2)
    whole = json.loads(client.get("/policies/export.json").content)

    assert (whole["included"], whole["total"], whole["most"], len(whole["notices"])) == (2, 56, 2, 2)
    assert table(client, "", "/en")[-1][0] == "Only the first 2 of 56 notices are in this file."


def test_all_real_notices_can_be_taken_along_in_both_languages(client: Client) -> None:
    assert len(table(client)) == len(table(client, "", "/en")) == 57
    assert table(client)[0] != table(client, "", "/en")[0]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_costs_three_queries_and_its_count(
    client: Client, kind: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        published(title_zh="海塔", items=[{}])

    with django_assert_num_queries(4):
        client.get(f"/policies/export.{kind}?q=海塔")


def test_one_address_gets_so_many_files_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PER_HOUR", 1)

    answers = [client.get("/policies/export.csv?q=海塔") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 0 < int(answers[1]["Retry-After"]) <= 3600


def test_the_list_links_its_files_with_the_same_conditions(client: Client) -> None:
    page = client.get("/policies/?kind=plan&sort=closing").content.decode()

    assert 'href="/policies/export.xlsx?sort=closing&amp;kind=plan"' in page
    assert 'href="/policies/calendar.ics?kind=plan"' in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
