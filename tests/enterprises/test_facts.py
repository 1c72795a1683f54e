"""The vocabulary of facts: reading, storing, the size class, the facet."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from core.criteria import FactValue, Precision, Span
from enterprises import facts
from enterprises.facts import FactError

ON = date(2026, 11, 25)
YESTERDAY = date(2026, 11, 24)


def test_the_vocabulary_is_complete() -> None:
    assert [code for code in facts.VOCABULARY if not code.startswith("qualification.")] == [
        "region", "industry", "size", "employees", "revenue_wan", "assets_wan", "founded_on",
        "digital_level", "cloud_readiness",
    ]  # fmt: skip
    assert len(facts.VOCABULARY) == 9 + 13


@pytest.mark.parametrize(
    ("code", "raw", "value"),
    [
        ("region", "370202", Span(370202, 370202)),
        ("region", "370000", Span(370000, 379999)),
        ("industry", "C", Span(1300, 4399)),
        ("industry", "2730", Span(2730, 2730)),
        ("employees", " １，２００ ", 1200),
        ("employees", 0, 0),
        ("revenue_wan", "39999.99", Decimal("39999.99")),
        ("assets_wan", Decimal("0.0001"), Decimal("0.0001")),
        ("qualification.high_tech", False, False),
        ("digital_level", 4, 4),
        ("cloud_readiness", "100", 100),
    ],
)
def test_a_value_is_read_into_its_normal_form(code: str, raw: Any, value: Any) -> None:
    found = facts.read(code, raw, source="self", on=ON, expires_on=ON)

    assert found == FactValue(value, "self", ON, ON)
    assert facts.read(code, facts.stored(code, found)).value == value


@pytest.mark.parametrize(
    ("raw", "value", "precision"),
    [
        ("2019", date(2019, 1, 1), Precision.YEAR),
        ("2019-03", date(2019, 3, 1), Precision.MONTH),
        ("2019-3-14", date(2019, 3, 14), Precision.DAY),
        (date(2019, 3, 14), date(2019, 3, 14), Precision.DAY),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_known(raw: Any, value: date, precision: Precision) -> None:
    found = facts.read("founded_on", raw)

    assert (found.value, found.precision) == (value, precision)


def test_a_stored_date_takes_its_precision_from_the_row() -> None:
    found = facts.read("founded_on", "2019-03-14", precision="month")

    assert (found.value, found.precision) == (date(2019, 3, 1), Precision.MONTH)


@pytest.mark.parametrize(
    ("code", "raw", "cause"),
    [
        ("turnover", 1, "unknown_fact"),
        ("size", "small", "not_stated"),
        ("region", "000000", "not_a_region"),
        ("region", ["370202"], "not_a_region"),
        ("region", 370202, "not_a_region"),
        ("industry", "138", "not_an_industry"),
        ("industry", None, "not_an_industry"),
        ("employees", "many", "not_a_number"),
        ("employees", None, "not_a_number"),
        ("employees", True, "not_a_number"),
        ("employees", 12.0, "not_a_number"),
        ("employees", "NaN", "not_a_number"),
        ("employees", -1, "negative"),
        ("employees", "1e99", "too_large"),
        ("employees", "1.5", "too_many_decimals"),
        ("revenue_wan", "1.00001", "too_many_decimals"),
        ("revenue_wan", "12,5", "not_a_number"),
        ("founded_on", "2019-02-30", "not_a_date"),
        ("founded_on", "19", "not_a_date"),
        ("founded_on", "9999-12", "not_a_likely_year"),
        ("founded_on", 2019, "not_a_date"),
        ("qualification.high_tech", "yes", "not_a_flag"),
        ("qualification.nobel_prize", True, "unknown_fact"),
        ("digital_level", 5, "not_a_level"),
        ("digital_level", "high", "not_a_level"),
    ],
)
def test_a_value_that_does_not_fit_names_its_cause(code: str, raw: Any, cause: str) -> None:
    with pytest.raises(FactError) as caught:
        facts.read(code, raw)

    assert (caught.value.fact, caught.value.code) == (code, cause)


def test_rows_become_the_mapping_rules_read() -> None:
    row = SimpleNamespace(
        code="founded_on", value="2019-01-01", source="registry", on=ON, expires_on=None, precision="year"
    )

    assert facts.from_rows([row]) == {
        "founded_on": FactValue(date(2019, 1, 1), "registry", ON, None, Precision.YEAR)
    }


def known(**values: Any) -> dict[str, FactValue]:
    return {code: facts.read(code, raw) for code, raw in values.items()}


def test_the_size_class_is_derived() -> None:
    found = facts.with_size(known(industry="27", employees=50, revenue_wan=500), ON)

    assert found["size"] == FactValue("small", "derived", ON)


def test_a_stated_size_class_is_dropped() -> None:
    assert facts.with_size({"size": FactValue("small")}, ON) == {}


def test_an_expired_figure_leaves_the_size_class_open() -> None:
    figures = known(industry="27", employees=50)
    figures["revenue_wan"] = facts.read("revenue_wan", 500, expires_on=YESTERDAY)

    assert "size" not in facts.with_size(figures, ON)
    assert facts.size_needs(figures, ON) == ("revenue_wan",)


def test_the_facet_of_nothing_is_unknown_throughout() -> None:
    found = facts.to_facet({}, ON)

    assert found.pop("quals") == found.pop("quals_known") == 0
    assert list(found) == [
        "region_low", "region_high", "industry_low", "industry_high", "size_bit", "revenue_yuan", "employees",
        "founded_low", "founded_high", "digital_level", "cloud_readiness", "zones",
        "zones_out",
    ]  # fmt: skip
    assert set(found.values()) == {None}


def test_the_facet_follows_the_facts() -> None:
    figures = known(
        region="370200",
        industry="27",
        employees=0,
        revenue_wan="0.0001",
        founded_on="2024-02",
        digital_level=0,
    )
    figures["qualification.zjtx"] = facts.read("qualification.zjtx", True, expires_on=ON)
    figures["qualification.champion"] = facts.read("qualification.champion", False)
    figures["zone.qd-ftz"] = facts.read("zone.qd-ftz", True)
    figures["zone.jn-ftz"] = facts.read("zone.jn-ftz", False)
    figures["qualification.dcmm"] = facts.read("qualification.dcmm", True, expires_on=YESTERDAY)

    assert facts.to_facet(figures, ON) == {
        "region_low": 370200,
        "region_high": 370299,
        "industry_low": 2700,
        "industry_high": 2799,
        "size_bit": 8,
        "quals": 8,
        "quals_known": 8 + 32,
        "revenue_yuan": 1,
        "employees": 0,
        "founded_low": date(2024, 2, 1),
        "founded_high": date(2024, 2, 29),
        "digital_level": 0,
        "cloud_readiness": None,
        "zones": ["qd-ftz"],
        "zones_out": ["jn-ftz"],
    }


def test_a_qualification_has_its_label_in_both_languages() -> None:
    label = facts.kind_of("qualification.high_tech").label

    with translation.override("zh-hans"):
        assert str(label) == "高新技术企业"
    with translation.override("en"):
        assert str(label) == "High-tech enterprise"


def test_a_form_that_does_not_exist_yet_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = facts.FactKind("moon_phase", facts.FactType.LEVEL, "Moon phase", supplied_at="moon:start")
    monkeypatch.setattr(facts, "VOCABULARY", {**facts.VOCABULARY, "moon_phase": kind})

    assert facts.supply_url("moon_phase") is None
