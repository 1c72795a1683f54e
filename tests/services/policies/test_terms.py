"""Cutting texts and search words into the same pieces."""

import pytest

from services.policies import terms


@pytest.mark.parametrize(
    "typed",
    [
        "鲁政发〔2024〕15号", "鲁政发[2024]15号", "鲁政发(2024)15号", "鲁政发（2024）15号",
        "鲁政发【2024】15 号", "鲁政发 〔2024〕 15号", "鲁政发［２０２４］１５", "鲁政发〔2024〕第15号",
    ],
)  # fmt: skip
def test_a_document_number_is_one_whatever_the_brackets(typed: str) -> None:
    assert [term.words for term in terms.read(typed)] == ["鲁政发〔2024〕15号"]


def test_words_are_cut_by_script() -> None:
    chip, subsidy = terms.read("5G基站 Subsidies")

    assert (chip.pieces, chip.is_loose) == (("5g", "基站"), True)
    assert (subsidy.pieces, subsidy.stems) == ((), ("subsidies",))


@pytest.mark.parametrize("typed", ["", "  ", "！？", "<>", "\x00"])
def test_what_holds_no_word_asks_for_nothing(typed: str) -> None:
    assert terms.read(typed) == ()


def test_quotes_and_operators_are_no_search_syntax() -> None:
    assert terms.condition(terms.read("券' | !x & :*"), exactly=True) == (
        "tsv @@ (%s::tsquery && (%s::tsquery || to_tsquery('english', %s)))",
        ["'券'", "'x'", "'x'"],
    )


@pytest.mark.parametrize(
    ("shown", "typed", "hits"),
    [
        ("中小企业数字化转型", "数字化", ["数字化"]),
        ("鲁政发（2024）15号", "鲁政发〔2024〕15号", ["鲁政发（2024）15号"]),
        ("Digital transformation", "digitalisation transform", ["Digital", "transformation"]),
        ("ＤＣＭＭ贯标", "dcmm", ["ＤＣＭＭ"]),
        ("上云券", "机床", []),
    ],
)
def test_hits_are_marked_in_the_text_as_it_stands(shown: str, typed: str, hits: list[str]) -> None:
    pieces = terms.marked(shown, terms.read(typed))

    assert [piece.text for piece in pieces if piece.is_hit] == hits
    assert "".join(piece.text for piece in pieces) == shown


def test_no_text_is_too_long_for_a_search_vector() -> None:
    """Every character different from its neighbours: the most pieces a text can give."""
    letters = [chr(0x4E00 + n) for n in range(20_000)]
    longest = "".join(letters[(n * n + n) % 20_000] for n in range(terms.LONGEST_TEXT))

    assert sum(len(piece.encode()) for piece in terms.lexemes(longest)) < 1024 * 1024
