"""The official size classes, row by row."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from enterprises.classification import industries, sizes
from enterprises.classification.sizes import SizeClass, SizeResult, size_class

CASES = Path(__file__).parent / "data" / "enterprise_size_cases.csv"
# One industry code for each row of the table.
CODE_OF_ROW = {
    "agriculture": "01",
    "industry": "273",
    "construction": "47",
    "wholesale": "51",
    "retail": "52",
    "transport": "591",
    "warehousing": "592",
    "post": "60",
    "accommodation": "61",
    "catering": "62",
    "information": "63",
    "software": "65",
    "real_estate_dev": "701",
    "property_mgmt": "702",
    "leasing_business": "72",
    "other": "703",
}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_77_cases() -> None:
    assert len(cases()) == 77


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case_id"])
def test_an_enterprise_falls_into_the_official_class(case: dict[str, str]) -> None:
    result = size_class(
        CODE_OF_ROW[case["industry"]],
        employees=int(case["employees"]) if case["employees"] else None,
        revenue_wan=Decimal(case["revenue_wan"]) if case["revenue_wan"] else None,
        assets_wan=Decimal(case["assets_wan"]) if case["assets_wan"] else None,
    )

    assert (result.size, result.row) == (case["expected"], case["industry"])


def of(industry: str | None, employees: int | None = None, revenue: int | None = None) -> SizeResult:
    revenue_wan = None if revenue is None else Decimal(revenue)
    return size_class(industry, employees=employees, revenue_wan=revenue_wan, assets_wan=None)


def test_an_unknown_figure_leaves_the_class_open_even_when_another_would_make_it_micro() -> None:
    assert of("27", employees=3) == SizeResult(SizeClass.UNKNOWN, ("revenue_wan",), "industry")


def test_an_unknown_industry_is_asked_for() -> None:
    assert of(None, 50, 2000) == SizeResult(SizeClass.UNKNOWN, ("industry",))


@pytest.mark.parametrize(
    "code", ["J", "66", "53", "531", "P", "83", "84", "8411", "S", "T", "97", "704", "7040"]
)
def test_an_excluded_industry_has_no_class_even_without_figures(code: str) -> None:
    assert of(code) == SizeResult(SizeClass.NOT_APPLICABLE)


@pytest.mark.parametrize("code", ["59", "70", "F", "G", "H", "I", "K", "Q"])
def test_a_code_that_spans_several_rows_asks_for_a_finer_one(code: str) -> None:
    assert of(code, 50, 2000) == SizeResult(SizeClass.UNKNOWN, ("industry",), needs_group=True)


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("591", "transport"),
        ("5910", "transport"),
        ("599", "warehousing"),
        ("5990", "warehousing"),
        ("C", "industry"),
        ("2730", "industry"),
        ("709", "other"),
        ("85", "other"),
        ("L", "leasing_business"),
        ("6510", "software"),
    ],
)
def test_a_code_finds_its_row(code: str, row: str) -> None:
    assert sizes.rows_of(code) == {row}


def test_every_listed_code_lies_in_the_table_or_outside_it() -> None:
    known = {*sizes.ROWS, ""}

    assert all(sizes.rows_of(code) <= known for code in industries.INDUSTRIES)


def test_a_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown industry"):
        of("138", 50, 2000)
