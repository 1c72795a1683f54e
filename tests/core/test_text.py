"""One form for what people type in many."""

import pytest

from core import text


@pytest.mark.parametrize(
    "typed",
    [
        "鲁政发〔2024〕15号",
        "鲁政发[2024]15号",
        "鲁政发(2024)15号",
        "鲁政发（２０２４）１５号",
        "鲁政发【2024】15号",
        " 鲁政发 〔2024〕 15 号 ",
        "鲁政发〔2024〕第15号",
        "鲁政发〔2024〕15",
    ],
)
def test_a_document_number_has_one_form_whatever_the_brackets(typed: str) -> None:
    assert text.document_number(typed) == "鲁政发〔2024〕15号"


def test_a_document_number_keeps_its_whole_figure() -> None:
    assert text.document_number("鲁政发[2024]1号") != text.document_number("鲁政发[2024]15号")


def test_a_number_without_brackets_only_loses_its_blanks() -> None:
    assert text.document_number("财政部 税务总局公告2023年第7号") == "财政部税务总局公告2023年第7号"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("数字化转型", ["数字", "字化", "化转", "转型"]),
        ("转", ["转"]),
        ("企业上云 Cloud ５G", ["企业", "业上", "上云", "cloud", "5g"]),
        ("工信部联企业〔2024〕239号", ["工信", "信部", "部联", "联企", "企业", "2024", "239", "号"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_tokens_pair_chinese_and_keep_words_whole(source: str, found: list[str]) -> None:
    assert text.tokens(source) == found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("００８６１３８１２３４５６７８", "13812345678"),
        ("（0532）8591–2345", "053285912345"),
        ("+49 89 1234", "+49891234"),
    ],
)
def test_a_phone_number_is_its_digits(typed: str, kept: str) -> None:
    assert text.phone(typed) == kept


def test_an_address_is_compared_without_blanks_width_and_case() -> None:
    assert text.email(" Li＠Works.Example\u200b ") == "li@works.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("１，２００", "1200"), ("1 200.50", "1200.50"), ("12,5", "12,5"), ("1,234,567", "1234567")],
)
def test_a_figure_loses_its_grouping_only(typed: str, kept: str) -> None:
    assert text.number(typed) == kept


def test_folding_ignores_width_case_and_blanks() -> None:
    assert text.folded("ＭＥＳ\u3000 系统\n") == "mes 系统"
