"""The 153 regions of Shandong and their spans."""

from collections import Counter

import pytest

from core.criteria import EVERYTHING
from enterprises.classification import regions
from enterprises.classification.regions import REGIONS


def test_the_table_holds_the_province_16_cities_and_136_counties() -> None:
    assert Counter(region.level for region in REGIONS.values()) == {
        "province": 1,
        "prefecture": 16,
        "county": 136,
    }


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [("370000", 370000, 379999), ("370200", 370200, 370299), ("370202", 370202, 370202)],
)
def test_a_span_holds_what_lies_at_or_below(code: str, low: int, high: int) -> None:
    found = regions.span(code)

    assert (found.low, found.high, found.code) == (low, high, code)


def test_the_country_is_everything() -> None:
    assert regions.span("000000") == EVERYTHING


@pytest.mark.parametrize("code", ["371299", "370699", "110000", "", "3702"])
def test_a_region_outside_the_table_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="unknown region"):
        regions.span(code)


def test_every_span_lies_inside_its_parents() -> None:
    inside = [
        regions.span(region.parent_code).contains(regions.span(region.code))
        for region in REGIONS.values()
        if region.parent_code
    ]

    assert inside == [True] * 152


def test_a_line_leads_from_the_province_down() -> None:
    assert [region.code for region in regions.line("370202")] == ["370000", "370200", "370202"]
    assert regions.line("000000") == ()


def test_qingdao_has_its_ten_districts_and_cities() -> None:
    assert [region.code for region in regions.children("370200")] == [
        "370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285",
    ]  # fmt: skip


def test_regions_have_two_names() -> None:
    assert regions.names("370211") == ("黄岛区", "Huangdao District")
    assert regions.names("000000") == ("全国", "Whole country")


@pytest.mark.parametrize(
    ("former", "low", "high", "now"),
    [
        ("370181", 370114, 370114, "370114"),
        ("370634", 370614, 370614, "370614"),
        ("371200", 370116, 370117, "370100"),
    ],
)
def test_a_former_region_is_where_its_successors_are(former: str, low: int, high: int, now: str) -> None:
    span = regions.span(former)

    assert (span.low, span.high, span.code) == (low, high, now)
    assert regions.is_known(former)
    assert regions.names(former)[0]


def test_every_former_region_leads_to_present_ones() -> None:
    assert not set(regions.FORMER) & set(regions.REGIONS)
    assert all(set(row.successors) <= set(regions.REGIONS) for row in regions.FORMER.values())
