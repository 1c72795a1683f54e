"""The unified social credit code: what is an error, what is a warning."""

import pytest
from stdnum.cn import uscc as gb32100

from enterprises.classification import uscc
from enterprises.classification.uscc import Flaw

VALID = [
    "91370200264574251E",
    "914403001922038216",
    "91330100799655058B",
    "91110108551385082Q",
    "91370200163562681G",
    "913700007456765902",
    "91370700729253432M",
    "91370000163044841F",
    "91440400192548256N",
    "91440300192317458F",
    "91440606722473344C",
    "91110000600037341L",
    "91370202MA3T00017B",
    "91370211MA3T000257",
    "91370212MA3T00033G",
    "91370281MA3T000419",
    "91370100MA3T0005XH",
    "92370203MA3T00068Y",
    "93370283MA3T00076J",
    "12370200MB3T000880",
    "51370200MJE000099J",
]


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_passes_without_a_word(code: str) -> None:
    assert uscc.check(code) == uscc.UsccCheck(code)


@pytest.mark.parametrize(
    "typed",
    [
        "91370200264574251e",
        " 9137 0200 2645 7425 1E ",
        "91370200-264574251-E",
        "９１３７０２００２６４５７４２５１Ｅ",
        "91370200264574251E\u200b",
        "91370200–264574251E",
    ],
)
def test_a_code_is_brought_into_one_form(typed: str) -> None:
    assert uscc.check(typed) == uscc.UsccCheck("91370200264574251E")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ("", (Flaw.LENGTH,)),
        ("91440300192203821", (Flaw.LENGTH,)),
        ("9144030019220382161", (Flaw.LENGTH,)),
        ("440301103097413", (Flaw.OLD_REGISTRATION_NUMBER,)),
        ("192203821", (Flaw.OLD_ORGANISATION_CODE,)),
        ("19220382-1", (Flaw.OLD_ORGANISATION_CODE,)),
        ("91370200MA3CI0001X", (Flaw.CHARACTERS,)),
        ("91370200MA3CO001X", (Flaw.LENGTH, Flaw.CHARACTERS)),
        ("9137020026457425!E", (Flaw.CHARACTERS,)),
        ("000000000000000000", (Flaw.ALL_ZEROS,)),
        ("914403001922038217", (Flaw.CHECK_DIGIT,)),
        ("914403001922038261", (Flaw.CHECK_DIGIT,)),
    ],
)
def test_a_wrong_code_names_its_cause(typed: str, errors: tuple[Flaw, ...]) -> None:
    assert uscc.check(typed).errors == errors


def test_the_characters_that_do_not_belong_are_named() -> None:
    assert uscc.check("91370200MA3CIOIZ01").wrong_characters == "IOZ"


def test_a_wrong_inner_digit_is_a_warning() -> None:
    found = uscc.check("91370200264574252H")

    assert (found.errors, found.warnings) == ((), (Flaw.ORGANISATION_DIGIT,))


def with_check_digit(body: str) -> str:
    inner = body + uscc.organisation_digit(body[8:])
    return inner + gb32100.calc_check_digit(inner)


@pytest.mark.parametrize(
    ("region", "warnings"),
    [
        ("370684", (Flaw.FORMER_REGION,)),  # Penglai City until 2020
        ("371200", (Flaw.FORMER_REGION,)),  # Laiwu City until 2019
        ("370202", ()),
        ("440300", ()),  # another province is no question
        ("99999Y", ()),
    ],
)
def test_a_former_shandong_region_is_a_warning(region: str, warnings: tuple[Flaw, ...]) -> None:
    assert uscc.check(with_check_digit(f"91{region}MA3T0001")).warnings == warnings


@pytest.mark.parametrize("authority", ["N2", "A1", "Y1", "77"])
def test_any_registration_authority_is_accepted(authority: str) -> None:
    assert uscc.check(with_check_digit(f"{authority}370202MA3T0001")).errors == ()


def test_the_alphabet_is_that_of_the_standard_library_for_numbers() -> None:
    assert gb32100._alphabet == uscc.ALPHABET
