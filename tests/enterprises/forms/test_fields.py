"""What people type, and what they are told when it does not fit."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from core.fields import PhoneField
from enterprises.forms.fields import (
    CreditCodeField,
    FigureField,
    FoundedField,
    NameField,
    ValidUntilField,
    found_industries,
    region_choices,
)


def said(field: object, typed: str) -> str:
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            field.clean(typed)
        return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("85", "85"),
        ("１，２００", "1200"),
        ("12,000.50", "12000.50"),
        (" 1 200 ", "1200"),
        ("007", "7"),
        ("0", "0"),
        ("0.5", "0.5"),
        ("２３００。５", "2300.5"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_figures_are_read_as_chinese_keyboards_write_them(typed: str, figure: str) -> None:
    assert FigureField(code="revenue_wan").clean(typed) == figure


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1e5", "Write the number out in full"),
        ("1E+5", "Write the number out in full"),
        ("1_000", "without underscores"),
        ("-1", "below zero"),
        ("−1", "below zero"),
        ("－１", "below zero"),
        ("NaN", "“NaN” is not a number"),
        ("Infinity", "is not a number"),
        ("٣", "is not a number"),
        ("85人", "in the unit that stands after the field"),
        ("3亿", "in the unit that stands after the field"),
        ("12,5", "Commas stand only between thousands"),
        ("1.2.3", "Commas stand only between thousands"),
        ("9" * 5000, "too long to be right: it has 5000 characters"),
        ("10000000001", "too large: the highest possible is 10,000,000,000"),
        ("1.00001", "At most four decimals"),
        ("约五十", "is not a number"),
    ],
)
def test_a_figure_that_does_not_fit_is_told_why(typed: str, words: str) -> None:
    assert words in said(FigureField(code="revenue_wan"), typed)


@pytest.mark.parametrize(
    ("code", "typed", "figure"),
    [
        ("revenue_wan", "3,200 万元", "3200"),
        ("revenue_wan", "0.5万", "0.5"),
        ("employees", "８６ 人", "86"),
        ("employees", "86 people", "86"),
    ],
)
def test_the_unit_that_stands_after_the_field_may_be_typed_as_well(
    code: str, typed: str, figure: str
) -> None:
    assert FigureField(code=code).clean(typed) == figure


def test_a_founding_year_beyond_reason_is_told_as_such() -> None:
    assert said(FoundedField(), "9999-12-31") == "Check the year: it lies between 1800 and today."
    assert said(FoundedField(), "0001-01-01") == "Check the year: it lies between 1800 and today."


def test_people_are_whole() -> None:
    assert said(FigureField(code="employees"), "12.5") == "Write a whole number, without decimals."


@pytest.mark.parametrize(
    "typed",
    [
        "91370200264574251E",
        "９１３７０２００２６４５７４２５１ｅ",
        " 9137 0200 2645 7425 1e ",
        "91370200-264574251E",
    ],
)
def test_a_credit_code_is_taken_however_it_is_typed(typed: str) -> None:
    assert CreditCodeField().clean(typed) == "91370200264574251E"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9137020026457425", "has 18 characters; you typed 16"),
        ("440301103097413", "old 15-digit registration number"),
        ("192203821", "old organisation code"),
        ("91370200MA3CI0001X", "“I” cannot occur"),
        ("914403001922038217", "one is mistyped or two are swapped"),
        ("914403001922038261", "one is mistyped or two are swapped"),
        ("000000000000000000", "zeros only"),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong(typed: str, words: str) -> None:
    assert words in said(CreditCodeField(), typed)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2019-3-14", "2019-03-14"),
        ("2019/03/14", "2019-03-14"),
        ("2019.3.14", "2019-03-14"),
        ("2019年3月14日", "2019-03-14"),
        ("２０１９年３月", "2019-03"),
        ("2019", "2019"),
        ("2019年", "2019"),
        ("", ""),
    ],
)
def test_a_founding_date_is_as_exact_as_it_is_written(typed: str, iso: str) -> None:
    assert FoundedField().clean(typed) == iso


@time_machine.travel("2026-11-25 12:00 +08:00")
@pytest.mark.parametrize(
    "typed", ["01/02/2024", "2019-02-30", "1644", "2019-13", "昨天", "20190314", "2026-11-26"]
)
def test_a_founding_date_is_neither_guessed_nor_in_the_future(typed: str) -> None:
    with pytest.raises(ValidationError):
        FoundedField().clean(typed)


def test_a_certificate_needs_its_day() -> None:
    assert ValidUntilField().clean("2027.12.31") == date(2027, 12, 31)
    assert ValidUntilField().clean("") is None
    for typed in ("2027", "2027-12", "31-12-2027", "9999-12-31"):
        with pytest.raises(ValidationError):
            ValidUntilField().clean(typed)


@pytest.mark.parametrize(
    "name", ["𠮷林机械", "阿卜杜拉·买买提食品厂", "海" * 200, "O'Neill & Söhne (Qingdao) Co., Ltd."]
)
def test_a_valid_name_stays_as_it_is(name: str) -> None:
    assert NameField(max_length=200).clean(name) == name


def test_what_cannot_be_seen_is_taken_out_of_a_name() -> None:
    assert NameField().clean("\u202e海风\u200b厂\ufeff") == "海风厂"
    with pytest.raises(ValidationError):
        NameField().clean("\u200b\u200b")


def test_a_phone_number_is_its_digits() -> None:
    assert PhoneField().clean("＋８６ 138-0000 0000") == "13800000000"
    for typed in ("12345", "1" * 16, "没有电话"):
        with pytest.raises(ValidationError):
            PhoneField().clean(typed)


@pytest.mark.parametrize(("typed", "count"), [("138 0532 123", 10), ("138 0532 1234 5", 12)])
def test_a_mobile_number_with_a_digit_too_few_or_too_many_is_noticed(typed: str, count: int) -> None:
    assert f"has 11 digits; you typed {count}" in said(PhoneField(), typed)


@pytest.mark.parametrize("typed", ["138 0532 1234", "0532 8588 0000", "400 800 1234", "+1 310 555 0123"])
def test_numbers_of_other_lines_and_countries_are_taken(typed: str) -> None:
    assert PhoneField().clean(typed)


def test_all_153_regions_can_be_chosen_and_the_whole_country_cannot() -> None:
    codes = [
        code
        for value, label in region_choices()
        for code in (
            [value] if isinstance(label, str) or not isinstance(label, list) else [pair[0] for pair in label]
        )
        if code
    ]

    assert (len(codes), len(set(codes)), "000000" in codes) == (153, 153, False)


@pytest.mark.parametrize(
    ("query", "first"),
    [("3484", "3484"), ("344", "344"), ("软件", "65"), ("BREWING", ""), ("', drop", ""), ("", "")],
)
def test_industries_are_found_by_code_and_word(query: str, first: str) -> None:
    found = found_industries(query)

    assert (found[0][0] if found else "") == first
