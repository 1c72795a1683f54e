"""Amounts as people type them: what is read, and what is said of the rest."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from services.cloud.forms.amounts import YuanField


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1200", 120_000),
        ("1,200.50", 120_050),
        ("１２００", 120_000),
        ("¥ 12.3", 1_230),
        ("0", 0),
        ("", None),
        ("1，200", 120_000),
    ],
)
def test_an_amount_is_read_to_the_fen(typed: str, fen: int | None) -> None:
    assert YuanField(required=False).clean(typed) == fen


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("-5", "below zero"),
        ("1e5", "in full"),
        ("12.345", "two decimals"),
        ("3万", "alone, in yuan"),
        ("1,2,3", "between thousands"),
        ("1.2.3", "between thousands"),
        ("soon", "not an amount"),
        ("99999999999999", "too large"),
    ],
)
def test_what_is_wrong_is_said_exactly(typed: str, part: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=part):
        YuanField().clean(typed)
